"""Columns of exports that nobody has seen are told by what stands in them."""

import json
from collections.abc import Sequence

import pytest

from extractors.building.columns import ASIDE, hint_of
from extractors.building.errors import UnreadableFileError
from extractors.building.guessing import guess, headers_of
from extractors.building.shapes import Shape, column_of
from tests.building.material import document, proposals, rows

ROWS = [
    ("A-1", "03.02.2026", "Boiler stays cold", "No hot water, at all.", "Alpha 9", "ada@b.example"),
    ("A-2", "04.02.2026", "loud at night", "It hums, then it bangs.", "Alpha 9", "bob@b.example"),
    ("A-3", "05.02.2026", "smell of gas", "We have switched it off.", "Beta 4", "ada@b.example"),
    ("A-4", "05.02.2026", "Pressure falls", "I refill it daily, why?", "Beta 4", "eve@b.example"),
    ("A-5", "06.02.2026", "drips below", "There is a puddle, small.", "Alpha 9", "dan@b.example"),
    ("A-6", "07.02.2026", "no flame", "It clicks, that is all.", "Beta 4", "fay@b.example"),
]  # fmt: skip


def sheet(header: str, found: Sequence[tuple[str, ...]]) -> str:
    lines = [header, *(";".join(row) for row in found)] if header else [";".join(r) for r in found]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        (["ada@b.example", "bob@b.example"], Shape.EMAIL),
        (["+49 30 1234 567", "13800001111"], Shape.PHONE),
        (["2026-01-02 10:11", "2026-02-03T08:00"], Shape.DATE),
        (["03.02.2026", "3 Feb 2026", "2026年2月3日"], Shape.DATE),
        (["12", "1,400.50", "30 %"], Shape.NUMBER),
        (["INC-12", "INC-13"], Shape.CODE),
        (["it leaks", "一直漏水"], Shape.WORDS),
        (["-", "n/a", ""], Shape.NOTHING),
        (["Ada, ada@b.example", "13800001111", "bob@b.example"], Shape.CONTACT),
    ],
)
def test_values_have_a_shape(values: list[str], shape: Shape) -> None:
    assert column_of(values).shape is shape


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Which appliance model is it", "product"),
        ("Passed to", "department"),
        ("客户原话", "text"),
        ("回拨号码", "phone"),
        ("最终处理结果说明", "solution"),
        ("Taken down by", ASIDE),
        ("Weather", ""),
    ],
)
def test_words_within_a_header_speak_for_a_field(header: str, field: str) -> None:
    assert hint_of(header) == field


@pytest.mark.parametrize("header", ["Ref;Noted;Gist;Tale;Unit;Back to", "一;二;三;四;五;六", ""])
def test_an_export_is_read_by_its_values_whatever_its_header(header: str) -> None:
    record = document("a.csv", sheet(header, ROWS)).records[0]
    assert record["email"].text == "ada@b.example"
    assert record["text"].text == "No hot water, at all."
    assert record["subject"].text == "Boiler stays cold"
    assert len(document("a.csv", sheet(header, ROWS)).records) == len(ROWS)


def test_every_cell_stands_in_the_text_where_it_says() -> None:
    found = document("a.csv", sheet("Ref;Noted;Gist;Tale;Unit;Back to", ROWS))
    cells = [cell for one in found.records for cell in one.values()]
    assert all(found.text[cell.start : cell.end] == cell.text for cell in cells)


def test_keys_of_objects_are_told_the_same_way() -> None:
    names = ("k1", "k2", "k3", "k4", "k5", "k6")
    lines = "\n".join(json.dumps(dict(zip(names, row, strict=True))) for row in ROWS)
    record = document("a.jsonl", lines).records[0]
    assert {"email", "text", "subject"} <= record.keys()


def test_a_header_that_values_contradict_names_nothing() -> None:
    header = ("Product", "Team", "Message")
    found = [
        ("01.02.2026", "ada@b.example", "It drips, badly."),
        ("02.02.2026", "bob@b.example", "Cold."),
    ]
    fields = guess(header, found, fields=["product", "department", "text"])
    assert fields == ["", "email", "text"]


