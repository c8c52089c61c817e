"""Who of a department shall work a ticket.

Hard: on shift, below capacity, speaks the language, has the skills that the issue requires, and may
read what it needs. Wished for: skills that the issue's wider kinds require. While somebody of the
department has those but is away or busy, a ticket waits for them, a while for each. Then whoever
has most of them, worked for the customer before, and has most room.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from graph.calendar import Calendar, read_calendar
from graph.model import Choice, Language, Skilled
from graph.store import Row, Store

PATIENCE_MS = 10 * 60_000
"""How long a ticket waits for each skill that is only wished for."""
DEFAULT_ROLES = ("agent",)
"""Roles of agents of whom knowledge says none."""
_SURE = 0.3
"""How likely an issue is at least that its skills are asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Agent:
    """A member of staff. ``capacity`` ``None`` is without limit, as is no ``calendar``."""

    id: str
    departments: frozenset[str]
    languages: frozenset[str]
    skills: Mapping[str, int]
    capacity: int | None = None
    calendar: Calendar | None = None
    roles: tuple[str, ...] = DEFAULT_ROLES


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """What an issue asks of whoever works on it: skills with levels, and coordinates to read."""

    required: Mapping[str, int] = field(default_factory=dict)
    wished: Mapping[str, int] = field(default_factory=dict)
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Staff:
    """A snapshot: agents by department, and needs by issue."""

    agents: Mapping[str, tuple[Agent, ...]] = field(default_factory=dict)
    needs: Mapping[str, Need] = field(default_factory=dict)

    def need(self, issues: Iterable[tuple[str, float]]) -> Need:
        """Of a text that is about ``issues`` (id, probability, likeliest first): the first one's
        own needs, and the skills of the others wished for besides.
        """
        sure = [id_ for id_, probability in issues if probability >= _SURE]
        found = [self.needs[id_] for id_ in sure if id_ in self.needs]
        if not sure or sure[0] not in self.needs:
            return Need()
        wished: dict[str, int] = {}
        for one in found:
            wished |= {**one.wished, **(one.required if one is not found[0] else {})}
        own = found[0].required
        rest = {skill: level for skill, level in wished.items() if skill not in own}
        return Need(required=own, wished=rest, reads=found[0].reads)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What has to be worked on. ``at`` is now, ``waited`` since the ticket came, in milliseconds;
    ``known`` are agents who worked for the customer; ``open`` counts tickets by agent.
    """

    department: str
    need: Need
    language: Language
    at: int
    waited: int = 0
    known: frozenset[str] = frozenset()
    open: Mapping[str, int] = field(default_factory=dict)


Reads = Callable[[tuple[str, ...], str], bool]
"""Whether somebody with these roles may read a coordinate in full, in some row."""
Test = Callable[[Agent], bool]


def missing_rights(staff: Staff, department: str, need: Need, reads: Reads) -> tuple[str, ...]:
    """Coordinates that the issue needs and that nobody of ``department`` may read; none where the
    graph knows nobody of it.
    """
    roles = {agent.roles for agent in staff.agents.get(department, ())}
    if not roles:
        return ()
    return tuple(
        coordinate for coordinate in need.reads if not any(reads(one, coordinate) for one in roles)
    )


def choose(staff: Staff, case: Case, reads: Reads) -> Choice:
    """The agent, or nobody and why, as a stable word: the first thing that nobody meets."""
    everybody = staff.agents.get(case.department, ())
    able, reason = _sieved(everybody, _able(case, reads), reason="no-agents")
    ready, reason = _sieved(able, _ready(case), reason=reason)
    if ready:
        asked = max(0, _reach(able, case.need) - case.waited // PATIENCE_MS)
        ready = [one for one in ready if _wishes(one, case.need) >= asked]
        reason = "waits-for-skill"
    if not ready:
        return Choice(reason=reason, required=_skilled(case.need.required))
    return _chosen(min(ready, key=lambda one: _order(one, case)), case)


def _sieved(
    agents: Iterable[Agent], tests: Mapping[str, Test], *, reason: str
) -> tuple[list[Agent], str]:
    """Who passes all ``tests``, and the name of the first that nobody passed; else ``reason``."""
    left = list(agents)
    for name, passes in tests.items():
        if left:
            left, reason = [one for one in left if passes(one)], name
    return left, reason


def _able(case: Case, reads: Reads) -> Mapping[str, Test]:
    """What an agent meets at any hour."""
    need = case.need
    return {
        "no-right": lambda one: all(reads(one.roles, field) for field in need.reads),
        "no-skill": lambda one: all(
            one.skills.get(skill, 0) >= level for skill, level in need.required.items()
        ),
        "no-language": lambda one: not one.languages or case.language in one.languages,
    }


def _ready(case: Case) -> Mapping[str, Test]:
    """What an agent meets now."""
    return {
        "off-shift": lambda one: one.calendar is None or one.calendar.until(case.at) is not None,
        "all-full": lambda one: _room(one, case) > 0,
    }


def _wishes(agent: Agent, need: Need) -> int:
    return sum(agent.skills.get(skill, 0) >= level for skill, level in need.wished.items())


def _reach(agents: Iterable[Agent], need: Need) -> int:
    """How many of the wishes the best of ``agents`` would meet."""
    return max((_wishes(one, need) for one in agents), default=0)


def _room(agent: Agent, case: Case) -> float:
    """The free share of an agent's capacity."""
    if agent.capacity is None:
        return 1.0 / (1 + case.open.get(agent.id, 0))
    return 1.0 - case.open.get(agent.id, 0) / agent.capacity if agent.capacity else 0.0


