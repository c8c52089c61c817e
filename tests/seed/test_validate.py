"""Every problem of all files in one run, each with its place; nothing personal is echoed."""

from pathlib import Path

import pytest

from seed.problems import HIDDEN, Problem, Report
from seed.validate import validate

COMPANY = Path(__file__).parents[2] / "seed" / "company"
MARKER = "very-private@example.com"


def check(folder: Path, **files: str) -> Report:
    for name, content in files.items():
        suffix = "csv" if "," in content.partition("\n")[0] else "yaml"
        (folder / f"{name}.{suffix}").write_text(content, encoding="utf-8")
    return validate(folder)


def brief(problem: Problem) -> tuple[str, str, str, str]:
    return problem.code, problem.place, problem.column, problem.severity.value


def test_the_sample_company_is_clean() -> None:
    report = validate(COMPANY)
    assert report.problems == ()
    assert report.missing == {}
    assert sum(report.rows.values()) == 2315


SKILL = "skills:\n- {id: s, name_en: S}\n"
CASES = [
    ("skills", "- {id: a b, name_en: x}", "id_invalid", "line 2, column 8", "id"),
    ("skills", "- {name_en: x}", "value_missing", "line 2, column 3", "id"),
    ("skills", "- {id: a}", "name_missing", "line 2, column 3", "name_zh"),
    (
        "skills",
        "- {id: a, name_en: x}\n- {id: a, name_en: y}",
        "id_duplicate",
        "line 3, column 8",
        "id",
    ),
    (
        "products",
        "- {id: a, name_en: x, price: 1e3}",
        "number_invalid",
        "line 2, column 30",
        "price",
    ),
    (
        "products",
        "- {id: a, name_en: x, warranty_months: 1.5}",
        "integer_invalid",
        "line 2, column 40",
        "warranty_months",
    ),
    (
        "departments",
        "- {id: a, name_en: x, triage: maybe}",
        "boolean_invalid",
        "line 2, column 31",
        "triage",
    ),
    (
        "departments",
        "- {id: a, name_en: x, triage: yes}\n- {id: b, name_en: x, triage: 是}",
        "triage_multiple",
        "line 3, column 31",
        "triage",
    ),
    (
        "products",
        "- {id: a, name_zh: x, name_en: [x]}",
        "list_unexpected",
        "line 2, column 32",
        "name_en",
    ),
    (
        "agents",
        "- {id: a, name_en: x, languages: [fr]}",
        "value_not_allowed",
        "line 2, column 34",
        "languages",
    ),
    (
        "calendars",
        "- {id: a, name_en: x, hours: [always]}",
        "value_not_allowed",
        "line 2, column 30",
        "hours",
    ),
    (
        "products",
        "- {id: a, name_en: x, part_of: nowhere}",
        "reference_unknown",
        "line 2, column 32",
        "part_of",
    ),
    (
        "categories",
        "- {id: a, name_en: x, part_of: b}\n- {id: b, name_en: y, part_of: a}",
        "cycle",
        "line 2, column 32",
        "part_of",
    ),
    (
        "issues",
        "- {id: a, name_en: x, subtype_of: a}",
        "cycle",
        "line 2, column 35",
        "subtype_of",
    ),
    (
        "resolutions",
        "- {id: a, name_en: x, actions_en: [a, b], expected_en: [c]}",
        "steps_unequal",
        "line 2, column 56",
        "expected_en",
    ),
]


@pytest.mark.parametrize(("table", "rows", "code", "place", "column"), CASES)
def test_a_bad_row_has_one_problem_with_its_place(
    tmp_path: Path, table: str, rows: str, code: str, place: str, column: str
) -> None:
    report = check(tmp_path, a=f"{table}:\n{rows}\n")
    assert [brief(p) for p in report.problems] == [(code, place, column, "error")]
    assert report.problems[0].table == table


@pytest.mark.parametrize("skill", ["s:0", "s:6", "s:x", "s:", "s:²"])
def test_a_level_is_a_number_from_1_to_5(tmp_path: Path, skill: str) -> None:
    report = check(tmp_path, a=SKILL + f"agents:\n- {{id: a, name_en: x, skills: ['{skill}']}}\n")
    assert [p.code for p in report.problems] == ["level_invalid"]


def test_an_alias_for_two_products_is_a_warning_that_names_both(tmp_path: Path) -> None:
    rows = "- {id: a, name_en: x, aliases: [Cool]}\n- {id: b, name_en: y, aliases: [cool]}\n"
    (problem,) = check(tmp_path, a="products:\n" + rows).warnings
    assert brief(problem) == ("alias_ambiguous", "line 3, column 32", "aliases", "warning")
    assert "stands for a too (a.yaml, line 2, column 3)" in problem.message


