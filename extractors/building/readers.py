"""From the bytes of a file to its document: one reader per ending, all bounded."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Protocol

from extractors.building.decoding import decode
from extractors.building.document import Document
from extractors.building.errors import UnreadableFileError
from extractors.building.html import read_html
from extractors.building.lines import parse_lines
from extractors.building.mail import read_mail, read_mbox
from extractors.building.sheet import read_csv, read_jsonl, read_xlsx

LARGEST = 256 << 20


class Reader(Protocol):
    """Makes a document of a file's bytes, in bounded time and memory."""

    def __call__(self, data: bytes, *, file: str) -> Document:
        """Raise ``UnreadableFileError`` where nothing can be read."""


def read_text(data: bytes, *, file: str) -> Document:
    """Markdown and plain text: the document's text is the file's, character for character."""
    text = decode(data)
    return Document(file=file, text=text, blocks=parse_lines(text))


def _read_pdf(data: bytes, *, file: str) -> Document:
    from extractors.building.pdf import read_pdf  # noqa: PLC0415 - libraries few folders need

    return read_pdf(data, file=file)


def _read_docx(data: bytes, *, file: str) -> Document:
    from extractors.building.docx import read_docx  # noqa: PLC0415 - libraries few folders need

    return read_docx(data, file=file)


READERS: Mapping[str, Reader] = {
    ".md": read_text,
    ".markdown": read_text,
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": _read_pdf,
    ".docx": _read_docx,
    ".eml": read_mail,
    ".mbox": read_mbox,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_xlsx,
    ".jsonl": read_jsonl,
    ".json": read_jsonl,
}


def read_document(data: bytes, *, file: str) -> Document:
    """What is in a file.

    Raises:
        UnreadableFileError: nothing; its reason says why.
    """
    if len(data) > LARGEST:
        raise UnreadableFileError("too_large")
    if not data.strip():
        raise UnreadableFileError("empty")
    return READERS[PurePath(file).suffix.lower()](data, file=file)
