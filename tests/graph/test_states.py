from itertools import pairwise

from graph.rights import ACTIONS
from graph.schema import NODES, Kind
from graph.states import NAMED, NAMED_ACTIONS, REMARKS, TRANSITIONS, State
from graph.vocabulary import Label
from policies.policy import ROLES, load_policy


def test_every_state_is_reached_from_new() -> None:
    reached, before = {State.NEW}, set[State]()
    while reached != before:
        before = set(reached)
        reached |= {one.target for one in TRANSITIONS if reached & set(one.sources)}
    assert reached == set(State)


def test_every_state_can_be_left() -> None:
    assert {source for one in TRANSITIONS for source in one.sources} == set(State)


def test_every_role_and_action_is_known_to_the_policies() -> None:
    assert {role for one in NAMED for role in one.roles} <= set(ROLES)
    assert set(NAMED_ACTIONS) <= set(ACTIONS)
    assert len(set(ACTIONS)) == len(ACTIONS)


def test_the_shipped_policy_lets_exactly_these_roles_do_it() -> None:
    policy = load_policy()
    for one in NAMED:
        allowed = [role for role in ROLES if policy.rights([role]).permits("Ticket", one.action)]
        assert sorted(allowed) == sorted(one.roles), one.action


def test_a_remark_fits_some_state_and_is_no_transition() -> None:
    assert all(one.sources for one in REMARKS)
    assert not {one.action for one in REMARKS} & {one.action for one in TRANSITIONS}


def test_one_action_leads_to_one_state_from_any_of_its_sources() -> None:
    actions = sorted(one.action for one in TRANSITIONS)
    assert all(one != other for one, other in pairwise(actions))
    assert all(len(set(one.sources)) == len(one.sources) for one in TRANSITIONS)


def test_every_transition_stamps_an_instant_that_tickets_have() -> None:
    ticket = NODES[Label.TICKET]
    stamped = [ticket.find(one.stamps) for one in TRANSITIONS]
    assert all(item is not None and item.kind is Kind.INSTANT for item in stamped)
