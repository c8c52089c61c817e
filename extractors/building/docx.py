"""DOCX to text in the manner of Markdown, by python-docx."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import XMLSyntaxError

from extractors.building.document import Document
from extractors.building.errors import UnreadableFileError
from extractors.building.lines import parse_lines
from extractors.building.unpacking import check_archive

_LEVEL = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_BROKEN = (
    PackageNotFoundError,
    zipfile.BadZipFile,
    XMLSyntaxError,
    KeyError,
    ValueError,
    AttributeError,
    OSError,
    NotImplementedError,
)


def read_docx(data: bytes, *, file: str) -> Document:
    """See ``readers.Reader``."""
    check_archive(data)
    try:
        body = docx.Document(io.BytesIO(data))
        text = "\n".join(_lines(body)).strip()
    except _BROKEN:
        raise UnreadableFileError("damaged") from None
    if not text:
        raise UnreadableFileError("no_text")
    return Document(file=file, text=text, blocks=parse_lines(text))


def _lines(body: Any) -> Iterator[str]:
    number = 0
    for item in body.iter_inner_content():
        if isinstance(item, Table):
            yield from ("", *_rows(item), "")
            continue
        mark = _mark(item)
        number = number + 1 if mark == "1." else 0
        words = " ".join(item.text.split())
        if mark == "1.":
            yield f"{number}. {words}"
        elif mark == "-":
            yield f"- {words}"
        else:
            yield from ("", f"{mark} {words}".strip())


def _mark(paragraph: Paragraph) -> str:
    name = (paragraph.style.name if paragraph.style else None) or ""
    if (found := _LEVEL.match(name)) is not None:
        return "#" * min(6, int(found[1]) + 1)
    if name.lower() in ("title", "标题"):
        return "#"
    if name.lower().startswith("list number"):
        return "1."
    is_listed = paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
    return "-" if is_listed or name.lower().startswith("list") else ""


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells: list[Any] = []
        for cell in row.cells:  # a merged cell is given once for each column it covers
            if not cells or cell._tc is not cells[-1]._tc:
                cells.append(cell)
        words = (" ".join(cell.text.split()).replace("|", "/") for cell in cells)
        yield f"| {' | '.join(words)} |"
