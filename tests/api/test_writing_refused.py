"""Whatever a mutation is sent: a typed code, nothing echoed, nothing written."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    build_schema,
)

from api.bootstrap import Platform
from api.globalid import to_global
from api.signin import local_actor
from graph.vocabulary import Label
from tests.api.conftest import Client
from tests.builders import run

ROOT = Path(__file__).parents[2]
SCHEMA = build_schema((ROOT / "api" / "schema.graphql").read_text(encoding="utf-8"))
ALL = local_actor(
    ("agent", "supervisor", "editor", "customer", "service"),
    name="all",
    department_ids=frozenset({"billing"}),
    customer_id="c-0001",
)
ANYONE = local_actor((), name="anyone")
MARKER = "zz\u202emarker 13912345678"
FIGURES: dict[str, Any] = {"Int": -2_000_000_000, "Float": 1e308, "Boolean": True}
TYPED = {
    "BAD_USER_INPUT", "NOT_FOUND", "CONFLICT", "TRANSITION_NOT_ALLOWED", "FORBIDDEN",
    "FORBIDDEN_ARGUMENT", "GRAPHQL_VALIDATION_FAILED",
}  # fmt: skip
COUNT = """MATCH (n) OPTIONAL MATCH (n)-[r]->()
RETURN count(DISTINCT n) AS nodes, count(r) AS relationships"""
assert SCHEMA.mutation_type
FIELDS = SCHEMA.mutation_type.fields
MUTATIONS = sorted(FIELDS)


def odd(type_: GraphQLInputType, text: str) -> Any:
    """Something of the type that no one would send."""
    if isinstance(type_, GraphQLNonNull):
        return odd(type_.of_type, text)
    if isinstance(type_, GraphQLList):
        return [odd(type_.of_type, text)] * 3
    if isinstance(type_, GraphQLInputObjectType):
        return {name: odd(field.type, text) for name, field in type_.fields.items()}
    return FIGURES.get(str(type_), text)


def question(name: str) -> str:
    type_ = FIELDS[name].args["input"].type
    return f"""mutation ($input: {type_}) {{
      {name}(input: $input) {{ __typename userErrors {{ field message code }} }} }}"""


def codes(body: Any, name: str) -> set[str]:
    """Every code that a response tells."""
    found = {one["extensions"]["code"] for one in body.get("errors", ())}
    payload = (body.get("data") or {}).get(name)
    return found | {one["code"] for one in (payload or {}).get("userErrors", ())}


@pytest.mark.parametrize("text", [MARKER + "x" * 5_000, "'}) DETACH DELETE n //"])
async def test_odd_values_are_refused_by_every_mutation(
    text: str, signed: Client, platform: Platform
) -> None:
    before = await run(platform.store, COUNT)
    for name in MUTATIONS:
        given = odd(FIELDS[name].args["input"].type, text)
        body = await signed.ask(question(name), actor=ALL, input=given)
        found = codes(body, name)
        assert found, (name, body)
        assert found <= TYPED, (name, body)
        assert text not in json.dumps(body, ensure_ascii=False), name
    assert await run(platform.store, COUNT) == before


@pytest.mark.parametrize("given", [None, {}, {"id": None}, {"nonsense": 1}, []])
async def test_what_is_no_input_never_reaches_the_graph(given: Any, signed: Client) -> None:
    for name in MUTATIONS:
        body = await signed.ask(question(name), actor=ALL, input=given)
        assert codes(body, name) == {"GRAPHQL_VALIDATION_FAILED"}, (name, body)


async def test_nobody_without_a_role_writes(signed: Client, platform: Platform) -> None:
    before = await run(platform.store, COUNT)
    for name in MUTATIONS:
        given = odd(FIELDS[name].args["input"].type, "x-1")
        body = await signed.ask(question(name), actor=ANYONE, input=given)
        assert codes(body, name) <= {"FORBIDDEN", "BAD_USER_INPUT"}, (name, body)
    assert await run(platform.store, COUNT) == before


@pytest.mark.parametrize("text", ["", " ", " x", to_global(Label.ORDER, "o-1")])
async def test_what_is_no_id_names_nothing(text: str, signed: Client) -> None:
    for label in ("Product", "Alias"):
        given = {"id": text, "nameEn": "X", "text": "X", "idempotencyKey": "odd"}
        known = SCHEMA.type_map[f"Create{label}Input"]
        assert isinstance(known, GraphQLInputObjectType)
        fitting = {one: value for one, value in given.items() if one in known.fields}
        body = await signed.ask(question(f"create{label}"), actor=ALL, input=fitting)
        assert codes(body, f"create{label}") == {"BAD_USER_INPUT"}, (label, body)


async def test_a_list_of_ids_is_bounded(signed: Client) -> None:
    given = {"id": "billing", "issues": {"add": [f"i-{n}" for n in range(10_000)]}}
    body = await signed.ask(question("updateDepartment"), actor=ALL, input=given)
    assert codes(body, "updateDepartment") == {"BAD_USER_INPUT"}
    given = {"id": "billing", "issues": {"add": [None]}}
    body = await signed.ask(question("updateDepartment"), actor=ALL, input=given)
    assert codes(body, "updateDepartment") == {"GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
async def test_the_mutations_of_the_readme_work(
    name: str, signed: Client, platform: Platform
) -> None:
    *_, text = re.findall(r"```graphql\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    create = (
        """mutation ($input: CreateTicketInput!) { createTicket(input: $input) { ticketId } }"""
    )
    given = {"text": "I was charged twice", "idempotencyKey": f"readme-{name}"}
    made = await signed.data(create, actor=ALL, input=given)
    id_ = made["createTicket"]["ticketId"]
    place = "MATCH (t:Ticket {id: $id})-[:ASSIGNED_TO]->(d) RETURN d.id AS id"
    assert await run(platform.store, place, id=id_) == [{"id": "billing"}]
    key = text.replace('"T-1"', f'"{id_}"').replace("t-1-first-answer", f"{name}-answer")
    found = await signed.data(key, actor=ALL)
    assert [one["userErrors"] for one in found.values()] == [[], []]
    assert found["answerTicket"]["ticket"]["state"] == "answered"