ORDER = "id,number,customer,placed_at,items,total\n"
CUSTOMER = "id,name\nc-1,Ann\n"
PRODUCT = "products:\n- {id: fan, name_en: Fan}\n"


@pytest.mark.parametrize(
    ("row", "code", "column", "severity"),
    [
        ("o,N 1,c-1,2026-01-01T10:00:00,,", "instant_without_offset", "placed_at", "error"),
        ("o,N 1,c-1,yesterday,,", "instant_invalid", "placed_at", "error"),
        ("o,N 1,c-1,,fan twice,", "item_invalid", "items", "error"),
        ("o,N 1,c-1,,fann x1 @ 2.00,", "reference_unknown", "items", "error"),
        ("o,N 1,c-1,,fan x2 @ 2.50,5.01", "total_differs", "total", "warning"),
        ("o,N 1,c-1,2026-01-01T10:00:00Z,fan x2 @ 2.50 # red,5", None, "", ""),
    ],
)
def test_orders(tmp_path: Path, row: str, code: str | None, column: str, severity: str) -> None:
    report = check(tmp_path, orders=ORDER + row + "\n", customers=CUSTOMER, goods=PRODUCT)
    found = [(p.code, p.column, p.severity.value) for p in report.problems]
    assert found == ([(code, column, severity)] if code else [])


def test_a_dangling_reference_suggests_and_is_told_at_each_place(tmp_path: Path) -> None:
    rows = "".join(f"i-{n},c-2,phone,{n}\n" for n in range(2))
    report = check(tmp_path, identities="id,customer,kind,value\n" + rows, customers=CUSTOMER)
    assert [(p.place, p.row, p.found) for p in report.problems] == [
        ("line 2, column 2", "i-0", "c-2"),
        ("line 3, column 2", "i-1", "c-2"),
    ]
    assert "did you mean 'c-1'?" in report.problems[0].message
    assert report.missing == {"customers": {"c-2"}}


def test_what_the_graph_knows_is_not_dangling(tmp_path: Path) -> None:
    path = tmp_path / "identities.csv"
    path.write_text("id,customer,kind,value\ni,c-9,phone,1\n", encoding="utf-8")
    assert [p.code for p in validate(path).problems] == ["reference_unknown"]
    assert validate(path, known={"customers": {"c-9"}}).problems == ()


def test_one_id_in_two_tables_cannot_be_told_apart(tmp_path: Path) -> None:
    text = "products:\n- {id: x, name_en: X}\ncategories:\n- {id: x, name_en: X}\n"
    issue = "issues:\n- {id: i, name_en: I, affects: [x]}\n"
    assert [p.code for p in check(tmp_path, a=text + issue).problems] == ["reference_ambiguous"]


def test_personal_values_are_never_echoed(tmp_path: Path) -> None:
    customers = f"id,name,birth_date\nc-1,Ann,{MARKER}\nc-2,A\x07{MARKER},\n"
    identities = f"id,customer,kind,value\ni,c-1,phone,{MARKER * 30}\n"
    report = check(tmp_path, customers=customers, identities=identities)
    assert {(p.code, p.found) for p in report.problems} == {
        ("date_invalid", HIDDEN),
        ("control_character", HIDDEN),
        ("text_too_long", HIDDEN),
    }
    assert MARKER not in repr(report)


def test_every_problem_of_every_file_is_told_in_one_run(tmp_path: Path) -> None:
    report = check(
        tmp_path,
        a="skills:\n- {id: 'a b'}\nnonsense: []\n",
        b="products:\n- {id: p, nam: x, price: y}\n",
        customers="id,name,language\nc-1,Ann,fr\n",
    )
    assert sorted((p.file, p.code) for p in report.problems) == [
        ("a.yaml", "id_invalid"),
        ("a.yaml", "name_missing"),
        ("a.yaml", "table_unknown"),
        ("b.yaml", "column_unknown"),
        ("b.yaml", "name_missing"),
        ("b.yaml", "number_invalid"),
        ("customers.csv", "value_not_allowed"),
    ]


def test_tickets_are_checked_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "tickets.jsonl"
    path.write_text(
        '{"id": "T-1", "created_at": "2026-01-01T00:00:00Z", "text": "x", "state": "lost",'
        ' "issues": ["i"], "department": "d", "rating": 6}\n',
        encoding="utf-8",
    )
    codes = [(p.code, p.column, p.place) for p in validate(path).problems]
    assert sorted(codes) == [
        ("reference_unknown", "department", "line 1"),
        ("reference_unknown", "issues", "line 1"),
        ("value_not_allowed", "rating", "line 1"),
        ("value_not_allowed", "state", "line 1"),
    ]
