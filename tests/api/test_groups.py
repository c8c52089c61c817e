"""Rows in groups over GraphQL, on every engine."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any

import pytest

from api.bootstrap import Platform
from api.globalid import to_global
from api.signin import local_actor
from tests.api.conftest import Client
from tests.builders import run

ANALYST = local_actor(("analyst",), name="an-1")
AUDITOR = local_actor(("auditor",), name="au-1")
AGENT = local_actor(("agent",), name="a-1", department_ids=frozenset({"field-service"}))
CUSTOMER = local_actor(("customer",), name="c-1", customer_id="c-0001")


async def test_an_analyst_counts_what_they_may_not_read(signed: Client, platform: Platform) -> None:
    found = await signed.data(
        """{ tickets { groups(by: [DEPARTMENT, STATE], first: 100) {
          __typename count key { state department { id nameEn } language }
          earliest: min { createdAt } max { createdAt } avg { rating }
        } } }""",
        actor=ANALYST,
    )
    rows = await run(
        platform.store,
        "MATCH (t:Ticket) OPTIONAL MATCH (t)-[:ASSIGNED_TO]->(d:Department) "
        "RETURN t.state AS state, d.id AS department, t.rating AS rating",
    )
    expected = Counter((row["department"], row["state"]) for row in rows)
    ratings = defaultdict(list)
    for row in rows:
        if row["rating"] is not None:
            ratings[row["department"], row["state"]].append(row["rating"])
    groups = found["tickets"]["groups"]
    assert [one["count"] for one in groups] == sorted(
        (count for count in expected.values() if count >= 5), reverse=True
    )
    for one in groups:
        key = one["key"]
        own = next(
            pair
            for pair in expected
            if pair[1] == key["state"]
            and to_global("Department", pair[0]) == key["department"]["id"]
        )
        assert one["count"] == expected[own]
        assert key["department"]["nameEn"]
        assert key["language"] is None, "nobody asked to group by it"
        assert one["earliest"]["createdAt"] <= one["max"]["createdAt"]
        mean = sum(ratings[own]) / len(ratings[own]) if ratings[own] else None
        assert one["avg"]["rating"] == (mean if mean is None else pytest.approx(mean))


async def test_days_are_counted_in_utc(signed: Client, platform: Platform) -> None:
    body = await signed.data(
        "{ tickets { groups(by: CREATED_AT, first: 3) { count key { createdAt } } } }",
        actor=AUDITOR,
    )
    rows = await run(platform.store, "MATCH (t:Ticket) RETURN t.created_at / 86400000 AS day")
    days = Counter(row["day"] for row in rows)
    groups = body["tickets"]["groups"]
    assert [one["count"] for one in groups] == [count for _, count in days.most_common(3)]
    assert all(one["key"]["createdAt"].endswith("T00:00:00.000+00:00") for one in groups)


async def test_groups_stand_beside_rows_and_within_nodes(signed: Client) -> None:
    body = await signed.data(
        """{ departments(first: 3) {
          totalCount groups { count }
          edges { node { id agents { groups(by: NAME_EN) { count key { nameEn } } }
            tickets(where: {state: {eq: "solved"}}) {
              totalCount groups(by: [STATE, LANGUAGE]) { count key { state language } } } } }
        } }""",
        actor=AUDITOR,
    )
    page = body["departments"]
    assert page["groups"] == [{"count": page["totalCount"]}]
    assert len(page["edges"]) == 3
    for edge in page["edges"]:
        tickets = edge["node"]["tickets"]
        assert {one["key"]["state"] for one in tickets["groups"]} <= {"solved"}
        assert sum(one["count"] for one in tickets["groups"]) == tickets["totalCount"]


async def test_an_agent_counts_their_own_department_only(
    signed: Client, platform: Platform
) -> None:
    body = await signed.data(
        "{ tickets { groups(by: DEPARTMENT) { count key { department { id } } } } }", actor=AGENT
    )
    (row,) = await run(
        platform.store,
        "MATCH (t:Ticket)-[:ASSIGNED_TO]->(:Department {id: 'field-service'}) "
        "RETURN count(t) AS count",
    )
    own = {"department": {"id": to_global("Department", "field-service")}}
    assert body["tickets"]["groups"] == [{"count": row["count"], "key": own}]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ tickets { groups { count } } }", "FORBIDDEN_ARGUMENT"),
        ("{ tickets { totalCount groups { count } } }", "FORBIDDEN_ARGUMENT"),
        ("{ departments { groups { count } } }", "FORBIDDEN_ARGUMENT"),
    ],
)
async def test_a_customer_counts_nothing(query: str, expected: str, signed: Client) -> None:
    body = await signed.ask(query, actor=CUSTOMER)
    assert [one["extensions"]["code"] for one in body["errors"]] == [expected]


@pytest.mark.parametrize(
    "query",
    [
        "{ tickets { groups(by: SUBJECT) { count } } }",
        "{ tickets { groups(by: CUSTOMER) { count } } }",
        '{ tickets(where: {subject: {contains: "a"}}) { groups { count } } }',
        "{ customers { groups(by: TIER) { count } } }",
    ],
)
async def test_an_analyst_groups_by_nothing_else(query: str, signed: Client) -> None:
    body = await signed.ask(query, actor=ANALYST)
    assert [one["extensions"]["code"] for one in body["errors"]] == ["FORBIDDEN_ARGUMENT"]


async def test_what_an_analyst_may_not_measure_is_null_and_named(signed: Client) -> None:
    body = await signed.ask("{ tickets { groups { count max { version } } } }", actor=ANALYST)
    assert body["data"]["tickets"]["groups"][0]["max"] == {"version": None}
    assert "Ticket.version" in body["extensions"]["authorization"]["denied"]


async def test_small_groups_are_kept_from_those_who_only_count(
    signed: Client, platform: Platform
) -> None:
    rows = await run(
        platform.store, "MATCH (t:Ticket) RETURN t.created_at AS at ORDER BY at LIMIT 4"
    )
    last = datetime.fromtimestamp(rows[-1]["at"] / 1000, UTC)
    limit = {"createdAt": {"lte": last.isoformat()}}
    query = "query ($where: TicketWhere) { tickets(where: $where) { groups { count } } }"
    counted = await signed.data(query, actor=AUDITOR, where=limit)
    assert counted["tickets"]["groups"][0]["count"] == 4
    hidden = await signed.data(query, actor=ANALYST, where=limit)
    assert hidden["tickets"]["groups"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        "by: [STATE, STATE]",
        "first: 0",
        "first: 101",
        "by: [STATE, LANGUAGE, RATING, CREATED_AT, DEPARTMENT]",
    ],
)
async def test_unusable_arguments_of_groups_are_refused(arguments: str, signed: Client) -> None:
    body: Any = await signed.ask(
        f"{{ tickets {{ groups({arguments}) {{ count }} }} }}", actor=AUDITOR
    )
    assert body["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
