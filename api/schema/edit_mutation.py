"""Mutations that create, update and delete: generated from the table of what is editable."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import strawberry

from api.context import Info
from api.errors import InputError
from api.schema.filters import scalar_of
from api.schema.making import Typed, input_type, shell
from api.schema.nodes import NOUNS
from api.schema.payload import (
    REFUSALS,
    deleted_type,
    given_of,
    input_of,
    mutation_field,
    own,
    own_among,
    payload_type,
    user_error,
)
from api.services.editing import make_edit
from graph.editable import EDITABLE, SAID, Editable
from graph.editing import Edit, Ends
from graph.fields import Field, camel
from graph.rights import Action
from graph.vocabulary import Label, RelationshipType

_ID = strawberry.ID
_KEY, _VERSION = "idempotencyKey", "expectedVersion"
_KEY_TEXT = "Chosen by the caller; the same key never does it twice. 幂等键"
_MOST_ENDS = 1_000
_VERBS: Mapping[Action, tuple[str, str]] = {
    Action.CREATE: ("create", "A new {}. 新建"),
    Action.UPDATE: ("update", "A {} with other values; null takes one away. 修改"),
    Action.DELETE: ("delete", "No such {} any more, unless history depends on it. 删除"),
}
CHANGED_LINKS = shell("LinkChange")
input_type(
    CHANGED_LINKS,
    "What a list shall lead to, and to what no longer. 关联变更",
    {
        "add": Typed(of=list[_ID] | None, text="Ids to lead to. 新增"),
        "remove": Typed(of=list[_ID] | None, text="Ids to lead to no longer. 移除"),
    },
)


LEVELED = shell("LeveledLink")
input_type(
    LEVELED,
    "A node, and the level of the skill there. 带等级的关联",
    {
        "id": Typed(of=_ID, text="Its id. 编号"),
        "level": Typed(of=int | None, text="1 to 5; as it was, or 1, where left out. 等级"),
    },
)
ITEM = shell("OrderItem")
input_type(
    ITEM,
    "A product of an order. 订单商品",
    {
        "id": Typed(of=_ID, text="Id of the product. 产品编号"),
        "quantity": Typed(of=int, text="How many. 数量"),
        "unitPrice": Typed(of=float, text="Price of one. 单价"),
        "variant": Typed(of=str | None, text="Which variant. 规格"),
    },
)


def _changed_with(name: str, item: type, text: str) -> type:
    """A change of a list whose relationships say something."""
    made = shell(name)
    entries = {
        "add": Typed(of=list[item] | None, text="To lead to, or to say otherwise. 新增或修改"),  # type: ignore[valid-type]
        "remove": Typed(of=list[_ID] | None, text="Ids to lead to no longer. 移除"),
    }
    input_type(made, text, entries)
    return made


_LEVELS = (LEVELED, _changed_with("LeveledLinkChange", LEVELED, "Nodes with levels. 等级变更"))
_ITEMS = (ITEM, _changed_with("OrderItemChange", ITEM, "Items of an order. 商品变更"))
SAYING: Mapping[RelationshipType, tuple[type, type]] = {
    RelationshipType.HAS_SKILL: _LEVELS,
    RelationshipType.REQUIRES: _LEVELS,
    RelationshipType.CONTAINS: _ITEMS,
}
"""Relationships that say something: one of a list, and a change of a list. See ``SAID``."""


def edit_mutations() -> Mapping[str, Any]:
    """Every mutation of the table, by name."""
    made = {}
    for label, one in EDITABLE.items():
        for action in one.actions:
            verb, text = _VERBS[action]
            zh = NOUNS[label].text.rpartition(" ")[2]
            made[f"{verb}{label}"] = _field(
                one, action, f"{verb}{label}", f"{text.format(label)}{zh}"
            )
    return made


def id_name(label: Label) -> str:
    """What the id of the node is called in an input."""
    return "ticketId" if label is Label.TICKET else "id"


def _field(one: Editable, action: Action, name: str, text: str) -> Any:
    stem, label = name[0].upper() + name[1:], one.label
    if action is Action.DELETE:
        payload = deleted_type(f"{stem}Payload")
    else:
        payload = payload_type(f"{stem}Payload", label, label[0].lower() + label[1:])

    async def resolver(info: Info, given: dict[str, Any]) -> Any:
        platform, actor = info.context.platform, info.context.actor
        try:
            change = _edit(one, action, given)
            made = await make_edit(platform, actor, change, operation=name, key=given.get(_KEY))
        except REFUSALS as error:
            wrong = user_error(error, field=id_name(label))
            return payload(id_=None, userErrors=[wrong])
        return payload(id_=made, userErrors=[])

    input_ = input_of(f"{stem}Input", text, dict(_inputs(one, action)))
    return mutation_field(name, text, input_=input_, payload=payload, resolver=resolver)


def _inputs(one: Editable, action: Action) -> Iterator[tuple[str, Typed]]:
    is_new = action is Action.CREATE
    id_text = "Its own id; one is made where it is left out. 编号" if is_new else "Which one. 编号"
    yield id_name(one.label), Typed(of=_ID | None if is_new else _ID, text=id_text)
    if action is not Action.DELETE:
        for name, field in one.fields.items():
            of = _type(field, is_new=is_new)
            yield name, Typed(of=of | None, text=NOUNS[one.label].fields[name])
    if one.label is Label.TICKET:
        yield _VERSION, Typed(of=int | None, text="Only if it still has this version. 预期版本")
    yield _KEY, Typed(of=str if is_new else str | None, text=_KEY_TEXT)


def _type(field: Field, *, is_new: bool) -> Any:
    if field.property:
        return scalar_of(field)
    if not field.many:
        return _ID
    if saying := SAYING.get(field.hops[0].type):
        item, change = saying
        return list[item] if is_new else change  # type: ignore[valid-type]
    return list[_ID] if is_new else CHANGED_LINKS


def _edit(one: Editable, action: Action, given: Mapping[str, Any]) -> Edit:
    values: dict[str, Any] = {}
    links: dict[str, Ends] = {}
    for name, field in one.fields.items():
        if name not in given:
            continue
        if field.property:
            values[name] = given[name]
        else:
            links[name] = _ends(field, given[name])
    return Edit(
        label=one.label,
        id=_id(one.label, action, given.get(id_name(one.label))),
        action=action,
        values=values,
        links=links,
        version=given.get(_VERSION),
    )


def _id(label: Label, action: Action, given: str | None) -> str:
    """A new node may be left unnamed; no node is named as the global id of another type."""
    if given is None and action is Action.CREATE:
        return ""
    return own(label, given or "", id_name(label))


def _ends(field: Field, given: Any) -> Ends:
    if not field.many:
        add = () if given is None else (own_among(field.targets, given, field.name),)
        return Ends(add=add, only=True)
    if isinstance(given, list | None):
        return _said(field, given, field.name)
    added = _said(field, given.add, f"{field.name}.add")
    return replace(added, remove=_nodes(field, given.remove, f"{field.name}.remove"))


def _said(field: Field, given: Any, path: str) -> Ends:
    """Nodes to lead to, with what is said of each."""
    if field.hops[0].type not in SAYING or given is strawberry.UNSET or given is None:
        return Ends(add=_nodes(field, given, path))
    entries = [given_of(one) for one in given]
    nodes = _nodes(field, [one["id"] for one in entries], path)
    if len(set(nodes)) < len(nodes):
        raise InputError(path, f"{path}: each node once")
    names = SAID[field.hops[0].type]
    said = {
        id_: {name: one[camel(name)] for name in names if one.get(camel(name)) is not None}
        for (_, id_), one in zip(nodes, entries, strict=True)
    }
    return Ends(add=nodes, said=said)


def _nodes(field: Field, ids: Any, path: str) -> tuple[tuple[Label, str], ...]:
    if ids is strawberry.UNSET or ids is None:
        return ()
    if len(ids) > _MOST_ENDS:
        raise InputError(path, f"{path} has {len(ids)} ids; at most {_MOST_ENDS}")
    return tuple(own_among(field.targets, one, path) for one in ids)
