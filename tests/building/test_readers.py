"""Files of every format become documents whose blocks and cells stand in them verbatim."""

import io
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook

from extractors.building.decoding import decode
from extractors.building.document import Document, Kind
from extractors.building.mail import split_body
from tests.building.material import document, make_pdf

RAW = Path(__file__).parents[2] / "seed" / "raw"
FILES = sorted(path for path in RAW.rglob("*") if path.is_file())


def kinds(found: Document) -> list[tuple[Kind, str]]:
    return [(block.kind, block.words.text) for block in found.blocks]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_blocks_and_cells_stand_where_they_say(path: Path) -> None:
    found = document(path.name, path.read_bytes())
    cells = [block.words for block in found.blocks]
    cells += [cell for block in found.blocks for cell in block.cells]
    cells += [cell for record in found.records for cell in record.values()]
    assert cells
    assert all(found.text[cell.start : cell.end] == cell.text for cell in cells)


def test_the_sample_has_a_dozen_raw_documents_of_every_format() -> None:
    endings = {path.suffix for path in FILES}
    assert len(FILES) >= 12
    assert endings == {
        ".md", ".html", ".txt", ".pdf", ".docx", ".csv", ".xlsx", ".jsonl", ".eml", ".mbox",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("工单：退款没有到账，已经等了一个星期。", "gb18030"),
        ("工单：退款没有到账。", "utf-8"),
        ("\ufeff工单", "utf-8"),
        ("\ufeff工单 ticket", "utf-16-le"),
        ("the café charged twice", "utf-16-le"),
        ("Zahlung für Müller über 5 € fällig".replace("€", "EUR"), "latin-1"),
    ],
)
def test_text_is_read_in_the_encoding_it_is_in(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).lstrip("\ufeff") == text.lstrip("\ufeff")


def test_a_file_of_two_encodings_is_read_line_by_line() -> None:
    utf8, other = "第一行是新程序写的，后来换了。" * 9, "第二行是旧程序写的"
    assert decode(utf8.encode() + b"\n" + other.encode("gb18030")) == f"{utf8}\n{other}"


def test_markdown_becomes_headings_steps_items_and_rows() -> None:
    text = "# Title\n\nText that\ngoes on.\n\n1. First\n   more\n2. Second\n- Item\n\n"
    text += "| a | b |\n|---|---|\n"
    assert kinds(document("a.md", text)) == [
        (Kind.HEADING, "Title"),
        (Kind.TEXT, "Text that\ngoes on."),
        (Kind.STEP, "First\n   more"),
        (Kind.STEP, "Second"),
        (Kind.ITEM, "Item"),
        (Kind.ROW, " a | b "),
    ]


def test_html_is_what_a_person_sees_of_it() -> None:
    page = "<nav>Menu</nav><h1>A &amp; B</h1><script>x()</script><ol><li>One<li>Two</ol><p>End"
    assert kinds(document("a.html", page)) == [
        (Kind.HEADING, "A & B"),
        (Kind.STEP, "One"),
        (Kind.STEP, "Two"),
        (Kind.TEXT, "End"),
    ]


def test_larger_type_in_a_pdf_is_a_heading() -> None:
    lines = [("Pump manual", 20), ("Pump leaks", 15), ("1. Close the tap.", 10), ("and wait", 10)]
    found = document("a.pdf", make_pdf([lines]))
    assert [(block.kind, block.level) for block in found.blocks] == [
        (Kind.HEADING, 1),
        (Kind.HEADING, 2),
        (Kind.STEP, 0),
    ]
    assert found.blocks[2].words.text == "Close the tap.\nand wait"


def test_a_word_file_has_its_headings_lists_and_tables() -> None:
    body = docx.Document()
    body.add_heading("Pump", 1)
    body.add_paragraph("Open it", style="List Number")
    body.add_paragraph("Close it", style="List Number")
    table = body.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Symptom", "What to do"
    stream = io.BytesIO()
    body.save(stream)
    found = document("a.docx", stream.getvalue())
    assert [block.kind for block in found.blocks] == [
        Kind.HEADING, Kind.STEP, Kind.STEP, Kind.ROW,
    ]  # fmt: skip


def test_quotes_and_signatures_belong_to_nobodys_text() -> None:
    body = "It still leaks.\n> old\n\nBest regards,\nAda\n\nOn Monday, Bob wrote:\n> older\nmore"
    assert split_body(body) == ("It still leaks.", "Best regards,\nAda")
    chinese = "还在漏水。\n\n祝好\n小王\n\n在 2026年4月13日，客服 写道：\n> 已安排"
    assert split_body(chinese) == ("还在漏水。", "祝好\n小王")


def test_an_export_is_read_below_its_title_and_without_repeated_headers() -> None:
    head = "工单编号,问题分类,问题描述\n"
    text = f"四月工单,,\n\n{head}1,漏水,一直漏\n{head}2,噪音,很吵,多余\n"
    found = document("a.csv", text)
    assert [{key: cell.text for key, cell in one.items()} for one in found.records] == [
        {"ticket": "1", "issue": "漏水", "text": "一直漏"},
        {"ticket": "2", "issue": "噪音", "text": "很吵"},
    ]


def test_a_sheet_is_read_below_its_groups_of_headers() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Customer", None, "Request"],
        ["Name", "Email", "Issue type"],
        ["Ada", "a@b.example", "Leak"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    stream = io.BytesIO()
    book.save(stream)
    (record,) = document("a.xlsx", stream.getvalue()).records
    assert {key: cell.text for key, cell in record.items()} == {
        "customer": "Ada",
        "email": "a@b.example",
        "issue": "Leak",
    }
