"""Who refers to whom across all files, remembered small, resolved when every id is known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.text import fold
from seed.problems import Problem, closest, shorten
from seed.rows import RawRow, Row
from seed.tables import TABLES, Column, Table

_MOST_PLACES = 20

Known = Mapping[str, "set[str] | frozenset[str]"]


def comparable(value: str, *, key: str) -> str:
    """The form in which a reference is compared: ids as they are, order numbers folded."""
    return value if key == "id" else number_key(value)


def number_key(number: str) -> str:
    """Letters and digits only of the folded number."""
    return "".join(filter(str.isalnum, fold(number)))


def space_of(table: str, key: str) -> str:
    """The name under which ids of ``table`` are known: ``orders``, ``orders.number``."""
    return table if key == "id" else f"{table}.{key}"


@dataclass(slots=True)
class _Use:
    """One value in one column: its first rows, and how many more there are."""

    column: Column
    value: str
    places: list[Any] = field(default_factory=list)
    more: int = 0


class References:
    """Collects uses row by row; memory grows with the distinct values, not with the rows."""

    def __init__(self) -> None:
        self.ids: dict[str, dict[str, str]] = {
            space: {}
            for table in TABLES.values()
            for space in (table.name, *(space_of(table.name, c.name) for c in table.columns))
        }
        self._uses: dict[tuple[str, str, str], _Use] = {}

    def note(self, row: Row) -> None:
        """Remember what a row refers to."""
        table = row.table
        for column in table.links:
            for reference in row.references(column.name):
                at = (table.name, column.name, reference.id)
                use = self._uses.get(at)
                if use is None:
                    use = self._uses[at] = _Use(column, reference.id)
                if len(use.places) < _MOST_PLACES:
                    use.places.append(_light(row))
                else:
                    use.more += 1

    def missing(self) -> Mapping[str, frozenset[str]]:
        """By space: what no file has."""
        found: dict[str, set[str]] = {}
        for use in self._uses.values():
            spaces = _spaces(use.column)
            value = _comparable(use)
            if not any(value in self.ids[space] for space in spaces):
                for space in spaces:
                    found.setdefault(space, set()).add(value)
        return {space: frozenset(values) for space, values in found.items()}

    def problems(self, known: Known) -> Iterator[Problem]:
        """References to nothing, or to two things of one id."""
        for use in self._uses.values():
            value = _comparable(use)
            homes = [
                space
                for space in _spaces(use.column)
                if value in self.ids[space] or value in known.get(space, ())
            ]
            if len(homes) != 1:
                yield from self._tell(use, homes=homes, known=known)

    def _tell(self, use: _Use, *, homes: list[str], known: Known) -> Iterator[Problem]:
        if homes:
            code, what = "reference_ambiguous", f"is in {' and in '.join(homes)}"
        else:
            spaces = _spaces(use.column)
            near = closest(use.value, {id_ for space in spaces for id_ in self._all(space, known)})
            code, what = "reference_unknown", f"is not in {' or '.join(spaces)}{near}"
        tail = f" (and in {use.more} more rows)" if use.more else ""
        for table, file, place, row in map(_heavy, use.places, [use.column] * len(use.places)):
            yield Problem(
                code=code,
                message=f"{use.column.name}: {shorten(use.value)!r} {what}{tail}",
                file=file,
                place=place,
                table=table.name,
                row=row,
                column=use.column.name,
                found=shorten(use.value),
                allowed=" or ".join(f"an id of {target}" for target in _targets(use.column)),
            )

    def _all(self, space: str, known: Known) -> set[str]:
        return {*self.ids[space], *known.get(space, ())}


def _targets(column: Column) -> tuple[str, ...]:
    return column.link.targets if column.link else ()


def _spaces(column: Column) -> tuple[str, ...]:
    key = column.link.key if column.link else "id"
    return tuple(space_of(target, key) for target in _targets(column))


def _comparable(use: _Use) -> str:
    return comparable(use.value, key=use.column.link.key if use.column.link else "id")


def _light(row: Row) -> tuple[Any, ...]:
    """What a place needs, without the row's values."""
    raw = row.raw
    return (raw.table, raw.file, raw.number, raw.places, raw.marks, row.id)


def _heavy(light: tuple[Any, ...], column: Column) -> tuple[Table, str, str, str]:
    table, file, number, places, marks, id_ = light
    raw = RawRow(table=table, file=file, number=number, values={}, places=places, marks=marks)
    return table, file, raw.place(column.name), id_
