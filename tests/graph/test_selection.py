"""The compiler against an evaluator that shares no code with it, on every engine."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from graph.errors import ForbiddenArgumentError, ForbiddenError
from graph.fields import FIELDS, TIERS
from graph.model import Actor
from graph.rights import Rights, Scope, Show
from graph.scopes import scope_values
from graph.selection.compiler import Compiled, compile_request
from graph.selection.reading import read_request
from graph.selection.request import (
    All,
    Anchor,
    Branch,
    Compare,
    Filter,
    Not,
    Operator,
    Order,
    Page,
    Related,
    Request,
    Selected,
)
from graph.selection.scope import covers
from graph.store import Store
from graph.vocabulary import Label
from tests.conftest import WIPE, Engine
from tests.graph.evaluator import Evaluator, World, refused
from tests.graph.worlds import Asker, make_actor, make_rights, make_world, write_world

WORLD = make_world(seed=3)


@pytest.fixture(scope="module")
async def world(indexed: Store) -> Store:
    await indexed.write(WIPE)
    await write_world(indexed, WORLD)
    return indexed


def compiled(request: Request, rights: Rights) -> Compiled | None:
    try:
        return compile_request(request, rights)
    except (ForbiddenError, ForbiddenArgumentError):
        return None


@pytest.mark.parametrize("seed", range(5))
async def test_every_answer_is_what_rights_and_data_give(world: Store, seed: int) -> None:
    answered = 0
    chance = random.Random(seed)
    for _ in range(20):
        answered += await compare(world, WORLD, chance)
    assert answered > 2


async def compare(store: Store, world: World, chance: random.Random) -> bool:
    """Ask one random question of both; whether it was one that may be asked."""
    rights, actor, asker = make_rights(chance), make_actor(chance), Asker(chance, world)
    request = asker.request()
    found = compiled(request, rights)
    assert (found is None) == refused(request, rights), request
    if found is None:
        return False
    given = {**asker.values, **values_of(actor)}
    row = await read_request(store, found, given)
    judge = Evaluator(world=world, rights=rights, actor=actor, values=asker.values)
    expected = judge.answer(request)
    assert row["epoch"] == 7
    actual = row["page"] if request.page else row["nodes"]
    if request.ids:
        actual, expected = sorted(actual, key=repr), sorted(expected, key=repr)
    assert _plain(actual) == _plain(expected), (found.query.text, given)
    return True


async def test_a_list_read_on_from_ids_is_the_list_within(world: Store) -> None:
    told = 0
    chance = random.Random(0)
    for _ in range(120):
        told += await compare_split(world, WORLD, chance)
    assert told > 10


async def compare_split(store: Store, world: World, chance: random.Random) -> bool:
    """Ask a random question in two queries: its first nested list by the ids that the rest finds.
    What the evaluator says of the whole must come of both; whether any row did.
    """
    rights, actor, asker = make_rights(chance), make_actor(chance), Asker(chance, world)
    whole = asker.request()
    parts = whole.nodes.parts
    lists = [one for one in parts if isinstance(one, Branch) and one.page]
    if not lists or compiled(whole, rights) is None:
        return False
    at = parts.index(lists[0])
    nodes = replace(whole.nodes, parts=(*parts[:at], Anchor(), *parts[at + 1 :]))
    first = compile_request(replace(whole, nodes=nodes), rights)
    given = {**asker.values, **values_of(actor)}
    row = await read_request(store, first, given)
    anchor = first.shape.columns[at] if first.shape.columns else None
    found = [one for _, one in row["page"][0]] if whole.page else row["nodes"]
    if anchor is None or not found:
        return False
    rest = replace(whole.nodes, parts=(Anchor(), lists[0]))
    second = compile_request(Request(nodes=rest, ids="found"), rights)
    ids = [one[anchor.place] for one in found]
    further = await read_request(store, second, {**given, "found": list(dict.fromkeys(ids))})
    shown = {id_: value for id_, *value in further["nodes"]}
    for one in found:
        one[anchor.place : anchor.place + 1] = shown[one[anchor.place]]
    judge = Evaluator(world=world, rights=rights, actor=actor, values=asker.values)
    expected = judge.answer(whole)
    actual = row["page"] if whole.page else found
    if whole.ids:
        actual, expected = sorted(actual, key=repr), sorted(expected, key=repr)
    assert _plain(actual) == _plain(expected), (first.query.text, second.query.text, given)
    return True


TICKET = FIELDS[Label.TICKET]
ID = {label: FIELDS[label]["id"] for label in (Label.DEPARTMENT, Label.CUSTOMER, Label.AGENT)}
STATE = Compare(field=TICKET["state"], operator=Operator.IN, slot="states")
PLACE = Related(
    field=TICKET["department"],
    label=Label.DEPARTMENT,
    filter=Compare(field=ID[Label.DEPARTMENT], operator=Operator.IN, slot="places"),
)
OWNER = Related(
    field=TICKET["customer"],
    label=Label.CUSTOMER,
    filter=Compare(field=ID[Label.CUSTOMER], operator=Operator.EQ, slot="owner"),
)
WORKER = Related(
    field=TICKET["agent"],
    label=Label.AGENT,
    filter=Compare(field=ID[Label.AGENT], operator=Operator.IN, slot="workers"),
)
ONES = Compare(field=TICKET["id"], operator=Operator.IN, slot="ones")
ONE = Compare(field=TICKET["id"], operator=Operator.EQ, slot="one")
VALUE = Compare(field=FIELDS[Label.IDENTITY]["value"], operator=Operator.EQ, slot="values")
GIVEN = {
    "workers": ["agent-0", "agent-1"],
    "ones": ["ticket-3", "ticket-8", "ticket-3", "ticket-99", "ticket-0"],
    "one": "ticket-8",
    "values": ["index-x", "index-y"],
    "states": ["a", "空调", "a"],
    "places": ["department-0", "department-2"],
    "owner": "customer-1",
    "size": 4,
    "after": [107],
}
SOMEBODY = Actor(
    id="somebody",
    customer_id="customer-1",
    department_ids=frozenset({"department-0", "department-1"}),
    line_ids=frozenset({"businessline-0"}),
    agent_id="agent-1",
    granted_ids=frozenset({"ticket-3"}),
)
SCOPES = [
    (Scope.ANY,),
    (Scope.OWN_DEPARTMENT,),
    (Scope.OWN_LINE,),
    (Scope.OWN_CUSTOMER,),
    (Scope.OWN_DEPARTMENT, Scope.ASSIGNED, Scope.GRANTED),
]
FILTERS = [
    None,
    STATE,
    PLACE,
    OWNER,
    WORKER,
    ONES,
    All(parts=(STATE, PLACE)),
    All(parts=(STATE, WORKER)),
    All(parts=(PLACE, ONE)),
    Not(part=PLACE),
]


def rights_over(scopes: Sequence[Scope]) -> Rights:
    """Everything in full, tickets in ``scopes`` only."""
    anywhere = {Scope.ANY: Show.FULL}
    cells = dict.fromkeys(product(TIERS, ("read", "filter", "sort")), anywhere)
    cells["Ticket", "read"] = dict.fromkeys(scopes, Show.FULL)
    return Rights(roles=frozenset({"any"}), epoch=7, cells=cells)


@pytest.mark.parametrize("filter_", FILTERS)
@pytest.mark.parametrize("scopes", SCOPES)
async def test_every_way_into_a_long_list_leads_to_its_rows_in_order(
    world: Store, scopes: tuple[Scope, ...], filter_: Filter | None
) -> None:
    rights = rights_over(scopes)
    nodes = Selected(label=Label.TICKET, parts=(TICKET["id"], TICKET["state"]))
    for after, backwards in ((None, False), ("after", True)):
        page = Page(size="size", filter=filter_, after=after, backwards=backwards, total=True)
        request = Request(nodes=nodes, page=page)
        found = compile_request(request, rights)
        given = {**GIVEN, **values_of(SOMEBODY)}
        row = await read_request(world, found, given)
        judge = Evaluator(world=WORLD, rights=rights, actor=SOMEBODY, values=GIVEN)
        assert row["page"] == judge.answer(request), found.query.text


@pytest.mark.parametrize(
    ("label", "filter_"),
    [
        (Label.TICKET, ONES),
        (Label.IDENTITY, VALUE),
        (
            Label.CUSTOMER,
            Related(field=FIELDS[Label.CUSTOMER]["identities"], label=Label.IDENTITY, filter=VALUE),
        ),
    ],
)
async def test_what_few_nodes_have_leads_to_them_in_any_order(
    engine: Engine, world: Store, label: Label, filter_: Filter
) -> None:
    rights = rights_over((Scope.ANY,))
    nodes = Selected(label=label, parts=(FIELDS[label]["id"],))
    order = Order(field=FIELDS[label]["createdAt" if label is Label.TICKET else "id"])
    page = Page(size="size", filter=filter_, order=(order,))
    found = compile_request(Request(nodes=nodes, page=page), rights)
    row = await read_request(world, found, {**GIVEN, **values_of(SOMEBODY)})
    judge = Evaluator(world=WORLD, rights=rights, actor=SOMEBODY, values=GIVEN)
    assert row["page"] == judge.answer(Request(nodes=nodes, page=page))
    assert row["page"][0]
    if engine.name == "neo4j":
        assert "NodeByLabelScan" not in await plan_of(world, found)


def test_a_mask_does_not_cover_rows_that_another_scope_shows_in_full() -> None:
    rows = {Scope.OWN_LINE: Show.FULL}
    masked = {Scope.OWN_LINE: Show.MASKED}
    assert covers(masked, rows, Show.MASKED)
    assert not covers({**masked, Scope.OWN_DEPARTMENT: Show.FULL}, rows, Show.MASKED)


async def test_a_hundred_departments_are_no_hundred_ways(world: Store) -> None:
    rights = rights_over((Scope.ANY,))
    nodes = Selected(label=Label.TICKET, parts=(TICKET["id"],))
    request = Request(nodes=nodes, page=Page(size="size", filter=PLACE))
    values = {**GIVEN, "places": [f"department-{number}" for number in range(100)]}
    row = await read_request(world, compile_request(request, rights), values)
    judge = Evaluator(world=WORLD, rights=rights, actor=SOMEBODY, values=values)
    assert row["page"] == judge.answer(request)
    assert row["page"][0]


@pytest.mark.parametrize("filter_", FILTERS[:-1])
@pytest.mark.parametrize("scopes", SCOPES)
async def test_no_page_of_tickets_scans_or_sorts_them_all(
    engine: Engine, world: Store, scopes: tuple[Scope, ...], filter_: Filter | None
) -> None:
    if engine.name != "neo4j":
        pytest.skip("the embedded engine's Cypher takes no order from an index")
    nodes = Selected(label=Label.TICKET, parts=(TICKET["id"],))
    request = Request(nodes=nodes, page=Page(size="size", filter=filter_))
    operators = await plan_of(world, compile_request(request, rights_over(scopes)))
    assert not {one for one in operators if one.startswith(("NodeByLabelScan", "AllNodes"))}
    assert any(one.startswith(("NodeIndex", "NodeUniqueIndex")) for one in operators)


async def plan_of(store: Store, found: Compiled) -> list[str]:
    """Names of the plan's operators: a store hands out no plan, the driver does."""
    connection = await store._connected()  # type: ignore[attr-defined]
    async with connection._driver.session(default_access_mode="READ") as session:
        given = {**GIVEN, **values_of(SOMEBODY)}
        result = await session.run("EXPLAIN " + found.query.text, {"given": given})
        return list(_operators((await result.consume()).plan))


def _operators(plan: dict[str, Any]) -> Iterator[str]:
    yield str(plan["operatorType"]).partition("@")[0]
    for child in plan.get("children", ()):
        yield from _operators(child)


def values_of(actor: Actor) -> dict[str, Any]:
    return {str(scope): list(ids) for scope, ids in scope_values(actor).items()}


def _plain(value: Any) -> Any:
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
