"""What a document may be at most: refused before it is parsed, at next to no cost."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import graphql
import pytest
from graphql import get_introspection_query

from api.bootstrap import Platform
from api.errors import TooComplexError
from api.schema.limits import LIMITS, MOST_CHARACTERS, MOST_TOKENS, check_document
from api.signin import local_actor
from tests.api.conftest import Client, serving
from tests.api.test_http import refusal
from tests.builders import run

HOSTILE = {
    "20 KB": "{ viewer { id } }" + " " * 20_000,
    "deep": "{a" * 8_000,
    "deep values": "{a(x:" + "[" * 8_000,
    "deep objects": "{a(x:" + "{AND:[" * 60 + "]}" * 60 + ")}",
    "aliases": "{" + " ".join(f"a{n}: __typename" for n in range(200)) + "}",
    "bomb": "{...A0}"
    + "".join(f"fragment A{n} on Query{{...A{n + 1} a:b{{...A{n + 1}}}}}" for n in range(12))
    + "fragment A12 on Query{id}",
    "many fragments": "{id}" + "".join(f"fragment A{n} on Query{{id}}" for n in range(60)),
    "cycle": "{...A} fragment A on Query {...B} fragment B on Query { viewer { ...A } }",
    "self": "{...A} fragment A on Query {...A}",
    "directives": "{a" + " @x" * 2_000 + "}",
    "five directives": "{a @a @b @c(if: true) @d @e}",
    "directives of an operation": "query @a @b @c @d @e {a}",
    "directives of a variable": "query ($a: Int @a @b @c @d @e) {a}",
    "directives of a spread": "{...A @a @b @c @d @e} fragment A on Query {id}",
    "list": "{a(x:[" + "1," * 6_000 + "])}",
    "repeated": "{viewer{" + "id " * 900 + "}}",
    "repeated inline": "{" + "...{id}" * 140 + "}",
    "repeated spreads": "{" + "...A " * 300 + "} fragment A on Query {id}",
    "quotes": '"' * MOST_CHARACTERS,
    "block quotes": '"""a"' * 3_000,
    "Han": "空" * MOST_CHARACTERS,
    "numbers": "-" * MOST_CHARACTERS,
    "strings": '"a"' * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_before_it_is_parsed(name: str) -> None:
    """What that costs is measured by the benchmark ``hostile``."""
    with pytest.raises(TooComplexError) as refused:
        check_document(HOSTILE[name])
    assert len(str(refused.value)) < 120


