"""What the loader is given: how text is understood, and how personal values are sealed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from graph.model import Document

Progress: TypeAlias = Callable[[str, int, int | None], None]
"""(table, rows done, rows in all if that is known)."""


class Extract(Protocol):
    """Understands one text. Called from one worker thread at a time."""

    def __call__(self, text: str, *, issues: bool, resolutions: bool) -> Document:
        """``issues`` and ``resolutions`` say which guesses are of use."""


@dataclass(frozen=True, slots=True)
class SealedValue:
    """A personal value as the graph keeps it. ``index`` is equal for equal normal forms."""

    sealed: str
    hint: str
    index: str | list[str]


class Sealing(Protocol):
    """Whoever holds the keys. Owners are ``Customer:c-1`` and ``Ticket:T-1``."""

    def new_data_key(self, owner: str) -> str:
        """A fresh key for ``owner``, wrapped; text, to be stored."""

    def seal_value(
        self, value: str, *, owner: str, field: str, kind: str, data_key: str
    ) -> SealedValue:
        """``value`` of a coordinate such as ``Customer.name``; ``kind`` chooses the hint."""

    def seal_text(self, value: str, *, owner: str, field: str, data_key: str) -> str:
        """A text that is never looked up."""
