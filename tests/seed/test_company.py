"""The sample company's files keep their promises; read here without the loader."""

import csv
import re
from collections import Counter
from datetime import datetime
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "seed" / "company"
LISTS = {"served_by", "items"}

COUNTS = {
    "business_lines": 2,
    "channels": 5,
    "calendars": 4,
    "skills": 14,
    "departments": 8,
    "agents": 24,
    "categories": 11,
    "products": 40,
    "issues": 48,
    "resolutions": 60,
    "customers": 300,
    "identities": 1199,
    "orders": 600,
}

# table.column → the tables whose ids it holds
REFERENCES = {
    "departments.part_of": ["departments"],
    "departments.belongs_to": ["business_lines"],
    "departments.handles": ["issues"],
    "departments.supports": ["products", "categories"],
    "agents.member_of": ["departments"],
    "agents.skills": ["skills"],
    "agents.calendar": ["calendars"],
    "categories.part_of": ["categories"],
    "products.part_of": ["categories"],
    "issues.subtype_of": ["issues"],
    "issues.affects": ["products", "categories"],
    "issues.requires": ["skills"],
    "resolutions.resolves": ["issues"],
    "resolutions.applies_to": ["products", "categories"],
    "customers.served_by": ["departments"],
    "identities.customer": ["customers"],
    "orders.customer": ["customers"],
}

STEPS = ("actions", "conditions", "expected")
ITEM = re.compile(r"(?P<product>[a-z0-9-]+) x(?P<count>\d+) @ (?P<price>\d+\.\d\d)")
FICTIONAL = {
    "email": re.compile(r"[a-z0-9.+]+@example\.(com|org|net)", re.IGNORECASE),
    "phone": re.compile(
        r"(\+86 |\(86\))?199[ -]?0000[ -]?\d{4}|(\+1 )?\(?\d{3}\)?[ -]555[ -]01\d\d"
    ),
    "wechat": re.compile(r"wx_[a-z0-9_]+"),
    "app": re.compile(r"app-[0-9a-f]{8}"),
    "crm": re.compile(r"CRM-\d{5}"),
}

Rows = list[dict[str, Any]]


def read_csv(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {key: cell.split("|") if key in LISTS and cell else cell for key, cell in row.items()}
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def company() -> dict[str, Rows]:
    tables: dict[str, Rows] = {path.stem: read_csv(path) for path in FOLDER.glob("*.csv")}
    for path in FOLDER.glob("*.yaml"):
        tables |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return tables


def leaves(company: dict[str, Rows]) -> Rows:
    parents = {row.get("subtype_of") for row in company["issues"]}
    return [row for row in company["issues"] if row["id"] not in parents]


def test_every_table_has_its_rows_and_unique_kebab_ids(company: dict[str, Rows]) -> None:
    assert {table: len(rows) for table, rows in company.items()} == COUNTS
    for rows in company.values():
        ids = [row["id"] for row in rows]
        assert len(set(ids)) == len(ids)
        assert not [key for key in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)]


@pytest.mark.parametrize("column", REFERENCES)
def test_every_reference_resolves(company: dict[str, Rows], column: str) -> None:
    table, name = column.split(".")
    known = {row["id"] for target in REFERENCES[column] for row in company[target]}
    for row in company[table]:
        cell = row.get(name) or []
        keys = [cell] if isinstance(cell, str) else cell
        assert {key.split(":")[0] for key in keys} <= known, row["id"]


@pytest.mark.parametrize(
    ("table", "column"),
    [("departments", "part_of"), ("categories", "part_of"), ("issues", "subtype_of")],
)
def test_no_hierarchy_has_a_cycle(company: dict[str, Rows], table: str, column: str) -> None:
    above = {row["id"]: row.get(column) for row in company[table]}
    for key in above:
        walked, at = [], key
        while at:
            assert at not in walked
            walked.append(at)
            at = above[at]


def test_whatever_has_a_name_has_one_in_both_languages(company: dict[str, Rows]) -> None:
    for table in COUNTS.keys() - {"customers", "identities", "orders"}:
        for row in company[table]:
            assert re.search(r"[\u4e00-\u9fff]", row["name_zh"]), row["id"]
            assert re.search(r"[A-Za-z]", row["name_en"]), row["id"]


