"""What the values of a column look like, whatever its header is called."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from extractors.building.naming import key_of
from extractors.building.work import marks_of
from extractors.index import STOPPED
from graph.text import HAN, count_han, fold, has_han, words

_DATE = re.compile(
    r"(?:\d{4}[-/.年]\s?\d{1,2}(?:[-/.月]\s?\d{1,2}日?)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|(?:19|20)\d{2}[01]\d[0-3]\d"
    r"|\d{1,2}月\d{1,2}日|(?:\d{1,2}\.? )?[A-Z][a-z]{2,8}\.?(?: \d{1,2})?,? \d{4}"
    r"|\d{1,2}[- ][A-Z][a-z]{2}(?:[- ]\d{2,4})?)"
    r"(?:[T ,]*\d{1,2}[:.]\d{2}.{0,16})?|\d{1,2}:\d{2}(?::\d{2})?"
)
_NUMBER = re.compile(r"[-+]?[^\w\s]?\s?\d[\d.,\s]*\s?(?:%|[A-Za-z]{1,4}|元|€|£)?")
_DIALLED = re.compile(r"[+(]?\d[\d\s()./-]{5,20}\d")
_CODE = re.compile(r"(?=[A-Za-z_#/.-]*\d)[A-Za-z0-9_#/.-]{2,40}")
_LATIN_NAME = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr)\.? )?[A-Z][\w.'’-]*(?: (?:[a-z]{1,3} )?[A-Z][\w.'’-]*){1,3}"
)
_HAN_NAME = re.compile(
    rf"[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤欧司诸]"
    rf"[{HAN}]{{1,3}}"
)
_HAN_SMALL = re.compile("[的了吗呢吧我你您他是不没有在请就都还也很怎什么这那把被给要能会]")
_FIGURE = re.compile(r"\d")
_SENTENCE = re.compile(r"[。！？!?，,;；]|\.(?:\s|$)")
_NOTHING = frozenset({"", "-", "--", "/", "n/a", "na", "none", "null", "nil", "?", "无", "—", "–"})
_MOST = 0.7
_HAN_PER_WORD = 1.6


class Shape(StrEnum):
    """What most values of a column are. ``WORDS`` are all that is nothing of the others."""

    NOTHING = "nothing"
    EMAIL = "email"
    PHONE = "phone"
    CONTACT = "contact"
    DATE = "date"
    NUMBER = "number"
    CODE = "code"
    WORDS = "words"


@dataclass(frozen=True)
class Column:
    """Some values of a column, those that say nothing left out."""

    values: Sequence[str]

    @cached_property
    def shape(self) -> Shape:
        """See ``Shape``."""
        if not self.values:
            return Shape.NOTHING
        kinds = Counter(_kind(value) for value in self.values)
        kind, count = kinds.most_common(1)[0]
        if count >= _MOST * len(self.values):
            return kind
        reached = kinds[Shape.EMAIL] + kinds[Shape.PHONE] + kinds[Shape.CONTACT]
        return Shape.CONTACT if reached >= _MOST * len(self.values) else Shape.WORDS

    @cached_property
    def distinct(self) -> float:
        """How many of the values differ, 0..1."""
        return len({key_of(value) for value in self.values}) / max(1, len(self.values))

    @cached_property
    def size(self) -> float:
        """Words of a value, on average; Han counts as words of so many characters."""
        return sum(map(_size, self.values)) / max(1, len(self.values))

    @cached_property
    def sentences(self) -> float:
        """How many of the values are written as sentences, 0..1."""
        return self._share(_SENTENCE.search)

    @cached_property
    def names(self) -> float:
        """How many of the values may be the name of a person, 0..1."""
        return self._share(
            lambda value: (_HAN_NAME if has_han(value) else _LATIN_NAME).fullmatch(value)
        )

    @cached_property
    def spoken(self) -> float:
        """How many of the values hold small words, as whoever tells something uses them, 0..1."""
        return self._share(_is_spoken)

    @cached_property
    def numbered(self) -> float:
        """How many of the values hold a figure, 0..1."""
        return self._share(_FIGURE.search)

    @cached_property
    def dialled(self) -> float:
        """How many of the values could be dialled, 0..1."""
        return self._share(_DIALLED.fullmatch)

    def _share(self, test: Callable[[str], object]) -> float:
        return sum(test(value) is not None for value in self.values) / max(1, len(self.values))


def column_of(values: Sequence[str]) -> Column:
    """The column of these cells."""
    return Column(
        [one for value in values if (one := value.strip()[:2_000]).lower() not in _NOTHING]
    )


def says_nothing(value: str) -> bool:
    """Whether a cell only stands for an empty one."""
    return value.strip().lower() in _NOTHING


def _kind(value: str) -> Shape:
    if _DATE.fullmatch(value):
        return Shape.DATE
    marks = [mark for mark in marks_of(value[:200]) if mark.kind in ("email", "phone")]
    if marks:
        mark = marks[0]
        if mark.end - mark.start >= len(value) - 2:
            return Shape(mark.kind)
        return Shape.CONTACT if len(value) <= 120 else Shape.WORDS
    if _NUMBER.fullmatch(value):
        return Shape.NUMBER
    return Shape.CODE if _CODE.fullmatch(value) else Shape.WORDS


def _is_spoken(value: str) -> bool | None:
    said = fold(value)
    return _HAN_SMALL.search(said) is not None or any(one in STOPPED for one in words(said)) or None


def _size(value: str) -> float:
    han = count_han(value)
    return han / _HAN_PER_WORD + sum(not has_han(word) for word in words(fold(value)))
