"""Who shall work a ticket: what nobody may lack, what is wished for, and who comes first."""

from dataclasses import replace

import pytest

from graph.calendar import read_calendar
from graph.model import Language
from graph.staff import PATIENCE_MS, Agent, Case, Need, Staff, choose, missing_rights, read_staff
from graph.store import Store
from graph.vocabulary import Label, RelationshipType
from tests.builders import make_nodes, relate

MONDAY_NOON = 1_790_568_000_000
NEVER = read_calendar("UTC", ["sun 03:00-03:01"], [])


def agent(id_: str, **more: object) -> Agent:
    base = Agent(
        id=id_,
        departments=frozenset({"d"}),
        languages=frozenset({"zh", "en"}),
        skills={"hvac": 2},
        capacity=4,
    )
    return replace(base, **more)  # type: ignore[arg-type]


def case(**more: object) -> Case:
    need = Need(required={"hvac": 2})
    base = Case(department="d", need=need, language=Language.ZH, at=MONDAY_NOON)
    return replace(base, **more)  # type: ignore[arg-type]


def chosen(agents: list[Agent], wanted: Case, *, allowed: bool = True) -> str | None:
    found = choose(Staff(agents={"d": tuple(agents)}), wanted, lambda *_: allowed)
    return found.agent or found.reason


@pytest.mark.parametrize(
    ("lacking", "reason"),
    [
        ({"skills": {"hvac": 1}}, "no-skill"),
        ({"skills": {}}, "no-skill"),
        ({"languages": frozenset({"en"})}, "no-language"),
        ({"calendar": NEVER}, "off-shift"),
        ({"capacity": 0}, "all-full"),
    ],
)
def test_whoever_lacks_what_is_required_is_not_chosen(
    lacking: dict[str, object], reason: str
) -> None:
    assert chosen([agent("a", **lacking), agent("b")], case()) == "b"
    assert chosen([agent("a", **lacking)], case()) == reason


def test_whoever_has_no_right_to_what_the_issue_needs_is_not_chosen() -> None:
    need = Need(reads=("Customer.phone",))
    assert chosen([agent("a")], case(need=need), allowed=False) == "no-right"
    staff = Staff(agents={"d": (agent("a"),)})
    assert missing_rights(staff, "d", need, lambda *_: False) == ("Customer.phone",)
    assert missing_rights(staff, "d", need, lambda *_: True) == ()
    assert missing_rights(staff, "unknown", need, lambda *_: False) == ()


def test_a_department_without_agents_chooses_nobody() -> None:
    assert chosen([], case()) == "no-agents"


def test_a_full_agent_gets_no_more() -> None:
    assert chosen([agent("a"), agent("b")], case(open={"a": 4})) == "b"
    assert chosen([agent("a")], case(open={"a": 4})) == "all-full"
    assert chosen([agent("a", capacity=None)], case(open={"a": 400})) == "a"


def test_the_freest_comes_first_and_who_knows_the_customer_before_that() -> None:
    some = [agent("a"), agent("b")]
    assert chosen(some, case(open={"a": 2, "b": 1})) == "b"
    assert chosen(some, case(open={"a": 2, "b": 1}, known=frozenset({"a"}))) == "a"
    assert chosen(some, case()) == "a"


def test_a_wish_is_waited_for_and_then_let_go() -> None:
    need = Need(required={"hvac": 1}, wished={"electrical": 1, "plumbing": 2})
    both = agent("both", skills={"hvac": 2, "electrical": 1, "plumbing": 3})
    one = agent("one", skills={"hvac": 2, "electrical": 1})
    none = agent("none")
    assert chosen([none, one, both], case(need=need)) == "both"
    busy = {"both": 4}
    for waited, expected in ((0, "waits-for-skill"), (1, "one"), (2, "one")):
        wanted = case(need=need, open=busy, waited=waited * PATIENCE_MS)
        assert chosen([none, one, both], wanted) == expected
    gone = case(need=need, open={"both": 4, "one": 4}, waited=2 * PATIENCE_MS)
    assert chosen([none, one, both], gone) == "none"


def test_a_wish_that_nobody_could_meet_is_not_waited_for() -> None:
    need = Need(required={"hvac": 1}, wished={"diving": 1})
    assert chosen([agent("a")], case(need=need)) == "a"


def test_the_likeliest_issue_requires_and_the_others_wish() -> None:
    staff = Staff(
        needs={
            "a": Need(required={"x": 2}, wished={"w": 1}, reads=("Customer.phone",)),
            "b": Need(required={"y": 1, "x": 1}),
        }
    )
    need = staff.need([("a", 0.5), ("b", 0.4)])
    assert need == Need(required={"x": 2}, wished={"w": 1, "y": 1}, reads=("Customer.phone",))
    assert staff.need([("a", 0.5), ("b", 0.2)]).wished == {"w": 1}
    assert staff.need([("b", 0.2)]) == Need()


async def test_staff_is_read_with_what_wider_issues_wish_for(desk: Store) -> None:
    await make_nodes(desk, Label.SKILL, [{"id": "hvac"}, {"id": "tools"}])
    calendar = {"id": "office", "timezone": "UTC", "hours": ["mon-fri 09:00-18:00"]}
    await make_nodes(desk, Label.CALENDAR, [calendar])
    await make_nodes(
        desk,
        Label.AGENT,
        [{"id": "z-1", "languages": ["zh"], "capacity": 3}, {"id": "z-2", "roles": ["supervisor"]}],
    )
    place = (Label.DEPARTMENT, "field-service")
    for one in ("z-1", "z-2"):
        await relate(desk, RelationshipType.MEMBER_OF, (Label.AGENT, one), place)
    skill = (Label.SKILL, "hvac")
    await relate(desk, RelationshipType.HAS_SKILL, (Label.AGENT, "z-1"), skill, level=3)
    await relate(desk, RelationshipType.WORKS_BY, (Label.AGENT, "z-1"), (Label.CALENDAR, "office"))
    await relate(desk, RelationshipType.REQUIRES, (Label.ISSUE, "no-cooling"), skill, level=2)
    await relate(desk, RelationshipType.REQUIRES, (Label.ISSUE, "cooling"), (Label.SKILL, "tools"))
    staff = await read_staff(desk)
    found = {one.id: one for one in staff.agents["field-service"]}
    assert found["z-1"].skills == {"hvac": 3}
    assert found["z-1"].calendar is not None
    assert found["z-1"].roles == ("agent",)
    assert (found["z-2"].roles, found["z-2"].calendar) == (("supervisor",), None)
    assert staff.needs["no-cooling"] == Need(required={"hvac": 2}, wished={"tools": 1})
