"""Tables within documents: rows by the fields of their header."""

from collections.abc import Iterator, Sequence

from extractors.building.columns import fields_of
from extractors.building.document import Block, Kind, Record


def records_of(blocks: Sequence[Block]) -> Iterator[Record]:
    """A record for each row below a header that names two fields or more."""
    fields: list[str] = []
    for block in blocks:
        if block.kind is not Kind.ROW:
            fields = []
            continue
        named = fields_of([cell.text for cell in block.cells])
        if sum(map(bool, named)) >= 2 and (not fields or named == fields):
            fields = named
        elif fields:
            yield {
                field: cell
                for field, cell in zip(fields, block.cells, strict=False)
                if field and cell.text
            }
