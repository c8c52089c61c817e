"""What a type of the graph is called and says of itself; all else follows from the field table."""

from collections.abc import Mapping
from dataclasses import dataclass

from graph.vocabulary import Label


@dataclass(frozen=True, kw_only=True, slots=True)
class Noun:
    """A type in words: its root list's name, its text, and a text for each of its fields.

    Every text is English and ends with the Chinese name.
    """

    label: Label
    root: str
    text: str
    fields: Mapping[str, str]