def test_the_text_is_what_was_said_and_not_what_was_answered() -> None:
    header = ("In their words", "Our reply")
    long = "Dear customer, thank you for your patience with this, we shall look into it soon."
    found = [(f"It drips since {day}.", f"{long} {day}") for day in ("Monday", "Friday", "noon")]
    assert guess(header, found, fields=["", ""]) == ["text", "solution"]


def test_a_column_that_goes_with_an_address_names_who_writes() -> None:
    found = [
        (name, mail, f"It drips at {name}, {day}.")
        for name, mail in (
            ("Hill School", "h@b.example"), ("Dale Inn", "d@b.example"), ("Firth", "f@b.example"),
        )
        for day in ("again", "still")
    ]  # fmt: skip
    assert guess(("x", "y", "z"), found, fields=["", "", ""]) == ["customer", "email", "text"]


def test_a_first_row_of_values_is_no_header() -> None:
    assert headers_of([["Title"], [], ["Ada", "ada@b.example"]]) == (1, ["", ""])
    assert headers_of([["Title", ""], ["who", "where"], ["Ada", "x"]]) == (1, ["who", "where"])


@pytest.mark.parametrize(
    "text",
    ["part;torque\nstem;6\nclamp;8\n", "sku;label;stock\nA1;Blue cup;4\nA2;Red cup;9\n", "a;b\n"],
)
def test_what_does_not_speak_of_tickets_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        document("a.csv", text)
    assert caught.value.reason == "no_header"


def test_open_columns_are_what_other_documents_say_their_values_are() -> None:
    manual = "# Manual\n\nApplies to: Alpha 9\n\nApplies to: Beta 4\n"
    duties = "# Who\n\n| Team | Takes care of |\n|---|---|\n| North | pumps |\n| South | gas |\n"
    found = proposals(
        {
            "a.md": manual,
            "b.md": duties,
            "c.csv": sheet(
                "Ref;Gist;Tale;Colour;Path",
                [
                    (row[0], row[2], row[3], f"{row[4]} (rented)", ("North", "South")[n % 2])
                    for n, row in enumerate(ROWS)
                ],
            ),
        }
    )
    assert rows(found, "products").keys() == {"alpha-9", "beta-4"}
    assert rows(found, "departments").keys() == {"north", "south"}


def test_words_of_organisation_make_departments_and_complaints_issues() -> None:
    pairs = [("Repair Desk", "Boiler stays cold"), ("燃气组", "Gas smells bad")]
    found = proposals(
        {
            "a.csv": sheet(
                "Ref;Tale;p;q;r",
                [
                    (row[0], row[3], desk, topic, "in work")
                    for row, (desk, topic) in zip(ROWS, pairs * 3, strict=True)
                ],
            )
        }
    )  # fmt: skip
    departments = rows(found, "departments").values()
    assert {row.get("name_en") or row.get("name_zh") for row in departments} == {
        "Repair Desk", "燃气组",
    }  # fmt: skip
    assert rows(found, "issues").keys() == {"boiler-stays-cold", "gas-smells-bad"}


def test_a_list_of_addresses_is_no_list_of_tickets() -> None:
    lines = "".join(f"{n},{n} Hill Road,Dale {n % 3},19{n}-02-03\n" for n in range(50, 60))
    with pytest.raises(UnreadableFileError):
        document("a.csv", f"key,where,town,born\n{lines}")


@pytest.mark.parametrize("whole", [0, 1, 2])
def test_objects_are_found_within_what_wraps_them(whole: int) -> None:
    listed = [{"id": row[0], "gist": row[2], "tale": row[3]} for row in ROWS]
    wrapped = (listed, {"page": {"n": 1, "items": listed}}, {one["id"]: one for one in listed})
    found = document("a.json", json.dumps(wrapped[whole], indent=whole)).records
    assert [one["text"].text for one in found] == [row[3] for row in ROWS]
