"""A tiny company in the graph, and documents as extractors would make them."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph.fields import TIERS
from graph.model import Actor, Document, Guess, Language, Link, Mark
from graph.queries import Mode, Query
from graph.rights import Action, Rights, Scope, Show
from graph.selection import newest
from graph.selection.asker import Asker, asker_of
from graph.store import Row, Store
from graph.text import has_han, search_text
from graph.vocabulary import Label, RelationshipType

L, T = Label, RelationshipType
NODES: Mapping[Label, Sequence[Row]] = {
    L.BUSINESS_LINE: [{"id": "home", "name_zh": "家电", "name_en": "Home"}],
    L.DEPARTMENT: [
        {"id": "field-service", "name_zh": "上门维修部", "name_en": "Field Service"},
        {"id": "billing", "name_zh": "账务部", "name_en": "Billing"},
        {"id": "first-line", "name_zh": "客服一线", "name_en": "First Line", "triage": True},
    ],
    L.CATEGORY: [
        {"id": "appliances", "name_zh": "家用电器", "name_en": "Appliances"},
        {"id": "air-conditioners", "name_zh": "空调", "name_en": "Air Conditioners"},
    ],
    L.PRODUCT: [
        {
            "id": "polar",
            "name_zh": "极地空调",
            "name_en": "Polar",
            "price": 2519.0,
            "warranty_months": 36,
        }
    ],
    L.ISSUE: [
        {"id": "cooling", "name_zh": "制冷问题", "name_en": "Cooling"},
        {"id": "no-cooling", "name_zh": "不制冷", "name_en": "Not cooling"},
        {"id": "double-charge", "name_zh": "重复扣款", "name_en": "Double charge"},
    ],
    L.RESOLUTION: [
        {
            "id": "r-1",
            "name_zh": "空调不制冷的处理",
            "name_en": "When it does not cool",
            "actions_zh": ["清洗滤网"],
            "conditions_zh": ["滤网有灰"],
            "expected_zh": ["出风变冷"],
            "actions_en": ["Clean the filter"],
            "conditions_en": ["it is dusty"],
            "expected_en": ["the air gets cold"],
        }
    ],
    L.CHANNEL: [{"id": "web-chat", "name_zh": "网页聊天", "name_en": "Web chat"}],
    L.CUSTOMER: [{"id": "c-1", "data_key": "key-1"}, {"id": "c-2", "data_key": "key-2"}],
    L.ORDER: [
        {
            "id": "o-1",
            "number": "W-2026-000001",
            "number_key": "w2026000001",
            "status": "shipped",
            "placed_at": 1_780_000_000_000,
        },
        {"id": "o-2", "number": "W-2026-000002", "number_key": "w2026000002", "status": "pending"},
    ],
}
RELATIONSHIPS: Sequence[tuple[RelationshipType, Label, str, Label, str]] = (
    (T.BELONGS_TO, L.DEPARTMENT, "field-service", L.BUSINESS_LINE, "home"),
    (T.PART_OF, L.CATEGORY, "air-conditioners", L.CATEGORY, "appliances"),
    (T.PART_OF, L.PRODUCT, "polar", L.CATEGORY, "air-conditioners"),
    (T.SUBTYPE_OF, L.ISSUE, "no-cooling", L.ISSUE, "cooling"),
    (T.HANDLES, L.DEPARTMENT, "field-service", L.ISSUE, "cooling"),
    (T.HANDLES, L.DEPARTMENT, "billing", L.ISSUE, "double-charge"),
    (T.SUPPORTS, L.DEPARTMENT, "field-service", L.CATEGORY, "air-conditioners"),
    (T.RESOLVES, L.RESOLUTION, "r-1", L.ISSUE, "no-cooling"),
    (T.APPLIES_TO, L.RESOLUTION, "r-1", L.CATEGORY, "air-conditioners"),
    (T.PLACED, L.CUSTOMER, "c-1", L.ORDER, "o-1"),
    (T.PLACED, L.CUSTOMER, "c-2", L.ORDER, "o-2"),
    (T.CONTAINS, L.ORDER, "o-1", L.PRODUCT, "polar"),
    (T.CONTAINS, L.ORDER, "o-2", L.PRODUCT, "polar"),
)


async def make_company(store: Store) -> None:
    """Write the tiny company into an empty graph."""
    for label, rows in NODES.items():
        await make_nodes(store, label, rows)
    await run(store, "CREATE (epoch:Epoch {id: 'policy', value: 1})")
    for type_, source, source_id, target, target_id in RELATIONSHIPS:
        await relate(store, type_, (source, source_id), (target, target_id))


async def make_nodes(store: Store, label: Label, rows: Sequence[Row]) -> None:
    """One node of ``label`` per row."""
    await run(store, f"UNWIND $rows AS row CREATE (n:{label}) SET n = row", rows=rows)


async def relate(
    store: Store,
    type_: RelationshipType,
    source: tuple[Label, str],
    target: tuple[Label, str],
    **properties: Any,
) -> None:
    """One relationship between two nodes that exist."""
    text = (
        f"MATCH (a:{source[0]} {{id: $source}}) MATCH (b:{target[0]} {{id: $target}}) "
        f"CREATE (a)-[r:{type_}]->(b) SET r += $properties RETURN count(*) AS count"
    )
    (row,) = await run(store, text, source=source[1], target=target[1], properties=properties)
    assert row["count"] == 1, (type_, source, target)


async def run(store: Store, text: str, **parameters: Any) -> list[Row]:
    """Any text, in a write transaction."""
    query = Query(name="test", mode=Mode.WRITE, parameters=frozenset(parameters), text=text)
    return await store.write(query, **parameters)


def make_document(
    text: str,
    *,
    links: Sequence[tuple[Label, str, str]] = (),
    issues: Mapping[str, float] | None = None,
    resolutions: Mapping[str, float] | None = None,
    orders: Sequence[str] = (),
    terms: Sequence[str] = (),
) -> Document:
    """A document of ``text``; ``links`` are (label, id, the words that stand for it)."""
    return Document(
        text=text,
        redacted=text,
        search_text=search_text(text),
        language=Language.ZH if has_han(text) else Language.EN,
        links=tuple(make_link(text, *link) for link in links),
        marks=tuple(make_order_mark(text, number) for number in orders),
        guesses=(
            *(make_guess(L.ISSUE, id_, p) for id_, p in (issues or {}).items()),
            *(make_guess(L.RESOLUTION, id_, p) for id_, p in (resolutions or {}).items()),
        ),
        terms=tuple(terms),
    )


def make_link(text: str, label: Label, id_: str, words: str) -> Link:
    """A sure mention of a node."""
    start = text.index(words)
    return Link(
        label=label,
        id=id_,
        start=start,
        end=start + len(words),
        text=words,
        confidence=0.95,
        extractor="gazetteer.v1",
    )


def make_order_mark(text: str, number: str) -> Mark:
    """An order number as it stands in the text."""
    start = text.index(number)
    return Mark(
        kind="order",
        value=number.lower().replace("-", ""),
        start=start,
        end=start + len(number),
        personal=False,
        extractor="identifiers.v1",
    )


def make_guess(label: Label, id_: str, probability: float) -> Guess:
    """A class of the whole text."""
    return Guess(label=label, id=id_, probability=probability, extractor="classifier.v1/test")


def forget() -> None:
    """As if nothing had been read of how long the list of tickets is."""
    for one in (newest._span, newest._recent, newest._count):
        one._known.clear()


def make_asker(
    scopes: Mapping[str, Scope | None] | None = None, *, epoch: int = 1, **attributes: Any
) -> Asker:
    """Somebody who may read, order and count everything, but for ``scopes``: by coordinate, or by
    type for all its coordinates, where alone it is allowed; ``None`` for nowhere.
    """
    cells = {}
    for coordinate in TIERS:
        label = coordinate.partition(".")[0]
        found = scopes or {}
        scope = found.get(coordinate, found.get(label, Scope.ANY))
        if scope is not None:
            for action in (Action.READ, Action.FILTER, Action.SORT, Action.AGGREGATE):
                cells[coordinate, str(action)] = {scope: Show.FULL}
    rights = Rights(roles=frozenset({"test"}), epoch=epoch, cells=cells)
    return asker_of(rights, Actor(id="somebody", roles=rights.roles, **attributes))
