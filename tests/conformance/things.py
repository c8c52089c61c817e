"""The small graph that the suite writes: ``Thing`` nodes with a unique id."""

import re

from graph.queries import Mode, Query
from graph.store import FullText, Range, SchemaItem, Unique

ITEMS: tuple[SchemaItem, ...] = (
    Unique(label="Thing", property="id"),
    Range(label="Thing", properties=("rank",)),
    Range(label="Thing", properties=("kind", "rank")),
    FullText(name="thing_words", label="Thing", property="words"),
)


def query(text: str, mode: Mode = Mode.READ, *, index: str | None = None) -> Query:
    """``text`` as a query; its parameters are those it uses."""
    used = frozenset(re.findall(r"\$(\w+)", text)) - {"index"}
    return Query(name="probe", mode=mode, parameters=used, text=text, index=index)


def writing(text: str) -> Query:
    """``text`` as a write query."""
    return query(text, Mode.WRITE)


GET = query("MATCH (n:Thing {id: $id}) RETURN n.id AS id, n.value AS value")
COUNT = query("MATCH (n:Thing) RETURN count(n) AS count")
CREATE = writing("CREATE (n:Thing {id: $id, value: $value}) RETURN n.id AS id")
SAVE = writing("MERGE (n:Thing {id: $id}) SET n.value = $value RETURN n.id AS id")
FILL = writing("UNWIND $rows AS row CREATE (n:Thing) SET n = row")
SEARCH = query(
    "CALL db.index.fulltext.queryNodes($index, $words) YIELD node, score "
    "RETURN node.id AS id ORDER BY score DESC, id",
    index="thing_words",
)
