"""A document as a tree of sections, and what their headings say."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from extractors.building.document import Block, Cell, Document, Kind
from extractors.building.naming import key_of, languages
from graph.text import fold, has_han, words

_CLOSED = re.compile(
    r"\s*(?:what|which|who|can|could|may|do|does|did|is|are|was|will|should|would|has|have"
    r"|(?:when|where) to|how (?:much|many|often))\b"
    r"|能不能|可以|有没有|是否|什么是",
    re.IGNORECASE,
)
"""How questions after a fact begin."""
_NUMBER = re.compile(
    r"^\s*(?:\d{1,2}(?:\.\d{1,2})*\.?|第[一二三四五六七八九十\d]+[章节部分]*|[一二三四五六七八九十]{1,3}、"
    r"|[（(][一二三四五六七八九十\d]{1,3}[)）]|[A-Z][.)]|(?i:chapter|part|section) \w{1,4}[:.]?)\s*"
)
_MOST_PIECES = 9
_LEAST_BELOW = 3
_LEAST_END = 10
_LONGEST_PIECE = 4
_QUESTION = re.compile(
    r"[?？]\s*$|^(?:how|what|why|when|where|who|which|can|could|may|do|does|is|are|will|should)\b"
    r"|(?:吗|呢|么|怎么办|怎么样)[。\s]*$|^(?:怎么|如何|为什么|为何|什么时候|哪里|能不能|可以)",
    re.IGNORECASE,
)


@dataclass(slots=True, eq=False)
class Section:
    """A heading with what stands directly below it. The root has neither heading nor parent.

    ``is_area``: the headings below it are what goes wrong in a field of life (``At home``).
    ``is_heard``: most headings below it are as customers would say them.
    """

    heading: Cell
    level: int
    parent: "Section | None"
    blocks: list[Block] = field(default_factory=list)
    is_area: bool = False
    is_heard: bool = False

    @property
    def role(self) -> str:
        """``trouble``, ``steps``, ``other``, or '' where the heading names something itself."""
        return role_of(self.heading)

    @property
    def is_asked(self) -> bool:
        """Whether it stands where headings are what customers ask or what goes wrong.

        A question after a fact (``Are fees waived?``) is none of that.
        """
        above, said = self.parent, self.heading.text
        if above is None or above.parent is None or self.role:
            return False
        if is_question(said) and not is_heard(said):
            return False
        if above.role == "trouble":
            return True
        if above.level == 1 and not is_of_questions(above.heading.text):
            return above.is_area and is_heard(said)
        return (above.is_area or above.level == 1) and (above.is_heard or is_heard(said))

    @property
    def is_topic(self) -> bool:
        """Whether the heading names something, and is not the document's title."""
        has_name = self.parent is not None and self.level > 1
        return has_name and not self.role and not self.is_area


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
    _mark_areas(found)
    _mark_heard(found)
    _mark_notes(found)
    return found


def _mark_heard(sections: Sequence[Section]) -> None:
    below: dict[int, list[bool]] = defaultdict(list)
    for one in sections:
        if one.parent is not None and not one.role:
            below[id(one.parent)].append(is_heard(one.heading.text))
    for one in sections:
        heard = below[id(one)]
        one.is_heard = sum(heard) * 2 >= len(heard) > 0


def _mark_areas(sections: Sequence[Section]) -> None:
    """Where most headings of the lowest level complain and those above do not, those are areas."""
    parents = {one.parent for one in sections if one.parent and one.blocks}
    above = {one for one in parents if one.level > 1 and not one.role}
    below = [one for one in sections if one.blocks and not one.role and one.parent in above]
    complaints = sum(is_complaint(one.heading.text) for one in below)
    if len(below) < _LEAST_BELOW or complaints * 2 < len(below):
        return
    if sum(is_complaint(one.heading.text) for one in above) * 3 < len(above):
        for one in above:
            one.is_area = True


def _mark_notes(sections: Sequence[Section]) -> None:
    """Several headings that complain, with most of the text, below a title that does not."""
    top = next((one for one in sections if one.level == 1), None)
    if top is None or is_complaint(top.heading.text):
        return
    sizes = {one: sum(len(block.words.text) for block in one.blocks) for one in sections}
    noted = [
        one
        for one in sections
        if one.parent is top and is_complaint(one.heading.text) and is_heard(one.heading.text)
    ]
    if len(noted) > 1 and sum(sizes[one] for one in noted) * 2 >= sum(sizes.values()):
        top.is_area = True


