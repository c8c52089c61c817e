"""Names as they are compared, and names that are written in both languages at once."""

import re
from collections.abc import Iterator
from functools import lru_cache

from extractors.building.document import Cell
from graph.text import HAN, fold, has_han

ZH, EN = "zh", "en"
_JOINTS = re.compile(r"[\W_]+")
_BRACKETED = re.compile(r"(?P<first>.*\S)\s*[(（]\s*(?P<second>[^()（）]*\S)\s*[)）]")
_PARTED = re.compile(r"(?P<first>.*\S)(?:\s*[/／|｜]\s*|\s+[–—-]\s+)(?P<second>\S.*)")
_HAN_FIRST = re.compile(rf"(?P<first>.*[{HAN}）)])(?P<second>[^{HAN}]+)")
_LATIN_FIRST = re.compile(rf"(?P<first>[^{HAN}]*[A-Za-z.?!)][^{HAN}]*?)\s+(?P<second>[{HAN}].*)")
_WORD = re.compile(r"[A-Za-z]{3,}")
_TOKEN = re.compile(r"[A-Za-z0-9.]+")
_ORNAMENT = " \t\n*_`#:：。.,，;；|"
_QUOTES = frozenset('"“「『《')
_QUOTED = re.compile(r"[\"“「『《](?P<words>[^\"“”「」『』《》]+)[\"”」』》]")
_CODE = re.compile(r"(?=[a-z]*\d)[a-z0-9]+")
_SINGLE = 5
_UNIT = re.compile(
    r"\b(?:team|desk|department|dept|unit|group|office|operations|ops|service|services|support|care"
    r"|division|branch|centre|center|line|squad|crew|relations|accounting|billing|logistics"
    r"|helpdesk|helpline|hotline|workshop|retention)$|(?:部门?|中心|小?组|团队|[^学]科|处|[一二三]线|专员|工坊|班)$",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*(?:[;；|、\n]|,\s|，)\s*")


@lru_cache(maxsize=1 << 16)
def key_of(name: str) -> str:
    """The form in which names are equal: no case, width, space or punctuation."""
    return _JOINTS.sub("", fold(name))


def names_unit(name: str) -> bool:
    """Whether the name of something ends as those of parts of an organisation do."""
    return _UNIT.search(name.strip()) is not None


@lru_cache(maxsize=1 << 16)
def codes_of(name: str) -> tuple[str, ...]:
    """Model numbers and sizes within a name: what tells two of a kind apart."""
    return tuple(sorted(_CODE.findall(fold(name).replace(" ", "").replace(".", "p"))))


def trimmed(cell: Cell) -> Cell:
    """Without ornaments of its markup at either end."""
    words = cell.text.strip(_ORNAMENT)
    if words[:1] in _QUOTES and (quoted := _QUOTED.fullmatch(words)) is not None:
        words = quoted["words"]
    return Cell(text=words, start=cell.start + cell.text.find(words))


def part(cell: Cell, start: int, end: int) -> Cell:
    """The characters from ``start`` to ``end`` of a cell, trimmed."""
    return trimmed(Cell(text=cell.text[start:end], start=cell.start + start))


def split_list(cell: Cell) -> Iterator[Cell]:
    """The parts of a list within a cell."""
    at = 0
    for found in _LIST.finditer(cell.text):
        if (one := part(cell, at, found.start())).text:
            yield one
        at = found.end()
    if (one := part(cell, at, len(cell.text))).text:
        yield one


def languages(cell: Cell, *, single: bool = True) -> dict[str, Cell]:
    """A name by language: ``滤芯更换 (Filter replacement)`` is two, most are one.

    ``single``: whether one English word after Chinese is a name too (``账务部 Billing``), and not
    the end of the Chinese one (``净化器 Ultra``).
    """
    whole = trimmed(cell)
    for expression in (_BRACKETED, _PARTED):
        found = expression.fullmatch(whole.text)
        if found and has_han(found["first"]) != has_han(found["second"]):
            return _pair(whole, found.end("first"), found.start("second"), found.end("second"))
    if (found := _HAN_FIRST.fullmatch(whole.text)) is not None:
        own = _own(found["second"], single=single)
        if own is not None:
            at = found.start("second") + own
            return _pair(whole, at, at, len(whole.text))
    elif (found := _LATIN_FIRST.fullmatch(whole.text)) and len(_WORD.findall(found["first"])) > 1:
        return _pair(whole, found.end("first"), found.start("second"), len(whole.text))
    return {ZH if has_han(whole.text) else EN: whole} if whole.text else {}


def _pair(whole: Cell, first_end: int, second_start: int, second_end: int) -> dict[str, Cell]:
    first, second = part(whole, 0, first_end), part(whole, second_start, second_end)
    return {ZH if has_han(one.text) else EN: one for one in (first, second) if one.text}


def _own(second: str, *, single: bool) -> int | None:
    """Where the English name begins after Han: ``净化器 Pro 2 Air Purifier Pro 2`` at ``Air``.

    ``None`` where the Latin words belong to the Chinese name, as in ``空气净化器 Pro 2``.
    """
    tokens = list(_TOKEN.finditer(second))
    for count in range(len(tokens) - 1, 0, -1):
        head = [token[0].lower() for token in tokens[:count]]
        tail = [token[0].lower() for token in tokens[count:]]
        if all(word in tail for word in head) and len(tail) > len(head):
            return tokens[count].start()
    words = _WORD.findall(second)
    if not second[:1].isspace() or not words:
        return None
    is_one = single and len(tokens) == 1 and len(words[0]) >= _SINGLE and words[0][0].isupper()
    return 0 if is_one or len(words) >= 2 else None
