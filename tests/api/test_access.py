"""Auditors' answers are what the compiler does: cell by cell, node by node, on every engine."""

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import Platform
from api.globalid import to_global
from api.schema.access_enum import (
    AccessAction,
    AccessReason,
    AccessRole,
    AccessScope,
    AccessShow,
    AccessSubject,
)
from api.services.access import About, Part, access_matrix, count_cells, explain_access, shown
from api.signin import local_actor
from graph.fields import FIELDS
from graph.model import Actor
from graph.rights import ACTIONS, Scope, Show
from graph.vocabulary import Label
from policies.explain import REASONS, explain
from policies.objects import OBJECTS, SUBJECTS, actions_of, scopes_of
from policies.policy import ROLES, shipped_policy
from tests.api.conftest import Client
from tests.builders import run

AUDITOR = local_actor(("auditor",), name="aud")
ADMIN = local_actor(("admin",), name="root")
MATRIX = """query ($roles: [AccessRole!], $types: [AccessSubject!], $after: String) {
  accessMatrix(roles: $roles, types: $types, first: 100, after: $after) {
    totalCount policyEpoch pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { node { role coordinate tier action permitted scopes { scope show rule { line } } } } } }
"""
EXPLAIN = """query ($role: AccessRole!, $field: String!, $node: ID, $actor: ExampleActorInput) {
  explainAccess(role: $role, field: $field, node: $node, actor: $actor) { node policyEpoch cell {
    coordinate shown scopes { scope words { zh en } show reason reasonWords { zh en } rowsShown
      rule { file line text } through inside leads { id type path } } } } }"""
WHO = """query ($field: String, $node: ID) { whoCanRead(field: $field, node: $node) {
  node cells { role coordinate shown scopes { scope show inside leads { id type } } } } }"""
VERSIONS = """query ($first: Int, $after: String) { policyVersions(first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor }
  edges { node { epoch author reason createdAt inForce text } } } }"""


async def test_every_cell_of_the_matrix_is_that_of_the_rights(
    embedded_platform: Platform,
) -> None:
    platform = embedded_platform
    part = Part(denied=True)
    page = await access_matrix(platform, AUDITOR, part, size=1_000_000)
    assert not page.more
    met = set()
    for cell in page.cells:
        met.add((cell.role, cell.coordinate, cell.action))
        ladder = platform.policy.rights([cell.role]).cell(cell.coordinate, cell.action)
        assert [step.scope for step in cell.steps] == list(scopes_of(cell.coordinate))
        for step in cell.steps:
            shows = {ladder.get(Scope.ANY, Show.NONE), ladder.get(step.scope, Show.NONE)}
            assert step.show is max(shows, key=lambda show: show.strength)
    assert met == {(role, one, act) for role in ROLES for one in OBJECTS for act in actions_of(one)}
    assert await count_cells(platform, AUDITOR, part) == len(met)
    permitted = sum(len(platform.policy.rights([role]).cells) for role in ROLES)
    assert await count_cells(platform, AUDITOR, Part()) == permitted


async def test_the_pages_of_the_matrix_are_the_whole(signed: Client, platform: Platform) -> None:
    given = {"roles": ["AGENT", "CUSTOMER"], "types": ["TICKET", "POLICY"]}
    found: list[Any] = []
    after = None
    while True:
        page = (await signed.data(MATRIX, actor=AUDITOR, after=after, **given))["accessMatrix"]
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        found += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(found) == page["totalCount"] > 100
    assert page["policyEpoch"] == platform.policy.epoch
    told = [(one["role"].lower(), one["coordinate"], one["action"].lower()) for one in found]
    assert told == sorted(told, key=lambda one: ROLES.index(one[0]))
    assert set(told) == {
        (role, *cell)
        for role in ("agent", "customer")
        for cell in platform.policy.rights([role]).cells
        if cell[0].partition(".")[0] in {"Ticket", "Policy"}
    }


