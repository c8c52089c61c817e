"""What may be done to a ticket by name: state, policy and scope, in one transaction."""

import asyncio
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from graph.change import Author, Claim
from graph.errors import (
    ConflictError,
    ForbiddenError,
    GraphError,
    NotFoundError,
    StalePolicyError,
    TargetNotFoundError,
    TransitionError,
    UnfitError,
)
from graph.intake import Sealed
from graph.model import Actor
from graph.queries import Query
from graph.scopes import scope_values
from graph.selection.compiler import compile_request
from graph.selection.request import Moves, Request, Selected
from graph.states import NAMED_ACTIONS, State, possible
from graph.store import Store, Transaction
from graph.transition import EFFECTS, Move, Words, transition
from graph.vocabulary import Label, RelationshipType
from policies.policy import ROLES, Policy, load_policy
from tests.builders import make_nodes, relate, run

L, T = Label, RelationshipType
WORDS = Words(redacted="call [phone]", original="call 13800000000")
EMPTY: dict[str, dict[str, Any]] = {
    "handover": {"department": "billing"},
    "assign": {"department": "billing"},
    "correct": {"department": "billing", "issue": "double-charge"},
}
POLICY = load_policy()


def seal(text: str, owner: str, key: str | None) -> Sealed:
    return Sealed(text=f"{owner}|{key}|{len(text)}", data_key=None if key else "new-key")


@pytest.fixture
async def ticket(desk: Store) -> str:
    """T-1 of customer c-1 with field-service, which agent-1 works on; agent-2 is with billing."""
    await make_nodes(desk, L.AGENT, [{"id": "agent-1"}, {"id": "agent-2"}, {"id": "agent-3"}])
    await relate(desk, T.MEMBER_OF, (L.AGENT, "agent-1"), (L.DEPARTMENT, "field-service"))
    await relate(desk, T.MEMBER_OF, (L.AGENT, "agent-3"), (L.DEPARTMENT, "field-service"))
    await relate(desk, T.MEMBER_OF, (L.AGENT, "agent-2"), (L.DEPARTMENT, "billing"))
    await make_nodes(desk, L.TICKET, [{"id": "T-1", "seq": 1}])
    await relate(desk, T.RAISED, (L.CUSTOMER, "c-1"), (L.TICKET, "T-1"))
    await reset(desk, State.ASSIGNED)
    return "T-1"


async def reset(store: Store, state: State) -> None:
    """The ticket as it was, in ``state``."""
    await run(
        store,
        """MATCH (t:Ticket {id: 'T-1'}) MATCH (d:Department {id: 'field-service'})
        MATCH (a:Agent {id: 'agent-1'})
        SET t += $changes
        MERGE (t)-[:ASSIGNED_TO]->(d) MERGE (t)-[:WORKED_BY]->(a)
        WITH t
        MATCH (t)-[r:ASSIGNED_TO|WORKED_BY|SOLVED_BY]->(other)
        WHERE NOT other.id IN ['field-service', 'agent-1']
        DELETE r""",
        changes={
            "state": str(state),
            "version": 1,
            "reopened_count": 0,
            "department_id": "field-service",
            "agent_id": "agent-1",
            **dict.fromkeys(("first_response_at", "rating", "data_key")),
        },
    )


def actor(*roles: str, place: str = "department") -> Actor:
    """Whoever has ``roles``, at a place from which T-1 is or is not reached."""
    at = Actor(id="a", roles=frozenset(roles))
    places = {
        "department": replace(at, department_ids=frozenset({"field-service"})),
        "line": replace(at, line_ids=frozenset({"home"})),
        "customer": replace(at, customer_id="c-1"),
        "assigned": replace(at, agent_id="agent-1"),
        "granted": replace(at, granted_ids=frozenset({"T-1"})),
        "elsewhere": replace(
            at, department_ids=frozenset({"billing"}), customer_id="c-2", agent_id="agent-2"
        ),
    }
    return places[place]


def author(who: Actor, policy: Policy = POLICY) -> Author:
    return Author(actor=who, rights=policy.rights(who.roles))


