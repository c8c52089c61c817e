"""Who shall work a ticket: the staff of the graph, under the policy in force."""

from api.bootstrap import Platform
from graph.migrations import now_ms
from graph.model import Choice, Document, Receipt
from graph.rights import Action, Show
from graph.routing import issue_evidence
from graph.staff import Case, Need, choose, missing_rights

STAFF_COORDINATES = (
    "Agent", "Agent.departments", "Agent.skills", "Agent.languages", "Agent.capacity",
    "Agent.roles", "Agent.tickets", "Issue.skills", "Issue.needs", "Skill", "Customer.tickets",
    "Ticket.agent",
)  # fmt: skip
"""What the choice of an agent tells of: whoever may not read it all everywhere is told of none."""
_RECENT = 5


async def choice_for(
    platform: Platform,
    document: Document,
    receipt: Receipt,
    *,
    customer: str | None,
    waited: int = 0,
) -> Choice | None:
    """The agent for a route; ``None`` where the graph knows nobody of the department. ``waited``
    in milliseconds.

    Raises:
        UnavailableError: the graph does not answer.
    """
    if receipt.department not in platform.staff.agents:
        return None
    known: frozenset[str] = frozenset()
    if customer:
        rows = await platform.store.read("staff-known", customer=customer, recent=_RECENT)
        known = frozenset(row["agent"] for row in rows)
    case = Case(
        department=receipt.department,
        need=need_of(platform, document),
        language=document.language,
        at=now_ms(),
        waited=waited,
        known=known,
        open=await platform.busy.open(),
    )
    return choose(platform.staff, case, lambda roles, name: _reads(platform, roles, name))


def need_of(platform: Platform, document: Document) -> Need:
    """What the text asks of whoever works on it."""
    evidence = issue_evidence(document)
    return platform.staff.need((one["id"], one["strength"]) for one in evidence)


def missing_of(platform: Platform, need: Need, department: str) -> tuple[str, ...]:
    """Coordinates of ``need`` that nobody of a department may read, by their roles alone."""
    if not need.reads:
        return ()
    return missing_rights(
        platform.staff, department, need, lambda roles, name: _reads(platform, roles, name)
    )


def took(platform: Platform, receipt: Receipt) -> None:
    """Count a ticket that was just written with its agent."""
    if receipt.choice and receipt.choice.agent:
        platform.busy.took(receipt.choice.agent)


def _reads(platform: Platform, roles: tuple[str, ...], coordinate: str) -> bool:
    ladder = platform.policy.rights(frozenset(roles)).cell(coordinate, Action.READ)
    return Show.FULL in ladder.values()
