"""A document as a tree of sections, and what their headings say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import yaml

from extractors.building.document import Block, Cell, Document, Kind
from extractors.building.naming import key_of, languages

_QUESTION = re.compile(
    r"[?？]\s*$|^(?:how|what|why|when|where|who|which|can|could|may|do|does|is|are|will|should)\b"
    r"|(?:吗|呢|么|怎么办|怎么样)[。\s]*$|^(?:怎么|如何|为什么|为何|什么时候|哪里|能不能|可以)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Section:
    """A heading with what stands directly below it. The root has neither heading nor parent."""

    heading: Cell
    level: int
    parent: "Section | None"
    blocks: list[Block] = field(default_factory=list)

    @property
    def role(self) -> str:
        """``trouble``, ``steps``, ``other``, or '' where the heading names something itself."""
        return role_of(self.heading)

    @property
    def is_topic(self) -> bool:
        """Whether the heading names something, and is not the document's title."""
        return self.parent is not None and self.level > 1 and not self.role


def sections_of(document: Document) -> list[Section]:
    """Every section in order, the root first."""
    root = Section(heading=Cell(text="", start=0), level=0, parent=None)
    found, at = [root], root
    for block in document.blocks:
        if block.kind is not Kind.HEADING:
            at.blocks.append(block)
            continue
        while at.parent is not None and at.level >= block.level:
            at = at.parent
        at = Section(heading=block.words, level=block.level, parent=at)
        found.append(at)
    return found


def title_of(sections: Sequence[Section]) -> Cell | None:
    """The document's title: its first heading, if that is of the first level or stands alone."""
    first = next((one for one in sections if one.parent is not None), None)
    return first.heading if first and first.level == 1 else None


def is_question(words: str) -> bool:
    """Whether a heading asks something."""
    return _QUESTION.search(words.strip()) is not None


def role_of(heading: Cell) -> str:
    """See ``Section.role``."""
    roles = _roles()
    names = [heading.text, *(cell.text for cell in languages(heading).values())]
    return next((roles[key] for name in names if (key := key_of(name)) in roles), "")


def is_manual_title(title: str) -> bool:
    """Whether a title says that the document holds many topics."""
    key = key_of(title)
    return any(word in key for word in _manual())


def without_manual_words(cell: Cell) -> Cell:
    """The title of a manual without the words that say it is one."""
    words = cell.text
    lowered = words.lower()
    ends = [lowered.find(word) for word in _manual_words() if lowered.find(word) > 0]
    return Cell(
        text=words[: min(ends, default=len(words))].rstrip(" :：-–—,，的"), start=cell.start
    )


@cache
def _headings() -> Mapping[str, Sequence[str]]:
    source = files("extractors").joinpath("patterns/headings.yaml").read_text("utf-8")
    found: Mapping[str, Sequence[str]] = yaml.safe_load(source)
    return found


@cache
def _roles() -> Mapping[str, str]:
    return {
        key_of(words): role
        for role, headings in _headings().items()
        if role != "manual"
        for words in headings
    }


@cache
def _manual() -> tuple[str, ...]:
    return tuple(key_of(words) for words in _headings()["manual"])


@cache
def _manual_words() -> tuple[str, ...]:
    return tuple(words.lower() for words in _headings()["manual"])