def test_one_department_sorts_and_every_issue_has_one_or_two_handlers(
    company: dict[str, Rows],
) -> None:
    triage = [row["id"] for row in company["departments"] if row["triage"]]
    handlers = Counter(key for row in company["departments"] for key in row["handles"])
    assert triage == ["first-line"]
    assert handlers.keys() == {row["id"] for row in company["issues"]}
    assert {key for key, count in handlers.items() if count > 1} == {"no-power", "parcel-damaged"}
    assert max(handlers.values()) == 2


def test_every_leaf_issue_has_six_examples_and_a_resolution(company: dict[str, Rows]) -> None:
    resolved = {key for row in company["resolutions"] for key in row["resolves"]}
    assert len(leaves(company)) == 42
    for row in leaves(company):
        assert len(set(row["examples_zh"])) >= 6
        assert len(set(row["examples_en"])) >= 6
        assert row["id"] in resolved


def test_every_required_skill_level_is_present_where_the_issue_is_handled(
    company: dict[str, Rows],
) -> None:
    issues = {row["id"]: row for row in company["issues"]}
    for department in company["departments"]:
        members = [row for row in company["agents"] if department["id"] in row["member_of"]]
        for issue in department["handles"]:
            for need in issues[issue]["requires"]:
                skill, _, level = need.partition(":")
                have = [int(own.split(":")[1]) for row in members for own in row["skills"]
                        if own.split(":")[0] == skill]  # fmt: skip
                assert max(have, default=0) >= int(level or 1), (department["id"], issue)


def test_steps_are_parallel_and_at_least_three(company: dict[str, Rows]) -> None:
    for row in company["resolutions"]:
        lengths = {len(row[f"{step}_{lang}"]) for step in STEPS for lang in ("zh", "en")}
        assert len(lengths) == 1
        assert min(lengths) >= 3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_resolutions_share_two_fifths_of_their_five_grams(
    company: dict[str, Rows], language: str
) -> None:
    grams = {row["id"]: five_grams(row, language) for row in company["resolutions"]}
    shares = {
        (a, b): len(grams[a] & grams[b]) / min(len(grams[a]), len(grams[b]))
        for a, b in combinations(grams, 2)
    }
    assert max(shares.values()) <= 0.40, max(shares, key=lambda pair: shares[pair])


def five_grams(row: dict[str, Any], language: str) -> set[str]:
    lines = [row[f"name_{language}"], *(x for step in STEPS for x in row[f"{step}_{language}"])]
    text = "\n".join(lines).lower()
    return {text[place : place + 5] for place in range(len(text) - 4)}


def test_order_totals_are_the_sums_of_their_items(company: dict[str, Rows]) -> None:
    products = {row["id"] for row in company["products"]}
    for row in company["orders"]:
        items = [ITEM.fullmatch(item) for item in row["items"]]
        assert all(item and item["product"] in products for item in items)
        total = sum(int(item["count"]) * Decimal(item["price"]) for item in items if item)
        assert total == Decimal(row["total"])


def test_orders_have_unique_numbers_known_states_and_an_offset(company: dict[str, Rows]) -> None:
    orders = company["orders"]
    assert len({row["number"] for row in orders}) == 600
    assert {row["status"] for row in orders} == {
        "pending", "processed", "shipped", "delivered", "cancelled",
    }  # fmt: skip
    for row in orders:
        assert re.fullmatch(r"DD\d{8}-\d{4}|W-\d{4}-\d{6}", row["number"])
        assert datetime.fromisoformat(row["placed_at"]).utcoffset() is not None


def test_no_name_or_alias_means_two_products(company: dict[str, Rows]) -> None:
    owners: dict[str, str] = {}
    for row in company["products"]:
        for name in (row["name_zh"], row["name_en"], *row["aliases"]):
            normal = name.lower().replace(" ", "")
            assert owners.setdefault(normal, row["id"]) == row["id"], name


def test_personal_values_are_plainly_fictional(company: dict[str, Rows]) -> None:
    for row in company["identities"]:
        assert FICTIONAL[row["kind"]].fullmatch(row["value"]), row["value"]


def test_half_the_customers_are_chinese_and_most_are_known_twice(company: dict[str, Rows]) -> None:
    assert Counter(row["language"] for row in company["customers"]) == {"zh": 150, "en": 150}
    known = Counter(row["customer"] for row in company["identities"])
    assert len(known) == 300
    assert sum(count > 1 for count in known.values()) > 150
