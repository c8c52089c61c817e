"""The tables of a seed folder: one declaration that readers, checks, loader and documents walk.

A column is a node's property, or links its row's node to others. Headers may be English or
Chinese. Names of queries follow from the declaration; their text is ``graph/cypher/seed.cypher``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property

from graph.fields import TIERS
from graph.states import State
from graph.vocabulary import Label, RelationshipType


class Kind(StrEnum):
    """How a cell is written. ``items`` are ``product x2 @ 1999.00 # variant``."""

    TEXT = "text"
    TEXTS = "texts"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    DATE = "date"
    REFERENCE = "reference"
    REFERENCES = "references"
    ITEMS = "items"


LISTS = frozenset({Kind.TEXTS, Kind.REFERENCES, Kind.ITEMS})
ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
ALIASES = "aliases"
NAMES = ("name_zh", "name_en")
LEVELS = range(1, 6)
_DAY = "(?:mon|tue|wed|thu|fri|sat|sun)"
_HOURS = re.compile(rf"{_DAY}(?:-{_DAY})? (?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-4]):[0-5]\d")
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_ROLE = re.compile(r"[a-z][a-z0-9-]*")
_FIELD = re.compile("|".join(re.escape(name) for name in sorted(TIERS) if "." in name))
_ZONE = re.compile(r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+)*")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Link:
    """What a column's ids lead to. ``targets`` are tables, tried in order.

    ``outgoing`` is the relationship's direction as seen from the row's node; ``has_level`` means
    ``id:level``; ``key`` is the target's column that holds the value, ``id`` unless said.
    """

    type: RelationshipType
    targets: tuple[str, ...]
    outgoing: bool = True
    has_level: bool = False
    key: str = "id"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Column:
    """One column. ``seals`` is the kind of personal value it holds, or None.

    ``is_stored`` is false where the value is no property of the row's own node as it stands.
    """

    name: str
    zh: tuple[str, ...]
    kind: Kind = Kind.TEXT
    is_required: bool = False
    allowed: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    expected: str = ""
    limit: int = 20_000
    seals: str | None = None
    is_stored: bool = True
    link: Link | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """One table; its rows become nodes of ``label``. Views of its columns are asked once a row."""

    name: str
    zh: str
    label: Label
    columns: tuple[Column, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Columns by their names."""
        return {column.name: column for column in self.columns}

    @cached_property
    def links(self) -> tuple[Column, ...]:
        """Columns that become relationships."""
        return tuple(column for column in self.columns if column.link)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that every row needs."""
        return tuple(column.name for column in self.columns if column.is_required)


@cache
def query_of(label: Label, *words: str) -> str:
    """The name of a query about ``label``: ``seed-business-line-save``."""
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", label).lower()
    return "-".join(("seed", noun, *(word.lower().replace("_", "-") for word in words)))


def link_query(table: Table, link: Link, target: str) -> str:
    """The name of the query that writes a link: ``seed-department-handles-issue``."""
    return query_of(table.label, link.type, TABLES[target].label)


def _text(name: str, *zh: str) -> Column:
    return Column(name=name, zh=zh)


def _texts(name: str, *zh: str) -> Column:
    return Column(name=name, zh=zh, kind=Kind.TEXTS)


def _kind(kind: Kind, name: str, *zh: str) -> Column:
    return Column(name=name, zh=zh, kind=kind)


def _one(name: str, zh: str, link: Link, *, is_required: bool = False) -> Column:
    return Column(name=name, zh=(zh,), kind=Kind.REFERENCE, link=link, is_required=is_required)


def _many(name: str, zh: str, link: Link) -> Column:
    return Column(name=name, zh=(zh,), kind=Kind.REFERENCES, link=link)


def _to(
    type_: RelationshipType,
    *targets: str,
    outgoing: bool = True,
    has_level: bool = False,
    key: str = "id",
) -> Link:
    return Link(type=type_, targets=targets, outgoing=outgoing, has_level=has_level, key=key)


_T = RelationshipType
_ID = Column(
    name="id",
    zh=("编号",),
    is_required=True,
    pattern=ID,
    expected="letters, digits, '.', '_' and '-', at most 100 characters",
)
_NAMES = (
    _text("name_zh", "中文名", "中文名称", "名称"),
    _text("name_en", "英文名", "英文名称"),
)
_ALIASES = Column(name=ALIASES, zh=("别名",), kind=Kind.TEXTS, is_stored=False)
_DESCRIPTIONS = (
    _text("description_zh", "中文说明", "中文描述"),
    _text("description_en", "英文说明", "英文描述"),
)
_LANGUAGES = ("zh", "en")
_GOODS = ("products", "categories")
_LANGUAGE = Column(name="language", zh=("语言",), allowed=_LANGUAGES)

_BUSINESS_LINES = Table(
    name="business_lines",
    zh="业务线",
    label=Label.BUSINESS_LINE,
    columns=(_ID, *_NAMES, _ALIASES, *_DESCRIPTIONS),
)
_CHANNELS = Table(name="channels", zh="渠道", label=Label.CHANNEL, columns=(_ID, *_NAMES))
_CALENDARS = Table(
    name="calendars",
    zh="日历",
    label=Label.CALENDAR,
    columns=(
        _ID,
        *_NAMES,
        Column(name="timezone", zh=("时区",), pattern=_ZONE, expected="such as Asia/Shanghai"),
        Column(
            name="hours",
            zh=("时段", "工作时间"),
            kind=Kind.TEXTS,
            pattern=_HOURS,
            expected="such as 'mon-fri 09:00-18:00'",
        ),
        Column(
            name="holidays",
            zh=("假日", "节假日"),
            kind=Kind.TEXTS,
            pattern=_DATE,
            expected="such as 2026-01-01",
        ),
    ),
)
_SKILLS = Table(name="skills", zh="技能", label=Label.SKILL, columns=(_ID, *_NAMES))
_DEPARTMENTS = Table(
    name="departments",
    zh="部门",
    label=Label.DEPARTMENT,
    columns=(
        _ID,
        *_NAMES,
        _ALIASES,
        *_DESCRIPTIONS,
        _one("part_of", "上级", _to(_T.PART_OF, "departments")),
        _many("belongs_to", "所属业务线", _to(_T.BELONGS_TO, "business_lines")),
        _many("handles", "处理问题", _to(_T.HANDLES, "issues")),
        _many("supports", "支持产品", _to(_T.SUPPORTS, *_GOODS)),
        _kind(Kind.BOOLEAN, "triage", "分诊"),
    ),
)
_AGENTS = Table(
    name="agents",
    zh="客服",
    label=Label.AGENT,
    columns=(
        _ID,
        *_NAMES,
        _many("member_of", "所属部门", _to(_T.MEMBER_OF, "departments")),
        _many("skills", "技能", _to(_T.HAS_SKILL, "skills", has_level=True)),
        Column(name="languages", zh=("语言",), kind=Kind.TEXTS, allowed=_LANGUAGES),
        _one("calendar", "日历", _to(_T.WORKS_BY, "calendars")),
        _kind(Kind.INTEGER, "capacity", "容量", "接单上限"),
        Column(
            name="roles", zh=("角色",), kind=Kind.TEXTS, pattern=_ROLE, expected="such as agent"
        ),
    ),
)
_CATEGORIES = Table(
    name="categories",
    zh="类目",
    label=Label.CATEGORY,
    columns=(_ID, *_NAMES, _ALIASES, _one("part_of", "上级", _to(_T.PART_OF, "categories"))),
)
_PRODUCTS = Table(
    name="products",
    zh="产品",
    label=Label.PRODUCT,
    columns=(
        _ID,
        *_NAMES,
        _ALIASES,
        _one("part_of", "类目", _to(_T.PART_OF, "categories")),
        _many("belongs_to", "所属业务线", _to(_T.BELONGS_TO, "business_lines")),
        *_DESCRIPTIONS,
        _kind(Kind.NUMBER, "price", "价格"),
        _kind(Kind.INTEGER, "warranty_months", "保修月数"),
    ),
)
_ISSUES = Table(
    name="issues",
    zh="问题",
    label=Label.ISSUE,
    columns=(
        _ID,
        *_NAMES,
        _ALIASES,
        *_DESCRIPTIONS,
        _one("subtype_of", "上级", _to(_T.SUBTYPE_OF, "issues")),
        _many("affects", "影响产品", _to(_T.AFFECTS, *_GOODS)),
        _many("requires", "所需技能", _to(_T.REQUIRES, "skills", has_level=True)),
        _texts("examples_zh", "中文例句"),
        _texts("examples_en", "英文例句"),
        Column(
            name="needs",
            zh=("所需字段",),
            kind=Kind.TEXTS,
            pattern=_FIELD,
            expected="a field of the API, such as Customer.phone",
        ),
    ),
)
_RESOLUTIONS = Table(
    name="resolutions",
    zh="解决方案",
    label=Label.RESOLUTION,
    columns=(
        _ID,
        *_NAMES,
        _many("resolves", "解决问题", _to(_T.RESOLVES, "issues")),
        _many("applies_to", "适用产品", _to(_T.APPLIES_TO, *_GOODS)),
        _texts("actions_zh", "中文步骤"),
        _texts("conditions_zh", "中文条件"),
        _texts("expected_zh", "中文预期"),
        _texts("actions_en", "英文步骤"),
        _texts("conditions_en", "英文条件"),
        _texts("expected_en", "英文预期"),
    ),
)
_CUSTOMERS = Table(
    name="customers",
    zh="客户",
    label=Label.CUSTOMER,
    columns=(
        _ID,
        Column(name="name", zh=("姓名",), seals="name"),
        _LANGUAGE,
        _text("region", "地区"),
        Column(name="address", zh=("地址",), seals="text"),
        Column(name="birth_date", zh=("出生日期", "生日"), kind=Kind.DATE, seals="date"),
        Column(name="tier", zh=("等级",), allowed=("standard", "silver", "gold")),
        _many("served_by", "服务部门", _to(_T.SERVES, "departments", outgoing=False)),
    ),
)
_IDENTITIES = Table(
    name="identities",
    zh="身份",
    label=Label.IDENTITY,
    columns=(
        _ID,
        _one(
            "customer",
            "客户",
            _to(_T.IDENTIFIED_BY, "customers", outgoing=False),
            is_required=True,
        ),
        _text("system", "来源系统", "系统"),
        Column(
            name="kind",
            zh=("类型",),
            is_required=True,
            allowed=("email", "phone", "wechat", "app", "crm"),
        ),
        Column(name="value", zh=("值", "内容"), is_required=True, seals="kind", limit=500),
    ),
)
_ORDERS = Table(
    name="orders",
    zh="订单",
    label=Label.ORDER,
    columns=(
        _ID,
        Column(name="number", zh=("订单号",), is_required=True, limit=100),
        _one("customer", "客户", _to(_T.PLACED, "customers", outgoing=False), is_required=True),
        Column(
            name="status",
            zh=("状态",),
            allowed=("pending", "processed", "shipped", "delivered", "cancelled", "returned"),
        ),
        _kind(Kind.INSTANT, "placed_at", "下单时间"),
        Column(
            name="items",
            zh=("商品", "明细"),
            kind=Kind.ITEMS,
            link=_to(_T.CONTAINS, "products"),
        ),
        _kind(Kind.NUMBER, "total", "总额"),
        Column(name="currency", zh=("币种",), pattern=_CURRENCY, expected="such as CNY"),
        _text("payment_method", "支付方式"),
        _text("tracking", "运单号"),
    ),
)
OPEN = "open"
_TICKETS = Table(
    name="tickets",
    zh="工单",
    label=Label.TICKET,
    columns=(
        _ID,
        Column(name="created_at", zh=("创建时间",), kind=Kind.INSTANT, is_required=True),
        Column(
            name="text",
            zh=("内容", "正文"),
            seals="text",
            limit=100_000,
            is_stored=False,
        ),
        _LANGUAGE,
        _one("channel", "渠道", _to(_T.RECEIVED_VIA, "channels")),
        _one("customer", "客户", _to(_T.RAISED, "customers", outgoing=False)),
        _one("order", "订单号", _to(_T.MENTIONS, "orders", key="number")),
        _many("issues", "问题", _to(_T.CONCERNS, "issues")),
        _one("product", "产品", _to(_T.MENTIONS, "products")),
        _one("department", "部门", _to(_T.ASSIGNED_TO, "departments")),
        _one("agent", "客服", _to(_T.WORKED_BY, "agents")),
        _one("resolution", "解决方案", _to(_T.SOLVED_BY, "resolutions")),
        Column(name="state", zh=("状态",), is_required=True, allowed=(OPEN, *State)),
        _kind(Kind.INSTANT, "first_response_at", "首次响应时间"),
        _kind(Kind.INSTANT, "assigned_at", "分派时间"),
        _kind(Kind.INSTANT, "solved_at", "解决时间"),
        _kind(Kind.INTEGER, "reopened_count", "重开次数"),
        _kind(Kind.INTEGER, "rating", "评分"),
    ),
)

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        _BUSINESS_LINES,
        _CHANNELS,
        _CALENDARS,
        _SKILLS,
        _DEPARTMENTS,
        _AGENTS,
        _CATEGORIES,
        _PRODUCTS,
        _ISSUES,
        _RESOLUTIONS,
        _CUSTOMERS,
        _IDENTITIES,
        _ORDERS,
        _TICKETS,
    )
}
TICKETS = _TICKETS.name
LARGE = ("customers", "identities", "orders", TICKETS)
"""Tables that may have so many rows that their ids are looked up one by one, never listed."""
TRIPLE_STEPS = tuple(
    tuple(f"{part}_{language}" for part in ("actions", "conditions", "expected"))
    for language in _LANGUAGES
)
"""Columns whose lists stand side by side: each is absent or as long as the first."""
