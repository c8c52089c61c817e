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
from graph.editable import ABOVE, HISTORY, KNOWN, MANAGED, NUMBERED, OWNED, PARTS, mirror
from graph.errors import ConflictError, UnfitError
from graph.fields import FIELDS, Field
from graph.policy import KNOWLEDGE
from graph.rights import Action, Ladder
from graph.schema import PROVENANCE, RELATIONSHIPS, WRITER
from graph.scopes import bounds_rows
from graph.selection.change import (
    create,
    data_key,
    delete,
    delete_aliases,
    exists,
    hierarchy,
    holders,
    keeper,
    ladders,
    link,
    taken,
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


_LOCKED = frozenset({Label.CUSTOMER, *OWNED})
"""Labels of which two who write one row must wait for each other, without the lock of editors."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ends:
    """Nodes that a relationship field shall lead to, or no longer; ``only``: to no others.

    ``said`` is what the relationship to a node says (``level``), by id.
    """

    add: tuple[tuple[Label, str], ...] = ()
    remove: tuple[tuple[Label, str], ...] = ()
    only: bool = False
    said: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


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

    def said(self, name: str, said: Mapping[str, Any]) -> None:
        """What relationships of the field ``name`` say, by property."""

    def sealed(self, coordinate: str, row: Mapping[str, Any], *, owner: str, data_key: str) -> Row:
        """The stored parts of a sealed property of ``row`` (``Identity.value``), for ``owner``
        (``Customer:c-1``).
        """

    def opened(self, coordinate: str, row: Mapping[str, Any], *, owner: str, data_key: str) -> str:
        """The value of a sealed property of a stored ``row``."""

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
        if change.label in MANAGED:
            await within.run("epoch-move", id=KNOWLEDGE)
        await _DO[change.action](writing)
        return True

    return await changing(store, author, work, claim=claim) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Owner:
    """Whose a row shall be, and whose it is."""

    id: str
    data_key: str | None
    former: Row | None = None

    def kept(self, given: Row, before: Row, rules: Rules) -> Row:
        """A sealed value that was not given and has to be sealed anew: it is kept for another
        owner, or found again by another kind.
        """
        if self.former is None or "value_sealed" not in before or "value" in given:
            return {}
        if self.former["id"] == self.id and given.get("kind", before["kind"]) == before["kind"]:
            return {}
        owner, key = f"{Label.CUSTOMER}:{self.former['id']}", self.former["data_key"] or ""
        return {"value": rules.opened("Identity.value", before, owner=owner, data_key=key)}


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
        properties = await self._properties({"id": id_})
        given = {name: value for name, value in properties.items() if value is not None}
        if label in MANAGED:
            given[WRITER] = _API
        await self.change.run(create(label), id=id_, properties=given)
        await self._relate({})
        await self._check_after()

    async def update(self) -> None:
        """The same node with other values."""
        label, id_ = self.edit.label, self.edit.id
        if label in _LOCKED:
            # Two who each made a first key would leave one's values without theirs.
            await self.change.lock(label, id_)
        found = (await self.change.row(label, id_, self.bounds))["properties"]
        properties = await self._properties(found)
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
        owner = FIELDS[label][OWNED[label]].hops[0].type if label in OWNED else None
        (row,) = await self.change.run(holders(label, HISTORY, PARTS, owner), id=id_)
        if held := sorted({one for one in row["holders"] if one}):
            raise ConflictError(f"{label} is still held by: {', '.join(held)}", field="id")
        if label in RELATIONSHIPS[RelationshipType.ALIAS_OF].targets:
            await self.change.run(delete_aliases(label), id=id_)
        await self.change.run(delete(label), id=id_)

    async def _properties(self, before: Row) -> Row:
        """What is stored, by property; the whole row has passed the rules."""
        label, fields = self.edit.label, FIELDS[self.edit.label]
        owner = await self._owner() if label in OWNED else None
        given: Row = {}
        for name, value in self.edit.values.items():
            if stored := fields[name].property:
                given[stored.name] = value
        if owner:
            given = {**owner.kept(given, before, self.rules), **given}
        if not given and self.edit.action is not Action.CREATE:
            return {}
        row = {**before, **given}
        kept = self.rules.row(label, row, tuple(given))
        await self._check_number(kept)
        if not any(one.property and one.property.sealed for one in fields.values()):
            return kept
        if owner is None:
            owner = _Owner(id=self.edit.id, data_key=before.get("data_key"))
        return await self._sealed(kept, owner, before)

    async def _owner(self) -> "_Owner":
        """Whose the row is now, and whose it shall be; that node is locked."""
        label = self.edit.label
        one = FIELDS[label][OWNED[label]]
        (target,) = one.targets
        found = await self.change.run(keeper(one, target), id=self.edit.id)
        former = found[0] if found else None
        ends = self.edit.links.get(one.name)
        if ends is None and former:
            return _Owner(id=former["id"], data_key=former["data_key"], former=former)
        if ends is None or not ends.add:
            raise UnfitError(one.name, f"{one.name} needs a value")
        ((_, id_),) = ends.add
        within = self._within(one)
        await self.change.check_seen(target, [id_], name=one.name, within=within)
        await self.change.lock(target, id_)
        (row,) = await self.change.run(data_key(target), id=id_)
        return _Owner(id=id_, data_key=row["data_key"], former=former)

    async def _check_number(self, kept: Row) -> None:
        name, stored = NUMBERED.get(self.edit.label, ("", ""))
        if stored in kept:
            query = taken(self.edit.label, stored)
            if await self.change.run(query, id=self.edit.id, value=kept[stored]):
                text = f"there is another {self.edit.label} with this {name}"
                raise ConflictError(text, field=name)

    async def _sealed(self, kept: Row, owner: "_Owner", before: Row) -> Row:
        label = self.edit.label
        stored = [one.property for one in FIELDS[label].values() if one.property]
        names = [one.name for one in stored if one.sealed and one.name in kept]
        found = {name: value for name, value in kept.items() if name not in names}
        if not names:
            return found
        whose, key = f"{Label.CUSTOMER}:{owner.id}", owner.data_key
        if key is None:
            key = self.rules.new_data_key(whose)
            if label is Label.CUSTOMER:
                found["data_key"] = key
            else:
                query = update(Label.CUSTOMER)
                await self.change.run(query, id=owner.id, properties={"data_key": key})
        for name in names:
            row = {**before, **kept}
            found |= self.rules.sealed(f"{label}.{name}", row, owner=whose, data_key=key)
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
        within = self._within(one)
        for target in one.targets:
            if ends.only:
                await self.change.run(unlink_all(one, target), id=self.edit.id)
            written = self._written(one, target)
            if gone := _of(ends.remove, target):
                gone = await self.change.seen(target, gone, written=written, within=within)
                await self.change.run(unlink(one, target), id=self.edit.id, ids=gone)
            if come := _of(ends.add, target):
                is_list = one.many and self.edit.action is Action.UPDATE
                name = f"{one.name}.add" if is_list else one.name
                for said in ends.said.values():
                    self.rules.said(name, said)
                await self.change.check_seen(
                    target, come, name=name, written=written, within=within
                )
                always, fresh = _provenance(one, self.change.mark.at)
                others = [{"id": id_, "said": ends.said.get(id_, {})} for id_ in come]
                await self.change.run(
                    link(one, target),
                    id=self.edit.id,
                    others=others,
                    properties=always,
                    fresh=fresh,
                )

    def _within(self, one: Field) -> Ladder | None:
        """Where ``one`` may lead: rows that are somebody's own by it are led to their own only."""
        if not bounds_rows(self.edit.label, one.hops[0]):
            return None
        return self.change.author.rights.cell(one.coordinate, self.edit.action)

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
