"""The types of the API are those of the field table; graphql-core leaves shaped values alone."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
)
from graphql import GraphQLSchema as Core

import api.schema.execution
from api.plan.where import SEARCH
from api.schema import build_schema
from api.schema.execution import Execution, Projected
from api.schema.links import LINKS
from api.schema.nodes import NOUNS
from api.schema.route import receipt_of
from api.schema.ticket_mutation import VERBS
from graph.editable import EDITABLE
from graph.fields import FIELDS, ORDERABLE, SAID, TYPES, Field
from graph.knowledge import Knowledge
from graph.rights import Action, Rights
from graph.states import NAMED_ACTIONS
from graph.vocabulary import Label
from tests.api.test_receipts import RECEIPT

SDL = Path(__file__).parents[2] / "api" / "schema.graphql"
SCALARS = {
    "text": "String",
    "texts": "[String!]",
    "integer": "Int",
    "number": "Float",
    "boolean": "Boolean",
    "instant": "DateTime",
}
LISTS = {
    frozenset({"Product", "Category"}): "Goods",
    frozenset({"Product", "Category", "Order", "Department"}): "TicketMention",
    frozenset({"BusinessLine", "Category", "Department", "Issue", "Product"}): "Named",
}


@pytest.fixture(scope="module")
def core() -> Core:
    """The schema as graphql-core has it."""
    return build_schema()._schema


def expected(field: Field) -> str:
    if field.name == "id":
        return "ID!"
    if field.coordinate == "Ticket.seq":
        return "Long"
    if field.property:
        return SCALARS[field.property.kind]
    target = (
        str(field.targets[0])
        if len(field.targets) == 1
        else LISTS[frozenset(map(str, field.targets))]
    )
    return f"{target}Connection" if field.many else target


@pytest.mark.parametrize("label", TYPES)
def test_a_type_has_the_fields_of_the_table(label: Label, core: Core) -> None:
    type_ = core.type_map[str(label)]
    assert isinstance(type_, GraphQLObjectType)
    extra = {}
    if label is Label.TICKET:
        extra = {"receipt": "RouteReceipt", "allowedTransitions": "[TicketAction!]"}
    extra |= {
        name: f"[{next(link for link, one in LINKS.items() if said.coordinate in one.of)}!]"
        for name, said in SAID.get(label, {}).items()
    }
    table = {name: expected(field) for name, field in FIELDS[label].items()}
    assert {name: str(one.type) for name, one in type_.fields.items()} == table | extra
    assert [str(one) for one in type_.interfaces] == ["Node"]
    assert set(NOUNS[label].fields) == set(FIELDS[label])
    page = {"first", "after", "last", "before"}
    for name, field in FIELDS[label].items():
        more = {"where", "orderBy"} if len(field.targets) == 1 else set()
        assert set(type_.fields[name].args) == (page | more if field.many else set())


@pytest.mark.parametrize("label", TYPES)
def test_what_can_be_asked_of_a_type_is_what_the_table_allows(label: Label, core: Core) -> None:
    where, order = core.type_map[f"{label}Where"], core.type_map[f"{label}Order"]
    assert isinstance(where, GraphQLInputObjectType)
    assert isinstance(order, GraphQLInputObjectType)
    assert f"input {label}Order @oneOf {{" in SDL.read_text(encoding="utf-8")
    assert set(order.fields) == set(ORDERABLE[label])
    unions = {name for name, field in FIELDS[label].items() if len(field.targets) > 1}
    more = {"AND", "OR", "NOT"} | ({SEARCH} if label is Label.TICKET else set())
    assert set(where.fields) == (set(FIELDS[label]) - unions) | more
    for name, field in FIELDS[label].items():
        if field.property and field.property.sealed:
            sealed = get_named_type(where.fields[name].type)
            assert isinstance(sealed, GraphQLInputObjectType)
            assert set(sealed.fields) == {"eq", "in", "isNull"}


def test_every_type_has_a_root_list_that_may_be_null(core: Core) -> None:
    query = core.query_type
    assert query is not None
    for label, noun in NOUNS.items():
        assert str(query.fields[noun.root].type) == f"{label}Connection"
        assert set(query.fields[noun.root].args) >= {"first", "where", "orderBy"}
    for name in ("node", "nodes", "ticket"):
        assert not isinstance(query.fields[name].type, GraphQLNonNull)


def test_unions_hold_what_their_fields_lead_to(core: Core) -> None:
    for members, name in LISTS.items():
        union = core.type_map[name]
        assert isinstance(union, GraphQLUnionType)
        assert {str(one) for one in union.types} == members


async def test_a_shaped_value_reaches_the_response_untouched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shaped = {"odd": object()}
    seen: list[Any] = []

    class Spy(Execution):
        def complete_value(self, *args: Any) -> Any:
            seen.append(type(args[4]))
            return super().complete_value(*args)

    async def resolve(*_: Any, **__: Any) -> Projected:
        return Projected(shaped)

    schema = build_schema()
    assert schema.execution_context_class is api.schema.execution.Execution
    monkeypatch.setattr(schema, "execution_context_class", Spy)
    query = schema._schema.query_type
    assert query is not None
    monkeypatch.setattr(query.fields["products"], "resolve", resolve)
    result = await schema.execute("{ products { totalCount } }")
    assert result.errors is None
    assert result.data == {"products": shaped}
    assert result.data["products"] is shaped
    assert seen == [Projected]


async def test_attributes_are_completed_as_graphql_core_completes_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rights = Rights(roles=frozenset(), epoch=1, cells={})
    receipt = receipt_of(RECEIPT, Knowledge(), rights)
    schema = build_schema()
    query = schema._schema.query_type
    assert query is not None
    document = """query Preview($all: Boolean!) {
      previewRoute(text: "x") { __typename words { zh } }
      receipt: previewRoute(text: "x") {
        department { ...Named } runnerUp { ...Named } reason confidence margin policyEpoch
        candidates { score department { key: id } contributions { pathKind points walked } }
        counterfactuals { nodes holder { id } reason @include(if: $all) }
        words { en @skip(if: $all) zh }
        choice { until open required { skill level } knowsCustomer }
      }
    }
    fragment Named on ReceiptDepartment { id nameZh ... { nameEn } }"""

    async def executed(found: Any) -> Any:
        async def resolve(*_: Any, **__: Any) -> Any:
            return found

        monkeypatch.setattr(query.fields["previewRoute"], "resolve", resolve)
        result = await schema.execute(document, variable_values={"all": True})
        return result.data, [(error.message, error.path) for error in result.errors or ()]

    odd = replace(receipt, confidence=math.nan)
    shaped = [await executed(one) for one in (receipt, odd)]
    monkeypatch.setattr(Execution, "_shape_of", lambda *_: None)
    assert [await executed(one) for one in (receipt, odd)] == shaped
    assert not shaped[0][1]
    assert shaped[1][1]


def test_every_named_action_has_a_mutation_and_a_word(core: Core) -> None:
    assert list(VERBS) == list(NAMED_ACTIONS)
    enum = core.type_map["TicketAction"]
    assert isinstance(enum, GraphQLEnumType)
    assert list(enum.values) == [one.upper() for one in NAMED_ACTIONS]


def test_what_is_editable_has_its_mutations(core: Core) -> None:
    mutation = core.mutation_type
    assert mutation is not None
    verbs = {Action.CREATE: "create", Action.UPDATE: "update", Action.DELETE: "delete"}
    edits = {f"{verbs[action]}{one.label}" for one in EDITABLE.values() for action in one.actions}
    named = {verb.name for verb in VERBS.values()}
    talks = {"createTicket", "handOverConversation", "rateAnswer"}
    assert set(mutation.fields) == edits | named | talks
    for name, field in mutation.fields.items():
        assert str(field.args["input"].type) == f"{name[0].upper()}{name[1:]}Input!"
        payload = get_named_type(field.type)
        assert isinstance(payload, GraphQLObjectType)
        assert str(payload.fields["userErrors"].type) == "[UserError!]!"
    for one in EDITABLE.values():
        given = core.type_map[f"Update{one.label}Input"]
        assert isinstance(given, GraphQLInputObjectType)
        extra = {"id", "ticketId", "expectedVersion", "idempotencyKey"}
        assert set(given.fields) - extra == set(one.fields)
        assert ("expectedVersion" in given.fields) == (one.label is Label.TICKET)
