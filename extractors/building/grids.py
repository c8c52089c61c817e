"""Tables within documents: rows by the fields of their header."""

from collections.abc import Iterator, Sequence

from extractors.building.columns import fields_of, hint_of
from extractors.building.document import Block, Kind, Record

_HINTED = frozenset(
    {"department", "aliases", "handles", "supports", "symptom", "cause", "solution"}
)
"""Fields that words of a header speak for well enough where no values can be looked at."""
_TOGETHER = (frozenset({"symptom", "solution"}), frozenset({"department", "handles"}))
"""Fields that words of two headers speak for together."""
_NAMES = frozenset({"product_zh", "product_en", "aliases"})
_OF_DEPARTMENTS = {"product_zh": "department_zh", "product_en": "department_en"}


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
    """The field of each header; by words within it only where it stands beside a named one.

    A table of duties that has names in another language has those of departments.
    """
    found = fields_of(header)
    hints = ["" if found[place] else hint_of(cell) for place, cell in enumerate(header)]
    if not any(found) and not any(pair <= {*hints} for pair in _TOGETHER):
        return found
    is_of_names = not _NAMES.isdisjoint(found)
    for place, hint in enumerate(hints):
        if hint not in found and (hint in _HINTED or (hint == "product" and is_of_names)):
            found[place] = hint
    if "handles" in found and "department" not in found and "" in found:
        found[found.index("")] = "department"  # whoever does what stands first
    if "department" in found and "product" not in found:
        return [_OF_DEPARTMENTS.get(field, field) for field in found]
    return found