async def do(
    store: Store, who: Actor, action: str, claim: Claim | None = None, **given: Any
) -> None:
    """One move of T-1 with what the action needs, or with what is given."""
    needed = {"ticket": "T-1", "words": WORDS, "rating": 4, **EMPTY.get(action, {}), **given}
    move = Move(action=action, **needed)
    await transition(store, author(who), move, seal=seal, claim=claim)


async def row(store: Store) -> dict[str, Any]:
    (found,) = await run(
        store,
        """MATCH (t:Ticket {id: 'T-1'})
        OPTIONAL MATCH (t)-[:ASSIGNED_TO]->(d) OPTIONAL MATCH (t)-[:WORKED_BY]->(a)
        OPTIONAL MATCH (t)-[:SOLVED_BY]->(s)
        RETURN properties(t) AS t, collect(DISTINCT d.id) AS d, collect(DISTINCT a.id) AS a,
               collect(DISTINCT s.id) AS s""",
    )
    assert found["a"] == [one for one in (found["t"].get("agent_id"),) if one]
    return {**found["t"], "department": found["d"], "agent": found["a"], "solved_by": found["s"]}


async def allowed(store: Store, who: Actor) -> list[str]:
    """What the compiler says of T-1; nothing where the viewer does not see it."""
    request = Request(nodes=Selected(label=L.TICKET, parts=(Moves(),)), ids="ids")
    try:
        compiled = compile_request(request, POLICY.rights(who.roles))
    except ForbiddenError:
        return []
    scopes = {str(scope): ids for scope, ids in scope_values(who).items()}
    (found,) = await store.read(compiled.query, given={"ids": ["T-1"], **scopes})
    if not found["nodes"] or compiled.shape.columns[0] is None:
        return []
    return possible(*found["nodes"][0][0])


PLACED = frozenset({"field-service", "billing", "first-line"})
PLACES = ("department", "line", "customer", "assigned", "granted", "elsewhere")


@pytest.mark.parametrize("state", State)
async def test_the_viewer_is_told_exactly_what_is_accepted(
    state: State, ticket: str, desk: Store
) -> None:
    """Over all roles and scopes. Who may act on rows that they do not see is not told of them."""
    await reset(desk, state)
    for role, place in product(ROLES, PLACES):
        who = actor(role, place=place)
        told = await allowed(desk, who)
        accepted = []
        for action in NAMED_ACTIONS:
            try:
                await do(desk, who, action)
            except (TransitionError, NotFoundError, ForbiddenError):
                continue
            accepted.append(action)
            await reset(desk, state)
        assert told == possible(state, accepted), (role, place)


async def do_refused(store: Store, who: Actor, action: str, **given: Any) -> Exception:
    """What a refused move raises; nothing of the ticket has changed."""
    before = await row(store)
    with pytest.raises(GraphError) as refusal:
        await do(store, who, action, **given)
    assert await row(store) == before
    return refusal.value


async def test_another_department_takes_a_ticket_without_its_agent(
    ticket: str, desk: Store
) -> None:
    """The former agent would keep the rights of who works on it."""
    await do(desk, actor("agent"), "handover", department="billing")
    found = await row(desk)
    assert (found["department"], found["department_id"]) == (["billing"], "billing")
    assert found["agent"] == []
    assert found["handed_over_at"]
    (handover,) = await run(
        desk,
        """MATCH (:Ticket)-[:HANDED_OVER]->(h:Handover)
        MATCH (h)-[:HANDED_FROM]->(s) MATCH (h)-[:HANDED_TO]->(t)
        RETURN h.reason AS reason, h.actor AS actor, s.id AS source, t.id AS target""",
    )
    assert handover == {
        "reason": WORDS.redacted, "actor": "a", "source": "field-service", "target": "billing",
    }  # fmt: skip


