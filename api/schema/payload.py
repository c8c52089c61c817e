"""Payloads of mutations: the node as it is now, and what was wrong with the input."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import strawberry

from api.context import Info
from api.errors import InputError, client_code, client_message
from api.globalid import from_global, own_id
from api.schema.making import Typed, argument, input_type, name_of, shell
from api.schema.nodes import GRAPH
from api.schema.reads import read_one
from graph.errors import (
    ConflictError,
    ConstraintViolationError,
    ForbiddenError,
    NotFoundError,
    TargetNotFoundError,
    TransitionError,
    UnfitError,
)
from graph.vocabulary import Label

REFUSALS = (
    InputError,
    UnfitError,
    TransitionError,
    NotFoundError,
    ConflictError,
    ConstraintViolationError,
)
"""What a form can mend; everything else is an error of the request."""
_OWN_FIELD = (InputError, UnfitError, TargetNotFoundError, ConflictError)


@strawberry.type(description="What was wrong with the input. 输入错误")
class UserError:
    """For a form: which field, in words, and a stable code."""

    field: str = strawberry.field(description="Path of the field. 字段")
    message: str = strawberry.field(description="In words. 说明")
    code: str = strawberry.field(description="Stable code. 代码")


def user_error(error: Exception, *, field: str, names: Mapping[str, str] = {}) -> UserError:
    """``error`` for a form. ``field`` is blamed where the error names none; ``names`` are the
    input's own for those of the graph.
    """
    named = error.field if isinstance(error, _OWN_FIELD) else field
    return UserError(
        field=names.get(named, named), message=client_message(error), code=client_code(error)
    )


async def read_again(info: Info, label: Label, id_: str | None) -> Any:
    """The node under today's rights, a replay's too; ``None`` where its kind is not to be seen."""
    if id_ is None:
        return None
    try:
        return await read_one(info, label, id_)
    except ForbiddenError:
        info.context.withheld.denied.add(label)
        return None


def payload_type(name: str, label: Label, key: str) -> Any:
    """A payload of ``id_`` and ``userErrors``, whose field ``key`` is the node, read again."""
    cls = _payload(name)

    async def node(self: Any, info: Info) -> Any:
        return await read_again(info, label, self.id_)

    setattr(
        cls,
        key,
        strawberry.field(
            resolver=node,
            name=key,
            description="As it is now, as far as you may see it. 当前状态",
            graphql_type=GRAPH.nodes[label] | None,
        ),
    )
    return strawberry.type(cls, description="The result, or what was wrong. 结果")


def deleted_type(name: str) -> Any:
    """A payload of ``id_`` and ``userErrors`` that names what is no more."""
    cls = _payload(name)

    def deleted(self: Any) -> strawberry.ID | None:
        found: strawberry.ID | None = self.id_
        return found

    text = "What was deleted. 已删除的编号"
    field = strawberry.field(resolver=deleted, name="deletedId", description=text)
    setattr(cls, "deletedId", field)  # noqa: B010 - a class made here has no such name yet
    return strawberry.type(cls, description="The result, or what was wrong. 结果")


def _payload(name: str) -> Any:
    cls = shell(name)
    private: Any = strawberry.Private
    cls.__annotations__ |= {"id_": private[str | None], "userErrors": list[UserError]}
    errors = strawberry.field(name="userErrors", description="Empty when done. 输入错误")
    setattr(cls, "userErrors", errors)  # noqa: B010 - a class made here has no such name yet
    return cls


def mutation_field(name: str, text: str, *, input_: type, payload: Any, resolver: Any) -> Any:
    """A mutation of one ``input``."""

    async def resolve(info: Info, **given: Any) -> Any:
        return await resolver(info, given_of(given["input"]))

    field: Any = strawberry.mutation(
        resolver=resolve, name=name, description=text, graphql_type=payload | None
    )
    field.arguments = [argument("input", Typed(of=input_, text="What to do. 输入"))]
    return field


def input_of(name: str, text: str, entries: Mapping[str, Typed]) -> type:
    """An input type of its own."""
    cls = shell(name)
    input_type(cls, text, entries)
    return cls


def given_of(input_: Any) -> dict[str, Any]:
    """What the caller gave, by GraphQL names; a null is there, what was left out is not."""
    found = {name_of(one.name): getattr(input_, one.name) for one in fields(input_)}
    return {name: value for name, value in found.items() if value is not strawberry.UNSET}


def own(label: Label, id_: str, field: str) -> str:
    """The node's own id.

    Raises:
        InputError: it is that of another type.
    """
    found = own_id(label, id_)
    if not found:
        raise InputError(field, f"{field} needs the id of a {label}")
    return found


def own_among(labels: tuple[Label, ...], id_: str, field: str) -> tuple[Label, str]:
    """Label and id of a node of one of ``labels``; of a single one also by its own id.

    Raises:
        InputError: it is none of theirs.
    """
    if len(labels) == 1:
        return labels[0], own(labels[0], id_, field)
    found = from_global(id_)
    if found is None or found[0] not in labels:
        allowed = ", ".join(map(str, labels))
        raise InputError(field, f"{field} needs the global id of one of: {allowed}")
    return found