def _order(agent: Agent, case: Case) -> tuple[int, bool, float, str]:
    return (-_wishes(agent, case.need), agent.id not in case.known, -_room(agent, case), agent.id)


def _chosen(agent: Agent, case: Case) -> Choice:
    met = {
        skill: agent.skills[skill]
        for skill, level in case.need.wished.items()
        if agent.skills.get(skill, 0) >= level
    }
    return Choice(
        agent=agent.id,
        required=_skilled({skill: agent.skills[skill] for skill in case.need.required}),
        optional=_skilled(met),
        open=case.open.get(agent.id, 0),
        capacity=agent.capacity,
        until_at=agent.calendar.until(case.at) if agent.calendar else None,
        language=str(case.language),
        knows=agent.id in case.known,
    )


def _skilled(skills: Mapping[str, int]) -> tuple[Skilled, ...]:
    return tuple(Skilled(skill=skill, level=level) for skill, level in sorted(skills.items()))


async def read_staff(store: Store) -> Staff:
    """Everybody who works tickets, and what issues ask of them.

    Raises:
        UnavailableError: the graph does not answer.
    """
    agents: dict[str, list[Agent]] = {}
    for row in await store.read("staff-agents"):
        agent = _agent(row)
        for department in agent.departments:
            agents.setdefault(department, []).append(agent)
    needs: dict[str, list[Row]] = {}
    for row in await store.read("staff-needs"):
        needs.setdefault(row["issue"], []).append(row)
    return Staff(
        agents={name: tuple(some) for name, some in agents.items()},
        needs={issue: _need(rows) for issue, rows in needs.items()},
    )


def _agent(row: Row) -> Agent:
    calendar = None
    if row["hours"]:
        calendar = read_calendar(row["timezone"], row["hours"], row["holidays"] or ())
    return Agent(
        id=row["id"],
        departments=frozenset(row["departments"]),
        languages=frozenset(row["languages"] or ()),
        skills={skill: level or 1 for skill, level in row["skills"]},
        capacity=row["capacity"],
        calendar=calendar,
        roles=tuple(row["roles"] or DEFAULT_ROLES),
    )


def _need(rows: Iterable[Row]) -> Need:
    """The issue's own requirements are hard; those of the kinds above it are wishes."""
    skills: dict[bool, dict[str, int]] = {True: {}, False: {}}
    reads: dict[str, None] = {}
    for row in rows:
        for skill, level in row["skills"]:
            held = skills[row["depth"] == 0]
            held[skill] = max(level or 1, held.get(skill, 0))
        reads |= dict.fromkeys(row["needs"] or ())
    own = skills[True]
    wished = {skill: level for skill, level in skills[False].items() if skill not in own}
    return Need(required=own, wished=wished, reads=tuple(reads))
