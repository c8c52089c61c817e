"""``where`` as a filter without values, and its values under their slots."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from api.errors import InputError, TooComplexError
from api.globalid import from_global
from api.sealing import Vault
from graph.fields import FIELDS, Field
from graph.selection.request import (
    All,
    Compare,
    Filter,
    Matches,
    Not,
    Operator,
    Related,
    Some,
    words_of,
)
from graph.text import fold, sought
from graph.vocabulary import Label
from seed.tables import TABLES

MOST_IN_LIST = 1_000
SEARCH = "search"
"""The one condition that is no field: words of what was said in a ticket."""
LONGEST_SEARCH = 200
"""Characters."""
_LONGEST = 200
_DEEPEST = 10


class Where:
    """Reads one argument; ``given`` fills with the values of its slots."""

    def __init__(self, vault: Vault, prefix: str) -> None:
        self.given: dict[str, Any] = {}
        self._vault, self._prefix = vault, prefix
        self._count = 0

    def read(self, label: Label, where: Mapping[str, Any], path: str, depth: int = 1) -> Filter:
        """The filter of nodes of ``label``; ``path`` serves messages.

        Raises:
            InputError: a null, a list that is too long, an id of another type.
            TooComplexError: nested or long beyond reason.
        """
        if depth > _DEEPEST:
            raise TooComplexError(path, f"{path}: at most {_DEEPEST} levels")
        self._count += 1 + len(where)
        if self._count > _LONGEST:
            raise TooComplexError(path, f"{path}: at most {_LONGEST} conditions")
        parts: list[Filter] = []
        for name, operand in where.items():
            parts += self._entry(label, name, operand, f"{path}.{name}", depth + 1)
        return parts[0] if len(parts) == 1 else All(parts=tuple(parts))

    def _entry(
        self, label: Label, name: str, operand: Any, path: str, depth: int
    ) -> Iterator[Filter]:
        if operand is None:
            raise InputError(path, f"{path} is null; leave it out, or use isNull")
        if name in {"AND", "OR"}:
            parts = tuple(self.read(label, one, path, depth) for one in operand)
            yield All(parts=parts) if name == "AND" else Some(parts=parts)
        elif name == "NOT":
            yield Not(part=self.read(label, operand, path, depth))
        elif name == SEARCH:
            yield self._search(operand, path)
        elif (field := FIELDS[label][name]).property is None:
            (target,) = field.targets
            inner = self.read(target, operand, path, depth) if operand else None
            yield Related(field=field, label=target, filter=inner)
        else:
            yield from self._compare(field, operand, path)

    def _search(self, text: str, path: str) -> Matches:
        if len(text) > LONGEST_SEARCH:
            message = f"{path} has {len(text)} characters; at most {LONGEST_SEARCH}"
            raise InputError(path, message)
        words = sought(fold(text))
        if not words:
            raise InputError(path, f"{path} has no word")
        slot = f"{self._prefix}{len(self.given)}"
        self.given |= words_of(slot, words)
        return Matches(slot=slot)

    def _compare(self, field: Field, operand: Mapping[str, Any], path: str) -> Iterator[Filter]:
        self._count += len(operand)
        for name, value in operand.items():
            yield self._one(field, Operator(name), value, f"{path}.{name}")

    def _one(self, field: Field, operator: Operator, value: Any, path: str) -> Filter:
        if value is None:
            raise InputError(path, f"{path} is null; leave it out, or use isNull")
        if operator is Operator.IN and len(value) > MOST_IN_LIST:
            raise InputError(path, f"{path} has {len(value)} elements; at most {MOST_IN_LIST}")
        slot = f"{self._prefix}{len(self.given)}"
        self.given[slot] = self._value(field, operator, value, path)
        return Compare(field=field, operator=operator, slot=slot)

    def _value(self, field: Field, operator: Operator, value: Any, path: str) -> Any:
        if operator is Operator.IS_NULL:
            return value
        if field.property and field.property.sealed:
            values = value if operator is Operator.IN else [value]
            return list(dict.fromkeys(one for each in values for one in self._indexes(field, each)))
        if field.name == "id":
            if operator is Operator.IN:
                return [_own(field.type, one, path) for one in value]
            return _own(field.type, value, path)
        return value

    def _indexes(self, field: Field, value: str) -> Iterator[str]:
        for kind in _kinds(field):
            found = self._vault.index(value, kind=kind)
            # Of a name first the whole: its single words find their bearers when asked alone.
            yield found if isinstance(found, str) else found[0]


def _own(label: Label, value: str, path: str) -> str:
    found = from_global(value)
    if found is None or found[0] is not label:
        raise InputError(path, f"{path} needs the global id of a {label}")
    return found[1]


@cache
def _kinds(field: Field) -> tuple[str, ...]:
    """What kinds of personal value a sealed field holds: one, or those its own column allows."""
    columns = {
        column.name: column
        for table in TABLES.values()
        if table.label is field.type
        for column in table.columns
    }
    seals = field.property and columns[field.property.name].seals
    return columns["kind"].allowed if seals == "kind" else (str(seals),)
