"""From a checked row to the properties of its node; personal values leave sealed or not at all."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from seed.ports import Sealing
from seed.references import number_key
from seed.rows import Row
from seed.tables import Column, Table

Stored = Mapping[str, Any]


def plain_properties(row: Row, *, stored: Stored | None) -> dict[str, Any]:
    """What lies in the graph as written. For a node already stored, absent values are ``None``."""
    names = _plain(row.table)
    if stored is None:
        found = {name: row.values[name] for name in names if name in row.values}
    else:
        found = {name: row.values.get(name) for name in names}
    if "number" in row.values:
        found["number_key"] = number_key(row.values["number"])
    return found


def sealed_properties(
    row: Row, *, owner: str, data_key: str, stored: Stored | None, sealing: Sealing
) -> dict[str, Any]:
    """The sealed columns. A value that is stored under the same index is not sealed anew.

    Pass ``stored`` as ``None`` when the node is new or belonged to another owner.
    """
    found: dict[str, Any] = {}
    for column in _sealed(row.table):
        value = row.values.get(column.name)
        if value is not None:
            field = f"{row.table.label}.{column.name}"
            kind = row.values["kind"] if column.seals == "kind" else str(column.seals)
            new = sealing.seal_value(value, owner=owner, field=field, kind=kind, data_key=data_key)
            parts = {"sealed": new.sealed, "hint": new.hint, "index": new.index}
            if not _is_same(parts, column, stored):
                found |= {f"{column.name}_{part}": content for part, content in parts.items()}
        elif stored:
            found |= {f"{column.name}_{part}": None for part in ("sealed", "hint", "index")}
    return found


def differs(properties: Stored, stored: Stored) -> bool:
    """Whether writing ``properties`` would change the node."""
    return any(stored.get(name) != value for name, value in properties.items())


def owner_of(customer: str) -> str:
    """To whom a customer's values are sealed."""
    return f"Customer:{customer}"


def _is_same(parts: Stored, column: Column, stored: Stored | None) -> bool:
    return stored is not None and all(
        stored.get(f"{column.name}_{part}") == parts[part] for part in ("hint", "index")
    )


@cache
def _plain(table: Table) -> tuple[str, ...]:
    return tuple(
        column.name
        for column in table.columns
        if column.is_stored and not column.link and not column.seals and column.name != "id"
    )


@cache
def _sealed(table: Table) -> tuple[Column, ...]:
    return tuple(column for column in table.columns if column.seals and column.is_stored)
