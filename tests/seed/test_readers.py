"""Every format gives the same rows, and every broken file exactly the problem that it has."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook

from seed.problems import Problem
from seed.readers import find_files, read_file
from seed.tables import TABLES

COMPANY = Path(__file__).parents[2] / "seed" / "company"
ROWS: list[dict[str, Any]] = [
    {"id": "p-1", "name_zh": "空调", "aliases": ["冷气", "AC"], "part_of": "goods", "price": 2899},
    {"id": "p-2", "name_en": "Fan, small", "price": 19.5},
]
EXPECTED = [
    {
        "id": "p-1",
        "name_zh": "空调",
        "aliases": ["冷气", "AC"],
        "part_of": "goods",
        "price": "2899",
    },
    {"id": "p-2", "name_en": "Fan, small", "price": "19.5"},
]


def read(path: Path) -> tuple[list[dict[str, Any]], list[Problem]]:
    problems: list[Problem] = []
    rows = [
        row.values
        for file, place in find_files(path, tell=problems.append).items()
        for row in read_file(place, file=file, tell=problems.append)
    ]
    return rows, problems


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def cells(row: dict[str, Any]) -> list[Any]:
    return ["|".join(v) if isinstance(v, list) else v for v in row.values()]


def sheet(rows: list[dict[str, Any]], path: Path, *, title: str = "products") -> Path:
    workbook = Workbook()
    workbook.active.title = title  # type: ignore[union-attr]
    columns = list(ROWS[0] | ROWS[1])
    workbook.active.append(columns)  # type: ignore[union-attr]
    for row in rows:
        full = {column: row.get(column) for column in columns}
        workbook.active.append(cells(full))  # type: ignore[union-attr]
    workbook.save(path)
    return path


def delimited(path: Path, *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    columns = list(ROWS[0] | ROWS[1])
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(columns)
        writer.writerows(cells({key: row.get(key) for key in columns}) for row in ROWS)
    return path


def test_yaml_csv_xlsx_and_json_lines_give_the_same_rows(tmp_path: Path) -> None:
    document = yaml.safe_dump({"products": ROWS}, allow_unicode=True)
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
    paths = [
        put(tmp_path, "any.yaml", document),
        put(tmp_path, "products.jsonl", lines),
        sheet(ROWS, tmp_path / "book.xlsx"),
        delimited(tmp_path / "products.csv"),
        delimited(tmp_path / "产品.csv", delimiter=";"),
        delimited(tmp_path / "Products.tsv", delimiter="\t"),
    ]
    for path in paths:
        assert read(path) == (EXPECTED, []), path.name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_give_the_same_rows(tmp_path: Path, encoding: str) -> None:
    assert read(delimited(tmp_path / "products.csv", encoding=encoding)) == (EXPECTED, [])


@pytest.mark.parametrize(
    "header", ["编号,中文名,价格", "ID,Name_ZH,PRICE", "ｉｄ, name zh ,价格", "編號,name-zh,price"]
)
def test_headers_are_english_or_chinese_in_any_case_and_width(tmp_path: Path, header: str) -> None:
    path = put(tmp_path, "products.csv", f"{header}\np-1,空调,2899\n")
    assert read(path) == ([{"id": "p-1", "name_zh": "空调", "price": "2899"}], [])


def test_every_header_leads_to_one_column() -> None:
    for table in TABLES.values():
        headers = [header for column in table.columns for header in (column.name, *column.zh)]
        assert len(set(headers)) == len(headers), table.name


def test_json_lines_may_name_their_tables_and_keep_numbers_as_written(tmp_path: Path) -> None:
    path = put(tmp_path, "all.jsonl", '{"table": "技能", "id": 007, "name_en": "x"}\n')
    assert [p.code for p in read(path)[1]] == ["json_invalid"]
    path = put(tmp_path, "all.jsonl", '{"table": "技能", "id": 12345678901234567890}\n')
    assert read(path) == ([{"id": "12345678901234567890"}], [])


def test_yaml_keeps_what_is_written(tmp_path: Path) -> None:
    path = put(tmp_path, "a.yaml", "skills:\n- {id: 0012, name_en: no, name_zh: ~}\n")
    assert read(path) == ([{"id": "0012", "name_en": "no"}], [])


BROKEN = [
    ("products.csv", b"", "file_empty", ""),
    ("products.csv", b"id\n\x00\x01", "file_binary", "byte 4"),
    ("products.csv", 'id,name_en\np,"cut', "file_truncated", "line 2"),
    ("products.csv", "id,name_en\np,a,b\n", "row_uneven", "line 2"),
    ("products.csv", "id,id\np,q\n", "header_duplicate", "line 1, column 2"),
    ("products.csv", "id,nmae_en\np,x\n", "column_unknown", "line 1, column 2"),
    ("produkts.csv", "id\np\n", "table_unknown", ""),
    ("products.csv", "id,名称\n".encode("utf-16"), "encoding_unknown", "byte 1"),
    ("products.csv", b"id,name_en\np,caf\xe9\n", "encoding_unknown", "byte 17"),
    ("products.csv", "id,name_zh\np,空".encode()[:-1], "file_truncated", "byte 14"),
    (
        "products.csv",
        "空调空调空调空调空调,".encode() + b"\xff,x,y,z",
        "encoding_unknown",
        "byte 32",
    ),
    ("products.jsonl", '{"id": "a"}\n{"id": "b", "na', "file_truncated", "line 2"),
    ("products.jsonl", '{"id": "a"\n{"id": "b"}\n', "json_invalid", "line 1"),
    ("products.jsonl", '["a"]\n', "json_invalid", "line 1"),
    ("products.jsonl", '{"id": "a", "price": NaN}\n', "json_invalid", "line 1"),
    ("products.jsonl", '{"id": "a", "aliases": ["x", null]}\n', "value_nested", "line 1"),
    ("products.jsonl", "[" * 100_000 + "\n", "json_invalid", "line 1"),
    ("a.yaml", "products:\n- id: a\n  - b\n", "yaml_invalid", "line 3, column 3"),
    ("a.yaml", "products: &a\n- id: a\n", "yaml_alias", "line 1, column 11"),
    ("a.yaml", "products:\n- id: a\n  aliases: *x\n", "yaml_alias", "line 3, column 12"),
    ("a.yaml", "products:\n" + "[" * 100_000, "yaml_invalid", "line 2, column 1026"),
    ("a.yaml", "prodcts:\n- id: a\n", "table_unknown", "line 1, column 1"),
    ("a.yaml", "products:\n  id: a\n", "yaml_shape", "line 2, column 3"),
    ("a.yaml", "- id: a\n", "yaml_shape", "line 1, column 1"),
    ("a.yaml", "products:\n- id: a\n  id: b\n", "header_duplicate", "line 3, column 3"),
    ("a.yaml", "products:\n- id: a\n  aliases: [x, {y: z}]\n", "value_nested", "line 3, column 16"),
    ("a.yaml", "products: !!python/object:os.system\n- {}\n", None, None),
    ("a.xlsx", b"PK\x03\x04 not a workbook", "workbook_invalid", ""),
    ("a.txt", "id\n", "file_format_unknown", ""),
]


@pytest.mark.parametrize(("name", "content", "code", "place"), BROKEN)
def test_a_broken_file_has_one_problem(
    tmp_path: Path, name: str, content: str | bytes, code: str | None, place: str | None
) -> None:
    _, problems = read(put(tmp_path, name, content))
    expected = [(code, place, name)] if code else []
    assert [(p.code, p.place, p.file) for p in problems] == expected


def test_deep_yaml_is_not_followed_down(tmp_path: Path) -> None:
    deep = "products:\n- id: a\n  name_en: {a: " + "[" * 50 + "]" * 50 + "}\n"
    assert [p.code for p in read(put(tmp_path, "a.yaml", deep))[1]] == [
        "value_nested",
        "yaml_too_deep",
    ]


def test_a_cut_workbook_is_one_problem(tmp_path: Path) -> None:
    whole = sheet(ROWS, tmp_path / "whole.xlsx").read_bytes()
    path = put(tmp_path, "cut.xlsx", whole[: len(whole) // 2])
    assert [(p.code, p.file) for p in read(path)[1]] == [("workbook_invalid", "cut.xlsx")]


def test_a_sheet_of_no_table_is_named_with_its_cell(tmp_path: Path) -> None:
    (problem,) = read(sheet(ROWS, tmp_path / "a.xlsx", title="Prducts"))[1]
    assert (problem.code, problem.place) == ("table_unknown", "Prducts!A1")
    assert "did you mean 'products'" in problem.message
    assert "products (产品)" in problem.allowed


def test_a_folder_is_read_in_order_without_what_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.csv", "README.md", ".hidden.csv", "sub/a.yaml", "~$x.xlsx"):
        put(tmp_path, name, "x")
    assert list(find_files(tmp_path, tell=lambda problem: None)) == ["b.csv", "sub/a.yaml"]


def test_an_empty_folder_and_a_missing_path_are_problems(tmp_path: Path) -> None:
    assert [p.code for p in read(tmp_path)[1]] == ["file_missing"]
    assert [p.code for p in read(tmp_path / "nowhere")[1]] == ["file_missing"]
