"""The company's tables arranged for telling its history: who writes, about what, and who answers.

Built once per generation, read-only afterwards. Rows are plain mappings in the format of
``seed/company``; a missing or empty cell is never an error.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seed.wording import Voice, make_voice

Row = Mapping[str, Any]
Company = Mapping[str, Sequence[Row]]

LANGUAGES = ("zh", "en")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """One leaf issue. ``products`` are those it affects, empty where it affects none in particular;
    ``resolutions`` maps a product, or None for any, to what resolves the issue there.
    """

    id: str
    voices: Mapping[str, Voice]
    products: tuple[str, ...]
    departments: tuple[str, ...]
    resolutions: Mapping[str | None, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """Orders in time, oldest first: row ``i`` was placed at ``placed_ms[i]``."""

    placed_ms: Sequence[int]
    orders: Sequence[tuple[str, str, tuple[str, ...]]]

    def until(self, at_ms: int) -> int:
        """How many orders had been placed by ``at_ms``."""
        return bisect_right(self.placed_ms, at_ms)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cast:
    """Everything the generator looks up, by the key it looks it up with."""

    topics: tuple[Topic, ...]
    products: Mapping[str, Mapping[str, tuple[str, ...]]]
    customers: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    contacts: Mapping[str, tuple[str, ...]]
    shelves: Mapping[tuple[str, str | None], Shelf]
    agents: Mapping[tuple[str, str], tuple[str, ...]]
    channels: tuple[str, ...]


def make_cast(company: Company) -> Cast:
    """Arrange the tables. A company without leaf issues gives a cast without topics."""
    speakers = _grouped(
        (row.get("language") or "en", row["id"]) for row in _rows(company, "customers")
    )
    return Cast(
        topics=tuple(_topics(company)),
        products={row["id"]: _by_language(row) for row in _rows(company, "products")},
        customers=speakers,
        names={row["id"]: row.get("name") or "" for row in _rows(company, "customers")},
        contacts=_contacts(company),
        shelves=_shelves(company),
        agents=_agents(company),
        channels=tuple(row["id"] for row in _rows(company, "channels")) or ("email",),
    )


def _rows(company: Company, table: str) -> Sequence[Row]:
    return company.get(table) or ()


def _cells(row: Row, column: str) -> tuple[str, ...]:
    return tuple(row.get(column) or ())


def _grouped(pairs: Iterable[tuple[Any, str]]) -> dict[Any, tuple[str, ...]]:
    groups: dict[Any, list[str]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _by_language(row: Row) -> Mapping[str, tuple[str, ...]]:
    """A row's names and aliases as each language writes them; never empty."""
    aliases = _cells(row, "aliases")
    found = {
        "zh": [row.get("name_zh"), *filter(_HAN.search, aliases)],
        "en": [row.get("name_en"), *(alias for alias in aliases if not _HAN.search(alias))],
    }
    fallback = (row.get("name_en") or row.get("name_zh") or row["id"],)
    return {key: tuple(filter(None, names)) or fallback for key, names in found.items()}


def _topics(company: Company) -> Iterable[Topic]:
    issues = {row["id"]: row for row in _rows(company, "issues")}
    parents = {row.get("subtype_of") for row in issues.values()}
    handlers = _grouped(
        (issue, row["id"])
        for row in _rows(company, "departments")
        for issue in _cells(row, "handles")
    )
    under = _products_under(company)
    solving = _resolutions(company, under)
    for key, row in issues.items():
        departments = _departments(key, issues, handlers=handlers)
        if key in parents or not departments:
            continue
        names = _by_language(row)
        yield Topic(
            id=key,
            voices={
                lang: make_voice(names[lang], _cells(row, f"examples_{lang}")) for lang in LANGUAGES
            },
            products=_expand(_cells(row, "affects"), under),
            departments=departments,
            resolutions=solving.get(key, {}),
        )


def _departments(
    issue: str, issues: Mapping[str, Row], *, handlers: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Who handles an issue, or the nearest issue above it; nobody gives an empty tuple."""
    seen: set[str] = set()
    at: str | None = issue
    while at and at in issues and at not in seen:
        if at in handlers:
            return handlers[at]
        seen.add(at)
        at = issues[at].get("subtype_of")
    return ()


def _products_under(company: Company) -> Mapping[str, tuple[str, ...]]:
    """Category → every product below it, at any depth."""
    above = {row["id"]: row.get("part_of") for row in _rows(company, "categories")}
    pairs: list[tuple[str, str]] = []
    for row in _rows(company, "products"):
        category, seen = row.get("part_of"), set[str]()
        while category and category not in seen:
            pairs.append((category, row["id"]))
            seen.add(category)
            category = above.get(category)
    return _grouped(pairs)


def _expand(ids: Iterable[str], under: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Products and categories → products, each once, in order."""
    return tuple(dict.fromkeys(product for key in ids for product in under.get(key, (key,))))


def _resolutions(
    company: Company, under: Mapping[str, tuple[str, ...]]
) -> Mapping[str, Mapping[str | None, tuple[str, ...]]]:
    """Issue → product (None: whichever) → resolutions."""
    pairs: dict[str, list[tuple[str | None, str]]] = defaultdict(list)
    for row in _rows(company, "resolutions"):
        for issue in _cells(row, "resolves"):
            pairs[issue].append((None, row["id"]))
            for product in _expand(_cells(row, "applies_to"), under):
                pairs[issue].append((product, row["id"]))
    return {issue: _grouped(found) for issue, found in pairs.items()}


def _contacts(company: Company) -> Mapping[str, tuple[str, ...]]:
    return _grouped(
        (row["customer"], row["value"])
        for row in _rows(company, "identities")
        if row.get("kind") in ("email", "phone")
    )


def _shelves(company: Company) -> Mapping[tuple[str, str | None], Shelf]:
    """(language, product or None for any) → the orders of customers of that language."""
    speaks = {row["id"]: row.get("language") or "en" for row in _rows(company, "customers")}
    found: dict[tuple[str, str | None], list[tuple[int, tuple[str, str, tuple[str, ...]]]]]
    found = defaultdict(list)
    for row in _rows(company, "orders"):
        products = tuple(item.split(" ", 1)[0] for item in _cells(row, "items"))
        placed = int(datetime.fromisoformat(str(row["placed_at"])).timestamp() * 1000)
        order = (row["number"], row["customer"], products)
        for product in (None, *products):
            found[speaks.get(row["customer"], "en"), product].append((placed, order))
    return {key: _shelf(sorted(orders)) for key, orders in found.items()}


def _shelf(orders: Sequence[tuple[int, tuple[str, str, tuple[str, ...]]]]) -> Shelf:
    return Shelf(placed_ms=[at for at, _ in orders], orders=[order for _, order in orders])


def _agents(company: Company) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """(department, language) → its members who speak it, or all where none does."""
    members = _grouped(
        (department, row["id"])
        for row in _rows(company, "agents")
        for department in _cells(row, "member_of")
    )
    languages = {row["id"]: _cells(row, "languages") for row in _rows(company, "agents")}
    return {
        (department, lang): tuple(a for a in ids if lang in languages[a]) or ids
        for department, ids in members.items()
        for lang in LANGUAGES
    }
