"""Create, update, delete: one mechanism for every label whose fields people write.

Lists are added to and removed from, so that two people who edit one node do not undo each other; a
relationship between knowledge needs the right to its field at either end. What must hold of a row
is handed in (``Rules``): the rules of knowledge files are not written twice. The epoch's node is
the lock that puts editors in a row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from graph.change import Author, Change, Claim, changing
from graph.editable import ABOVE, HISTORY, KNOWN, PARTS, mirror
from graph.errors import ConflictError
from graph.fields import FIELDS, Field
from graph.policy import KNOWLEDGE
from graph.rights import Action, Ladder
from graph.schema import PROVENANCE, RELATIONSHIPS, WRITER
from graph.selection.change import (
    create,
    delete,
    delete_aliases,
    exists,
    hierarchy,
    holders,
    ladders,
    link,
    unlink,
    unlink_all,
    update,
)
from graph.store import Row, Store
from graph.transition import check_version, work_by
from graph.vocabulary import Label, RelationshipType

_TOGETHER = frozenset({"parent", "triage"})
"""Fields that rows have a say in together."""
_PERSON = "person.v1"
_API = "api"
_LEAST_LEVEL = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Ends:
    """Nodes that a relationship field shall lead to, or no longer; ``only``: to no others."""

    add: tuple[tuple[Label, str], ...] = ()
    remove: tuple[tuple[Label, str], ...] = ()
    only: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """What shall be done to a node. ``values`` and ``links`` go by the names of fields; a value
    that is ``None`` is taken away.
    """

    label: Label
    id: str
    action: Action
    values: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, Ends] = field(default_factory=dict)
    version: int | None = None

    @property
    def coordinates(self) -> tuple[str, ...]:
        """Every coordinate that is written."""
        return tuple(f"{self.label}.{name}" for name in (*self.values, *self.links))


class Rules(Protocol):
    """What must hold of rows, and how personal values are kept. All raise ``UnfitError``."""

    def row(self, label: Label, row: Mapping[str, Any], changed: Sequence[str]) -> Row:
        """The ``changed`` properties as they are stored; ``row`` is the whole row, by property."""

    def rows(self, label: Label, rows: Sequence[Row]) -> None:
        """What rows say together; each has ``id``, ``above`` (ids), and ``triage`` if it could."""

    def sealed(self, name: str, value: str | None, *, owner: str, data_key: str) -> Row:
        """The stored parts of a sealed property of ``owner`` (``Customer:c-1``)."""

    def new_data_key(self, owner: str) -> str:
        """A fresh key, wrapped."""


async def edit(
    store: Store, author: Author, change: Edit, *, rules: Rules, claim: Claim | None = None
) -> bool:
    """Write it, whole or not at all; ``False`` for a replay of ``claim``, which changes nothing.

    Raises:
        ForbiddenError, ForbiddenArgumentError: the author may not write this type, or field.
        NotFoundError: absent, or out of the author's reach; also of what a field leads to.
        UnfitError: a rule of rows would be broken; ``field`` names where.
        ConflictError: the id is taken, the version is another, or history depends on the node.
        StalePolicyError, UnavailableError: see ``changing``.
    """
    bounds = ladders(change.label, change.action, change.coordinates, author.rights)

    async def work(within: Change) -> bool:
        writing = _Writing(change=within, edit=change, rules=rules, bounds=bounds)
        if change.label in KNOWN:
            await within.run("epoch-move", id=KNOWLEDGE)
        await _DO[change.action](writing)
        return True

    return await changing(store, author, work, claim=claim) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Writing:
    """An edit under way."""

    change: Change
    edit: Edit
    rules: Rules
    bounds: Sequence[Ladder]

    async def create(self) -> None:
        """A new node; its id must be free."""
        label, id_ = self.edit.label, self.edit.id
        if await self.change.run(exists(label), id=id_):
            raise ConflictError(f"there is a {label} with this id already", field="id")
        properties = self._properties({"id": id_})
        given = {name: value for name, value in properties.items() if value is not None}
        if label in KNOWN:
            given[WRITER] = _API
        await self.change.run(create(label), id=id_, properties=given)
        await self._relate({})
        await self._check_after()

    async def update(self) -> None:
        """The same node with other values."""
        label, id_ = self.edit.label, self.edit.id
        if label is Label.CUSTOMER:
            # Two who each made a first key would leave one's values without theirs.
            await self.change.lock(label, id_)
        found = (await self.change.row(label, id_, self.bounds))["properties"]
        properties = self._properties(found)
        if label is Label.TICKET:
            check_version(found, self.edit.version)
            properties["version"] = found["version"] + 1
        if properties:
            await self.change.run(update(label), id=id_, properties=properties)
        await self._relate(found)
        await self._check_after()

    async def delete(self) -> None:
        """No node, unless something that shall last depends on it."""
        label, id_ = self.edit.label, self.edit.id
        # Whatever is being related to it meanwhile waits, and then finds nothing.
        await self.change.lock(label, id_)
        await self.change.row(label, id_, self.bounds)
        (row,) = await self.change.run(holders(label, HISTORY, PARTS), id=id_)
        if held := sorted({one for one in row["holders"] if one}):
            raise ConflictError(f"{label} is still held by: {', '.join(held)}", field="id")
        if label in RELATIONSHIPS[RelationshipType.ALIAS_OF].targets:
            await self.change.run(delete_aliases(label), id=id_)
        await self.change.run(delete(label), id=id_)

    def _properties(self, before: Row) -> Row:
        """What is stored, by property; the whole row has passed the rules."""
        fields = FIELDS[self.edit.label]
        given: Row = {}
        for name, value in self.edit.values.items():
            if stored := fields[name].property:
                given[stored.name] = value
        if not given and self.edit.action is not Action.CREATE:
            return {}
        row = {**before, **given}
        kept = self.rules.row(self.edit.label, row, tuple(given))
        sealed = [
            one.property.name for one in fields.values() if one.property and one.property.sealed
        ]
        return self._sealed(kept, [name for name in sealed if name in kept], before)

    def _sealed(self, kept: Row, names: Sequence[str], before: Row) -> Row:
        if not names:
            return kept
        owner = f"{self.edit.label}:{self.edit.id}"
        key = before.get("data_key")
        found = {name: value for name, value in kept.items() if name not in names}
        if key is None:
            key = found["data_key"] = self.rules.new_data_key(owner)
        for name in names:
            found |= self.rules.sealed(name, kept[name], owner=owner, data_key=key)
        return found

    async def _relate(self, before: Row) -> None:
        for name, ends in self.edit.links.items():
            one = FIELDS[self.edit.label][name]
            if one.coordinate == "Ticket.agent":
                agent = ends.add[0][1] if ends.add else None
                department = before.get("department_id")
                await work_by(self.change, ticket=self.edit.id, department=department, agent=agent)
            else:
                await self._link(one, ends)

    async def _link(self, one: Field, ends: Ends) -> None:
        for target in one.targets:
            if ends.only:
                await self.change.run(unlink_all(one, target), id=self.edit.id)
            written = self._written(one, target)
            if gone := _of(ends.remove, target):
                gone = await self.change.seen(target, gone, written=written)
                await self.change.run(unlink(one, target), id=self.edit.id, ids=gone)
            if come := _of(ends.add, target):
                is_list = one.many and self.edit.action is Action.UPDATE
                name = f"{one.name}.add" if is_list else one.name
                await self.change.check_seen(target, come, name=name, written=written)
                always, fresh = _provenance(one, self.change.mark.at)
                await self.change.run(
                    link(one, target), id=self.edit.id, ids=come, properties=always, fresh=fresh
                )

    def _written(self, one: Field, target: Label) -> str | None:
        far = mirror(one, target) if self.edit.label in KNOWN else None
        return far.coordinate if far else None

    async def _check_after(self) -> None:
        label = self.edit.label
        await self.change.stays(label, self.edit.id, self.bounds)
        if label in ABOVE and _TOGETHER & {*self.edit.values, *self.edit.links}:
            flags = ("triage",) if label is Label.DEPARTMENT else ()
            rows = await self.change.run(hierarchy(label, ABOVE[label], flags))
            self.rules.rows(label, rows)


_DO = {
    Action.CREATE: _Writing.create,
    Action.UPDATE: _Writing.update,
    Action.DELETE: _Writing.delete,
}


def _of(ends: Sequence[tuple[Label, str]], target: Label) -> list[str]:
    return list(dict.fromkeys(id_ for label, id_ in ends if label is target))


def _provenance(one: Field, at: int) -> tuple[Row, Row]:
    """What a person's relationship carries always, and at first only.

    A later load leaves it alone: it is not the loader's.
    """
    known = {item.name for item in RELATIONSHIPS[one.hops[0].type].properties}
    fresh: Row = {"level": _LEAST_LEVEL} if "level" in known else {}
    always: Row = {WRITER: _API}
    if {item.name for item in PROVENANCE} <= known:
        always |= {
            "extractor": _PERSON,
            "confidence": 1.0,
            "start": 0,
            "end": 0,
            "recorded_at": at,
        }
    if "rank" in known:
        fresh["rank"] = 1
    return always, fresh