@pytest.mark.parametrize(
    ("figure", "make"),
    [
        ("nesting", lambda n: "{a(x:" + "[" * (n - 2) + "]" * (n - 2) + ")}"),
        ("aliases", lambda n: "{" + " ".join(f"a{one}: id" for one in range(n)) + "}"),
        ("directives", lambda n: "{ a: id " + "@x(if: true) " * n + "b: id @x }"),
        ("repeated", lambda n: "{ v { " + "id " * n + "} w { id } }"),
        (
            "fragments",
            lambda n: "{id}" + " ".join(f"fragment A{one} on T {{id}}" for one in range(n)),
        ),
        ("depth", lambda n: "{a" * n + "}" * n),
        (
            "fields",
            lambda n: (
                f"{{ {'a:x{...F}b:x{...F}' * 2} {'c:id ' * 1} }} fragment F on T {{ "
                + " ".join(f"f{one}" for one in range((n - 5) // 4))
                + " }"
            ),
        ),
    ],
)
def test_every_limit_is_exactly_what_it_says(figure: str, make: Callable[[int], str]) -> None:
    most, words = LIMITS[figure]
    assert getattr(check_document(make(most)), figure) in {most, most - 3}
    with pytest.raises(TooComplexError, match=words):
        check_document(make(most + 4 if figure == "fields" else most + 1))


def test_every_limit_is_tried() -> None:
    assert set(LIMITS) == {
        "nesting", "aliases", "directives", "repeated", "fragments", "depth", "fields",
    }  # fmt: skip


def test_texts_comments_and_arguments_are_no_fields() -> None:
    found = check_document(
        'query Q($a: [Int!] = [1, 2] @x, $b: I = {a: "}{"}) @x { # { { {\n'
        ' a: one(text: """{ a: b " \\""" c }""", more: {a: {b: $a}}) @skip(if: $c) { two }'
        " ... on T @include(if: true) { three { ...F } } ...{ two } ...F @x }"
        " fragment F on T @x { four @x five { six } }"
    )
    assert (found.aliases, found.directives, found.fragments) == (1, 1, 1)
    assert (found.fields, found.depth, found.repeated) == (4 + 3 + 3, 3, 1)
    assert not found.introspects


def test_the_depth_of_a_fragment_counts_where_it_is_spread() -> None:
    found = check_document("{ a { b { ...F } } } fragment F on T { c { d } }")
    assert (found.depth, found.fields) == (4, 4)


def test_tokens_are_counted_as_the_parser_counts_them() -> None:
    text = get_introspection_query(descriptions=True, input_value_deprecation=True)
    tokens = check_document(text).tokens
    graphql.parse(text, max_tokens=tokens)
    with pytest.raises(graphql.GraphQLSyntaxError):
        graphql.parse(text, max_tokens=tokens - 1)
    assert tokens < MOST_TOKENS / 3


async def test_a_document_beyond_the_limits_is_too_complex(client: Client) -> None:
    for name in ("aliases", "bomb", "cycle", "directives", "list", "repeated", "20 KB"):
        code, _ = refusal(await client.ask(HOSTILE[name]))
        assert code == "TOO_COMPLEX"


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { name } } }",
        '{ __type(name: "Ticket") { fields { name } } }',
        '{ ...F } fragment F on Query { a: __type(name: "Ticket") { name } }',
    ],
)
async def test_the_schema_is_shown_by_role(query: str, signed: Client) -> None:
    customer = local_actor(("customer",), name="c-1", customer_id="c-0001")
    for nobody in (None, customer):
        body = await signed.ask(query, actor=nobody)
        assert refusal(body)[0] == "FORBIDDEN"
        assert "data" not in body
        assert await signed.data("{ __typename }", actor=nobody) == {"__typename": "Query"}
    assert await signed.data(query, actor=local_actor(("agent",)))


async def test_without_sign_in_the_schema_is_shown(client: Client) -> None:
    found = await client.data(get_introspection_query(input_value_deprecation=True))
    assert found["__schema"]["types"]


@pytest.mark.parametrize(
    "query",
    [
        "{ tickts { edges { cursor } } }",
        "{ ticket(idd: 1) { id } }",
        "{ ticket(id: 1) { subjct } }",
        "{ tickets(where: {stat: {eq: 1}}) { totalCount } }",
        "{ tickets(orderBy: [{creatdAt: ASC}]) { totalCount } }",
        "{ tickets(orderBy: [{createdAt: ASCE}]) { totalCount } }",
        "query ($i: TicketWher) { tickets(where: $i) { totalCount } }",
        "{ ... on Ticke { id } }",
        "{ ...F } fragment E on Query { __typename }",
        "{ __typename @skipp(if: true) }",
        "mutation { createTickt { ticketId } }",
    ],
)
async def test_errors_suggest_nothing(query: str, client: Client) -> None:
    for error in (await client.ask(query))["errors"]:
        assert "did you mean" not in error["message"].lower()
        assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ('{ tickets(first: "marker") { totalCount } }', {}),
        ('{ tickets(where: {subject: {eq: ["marker"]}}) { totalCount } }', {}),
        ('{ tickets(where: "marker") { totalCount } }', {}),
        ('{ tickets(where: {createdAt: {gt: "marker"}}) { totalCount } }', {}),
        ("{ tickets(orderBy: [{createdAt: marker}]) { totalCount } }", {}),
        ('{ ticket(id: "marker) { id } }', {}),
        ('{ "marker" }', {}),
        ("query ($v: Int) { tickets(first: $v) { totalCount } }", {"v": "marker"}),
        ("query ($v: Int) { tickets(first: $v) { totalCount } }", {"v": {"marker": 1}}),
        ("query ($v: TicketWhere) { tickets(where: $v) { totalCount } }", {"v": "marker"}),
        ("query ($v: TicketWhere) { tickets(where: $v) { totalCount } }", {"v": {"marker@a": 1}}),
        (
            "query ($v: TicketWhere) { tickets(where: $v) { totalCount } }",
            {"v": {"seq": {"eq": "marker"}}},
        ),
        (
            "query ($v: [TicketOrder!]) { tickets(orderBy: $v) { totalCount } }",
            {"v": [{"createdAt": "marker"}]},
        ),
    ],
)
async def test_errors_quote_no_value(query: str, variables: dict[str, Any], client: Client) -> None:
    body = await client.ask(query, **variables)
    assert body["errors"]
    assert "marker" not in str(body)
    assert {one["extensions"]["code"] for one in body["errors"]} <= {
        "BAD_USER_INPUT",
        "GRAPHQL_VALIDATION_FAILED",
    }


