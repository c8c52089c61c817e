"""The scope table: total over labels, walks that the schema knows, values of an actor."""

import pytest

from graph.fields import TYPES
from graph.model import Actor
from graph.rights import Scope
from graph.schema import NODES, RELATIONSHIPS
from graph.scopes import SCOPES, Walk, applies, scope_values
from graph.vocabulary import Label

WALKS = [
    pytest.param(label, walk, id=f"{label}-{scope}-{number}")
    for label, scopes in SCOPES.items()
    for scope, walks in scopes.items()
    for number, walk in enumerate(walks)
]
ENDS = {
    Scope.OWN_LINE: {Label.BUSINESS_LINE},
    Scope.OWN_DEPARTMENT: {Label.DEPARTMENT},
    Scope.OWN_CUSTOMER: {Label.CUSTOMER},
    Scope.ASSIGNED: {Label.AGENT},
    Scope.GRANTED: {Label.TICKET, Label.CUSTOMER},
}


def written(walk: Walk) -> str:
    """A walk as people write it: ``-ASSIGNED_TO->Department.id``."""
    steps = (
        f"<-{step.type}-{step.label}" if step.inverse else f"-{step.type}->{step.label}"
        for step in walk.hops
    )
    return f"{''.join(steps)}.{walk.key}"


def end(label: Label, walk: Walk) -> Label:
    return walk.hops[-1].label if walk.hops else label


def test_the_table_has_every_label() -> None:
    assert set(SCOPES) == set(Label)


@pytest.mark.parametrize(("label", "walk"), WALKS)
def test_every_hop_is_one_that_the_schema_has(label: Label, walk: Walk) -> None:
    here = label
    for step in walk.hops:
        kind = RELATIONSHIPS[step.type]
        ends = (kind.targets, kind.sources) if step.inverse else (kind.sources, kind.targets)
        assert here in ends[0]
        assert step.label in ends[1]
        here = step.label
    found = NODES[here].find(walk.key)
    assert found is not None
    assert not found.sealed


def test_a_scope_ends_at_the_nodes_whose_ids_the_actor_has() -> None:
    for label, scopes in SCOPES.items():
        for scope, walks in scopes.items():
            assert walks, (label, scope)
            assert {end(label, walk) for walk in walks} <= ENDS[scope], (label, scope)


def test_any_always_applies_and_stands_nowhere() -> None:
    assert all(Scope.ANY not in scopes for scopes in SCOPES.values())
    assert all(applies(Scope.ANY, label) for label in Label)


@pytest.mark.parametrize(
    ("label", "scope", "walks"),
    [
        (Label.TICKET, Scope.OWN_DEPARTMENT, ["-ASSIGNED_TO->Department.id"]),
        (Label.TICKET, Scope.OWN_LINE, ["-ASSIGNED_TO->Department-BELONGS_TO->BusinessLine.id"]),
        (Label.TICKET, Scope.OWN_CUSTOMER, ["<-RAISED-Customer.id"]),
        (Label.TICKET, Scope.ASSIGNED, ["-WORKED_BY->Agent.id"]),
        (Label.TICKET, Scope.GRANTED, [".id"]),
        (Label.MESSAGE, Scope.OWN_CUSTOMER, ["<-HAS_MESSAGE-Ticket<-RAISED-Customer.id"]),
        (Label.COMMENT, Scope.GRANTED, ["<-HAS_COMMENT-Ticket.id"]),
        (
            Label.CUSTOMER,
            Scope.OWN_DEPARTMENT,
            ["<-SERVES-Department.id", "-RAISED->Ticket-ASSIGNED_TO->Department.id"],
        ),
        (Label.CUSTOMER, Scope.OWN_CUSTOMER, [".id"]),
        (Label.CUSTOMER, Scope.ASSIGNED, ["-RAISED->Ticket-WORKED_BY->Agent.id"]),
        (Label.ORDER, Scope.OWN_CUSTOMER, ["<-PLACED-Customer.id"]),
        (
            Label.IDENTITY,
            Scope.ASSIGNED,
            ["<-IDENTIFIED_BY-Customer-RAISED->Ticket-WORKED_BY->Agent.id"],
        ),
        (Label.AGENT, Scope.OWN_LINE, ["-MEMBER_OF->Department-BELONGS_TO->BusinessLine.id"]),
        (
            Label.CALENDAR,
            Scope.OWN_DEPARTMENT,
            ["<-WORKS_BY-Agent-MEMBER_OF->Department.id"],
        ),
        (Label.DEPARTMENT, Scope.OWN_DEPARTMENT, [".id"]),
        (Label.BUSINESS_LINE, Scope.OWN_LINE, [".id"]),
        (Label.PRODUCT, Scope.OWN_LINE, ["-BELONGS_TO->BusinessLine.id"]),
    ],
)
def test_rows_are_reached_so(label: Label, scope: Scope, walks: list[str]) -> None:
    assert [written(walk) for walk in SCOPES[label][scope]] == walks


@pytest.mark.parametrize("label", [Label.MESSAGE, Label.COMMENT, Label.ROUTE, Label.HANDOVER])
def test_what_hangs_on_a_ticket_has_the_scopes_of_the_ticket(label: Label) -> None:
    assert {
        scope: [Walk(hops=walk.hops[1:], key=walk.key) for walk in walks]
        for scope, walks in SCOPES[label].items()
    } == {scope: list(walks) for scope, walks in SCOPES[Label.TICKET].items()}
    assert all(walk.hops[0].label is Label.TICKET for ws in SCOPES[label].values() for walk in ws)


def test_the_rest_of_knowledge_has_no_rows_of_anybodys_own() -> None:
    assert {label for label in TYPES if not SCOPES[label]} == {
        Label.CATEGORY, Label.ISSUE, Label.RESOLUTION, Label.ALIAS, Label.SKILL, Label.CHANNEL,
    }  # fmt: skip


def test_values_are_sorted_and_only_the_actors_own() -> None:
    actor = Actor(
        id="kim",
        customer_id="c-1",
        department_ids=frozenset({"logistics", "billing"}),
        line_ids=frozenset({"web", "home"}),
        agent_id="agent-07",
        granted_ids=frozenset({"t-2", "c-9"}),
    )
    assert scope_values(actor) == {
        Scope.OWN_LINE: ("home", "web"),
        Scope.OWN_DEPARTMENT: ("billing", "logistics"),
        Scope.OWN_CUSTOMER: ("c-1",),
        Scope.ASSIGNED: ("agent-07",),
        Scope.GRANTED: ("c-9", "t-2"),
    }
    assert scope_values(Actor(id="nobody")) == dict.fromkeys(ENDS, ())
