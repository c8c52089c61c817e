"""All that differs between engines: DDL, index names, driver settings, one retry. Nothing else.

Domain code never sees a dialect; ``graph.engines.bolt`` asks it, the others hold it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from graph.errors import EngineError, QueryError
from graph.store import FullText, Range, SchemaItem, Unique, Walk

_ANALYZER = '{"analyzer": "org.apache.lucene.analysis.core.WhitespaceAnalyzer"}'
ORDERED_IDS = "ordered_ids"
_LARGEST = (1 << 63) - 1
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")


class Language(StrEnum):
    """What a DDL statement is written in: Cypher goes over Bolt, SQL to the engine's own port."""

    CYPHER = "cypher"
    SQL = "sql"


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One idempotent DDL statement."""

    language: Language
    text: str


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """What Neo4j does; another engine overrides what it does differently.

    ``capabilities`` names what only some engines can: ``ordered_ids`` (ids by indexed equality,
    range and order from outside Cypher). ``settling``
    waits for full-text indexes that are written behind the transaction; empty where none is.
    """

    name: str = "neo4j"
    driver_settings: Mapping[str, Any] = field(
        # The server's hints on queries are checked in the tests; here they only cost time.
        default_factory=lambda: {"notifications_min_severity": "OFF"}
    )
    retries_taken_keys: bool = False
    settling: str = "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()"
    capabilities: frozenset[str] = frozenset()

    def statements(self, items: Sequence[SchemaItem]) -> Iterator[Statement]:
        """The DDL that makes ``items`` exist, in order."""
        for item in items:
            yield from self._item(item)
        yield Statement(language=Language.CYPHER, text="CALL db.awaitIndexes(300)")

    def index_name(self, item: FullText) -> str:
        """What this engine calls the full-text index of ``item``."""
        return _checked(item.name)

    def ordered(self, walks: Sequence[Walk], *, limit: int) -> tuple[Statement, dict[str, Any]]:
        """The statement of ``Store.ordered_ids`` and its values, for who is capable of it."""
        raise EngineError(f"{self.name} takes order in Cypher: {len(walks)} walks, {limit} or more")

    def at(self, walk: Walk, *, place: int) -> tuple[Statement, dict[str, Any]]:
        """The statement of ``Store.order_at`` and its values."""
        held = [f"n.{_checked(name)} = $v{number}" for number, (name, _) in enumerate(walk.equal)]
        values: dict[str, Any] = {f"v{number}": one for number, (_, one) in enumerate(walk.equal)}
        order, way = f"n.{_checked(walk.order)}", "DESC" if walk.is_falling else ""
        if walk.behind is None:
            held.append(f"{order} IS NOT NULL")
        else:
            held.append(f"{order} {'<' if walk.is_falling else '>'} $behind")
            values["behind"] = walk.behind
        text = (
            f"MATCH (n:{_checked(walk.label)}) WHERE {' AND '.join(held)} WITH {order} AS place "
            f"ORDER BY place {way} SKIP {int(place)} LIMIT 1 RETURN place"
        )
        return Statement(language=Language.CYPHER, text=text), values

    def _item(self, item: SchemaItem) -> Iterator[Statement]:
        if isinstance(item, FullText):
            yield from self._full_text(item)
        elif isinstance(item, Unique):
            yield Statement(language=Language.CYPHER, text=_unique(item))
        else:
            yield Statement(language=Language.CYPHER, text=_range(item))

    def _full_text(self, item: FullText) -> Iterator[Statement]:
        name, label, name_of_property = map(_checked, (item.name, item.label, item.property))
        yield Statement(
            language=Language.CYPHER,
            text=f"CREATE FULLTEXT INDEX {name} IF NOT EXISTS FOR (n:`{label}`) "
            f"ON EACH [n.`{name_of_property}`] "
            "OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace', "
            # Within the transaction the index costs four times the rest of a commit.
            "`fulltext.eventually_consistent`: true}}",
        )


@dataclass(frozen=True, kw_only=True)
class ArcadeDialect(Dialect):
    """ArcadeDB: optimistic, so the loser of two MERGEs of one new key sees a taken key."""

    name: str = "arcadedb"
    driver_settings: Mapping[str, Any] = field(default_factory=dict)
    retries_taken_keys: bool = True
    settling: str = ""
    capabilities: frozenset[str] = frozenset({ORDERED_IDS})

    def statements(self, items: Sequence[SchemaItem]) -> Iterator[Statement]:
        """As in Neo4j; indexes are ready when their statement returns."""
        for item in items:
            yield from self._item(item)

    def index_name(self, item: FullText) -> str:
        """``Label[property]``: the engine names an index by what it covers."""
        return f"{_checked(item.label)}[{_checked(item.property)}]"

    def ordered(self, walks: Sequence[Walk], *, limit: int) -> tuple[Statement, dict[str, Any]]:
        """One statement that takes ids and order from an index and merges the walks."""
        values: dict[str, Any] = {}
        for number, walk in enumerate(walks):
            values |= _values(walk, f"w{number}")
        return _merged(tuple(map(_way, walks)), int(limit)), values

    def at(self, walk: Walk, *, place: int) -> tuple[Statement, dict[str, Any]]:
        """From the same stretch as ``ordered``."""
        found = _walked(walk, "w", columns=f"{_checked(walk.order)} AS place")
        text = f"{found} SKIP {int(place)} LIMIT 1"
        return Statement(language=Language.SQL, text=text), _values(walk, "w")

    def _item(self, item: SchemaItem) -> Iterator[Statement]:
        if isinstance(item, Unique) and item.is_integer:
            yield from _typed(item.label, {item.property: "LONG"})
        elif isinstance(item, Range) and item.integers:
            kinds = {
                name: "LONG" if name in item.integers else "STRING" for name in item.properties
            }
            yield from _typed(item.label, kinds)
        yield from super()._item(item)

    def _full_text(self, item: FullText) -> Iterator[Statement]:
        label, name = _checked(item.label), _checked(item.property)
        yield from _typed(label, {name: "STRING"})
        for text in (
            f"CREATE INDEX IF NOT EXISTS ON `{label}` (`{name}`) FULL_TEXT METADATA {_ANALYZER}",
        ):
            yield Statement(language=Language.SQL, text=text)


NEO4J = Dialect()
ARCADE = ArcadeDialect()


def index_names(dialect: Dialect, items: Sequence[SchemaItem]) -> Mapping[str, str]:
    """``FullText.name`` → the engine's own name.

    Raises:
        QueryError: two items share a name.
    """
    names: dict[str, str] = {}
    for item in items:
        if isinstance(item, FullText):
            if item.name in names:
                raise QueryError(f"full-text index {item.name!r} stands twice in the schema")
            names[item.name] = dialect.index_name(item)
    return names


def _way(walk: Walk) -> Walk:
    """``walk`` without its values: what its text depends on."""
    return replace(walk, equal=tuple((name, "") for name, _ in walk.equal), behind=None)


@lru_cache(maxsize=256)
def _merged(ways: tuple[Walk, ...], limit: int) -> Statement:
    order, way = _checked(ways[0].order), "DESC" if ways[0].is_falling else "ASC"
    texts = [
        f"{_walked(one, f'w{number}', columns=f'id, {order}')} LIMIT {limit}"
        for number, one in enumerate(ways)
    ]
    names = ", ".join(f"$w{number}" for number in range(len(texts)))
    lets = ", ".join(f"$w{number} = ({text})" for number, text in enumerate(texts))
    # Walks may share nodes. Identifiers are checked, values are parameters.
    text = (
        f"SELECT DISTINCT id, {order} AS place "  # noqa: S608
        f"FROM (SELECT expand(unionAll({names})) LET {lets}) "
        f"ORDER BY place {way} LIMIT {limit}"
    )
    return Statement(language=Language.SQL, text=text)


def _values(walk: Walk, prefix: str) -> dict[str, Any]:
    # Always bounded: without a bound the planner does not take the index.
    first = _LARGEST if walk.is_falling else -1
    behind = first if walk.behind is None else walk.behind
    held = {f"{prefix}v{place}": value for place, (_, value) in enumerate(walk.equal)}
    return {f"{prefix}behind": behind, **held}


def _walked(walk: Walk, prefix: str, *, columns: str) -> str:
    """One stretch of an index. Property names stand bare: quoted ones the planner does not find in
    an index, so that it would sort every row of the stretch (35 ms, not 1, at 10,000 rows).
    """
    order, sign = _checked(walk.order), "<" if walk.is_falling else ">"
    names = [_checked(name) for name, _ in walk.equal]
    way = "DESC" if walk.is_falling else "ASC"
    held = [f"{name} = :{prefix}v{place}" for place, name in enumerate(names)]
    where = " AND ".join([*held, f"{order} {sign} :{prefix}behind"])
    by = ", ".join(f"{name} {way}" for name in [*names, order])
    found = f"SELECT {columns} FROM `{_checked(walk.label)}`"  # noqa: S608
    return f"{found} WHERE {where} ORDER BY {by}"


def _typed(label: str, kinds: Mapping[str, str]) -> Iterator[Statement]:
    """An index over a property without a type compares as text."""
    yield Statement(
        language=Language.SQL, text=f"CREATE VERTEX TYPE `{_checked(label)}` IF NOT EXISTS"
    )
    for name, kind in kinds.items():
        yield Statement(
            language=Language.SQL,
            text=f"CREATE PROPERTY `{label}`.`{_checked(name)}` IF NOT EXISTS {kind}",
        )


def _unique(item: Unique) -> str:
    label, name = _checked(item.label), _checked(item.property)
    return (
        f"CREATE CONSTRAINT {label.lower()}_{name}_unique IF NOT EXISTS "
        f"FOR (n:`{label}`) REQUIRE n.`{name}` IS UNIQUE"
    )


def _range(item: Range) -> str:
    label, names = _checked(item.label), [_checked(name) for name in item.properties]
    covered = ", ".join(f"n.`{name}`" for name in names)
    return (
        f"CREATE INDEX {label.lower()}_{'_'.join(names)}_range IF NOT EXISTS "
        f"FOR (n:`{label}`) ON ({covered})"
    )


def _checked(identifier: str) -> str:
    """Identifiers stand in DDL as text, so nothing but a plain name may pass."""
    if not _IDENTIFIER.fullmatch(identifier):
        raise EngineError(
            f"schema: {identifier!r} is no identifier; letters, digits and _ are allowed"
        )
    return identifier