async def test_degrees_are_those_of_the_graph(platform: Platform) -> None:
    await platform.measure()
    rows = await run(
        platform.store,
        """MATCH (t:Ticket) WITH count(t) AS tickets
        MATCH (d:Department) WITH tickets, count(d) AS departments
        MATCH (:Ticket)-[a:ASSIGNED_TO]->(:Department)
        RETURN tickets, departments, count(a) AS assigned""",
    )
    (row,) = rows
    assert platform.degrees["Ticket"] == row["tickets"]
    assert platform.degrees["Department.tickets"] == row["assigned"] / row["departments"]
    assert platform.degrees["Handover.ticket"] in {0, 1}


async def test_what_a_list_costs_follows_from_how_the_graph_is_linked(platform: Platform) -> None:
    deep = "{ tickets(first: 100) { edges { node { messages(first: 100) { totalCount } } } } }"
    wide = """{ departments(first: 100) { edges { node {
      tickets(first: 100) { edges { node { id } } } } } } }"""
    through = """{ tickets(first: 100, where: {department: {tickets: {department: {tickets:
      {state: {eq: "open"}}}}}}) { totalCount } }"""
    page = "tickets(first: 100) { edges { node { messages(first: 20) { totalCount } } } }"
    async with serving(platform.settings, replace(platform, degrees={})) as unmeasured:
        code, message = refusal(await unmeasured.ask(deep))
        assert (code, message.partition(":")[0]) == ("TOO_COMPLEX", "tickets.messages")
        assert "tickets.messages(first: 20) fits" in message
        several = ["{" + " ".join(f"a{n}: {page}" for n in range(most)) + "}" for most in (4, 5)]
        assert await unmeasured.data(several[0])
        assert refusal(await unmeasured.ask(several[1]))[0] == "TOO_COMPLEX"
    await platform.measure()
    async with serving(platform.settings, platform) as measured:
        assert await measured.data(deep)
        assert await measured.data(wide)
    dense = {**platform.degrees, "Department.tickets": 5_000.0, "Department": 30.0}
    async with serving(platform.settings, replace(platform, degrees=dense)) as crowded:
        code, message = refusal(await crowded.ask(wide))
        assert code == "TOO_COMPLEX"
        assert message.startswith("departments.tickets: about 3,000 nodes, at most 2,000")
        assert "departments.tickets(first: 66) fits" in message
        assert await crowded.data(wide.replace("tickets(first: 100)", "tickets(first: 66)"))
        code, message = refusal(await crowded.ask(through))
        assert code == "TOO_COMPLEX"
        assert message.startswith("tickets.where: would walk about")