async def test_a_correction_moves_the_ticket_and_says_what_it_is_about(
    ticket: str, desk: Store
) -> None:
    guessed = {"confidence": 0.6, "rank": 1, "extractor": "classifier.v2/x"}
    await relate(desk, T.CONCERNS, (L.TICKET, "T-1"), (L.ISSUE, "no-cooling"), **guessed)
    await do(desk, actor("agent"), "correct", department="billing", issue="double-charge")
    found = await row(desk)
    assert (found["department"], found["department_id"]) == (["billing"], "billing")
    assert (found["agent"], found["state"]) == ([], State.ASSIGNED)
    assert found["corrected_at"]
    links = await run(
        desk,
        """MATCH (:Ticket {id: 'T-1'})-[c:CONCERNS]->(i:Issue)
        RETURN i.id AS issue, c.confidence AS confidence, c.rank AS rank, c.source AS source
        ORDER BY rank""",
    )
    assert links == [
        {"issue": "double-charge", "confidence": 1.0, "rank": 1, "source": "person:a"},
        {"issue": "no-cooling", "confidence": 0.0, "rank": 2, "source": None},
    ]


async def test_a_correction_to_where_the_ticket_is_only_says_what_it_is_about(
    ticket: str, desk: Store
) -> None:
    await do(desk, actor("agent"), "correct", department="field-service", issue="no-cooling")
    found = await row(desk)
    assert (found["department"], found["agent"]) == (["field-service"], ["agent-1"])
    for given in ({"department": None, "issue": "x"}, {"department": "billing", "issue": None}):
        error = await do_refused(desk, actor("agent"), "correct", **given)
        assert isinstance(error, UnfitError)
    missing = await do_refused(
        desk, actor("agent"), "correct", department="billing", issue="nothing"
    )
    assert isinstance(missing, TargetNotFoundError)


async def test_an_agent_of_the_department_gets_the_ticket(ticket: str, desk: Store) -> None:
    await reset(desk, State.TRIAGE)
    service = actor("service", place="elsewhere")
    for agent, department in (("agent-2", None), ("agent-3", "billing"), ("nobody", None)):
        error = await do_refused(desk, service, "assign", agent=agent, department=department)
        assert isinstance(error, TargetNotFoundError)
        assert error.field == "agent"
    nothing = await do_refused(desk, service, "assign", agent=None, department=None)
    assert isinstance(nothing, UnfitError)
    await do(desk, service, "assign", agent="agent-3", department=None)
    found = await row(desk)
    assert (found["state"], found["agent"]) == ("assigned", ["agent-3"])
    assert found["department"] == ["field-service"]


async def test_triage_is_for_the_department_that_chooses(ticket: str, desk: Store) -> None:
    await reset(desk, State.NEW)
    await do(desk, actor("agent"), "triage")
    found = await row(desk)
    assert (found["state"], found["department"]) == ("triage", ["first-line"])
    assert found["department_id"] == "first-line"
    assert found["agent"] == []


async def test_the_first_response_is_stamped_once(ticket: str, desk: Store) -> None:
    await do(desk, actor("agent"), "answer")
    first = (await row(desk))["first_response_at"]
    await reset(desk, State.REOPENED)
    await run(desk, "MATCH (t:Ticket) SET t.first_response_at = $at", at=first - 1)
    await do(desk, actor("agent"), "answer")
    assert (await row(desk))["first_response_at"] == first - 1


async def test_an_answer_is_sealed_under_the_customers_key_or_the_tickets_own(
    ticket: str, desk: Store
) -> None:
    await do(desk, actor("agent"), "answer")
    assert "data_key" not in await row(desk)
    await reset(desk, State.REOPENED)
    await run(desk, "MATCH (:Customer)-[r:RAISED]->(:Ticket) DELETE r")
    await do(desk, actor("agent"), "answer")
    assert (await row(desk))["data_key"] == "new-key"
    found = await run(
        desk, "MATCH (m:Message) RETURN m.text AS text, m.text_sealed AS sealed ORDER BY m.id"
    )
    assert [one["text"] for one in found] == [WORDS.redacted] * 2
    length = len(WORDS.original)
    assert [one["sealed"] for one in found] == [
        f"Customer:c-1|key-1|{length}", f"Ticket:T-1|None|{length}",
    ]  # fmt: skip


async def test_training_learns_from_customers_not_from_the_desk(ticket: str, desk: Store) -> None:
    await make_nodes(desk, L.MESSAGE, [{"id": "T-1/1", "text": "it leaks", "author": "customer"}])
    await relate(desk, T.HAS_MESSAGE, (L.TICKET, "T-1"), (L.MESSAGE, "T-1/1"))
    await relate(desk, T.CONCERNS, (L.TICKET, "T-1"), (L.ISSUE, "no-cooling"), confidence=1.0)
    await do(desk, actor("agent"), "answer")
    await do(desk, actor("agent"), "resolve")
    rows = await desk.read("training-rows", after=0, limit=10)
    assert [(row["text"], row["issue"]) for row in rows] == [("it leaks", "no-cooling")]