def title_of(sections: Sequence[Section]) -> Cell | None:
    """The document's title: its first heading, if that is of the first level or stands alone."""
    first = next((one for one in sections if one.parent is not None), None)
    return first.heading if first and first.level == 1 else None


def is_complaint(said: str) -> bool:
    """Whether a heading says what goes wrong."""
    return _holds(said, "complaint")


def is_heard(said: str) -> bool:
    """Whether a heading is as customers say it: what goes wrong, or how something is done."""
    is_fact = is_question(said) and _CLOSED.match(said) is not None
    return not is_fact and (is_complaint(said) or _holds(said, "asking"))


@lru_cache(maxsize=1 << 12)
def _holds(said: str, name: str) -> bool:
    known, text = _all_of(name), fold(said).replace("’", "'")
    if any(word in known for word in words(text)):
        return True
    return has_han(text) and any(word in text for word in known if has_han(word))


def is_question(said: str) -> bool:
    """Whether a heading asks something."""
    return _QUESTION.search(said.strip()) is not None


def role_of(heading: Cell) -> str:
    """See ``Section.role``."""
    return _role(heading.text)


@lru_cache(maxsize=1 << 14)
def _role(said: str) -> str:
    roles = _roles()
    names = [said, *(cell.text for cell in languages(Cell(text=said, start=0)).values())]
    named = next((roles[key] for name in names if (key := key_of(name)) in roles), "")
    return named or ("trouble" if any(map(_is_amiss, names)) else "")


def _is_amiss(name: str) -> bool:
    """Whether a heading says that something goes wrong, and not what: ``二、常见问题处理``."""
    found = words(fold(_NUMBER.sub("", name)))
    pieces = [piece for word in found for piece in _pieces(word)]
    known = _all_of("amiss")
    return len(pieces) <= _MOST_PIECES and any(piece in known for piece in pieces) and all(pieces)


@lru_cache(maxsize=1 << 12)
def _pieces(word: str) -> tuple[str, ...]:
    """A word, or what a run of Han is made of; '' where a part of it is no word of this kind."""
    known = _all_of("amiss") | _all_of("small")
    if not has_han(word):
        return (word if word in known else "",)
    found, at = list[str](), 0
    while at < len(word):
        ends = range(min(len(word), at + _LONGEST_PIECE), at, -1)
        end = next((end for end in ends if word[at:end] in known), 0)
        if not end:
            return ("",)
        found.append(word[at:end])
        at = end
    return tuple(found)


def is_manual_title(title: str) -> bool:
    """Whether a title says that the document holds many topics."""
    key = key_of(title)
    return any(word in key for word in _manual())


def is_of_questions(title: str) -> bool:
    """Whether a title says that each heading below is something that customers ask."""
    key = key_of(title)
    return any(word in key for word in _about()) or key.endswith(_trouble_ends())


def without_manual_words(cell: Cell) -> Cell:
    """The title of a manual without the words that say it is one."""
    said = cell.text
    lowered = said.lower()
    ends = [lowered.find(word) for word in _manual_words() if lowered.find(word) > 0]
    return Cell(text=said[: min(ends, default=len(said))].rstrip(" :：-–—,，的"), start=cell.start)


@cache
def _headings() -> Mapping[str, Sequence[str]]:
    source = files("extractors").joinpath("patterns/headings.yaml").read_text("utf-8")
    found: Mapping[str, Sequence[str]] = yaml.safe_load(source)
    return found


@cache
def _roles() -> Mapping[str, str]:
    return {
        key_of(one): role
        for role, headings in _headings().items()
        if role in ("trouble", "steps", "other")
        for one in headings
    }


@cache
def _trouble_ends() -> tuple[str, ...]:
    """Headings of troubles that are long enough to stand for themselves at the end of a title."""
    troubles = (one for one, role in _roles().items() if role == "trouble")
    return tuple(one for one in troubles if len(one) * (3 if has_han(one) else 1) >= _LEAST_END)


@cache
def _about() -> tuple[str, ...]:
    return tuple(key_of(one) for one in _headings()["about"])


@cache
def _all_of(name: str) -> frozenset[str]:
    return frozenset(_headings()[name])


@cache
def _manual() -> tuple[str, ...]:
    return tuple(key_of(one) for one in _headings()["manual"])


@cache
def _manual_words() -> tuple[str, ...]:
    return tuple(one.lower() for one in _headings()["manual"])
