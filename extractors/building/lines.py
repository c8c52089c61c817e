"""Lines of text to blocks: Markdown, plain text, and what other readers write in its manner."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from extractors.building.document import Block, Cell, Kind

_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(?P<words>.+?)\s*#*\s*$")
_CHAPTER = re.compile(
    r"\s{0,3}(?P<number>\d{1,2}(?:\.\d{1,2}){1,3}\.?|第[一二三四五六七八九十\d]+[章节]|[一二三四五六七八九十]{1,3}、)\s*(?P<words>\S.{0,70})$"
)
_UNDERLINE = re.compile(r"\s{0,3}(=+|-+)\s*$")
_STEP = re.compile(
    r"\s*(?:\d{1,2}\s?[.)、．）](?!\d)|[(（]\d{1,2}[)）]|[①-⑳]|(?i:step)\s*\d{1,2}\s*[:.)：-]|第[一二三四五六七八九十]+步\s*[，,:：、]?)\s*(?P<words>\S.*)$"
)
_ITEM = re.compile(r"\s*(?:[-*+•·▪●◦‣–]\s+|[•●▪])(?P<words>\S.*)$")
_ROW = re.compile(r"\s*\|(?P<words>.*?)\|?\s*$")
_RULE = re.compile(r"[\s|:+=-]*$")
_BOLD = re.compile(r"\s*(?:\*\*|__)(?P<words>[^*_]{2,80})(?:\*\*|__)\s*[:：]?\s*$")
_QUESTION = re.compile(
    r"\s*(?:\*\*)?(?:Q\d*|问|问题|提问)\s*[:：.、]\s*(?P<words>\S.*?)(?:\*\*)?\s*$"
)
_ANSWER = re.compile(
    r"\s*(?:\*\*)?(?:A\d*|答|回答|答复)(?:\*\*)?\s*[:：.、]\s*(?:\*\*)?\s*(?P<words>\S.*)$"
)
_LABEL = re.compile(r"\s*(?P<words>\S.{0,60}?)\s*[:：]\s*$")
_SENTENCE = re.compile(r"[。！？!?；;.,，]$")
_LONGEST_BLOCK = 4_000


@dataclass(slots=True)
class _Open:
    """A block that the next line may go on with."""

    kind: Kind
    start: int
    end: int


@dataclass(slots=True)
class _Parser:
    text: str
    base: int
    blocks: list[Block] = field(default_factory=list)
    open: _Open | None = None
    fenced: bool = False

    def line(self, start: int, end: int) -> None:
        """Take the line between these places."""
        line = self.text[start:end]
        if _FENCE.match(line):
            self.close()
            self.fenced = not self.fenced
        elif self.fenced:
            return
        elif not line.strip():
            self.close()
        elif not self._begin(line, start):
            self._go_on(line, start)

    def close(self) -> None:
        """The open block is complete."""
        if self.open:
            self._add(self.open.kind, self.open.start, self.open.end)
            self.open = None

    def _begin(self, line: str, start: int) -> bool:
        return self._headed(line, start) or self._listed(line, start)

    def _headed(self, line: str, start: int) -> bool:
        if (found := _HEADING.match(line)) is not None:
            self._heading(found, start, level=len(found[1]))
        elif (found := _CHAPTER.match(line)) and not _SENTENCE.search(line.rstrip()):
            dots = found["number"].strip(".").count(".")
            self._heading(found, start, level=dots + 2 if dots else 2)
        elif (found := _UNDERLINE.match(line)) and self.open and self.open.kind is Kind.TEXT:
            level = 1 if found[1].startswith("=") else 2
            at, self.open = self.open, None
            self._add(Kind.HEADING, at.start, at.end, level=level)
        elif _RULE.fullmatch(line):
            self.close()
        elif (found := _BOLD.match(line)) is not None and not self.open:
            self._heading(found, start, level=6)
        else:
            return False
        return True

    def _listed(self, line: str, start: int) -> bool:
        for expression, kind in (
            (_QUESTION, Kind.QUESTION),
            (_ANSWER, Kind.TEXT),
            (_STEP, Kind.STEP),
            (_ITEM, Kind.ITEM),
        ):
            if (found := expression.match(line)) is not None:
                self.close()
                self.open = _Open(kind, start + found.start("words"), start + found.end("words"))
                return True
        if (found := _ROW.match(line)) is not None and "|" in found["words"]:
            self.close()
            self._row(found, start)
            return True
        if (found := _LABEL.match(line)) is not None and not self.open:
            self._add(Kind.LABEL, start + found.start("words"), start + found.end("words"))
            return True
        return False

    def _heading(self, found: re.Match[str], start: int, *, level: int) -> None:
        self.close()
        self._add(Kind.HEADING, start + found.start("words"), start + found.end("words"), level)

    def _row(self, found: re.Match[str], start: int) -> None:
        at, cells = start + found.start("words"), []
        for part in found["words"].split("|"):
            words = part.strip()
            cells.append(Cell(text=words, start=self.base + at + part.find(words)))
            at += len(part) + 1
        begin, end = start + found.start("words"), start + found.end("words")
        words = Cell(text=self.text[begin:end], start=self.base + begin)
        self.blocks.append(Block(kind=Kind.ROW, words=words, cells=tuple(cells)))

    def _go_on(self, line: str, start: int) -> None:
        end = start + len(line.rstrip())
        if self.open and end - self.open.start < _LONGEST_BLOCK:
            self.open.end = end
        else:
            self.close()
            self.open = _Open(Kind.TEXT, start + len(line) - len(line.lstrip()), end)

    def _add(self, kind: Kind, start: int, end: int, level: int = 0) -> None:
        words = Cell(text=self.text[start:end].rstrip(), start=self.base + start)
        if words.text:
            self.blocks.append(Block(kind=kind, words=words, level=level))


def parse_lines(text: str, *, base: int = 0) -> tuple[Block, ...]:
    """Blocks of ``text`` in order; ``base`` is where it begins in the document's text."""
    parser = _Parser(text, base)
    for start, end in _bounds(text):
        parser.line(start, end)
    parser.close()
    return tuple(parser.blocks)


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1
