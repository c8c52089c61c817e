"""Tables written are tables read: the same rows, the same bytes, whole files."""

from pathlib import Path

from seed.plain import SAMPLE, company_rows
from seed.tablefile import ORDER, file_of, replace_file, write_tables
from seed.tables import TABLES
from seed.validate import validate


def test_a_company_written_is_the_company_read(tmp_path: Path) -> None:
    rows = company_rows(SAMPLE)
    write_tables(tmp_path, rows)
    back = company_rows(tmp_path)
    assert {name: {row["id"] for row in one} for name, one in back.items()} == {
        name: {row["id"] for row in one} for name, one in rows.items()
    }
    cells = {name: {row["id"]: row for row in one} for name, one in rows.items()}
    assert all(
        str(cells[name][row["id"]][column]).split() == str(value).split()
        for name, one in back.items()
        for row in one
        for column, value in row.items()
    )
    assert validate(tmp_path).problems == ()


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    rows = company_rows(SAMPLE)
    assert write_tables(tmp_path, rows) == [file_of(name) for name in ORDER if name in rows]
    shuffled = {name: list(reversed(listed)) for name, listed in reversed(rows.items())}
    assert write_tables(tmp_path, shuffled) == []


def test_every_table_has_its_place_in_the_order() -> None:
    assert sorted(ORDER) == sorted(TABLES)


def test_texts_that_yaml_would_take_for_something_else_stay_texts(tmp_path: Path) -> None:
    names = ["no", "2026-01-01", "1.50", "~", "- x", "a: b", "第\u0007一", "# 1"]
    write_tables(
        tmp_path, {"issues": [{"id": f"i-{n}", "name_en": one} for n, one in enumerate(names)]}
    )
    found = [row.get("name_en") for row in company_rows(tmp_path)["issues"]]
    assert found == ["no", "2026-01-01", "1.50", "~", "- x", "a: b", "第一", "# 1"]


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    assert replace_file(tmp_path / "a.yaml", "one")
    assert not replace_file(tmp_path / "a.yaml", "one")
    assert replace_file(tmp_path / "a.yaml", "two")
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]
