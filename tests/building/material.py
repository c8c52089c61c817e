"""Raw files as companies have them, made for a test."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from extractors.building.document import Document
from extractors.building.fact import Fact
from extractors.building.finding import find_facts
from extractors.building.known import Known, Proposed
from extractors.building.proposing import propose
from extractors.building.readers import read_document


def document(name: str, text: str | bytes) -> Document:
    """What a reader makes of a file."""
    return read_document(text.encode() if isinstance(text, str) else text, file=name)


def facts(name: str, text: str | bytes) -> list[Fact]:
    """What a file says by itself."""
    return list(find_facts(document(name, text)))


def proposals(files: dict[str, str], *, known: Known | None = None) -> list[Proposed]:
    """What files say together."""
    said = [(name, fact) for name, text in files.items() for fact in facts(name, text)]
    return propose(said, known or Known())


def rows(found: Iterable[Proposed], table: str) -> dict[str, dict[str, Any]]:
    """Proposed rows of a table by id."""
    return {str(one.row["id"]): dict(one.row) for one in found if one.table == table}


def make_pdf(pages: Iterable[Iterable[tuple[str, int]]], *, trailer: str = "") -> bytes:
    """A PDF of lines, each with its size of type."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids: list[int] = []
    for page in pages:
        at, drawn = 800, list[str]()
        for words, size in page:
            at -= size * 2
            drawn.append(f"BT /F {size} Tf 50 {at} Td ({words}) Tj ET")
        content = "\n".join(drawn).encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources"
            b" << /Font << /F 3 0 R >> >> /Contents %d 0 R >>" % len(objects)
        )
        kids.append(len(objects))
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, len(kids))
    body, places = b"%PDF-1.4\n", list[int]()
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R %s >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, trailer.encode(), len(body))
    )


def make_archive(parts: dict[str, bytes]) -> bytes:
    """A ZIP archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