async def examples(platform: Platform) -> list[tuple[str, Actor, Label, str]]:
    """(role, somebody who has it, a node), inside and outside of what is theirs."""
    (row,) = await run(
        platform.store,
        "MATCH (c:Customer)-[:RAISED]->(t:Ticket)-[:ASSIGNED_TO]->(d:Department) "
        "MATCH (d)-[:BELONGS_TO]->(l:BusinessLine) MATCH (t)-[:HAS_MESSAGE]->(m:Message) "
        "MATCH (c)-[:PLACED]->(o:Order) "
        "MATCH (c)-[:IDENTIFIED_BY]->(i:Identity) MATCH (t)-[:WORKED_BY]->(a:Agent) "
        "WITH c, t, d, l, m, o, i, a ORDER BY t.seq, m.id, o.id, i.id LIMIT 1 "
        "MATCH (e:Department) WHERE NOT (c)-[:RAISED]->(:Ticket)-[:ASSIGNED_TO]->(e) "
        "AND NOT (e)-[:SERVES]->(c) AND NOT (e)-[:BELONGS_TO]->(l) "
        "RETURN c.id AS c, t.id AS t, d.id AS d, l.id AS l, m.id AS m, o.id AS o, i.id AS i, "
        "a.id AS a, e.id AS e ORDER BY e LIMIT 1",
    )
    inside = {"department_ids": frozenset({row["d"]}), "line_ids": frozenset({row["l"]})}
    outside = {"department_ids": frozenset({row["e"]})}
    people = [
        ("agent", local_actor(("agent",), name="in", **inside)),
        ("agent", local_actor(("agent",), name="own", agent_id=row["a"], **outside)),
        ("supervisor", local_actor(("supervisor",), name="boss", **inside)),
        ("specialist", local_actor(("specialist",), name="out", **outside)),
        ("customer", local_actor(("customer",), name="me", customer_id=row["c"])),
        ("customer", local_actor(("customer",), name="you", customer_id="c-nobody")),
        ("analyst", local_actor(("analyst",), name="ana")),
        ("admin", ADMIN),
    ]
    nodes = [
        (Label.TICKET, row["t"]), (Label.CUSTOMER, row["c"]), (Label.ORDER, row["o"]),
        (Label.MESSAGE, row["m"]), (Label.IDENTITY, row["i"]), (Label.DEPARTMENT, row["d"]),
    ]  # fmt: skip
    return [
        (role, actor, *node)
        for role, actor in people
        for node in (nodes if actor.id in {"in", "me"} else nodes[:2])
    ]


async def test_what_is_shown_at_a_node_is_what_the_actor_gets_from_it(
    signed: Client, platform: Platform
) -> None:
    told = set()
    for role, actor, label, id_ in await examples(platform):
        fields = [one for one in FIELDS[label].values() if one.property]
        query = f"query ($id: ID!) {{ node(id: $id) {{ ... on {label} {{ {words(fields)} }} }} }}"
        body = await signed.ask(query, actor=actor, id=to_global(label, id_))
        node = body["data"]["node"]
        about = About(coordinate=str(label), node=(label, id_), example=actor)
        found = await explain_access(platform, AUDITOR, role, about)
        rows = shown(found.cells[0], found.standing)
        assert (rows is Show.FULL) == (node is not None), (role, actor.id, label)
        stored = await raw(platform, label, id_)
        for field in fields if node else ():
            cell = explain(platform.policy, role, field.coordinate, "read")
            show = shown(cell, found.standing)
            expected = stored[field.property.name] if field.property else None
            told.add((show, field.property and field.property.sealed))
            got = node[field.name]
            if show is Show.NONE:
                assert got is None, (role, field.coordinate)
            elif field.property and field.property.sealed:
                assert (got == stored[f"{field.property.name}_hint"]) == (show is Show.MASKED)
            elif field.name != "id" and field.property and field.property.kind != "instant":
                assert got == expected, (role, field.coordinate)
            else:
                assert (got is None) == (expected is None)
    assert told >= {(Show.NONE, False), (Show.FULL, False), (Show.MASKED, True), (Show.FULL, True)}


def words(fields: Any) -> str:
    return " ".join(field.name for field in fields)


async def raw(platform: Platform, label: Label, id_: str) -> Mapping[str, Any]:
    names = [one.property.name for one in FIELDS[label].values() if one.property]
    names += [f"{name}_hint" for name in names]
    shown = ", ".join(f"n.{name} AS {name}" for name in names)
    (row,) = await run(platform.store, f"MATCH (n:{label} {{id: $id}}) RETURN {shown}", id=id_)
    return row


