"""Files that are damaged, locked, empty, or made to exhaust whoever reads them."""

import time
from pathlib import Path

import pytest

from api.services.build import build
from extractors.building.errors import REASONS, UnreadableFileError
from tests.building.material import document, make_archive, make_pdf, write

LOCKED = (
    "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + "00" * 32 + "> /U <" + "00" * 32 + "> >>"
    " /ID [<" + "00" * 16 + "> <" + "00" * 16 + ">]"
)
MAIL = "From: a@b.example\nSubject: s\n\n"
MIXED = "Content-Type: multipart/mixed; boundary=a"
BOMB = make_archive({"word/document.xml": b"<w:t>" + b"a" * (60 << 20)})
HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty.md": (b"  \n", "empty"),
    "binary.txt": (bytes(range(256)) * 9, "binary"),
    "scanned.pdf": (make_pdf([[]]), "no_text"),
    "locked.pdf": (make_pdf([[("secret", 10)]], trailer=LOCKED), "encrypted"),
    "damaged.pdf": (b"%PDF-1.4 and then nothing", "damaged"),
    "damaged.docx": (b"PK\x03\x04 not an archive", "damaged"),
    "locked.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted"),
    "other.docx": (make_archive({"a.txt": b"hello"}), "damaged"),
    "bomb.docx": (BOMB, "too_large"),
    "bomb.xlsx": (BOMB, "too_large"),
    "damaged.xlsx": (make_archive({"xl/workbook.xml": b"<broken"}), "damaged"),
    "headless.csv": (b"1,2\n3,4\n", "no_header"),
    "damaged.jsonl": (b"{nothing\n[1\n", "damaged"),
    "nested.json": (b"[" * 100_000, "damaged"),
    "damaged.mbox": (b"no message at all", "damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_gives_nothing_says_why(name: str) -> None:
    data, reason = HOSTILE[name]
    with pytest.raises(UnreadableFileError) as caught:
        document(name, data)
    assert caught.value.reason == reason
    assert str(caught.value) == REASONS[reason]


def test_the_others_go_on(tmp_path: Path) -> None:
    good = {"good.md": "# Pump manual\n\nApplies to: Pump 7\n"}
    raw = write(tmp_path / "raw", {name: data for name, (data, _) in HOSTILE.items()} | good)
    built = build([raw], tmp_path / "out")
    assert {one.file: one.reason for one in built.unread} == {
        name: reason for name, (_, reason) in HOSTILE.items()
    }
    assert built.new == {"products": 1}


def test_five_hundred_pages_are_read_in_bounded_time() -> None:
    page = [("Pump leaks", 15), *((f"{step}. Turn screw {step}.", 10) for step in range(1, 30))]
    data = make_pdf([page] * 500)
    started = time.monotonic()
    found = document("long.pdf", data)
    assert time.monotonic() - started < 20
    assert found.text.count("Turn screw 29") == 500


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("quotes.eml", f"{MAIL}mine\n{'> ' * 40_000}\n{'> x' * 200_000}\n" + "> x\n" * 200_000),
        ("parts.eml", f"{MIXED}\n\n" + f"--a\n{MIXED}\n\n" * 3_000),
        ("lists.html", "<ul><li>" * 60_000),
        ("rows.md", "|a|b|\n" * 60_000),
        ("line.md", "word " * 200_000),
        ("headings.md", "".join(f"{'#' * (1 + n % 6)} H{n}\n" for n in range(40_000))),
        ("wide.csv", "ticket,issue\n" + "a," * 300_000),
        ("sentence.txt", "a" * 80_000 + " is handled by " + "B " * 40_000),
        ("halves.jsonl", '{"ticket": "1", "issue": "a \\ud800 leak", "text": "\\udc00 drips"}'),
        ("header.eml", "From: a@b.example\nSubject: \u7a7a\u8c03\n\n\u6f0f\u6c34"),
        ("han.txt", "由" * 60_000 + "部负责"),
    ],
    ids=lambda value: value if len(value) < 20 else "",
)  # fmt: skip
def test_what_is_made_to_exhaust_us_is_done_in_seconds(
    tmp_path: Path, name: str, text: str
) -> None:
    raw = write(tmp_path / "raw", {name: text})
    started = time.monotonic()
    build([raw], tmp_path / "out")
    assert time.monotonic() - started < 10
