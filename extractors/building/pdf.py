"""PDF to text by PDFium, page by page; larger type makes a heading. Scanned pages are no text."""

import ctypes
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

from extractors.building.document import Document
from extractors.building.errors import UnreadableFileError
from extractors.building.lines import parse_lines

_PAGES = 2_000
_SECONDS = 45.0
_CHARACTERS = 8_000_000
_LARGER = 1.12
_LONGEST_HEADING = 90

Line = tuple[str, float]


def read_pdf(data: bytes, *, file: str) -> Document:
    """See ``readers.Reader``. Pages beyond 2,000 and text beyond 8 million characters are left."""
    try:
        book = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        reason = "encrypted" if "assword" in str(error) else "damaged"
        raise UnreadableFileError(reason) from None
    try:
        lines = list(_lines(book))
    except pypdfium2.PdfiumError:
        raise UnreadableFileError("damaged") from None
    finally:
        book.close()
    text = _marked(lines)
    if not text.strip():
        raise UnreadableFileError("no_text")
    return Document(file=file, text=text, blocks=parse_lines(text))


def _lines(book: Any) -> Iterator[Line]:
    until, left = time.monotonic() + _SECONDS, _CHARACTERS
    for number in range(min(len(book), _PAGES)):
        if time.monotonic() > until:
            raise UnreadableFileError("too_slow")
        page = book[number]
        textpage = page.get_textpage()
        content = textpage.get_text_range()
        left -= len(content)
        yield from _sized(content, textpage)
        yield ("", 0.0)
        textpage.close()
        page.close()
        if left < 0:
            return


def _sized(content: str, textpage: Any) -> Iterator[Line]:
    """Each line with the size of its first letter."""
    at = 0
    for line in content.split("\n"):
        words = line.strip().replace("\ufffe", "-").replace("\x02", "-").replace("\0", "")
        begin = at + len(line) - len(line.lstrip())
        size = raw.FPDFText_GetFontSize(textpage.raw, ctypes.c_int(begin)) if words else 0.0
        yield " ".join(words.split()), round(float(size), 1)
        at += len(line) + 1


def _marked(lines: list[Line]) -> str:
    """Lines in larger type than most of the text begin with ``#``, the largest with one."""
    sizes: Counter[float] = Counter()
    for words, size in lines:
        sizes[size] += len(words)
    body = max(sizes, key=lambda size: sizes[size], default=0.0)
    larger = sorted({s for w, s in lines if w and s > body * _LARGER}, reverse=True)[:4]
    level = {size: "#" * (place + 1) for place, size in enumerate(larger)}
    found: list[str] = []
    for words, size in lines:
        if words and size in level and len(words) <= _LONGEST_HEADING:
            found += ("", f"{level[size]} {words}", "")
        else:
            found.append(words)
    return "\n".join(found).strip()