async def test_an_explanation_tells_rule_words_and_what_leads_there(
    signed: Client, platform: Platform
) -> None:
    (row,) = await run(
        platform.store,
        "MATCH (t:Ticket)-[:ASSIGNED_TO]->(d:Department)-[:BELONGS_TO]->(l:BusinessLine) "
        "WITH t, d, l ORDER BY t.seq LIMIT 1 RETURN t.id AS t, d.id AS d, l.id AS l",
    )
    ticket, department = to_global("Ticket", row["t"]), to_global("Department", row["d"])
    given = {"role": "SPECIALIST", "field": "Ticket.subject", "node": ticket}
    body = await signed.data(EXPLAIN, actor=AUDITOR, **given)
    told = body["explainAccess"]
    steps = {step["scope"]: step for step in told["cell"]["scopes"]}
    assert (told["node"], told["policyEpoch"]) == (ticket, platform.policy.epoch)
    assert told["cell"]["shown"] is None
    assert (steps["ANY"]["inside"], steps["OWN_DEPARTMENT"]["inside"]) == (True, None)
    own = steps["OWN_DEPARTMENT"]
    assert (own["show"], own["reason"], own["rowsShown"]) == ("FULL", "RULE", True)
    assert own["through"] == ["specialist", "agent"]
    line = shipped_policy().splitlines()[own["rule"]["line"] - 1]
    assert [*map(str.strip, line.split(","))] == own["rule"]["text"].split(", ")
    assert own["words"] == {"zh": "属于本人部门的", "en": "of one of the actor's departments"}
    path = "Ticket ─ASSIGNED_TO─► Department"
    assert own["leads"] == [{"id": department, "type": "Department", "path": path}]
    assert [one["id"] for one in steps["OWN_LINE"]["leads"]] == [
        to_global("BusinessLine", row["l"])
    ]
    assert steps["ANY"]["leads"] == []

    async def seen(actor: Mapping[str, Any], node: str = ticket) -> tuple[Any, Any]:
        query = EXPLAIN.replace("$actor:", "$who:").replace("actor: $actor", "actor: $who")
        body = await signed.data(query, actor=AUDITOR, **{**given, "node": node}, who=actor)
        cell = body["explainAccess"]["cell"]
        inside = next(one for one in cell["scopes"] if one["scope"] == "OWN_DEPARTMENT")
        return inside["inside"], cell["shown"]

    assert await seen({"departmentIds": [department]}) == (True, "FULL")
    assert await seen({"departmentIds": [row["d"]]}) == (True, "FULL")
    assert await seen({"departmentIds": ["elsewhere"]}) == (False, "NONE")
    absent = to_global("Ticket", "T-0")
    assert await seen({"departmentIds": [department]}, absent) == (None, None)


async def test_who_can_read_a_node_names_roles_and_whose_it_is(
    signed: Client, platform: Platform
) -> None:
    (row,) = await run(
        platform.store,
        "MATCH (c:Customer)-[:RAISED]->(t:Ticket)-[:ASSIGNED_TO]->(d:Department) "
        "WITH c, d ORDER BY c.id, d.id WITH c, collect(DISTINCT d.id) AS departments "
        "WHERE size(departments) > 1 RETURN c.id AS id, departments ORDER BY id LIMIT 1",
    )
    customer = to_global("Customer", row["id"])
    found = (await signed.data(WHO, actor=AUDITOR, node=customer))["whoCanRead"]
    assert found["node"] == customer
    cells = {cell["role"]: cell for cell in found["cells"]}
    expected = {
        one.upper() for one in ROLES if platform.policy.rights([one]).permits("Customer", "read")
    }
    assert set(cells) == expected
    scopes = {step["scope"]: step for step in cells["AGENT"]["scopes"]}
    ids = {one["id"] for one in scopes["OWN_DEPARTMENT"]["leads"]}
    assert ids >= {to_global("Department", one) for one in row["departments"]}
    assert [one["id"] for one in scopes["OWN_CUSTOMER"]["leads"]] == [customer]
    found = (await signed.data(WHO, actor=AUDITOR, field="Customer.name"))["whoCanRead"]
    assert found["node"] is None
    assert [cell["role"] for cell in found["cells"]] == [
        "CUSTOMER", "AGENT", "SPECIALIST", "SUPERVISOR", "AUDITOR", "ADMIN",
    ]  # fmt: skip
    assert {step["leads"] for cell in found["cells"] for step in cell["scopes"]} == {None}


