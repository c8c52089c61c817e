"""How many nodes the relationships of a type lead to, on average: what a page will cost.

Measured on the first nodes of every type, so that measuring costs the same in any graph.
"""

from collections.abc import Mapping
from typing import TypeAlias

from graph.fields import FIELDS, TYPES, Field
from graph.queries import Mode, Query
from graph.selection.scope import arrow, slot
from graph.store import Store
from graph.vocabulary import Label

Degrees: TypeAlias = Mapping[str, float]
"""By coordinate: ``Ticket`` is how many there are, ``Ticket.messages`` how many each has."""

SAMPLE = 1_000
_SIZE = "sample"


async def read_degrees(store: Store) -> Degrees:
    """Of every type and every relationship field, as they are now.

    Raises:
        UnavailableError: the graph does not answer.
    """
    found: dict[str, float] = {}
    for label in TYPES:
        fields = _fields(label)
        (row,) = await store.read(_query(label, fields), given={_SIZE: SAMPLE})
        found[str(label)] = float(row["count"])
        seen = max(1, row["seen"])
        sums = zip(fields, row["sums"], strict=True)
        found |= {field.coordinate: total / seen for field, total in sums}
    return found


def _fields(label: Label) -> list[Field]:
    return [field for field in FIELDS[label].values() if field.hops]


def _query(label: Label, fields: list[Field]) -> Query:
    sums = ", ".join(f"sum({_degree(field)})" for field in fields)
    text = (
        # In a call of its own, an engine looks the number up; else it walks all nodes.
        f"CALL () {{ MATCH (n:{label}) RETURN count(n) AS total }}\n"
        f"OPTIONAL MATCH (n:{label}) WITH total, n LIMIT {slot(_SIZE)}\n"
        f"WITH total, count(n) AS seen, [{sums}] AS sums\n"
        "RETURN total AS count, seen, sums"
    )
    return Query(
        name=f"degrees-{label.lower()}", mode=Mode.READ, parameters=frozenset({"given"}), text=text
    )


def _degree(field: Field) -> str:
    pattern = "".join(f"{arrow(hop)}()" for hop in field.hops)
    return f"COUNT {{ (n){pattern} }}"
