"""Tables within documents: rows by the fields of their header."""

from collections.abc import Iterator, Sequence

from extractors.building.columns import fields_of, hint_of
from extractors.building.document import Block, Kind, Record

_HINTED = frozenset(
    {"department", "aliases", "handles", "supports", "symptom", "cause", "solution"}
)
"""Fields that words of a header speak for well enough where no values can be looked at."""


def records_of(blocks: Sequence[Block]) -> Iterator[Record]:
    """A record for each row below a header that names two fields or more."""
    fields: list[str] = []
    for block in blocks:
        if block.kind is not Kind.ROW:
            fields = []
            continue
        named = _named([cell.text for cell in block.cells])
        if sum(map(bool, named)) >= 2 and (not fields or named == fields):
            fields = named
        elif fields:
            yield {
                field: cell
                for field, cell in zip(fields, block.cells, strict=False)
                if field and cell.text
            }


def _named(header: Sequence[str]) -> list[str]:
    """The field of each header; by words within it only where it stands beside a named one."""
    found = fields_of(header)
    for place, cell in enumerate(header):
        hint = hint_of(cell) if not found[place] and any(found) else ""
        if hint in _HINTED and hint not in found:
            found[place] = hint
    return found
