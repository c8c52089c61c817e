"""Mutations of tickets: one for each action that ``graph/states.py`` names, from one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry

from api.context import Info
from api.schema.making import Typed
from api.schema.payload import (
    REFUSALS,
    input_of,
    mutation_field,
    own,
    payload_type,
    user_error,
)
from api.services.work import Task, work_on
from graph.transition import RATINGS
from graph.vocabulary import Label

_ID = strawberry.ID
_KEY = "Chosen by the caller; the same key never does it twice. 幂等键"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """One input field; ``to`` is what it is called in a ``Move``, ``label`` that of its node."""

    of: Any
    text: str
    to: str
    label: Label | None = None


def _node(label: Label, text: str, *, required: bool = False) -> _Entry:
    of = _ID if required else _ID | None
    return _Entry(of=of, text=text, to=str(label).lower(), label=label)


def _words(text: str) -> _Entry:
    return _Entry(of=str, text=text, to="text")


_DEPARTMENT = _node(Label.DEPARTMENT, "The department. 部门编号")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Verb:
    """A mutation in words. ``creates`` something new, so that it needs an idempotency key."""

    name: str
    text: str
    entries: Mapping[str, _Entry]
    creates: bool = False


VERBS: Mapping[str, _Verb] = {
    "assign": _Verb(
        name="assignTicket",
        text="Give a ticket to a department, to one of its agents, or both. 分派工单",
        entries={
            "departmentId": _DEPARTMENT,
            "agentId": _node(Label.AGENT, "Who works on it. 客服人员编号"),
        },
    ),
    "triage": _Verb(
        name="triageTicket", text="Leave the choice of department to a person. 转入分诊", entries={}
    ),
    "answer": _Verb(
        name="answerTicket",
        text="Write to the customer. 答复工单",
        entries={"text": _words("What the customer reads. 正文")},
        creates=True,
    ),
    "handover": _Verb(
        name="handOverTicket",
        text="Hand a ticket over to another department. 转交工单",
        entries={
            "departmentId": _node(Label.DEPARTMENT, "Who shall have it. 部门编号", required=True),
            "reason": _words("Why, for those who take it over. 原因"),
        },
        creates=True,
    ),
    "correct": _Verb(
        name="correctRoute",
        text="Say where a ticket should have gone; the next training learns from it. 更正路由",
        entries={
            "departmentId": _node(
                Label.DEPARTMENT, "Who should have had it. 部门编号", required=True
            ),
            "issueId": _node(
                Label.ISSUE,
                "What it is about; else the likeliest of what the department handles. 问题编号",
            ),
            "reason": _words("Why, for those who take it over. 原因"),
        },
        creates=True,
    ),
    "resolve": _Verb(
        name="resolveTicket",
        text="Declare a ticket solved. 解决工单",
        entries={"resolutionId": _node(Label.RESOLUTION, "What solved it. 解决方案编号")},
    ),
    "reopen": _Verb(name="reopenTicket", text="Open a solved ticket again. 重开工单", entries={}),
    "comment": _Verb(
        name="commentOnTicket",
        text="Note something inside; customers do not see it. 添加备注",
        entries={"text": _words("What to note. 备注")},
        creates=True,
    ),
    "rate": _Verb(
        name="rateTicket",
        text="Say how it went. 为工单评分",
        entries={
            "rating": _Entry(
                of=int,
                text=f"{RATINGS.start} to {RATINGS.stop - 1}, best last. 评分",
                to="rating",
            )
        },
    ),
}
"""By action."""


def ticket_mutations() -> Mapping[str, Any]:
    """A mutation for every action, by name."""
    return {verb.name: _field(action, verb) for action, verb in VERBS.items()}


def _field(action: str, verb: _Verb) -> Any:
    stem = verb.name[0].upper() + verb.name[1:]
    payload = payload_type(f"{stem}Payload", Label.TICKET, "ticket")
    names = {entry.to: name for name, entry in verb.entries.items()}

    async def resolver(info: Info, given: dict[str, Any]) -> Any:
        try:
            ticket = own(Label.TICKET, given["ticketId"], "ticketId")
            task = _task(action, verb, ticket, given)
            await work_on(info.context.platform, info.context.actor, task)
        except REFUSALS as error:
            wrong = user_error(error, field="ticketId", names=names)
            return payload(id_=None, userErrors=[wrong])
        return payload(id_=ticket, userErrors=[])

    input_ = input_of(f"{stem}Input", verb.text, _inputs(verb))
    return mutation_field(verb.name, verb.text, input_=input_, payload=payload, resolver=resolver)


def _inputs(verb: _Verb) -> dict[str, Typed]:
    return {
        "ticketId": Typed(of=_ID, text="The ticket, by global id or number. 工单编号"),
        **{name: Typed(of=entry.of, text=entry.text) for name, entry in verb.entries.items()},
        "expectedVersion": Typed(of=int | None, text="Only if it still has this version. 预期版本"),
        "idempotencyKey": Typed(of=str if verb.creates else str | None, text=_KEY),
    }


def _task(action: str, verb: _Verb, ticket: str, given: Mapping[str, Any]) -> Task:
    values: dict[str, Any] = {}
    words: dict[str, str] = {}
    for name, entry in verb.entries.items():
        value = given.get(name)
        if entry.to == "text":
            words = {"text": str(value), "text_field": name}
        elif entry.label and value is not None:
            values[entry.to] = own(entry.label, value, name)
        else:
            values[entry.to] = value
    return Task(
        operation=verb.name,
        action=action,
        ticket=ticket,
        values=values,
        version=given.get("expectedVersion"),
        key=given.get("idempotencyKey"),
        **words,
    )