async def test_what_solved_it_is_the_last_resolution(ticket: str, desk: Store) -> None:
    await do(desk, actor("agent"), "resolve", resolution="r-1")
    assert (await row(desk))["solved_by"] == ["r-1"]
    await do(desk, actor("customer", place="customer"), "reopen")
    found = await row(desk)
    assert (found["state"], found["reopened_count"]) == ("reopened", 1)
    await do(desk, actor("agent"), "resolve", resolution=None)
    assert (await row(desk))["solved_by"] == []
    await do(desk, actor("customer", place="customer"), "rate", rating=5)
    assert (await row(desk))["rating"] == 5


class Recording:
    """Another store's transactions, with the names of their queries."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.names: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def transaction(self, work: Any) -> Any:
        names = self.names

        class Within:
            def __init__(self, inner: Transaction) -> None:
                self._inner = inner

            async def run(self, query: str | Query, /, **parameters: Any) -> Any:
                names.append(query if isinstance(query, str) else query.name)
                return await self._inner.run(query, **parameters)

        return await self._store.transaction(lambda inner: work(Within(inner)))


async def test_absent_and_out_of_reach_ask_the_same_of_the_graph(ticket: str, desk: Store) -> None:
    seen = []
    for id_ in ("T-1", "T-none"):
        recording = Recording(desk)
        with pytest.raises(NotFoundError) as refusal:
            await do(recording, actor("agent", place="elsewhere"), "resolve", ticket=id_)
        seen.append((str(refusal.value), recording.names))
    assert seen[0] == seen[1]


async def test_rights_of_another_policy_change_nothing(ticket: str, desk: Store) -> None:
    await run(desk, "MATCH (e:Epoch {id: 'policy'}) SET e.value = 2")
    assert isinstance(await do_refused(desk, actor("agent"), "answer"), StalePolicyError)


async def test_a_key_that_lost_its_race_is_a_replay(ticket: str, desk: Store) -> None:
    """Whoever loses the race of one request against itself finds its work done."""
    claim = Claim(id="a|answerTicket|k", fingerprint="f")
    await asyncio.gather(*(do(desk, actor("agent"), "answer", claim) for _ in range(4)))
    assert (await row(desk))["version"] == 2
    other = replace(claim, fingerprint="g")
    assert isinstance(await do_refused(desk, actor("agent"), "answer", claim=other), ConflictError)


async def test_whoever_acts_at_once_leaves_one_whole_ticket(ticket: str, desk: Store) -> None:
    """Each change counts once, one department has the ticket, and its copy says the same."""
    anyone = replace(actor("agent", "customer", place="customer"), department_ids=PLACED)
    moves: list[tuple[str, dict[str, Any]]] = [
        *(("handover", {"department": one}) for one in ("billing", "first-line", "field-service")),
        *(("comment", {}) for _ in range(3)),
        ("answer", {}), ("resolve", {"resolution": "r-1"}), ("reopen", {}), ("rate", {}),
    ]  # fmt: skip
    made = await asyncio.gather(
        *(do(desk, anyone, action, **given) for action, given in moves * 2),
        return_exceptions=True,
    )
    assert all(one is None or isinstance(one, TransitionError | UnfitError) for one in made)
    found = await row(desk)
    assert found["version"] == 1 + made.count(None)
    assert found["department"] == [found["department_id"]]
    (kept,) = await run(
        desk,
        """MATCH (t:Ticket {id: 'T-1'})
        RETURN COUNT { MATCH (t)-[r:ASSIGNED_TO]->() RETURN r } AS assigned,
               COUNT { MATCH (t)-[:HAS_COMMENT]->(c) RETURN c } AS comments""",
    )
    assert kept == {"assigned": 1, "comments": 6}


async def test_every_action_has_words_and_an_effect() -> None:
    assert list(EFFECTS) == list(NAMED_ACTIONS)