async def test_the_versions_of_the_policy_come_with_their_texts(
    signed: Client, platform: Platform
) -> None:
    page = (await signed.data(VERSIONS, actor=AUDITOR, first=1))["policyVersions"]
    (edge,) = page["edges"]
    assert (edge["node"]["epoch"], edge["node"]["inForce"]) == (platform.policy.epoch, True)
    assert edge["node"]["text"] == shipped_policy()
    assert page["pageInfo"]["hasNextPage"] == (page["totalCount"] > 1)
    after = page["pageInfo"]["endCursor"]
    rest = (await signed.data(VERSIONS, actor=AUDITOR, first=100, after=after))["policyVersions"]
    assert len(rest["edges"]) == page["totalCount"] - 1


@pytest.mark.parametrize("role", [one for one in ROLES if one not in {"auditor", "admin"}])
@pytest.mark.parametrize(
    "query",
    [
        "{ accessMatrix(roles: [AGENT]) { totalCount } }",
        '{ explainAccess(role: AGENT, field: "Ticket") { policyEpoch } }',
        '{ whoCanRead(field: "Ticket") { policyEpoch } }',
        "{ policyVersions { totalCount } }",
    ],
)
async def test_who_may_not_read_the_policy_is_refused(
    query: str, role: str, signed: Client
) -> None:
    body = await signed.ask(query, actor=local_actor((role,)))
    assert [error["extensions"]["code"] for error in body["errors"]] == ["FORBIDDEN"]


@pytest.mark.parametrize(
    "arguments",
    [
        'explainAccess(role: AGENT, field: "Ticket.nothing") { policyEpoch }',
        'explainAccess(role: AGENT, field: "Ticket.id", action: RUN) { policyEpoch }',
        'explainAccess(role: AGENT, field: "Ticket", node: "x") { policyEpoch }',
        'explainAccess(role: AGENT, field: "Order", node: "VGlja2V0OlQtMQ") { policyEpoch }',
        "whoCanRead { policyEpoch }",
        'whoCanRead(field: "Ticket", actor: {agentId: "VGlja2V0OlQtMQ"}) { policyEpoch }',
        "accessMatrix(first: 101) { policyEpoch }",
        "accessMatrix(first: 0) { policyEpoch }",
        'accessMatrix(after: "secret") { policyEpoch }',
        'accessMatrix(roles: [AGENT], after: "YWRtaW58VGlja2V0fHJlYWQ=") { policyEpoch }',
        'policyVersions(after: "secret") { totalCount }',
    ],
)
async def test_input_that_means_nothing_is_refused_without_an_echo(
    arguments: str, signed: Client
) -> None:
    body = await signed.ask(f"{{ {arguments} }}", actor=AUDITOR)
    (error,) = body["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "nothing" not in error["message"]
    assert "secret" not in error["message"]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
async def test_the_questions_of_the_readme_are_answered(name: str, signed: Client) -> None:
    text = (Path(__file__).parents[2] / name).read_text("utf-8")
    query = re.findall(r"```graphql\n(.*?)```", text, re.DOTALL)[2]
    found = await signed.data(query, actor=AUDITOR)
    assert all(found.values())


@pytest.mark.parametrize(
    ("enum", "words"),
    [
        (AccessRole, ROLES), (AccessSubject, SUBJECTS), (AccessAction, ACTIONS),
        (AccessScope, tuple(Scope)), (AccessShow, tuple(Show)), (AccessReason, REASONS),
    ],
)  # fmt: skip
def test_the_enums_have_every_word_of_the_policy(enum: type[Enum], words: Sequence[str]) -> None:
    assert sorted(str(one.value) for one in enum) == sorted(map(str, words))
