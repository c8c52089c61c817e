"""The generated past is repeatable, consistent with its company, and neither trivial nor noise."""

import csv
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

from seed.history import generate

FOLDER = Path(__file__).parents[2] / "seed" / "company"
LISTS = {"served_by", "items"}

Tables = dict[str, list[dict[str, Any]]]

BAKERY: Tables = {
    "departments": [{"id": "oven", "name_en": "Oven", "handles": ["bread"]}],
    "agents": [{"id": "baker", "member_of": ["oven"], "languages": ["en"]}],
    "issues": [
        {"id": "bread", "name_en": "Bread trouble", "name_zh": "面包问题"},
        {"id": "stale", "name_en": "Stale loaf", "subtype_of": "bread", "affects": ["loaves"]},
        {"id": "late", "name_zh": "送晚了", "subtype_of": "bread", "examples_zh": ["面包还没到。"]},
    ],
    "categories": [{"id": "loaves", "name_en": "Loaves"}],
    "products": [{"id": "rye", "name_en": "Rye loaf", "part_of": "loaves"}],
}


@pytest.fixture(scope="module")
def company() -> Tables:
    tables: Tables = {}
    for path in FOLDER.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = [
                {key: cell.split("|") if key in LISTS else cell for key, cell in row.items()}
                for row in csv.DictReader(file)
            ]
    for path in FOLDER.glob("*.yaml"):
        tables |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return tables


@pytest.fixture(scope="module")
def tickets(company: Tables) -> list[dict[str, Any]]:
    return list(generate(company, tickets=5000, random_seed=1))


def ids(company: Tables, table: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in company[table]}


def test_same_inputs_give_the_same_rows_and_another_seed_others(company: Tables) -> None:
    first, again, other = (
        list(generate(company, tickets=200, random_seed=seed)) for seed in (5, 5, 6)
    )
    assert first == again
    assert not {row["text"] for row in first} >= {row["text"] for row in other}


def test_rows_run_through_eighteen_months_in_order(tickets: list[dict[str, Any]]) -> None:
    assert [row["id"] for row in tickets] == [f"T-H{n:06d}" for n in range(1, 5001)]
    created = [row["created_at"] for row in tickets]
    assert created == sorted(set(created))
    assert (created[0][:7], created[-1][:10]) == ("2025-05", "2026-10-31")


def test_half_is_chinese_and_the_texts_are_long_enough(tickets: list[dict[str, Any]]) -> None:
    assert 0.45 <= sum(row["language"] == "zh" for row in tickets) / 5000 <= 0.55
    assert sum(len(row["text"]) for row in tickets) / 5000 >= 120
    assert len({row["text"] for row in tickets}) > 4800


def test_whoever_got_a_ticket_may_work_it(company: Tables, tickets: list[dict[str, Any]]) -> None:
    departments, agents = ids(company, "departments"), ids(company, "agents")
    resolutions = ids(company, "resolutions")
    for row in tickets:
        assert row["issues"][0] in departments[row["department"]]["handles"]
        assert row["department"] in agents[row["agent"]]["member_of"]
        if row["resolution"]:
            assert row["issues"][0] in resolutions[row["resolution"]]["resolves"]


def test_an_order_is_its_customers_and_older_than_the_ticket(
    company: Tables, tickets: list[dict[str, Any]]
) -> None:
    orders = {row["number"]: row for row in company["orders"]}
    about = [row for row in tickets if row["order"]]
    assert len(about) > 1000
    for row in about:
        order = orders[row["order"]]
        assert row["customer"] == order["customer"]
        assert row["product"] in {item.split(" ")[0] for item in order["items"]}
        assert at(order["placed_at"]) <= at(row["created_at"])


def test_a_ticket_takes_its_course_in_time(tickets: list[dict[str, Any]]) -> None:
    for row in tickets:
        course = (row[key] for key in ("created_at", "assigned_at", "first_response_at"))
        steps = [*course, row["solved_at"]]
        known = [at(step) for step in steps if step]
        assert known == sorted(known)
        assert (row["state"] == "solved") == (row["solved_at"] is not None)
        assert row["rating"] in {None, 1, 2, 3, 4, 5}
    assert 0.01 <= sum(row["state"] == "open" for row in tickets) / 5000 <= 0.05


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_about_one_in_twelve_has_a_second_issue(tickets: list[dict[str, Any]]) -> None:
    assert 0.06 <= sum(len(row["issues"]) == 2 for row in tickets) / 5000 <= 0.10


def test_a_plain_classifier_learns_it_but_not_by_heart(tickets: list[dict[str, Any]]) -> None:
    rows = Random(0).sample(tickets, k=5000)
    texts, labels = [row["text"] for row in rows], [row["issues"][0] for row in rows]
    weigh = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)
    model = LinearSVC(random_state=0).fit(weigh.fit_transform(texts[:4000]), labels[:4000])
    found = model.predict(weigh.transform(texts[4000:]))
    score = f1_score(labels[4000:], found, average="macro")
    print(f"macro-F1 {score:.3f}")
    assert 0.75 <= score <= 0.95


def test_any_other_company_will_do() -> None:
    rows = list(generate(BAKERY, tickets=60, random_seed=3))
    assert {row["issues"][0] for row in rows} == {"stale", "late"}
    assert {(row["department"], row["agent"]) for row in rows} == {("oven", "baker")}
    assert {row["product"] for row in rows if row["issues"] == ["stale"]} >= {"rye"}
    assert {(row["customer"], row["order"], row["resolution"]) for row in rows} == {
        (None, None, None)
    }


def test_a_company_without_handled_issues_has_no_past() -> None:
    assert list(generate({}, tickets=10, random_seed=1)) == []
