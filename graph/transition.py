"""A ticket moves: one mechanism for everything that ``graph/states.py`` names.

First the lock, then every check, then the writing, all in one transaction. What an action writes
beside state, version and stamp is its effect, one row of a table.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graph.change import Author, Change, Claim, changing
from graph.errors import ConflictError, TargetNotFoundError, TransitionError, UnfitError
from graph.intake import Sealed
from graph.rights import Action
from graph.selection.change import ladders, moves
from graph.states import BY_ACTION, Transition, possible
from graph.store import Row, Store
from graph.vocabulary import Label, RelationshipType

DESK = "desk"
"""The author of a message from the desk: customers are told no names."""
RATINGS = range(1, 6)
_T = RelationshipType
Seal: TypeAlias = Callable[[str, str, str | None], Sealed]
"""(text, owner, wrapped key of the owner's or ``None``) → sealed, with the key if it is new."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A text as the graph keeps it, and as it was written; only a message seals the latter."""

    redacted: str
    original: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """What shall happen to a ticket. Each action uses what it needs of the rest."""

    ticket: str
    action: str
    version: int | None = None
    department: str | None = None
    agent: str | None = None
    issue: str | None = None
    resolution: str | None = None
    words: Words | None = None
    rating: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    """A move under way, on a ticket whose lock is held."""

    change: Change
    move: Move
    ticket: Row
    seal: Seal

    async def run(self, query: str, **parameters: Any) -> None:
        await self.change.run(query, id=self.move.ticket, **parameters)

    def name(self, kind: str | None = None) -> str:
        return self.change.mark.name(self.move.ticket, *([kind] if kind else []))

    @property
    def text(self) -> Words:
        if self.move.words is None:
            raise UnfitError("text", "text is missing; write a sentence")
        return self.move.words


async def transition(
    store: Store, author: Author, move: Move, *, seal: Seal, claim: Claim | None = None
) -> bool:
    """Make the move, whole or not at all; ``False`` for a replay of ``claim``: nothing changes.

    Raises:
        ForbiddenError: the author may not do this to any ticket.
        NotFoundError: absent, or out of the author's reach; also of what the move leads to.
        TransitionError: not in the ticket's state.
        ConflictError: the version is another by now, or the key was used with another body.
        UnfitError: something is missing or does not fit; ``field`` names it.
        StalePolicyError, UnavailableError: see ``changing``.
    """
    bounds = ladders(Label.TICKET, move.action, (), author.rights)
    rows = author.rights.cell(Label.TICKET, Action.READ)

    async def work(change: Change) -> bool:
        possible_ = moves("row", author.rights, rows=rows)
        found = await change.row(Label.TICKET, move.ticket, bounds, moves=possible_)
        ticket = found["properties"]
        check_version(ticket, move.version)
        _check_state(ticket["state"], move.action, found["moves"])
        step = _Step(change=change, move=move, ticket=ticket, seal=seal)
        changes = _stamped(step) | await EFFECTS[move.action](step)
        await step.run("ticket-change", changes=changes)
        if not _passes_on(move.action):
            await change.stays(Label.TICKET, move.ticket, bounds)
        return True

    return await changing(store, author, work, claim=claim) is not None


def check_version(ticket: Row, expected: int | None) -> None:
    """Whether a locked ticket is still the one that the caller saw.

    Raises:
        ConflictError: it is not.
    """
    if expected is not None and ticket["version"] != expected:
        raise ConflictError(
            "the ticket has changed since that version; read it again", field="expectedVersion"
        )


def _check_state(state: str, action: str, reach: list[Any] | None) -> None:
    if state in BY_ACTION[action].sources:
        return
    if reach is None:
        raise TransitionError(f"{action!r} is not possible in the ticket's present state")
    allowed = ", ".join(possible(reach[0], reach[1])) or "nothing"
    raise TransitionError(f"{action!r} is not possible while {state}; possible now: {allowed}")


def _stamped(step: _Step) -> dict[str, Any]:
    """Version, state and stamp of the table."""
    one = BY_ACTION[step.move.action]
    changes: dict[str, Any] = {"version": step.ticket["version"] + 1}
    if isinstance(one, Transition):
        changes["state"] = str(one.target)
        if not (one.once and step.ticket.get(one.stamps)):
            changes[one.stamps] = step.change.mark.at
    return changes


def _passes_on(action: str) -> bool:
    one = BY_ACTION[action]
    return isinstance(one, Transition) and one.passes_on


async def _assign(step: _Step) -> dict[str, Any]:
    move = step.move
    former = step.ticket.get("department_id")
    if not move.department and not move.agent:
        raise UnfitError("department", "name a department, an agent, or both")
    department = move.department or former
    if department != former:
        await _pass_to(step, department)
    if move.agent:
        await work_by(step.change, ticket=move.ticket, department=department, agent=move.agent)
    return {}


async def _pass_to(step: _Step, department: str | None) -> None:
    """Whoever worked on it does so no longer: the next department chooses."""
    if department is None:
        raise UnfitError("department", "the ticket has no department yet; name one")
    await step.change.check_seen(Label.DEPARTMENT, [department], name="department")
    await step.run("ticket-release", types=[_T.ASSIGNED_TO, _T.WORKED_BY])
    await step.run("ticket-assign", department=department, now=step.change.mark.at)


async def work_by(
    change: Change, *, ticket: str, department: str | None, agent: str | None
) -> None:
    """The one agent who works on a locked ticket: a member of its department, or nobody.

    Raises:
        TargetNotFoundError: no such agent is seen there.
    """
    if agent is not None:
        await change.check_seen(Label.AGENT, [agent], name="agent")
        if not await change.run("agent-member", agent=agent, department=department):
            raise TargetNotFoundError("agent", "agent is no member of the ticket's department")
    await change.run("ticket-release", id=ticket, types=[_T.WORKED_BY])
    if agent is not None:
        await change.run("ticket-work", id=ticket, agent=agent)


async def _triage(step: _Step) -> dict[str, Any]:
    """To the department that takes what nobody is sure of, where there is one."""
    found = await step.change.run("triage-department")
    if found and found[0]["id"] != step.ticket.get("department_id"):
        await step.run("ticket-release", types=[_T.ASSIGNED_TO, _T.WORKED_BY])
        await step.run("ticket-assign", department=found[0]["id"], now=step.change.mark.at)
    return {}


async def _answer(step: _Step) -> dict[str, Any]:
    """Sealed as what the customer wrote: under the customer's key, or the ticket's own."""
    (keys,) = await step.change.run("ticket-keys", id=step.move.ticket)
    owner, key = f"{Label.TICKET}:{step.move.ticket}", keys["own_key"]
    if keys["customer_key"]:
        owner, key = f"{Label.CUSTOMER}:{keys['customer']}", keys["customer_key"]
    sealed = step.seal(step.text.original, owner, key)
    await step.run(
        "ticket-message",
        message=step.name(),
        text=step.text.redacted,
        text_sealed=sealed.text,
        author=DESK,
        now=step.change.mark.at,
    )
    return {"data_key": sealed.data_key} if sealed.data_key else {}


async def _hand_over(step: _Step) -> dict[str, Any]:
    target, source = step.move.department, step.ticket.get("department_id")
    if target is None or target == source:
        raise UnfitError("department", "name another department than the one that has the ticket")
    await _over_to(step, target)
    return {}


async def _correct(step: _Step) -> dict[str, Any]:
    """To where it should have gone, about what it really is about: the next training learns it."""
    target, issue = step.move.department, step.move.issue
    if target is None:
        raise UnfitError("department", "name the department that should have had the ticket")
    if issue is None:
        raise UnfitError("issue", "the department handles no issue; name what the ticket is about")
    await step.change.check_seen(Label.ISSUE, [issue], name="issue")
    if target != step.ticket.get("department_id"):
        await _over_to(step, target)
    author = step.change.author.actor.id
    await step.run("ticket-confirm", issue=issue, author=author, now=step.change.mark.at)
    return {}


async def _over_to(step: _Step, target: str) -> None:
    source = step.ticket.get("department_id")
    await _pass_to(step, target)
    await step.run(
        "ticket-handover",
        handover=step.name("handover"),
        source=[source] if source else [],
        target=target,
        reason=step.text.redacted,
        actor=step.change.author.actor.id,
        now=step.change.mark.at,
    )


async def _resolve(step: _Step) -> dict[str, Any]:
    """What solved it last, where that is written down."""
    resolution = step.move.resolution
    if resolution is not None:
        await step.change.check_seen(Label.RESOLUTION, [resolution], name="resolution")
    await step.run("ticket-release", types=[_T.SOLVED_BY])
    if resolution is not None:
        await step.run("ticket-solve", resolution=resolution)
    return {}


async def _reopen(step: _Step) -> dict[str, Any]:
    return {"reopened_count": (step.ticket.get("reopened_count") or 0) + 1}


async def _comment(step: _Step) -> dict[str, Any]:
    await step.run(
        "ticket-comment",
        comment=step.name("comment"),
        text=step.text.redacted,
        author=step.change.author.actor.id,
        now=step.change.mark.at,
    )
    return {}


async def _rate(step: _Step) -> dict[str, Any]:
    if step.move.rating not in RATINGS:
        raise UnfitError("rating", f"rating is {RATINGS.start} to {RATINGS.stop - 1}")
    return {"rating": step.move.rating}


EFFECTS: Mapping[str, Callable[[_Step], Awaitable[dict[str, Any]]]] = {
    "assign": _assign,
    "triage": _triage,
    "answer": _answer,
    "handover": _hand_over,
    "correct": _correct,
    "resolve": _resolve,
    "reopen": _reopen,
    "comment": _comment,
    "rate": _rate,
}
"""What each action writes; each gives the properties that change beside state and stamp."""
