"""What one document says, on its own: facts whose every word has its place in the document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.building.document import Cell

PRODUCT, GOODS, ISSUE, DEPARTMENT, RESOLUTION, TICKET, CUSTOMER, OWN = (
    "product",
    "goods",
    "issue",
    "department",
    "resolution",
    "ticket",
    "customer",
    "own",
)
"""Kinds: ``goods`` names a product without saying more; ``own`` is an address of the company."""

Parts = Mapping[str, Sequence[Cell]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One statement. ``parts`` say what it is made of; ``confidence`` is of its form, 0..1."""

    kind: str
    parts: Parts
    confidence: float

    def texts(self, name: str) -> list[str]:
        """The words of a part, none if there is no such part."""
        return [cell.text for cell in self.parts.get(name, ())]

    def first(self, name: str) -> str:
        """The first words of a part, or nothing."""
        return next(iter(self.texts(name)), "")


def make_fact(kind: str, confidence: float, parts: Parts) -> Fact:
    """A fact of the parts that are not empty."""
    kept = {name: tuple(cells) for name, cells in parts.items() if cells}
    return Fact(kind=kind, parts=kept, confidence=confidence)


def to_plain(fact: Fact) -> Any:
    """A fact as JSON has it."""
    parts = {
        name: [[cell.text, cell.start] for cell in cells] for name, cells in fact.parts.items()
    }
    return [fact.kind, fact.confidence, parts]


def from_plain(plain: Any) -> Fact:
    """What ``to_plain`` gave."""
    kind, confidence, parts = plain
    return Fact(
        kind=kind,
        confidence=confidence,
        parts={
            name: tuple(Cell(text=text, start=start) for text, start in cells)
            for name, cells in parts.items()
        },
    )
