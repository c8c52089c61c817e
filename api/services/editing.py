"""Edits by people: the rules of knowledge files, the vault's keys, and what is read again after."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.bootstrap import Platform
from api.services.changes import authored, claim_of
from api.services.work import words_of
from graph.calendar import read_calendar
from graph.change import Author
from graph.editable import MANAGED, NUMBERED
from graph.editing import Edit, edit
from graph.errors import UnfitError
from graph.fields import camel
from graph.intake import subject
from graph.model import Actor
from graph.store import Row
from graph.vocabulary import Label
from policies.errors import SealError
from seed.problems import Problem, Severity
from seed.references import number_key
from seed.single import check_said, check_single, check_together, table_of

SUBJECT = "subject"
_ID_DIGITS = 12
_FIELDS = {"part_of": "parent", "subtype_of": "parent"}
"""Fields of columns that are called otherwise."""
_WITHOUT_TABLE_RULES = frozenset({Label.TICKET})


async def make_edit(
    platform: Platform, actor: Actor, change: Edit, *, operation: str, key: str | None = None
) -> str:
    """Write it; this process knows changed knowledge when the call returns the node's id.

    Without an id in ``change`` the node is named after its idempotency key, so that a replay is
    about the same node.

    Raises:
        InputError: the key or a text cannot be used.
        and what ``graph.editing.edit`` raises.
    """
    platform.rights(actor).reach(actor, change.action, change.label)
    claim = claim_of(platform, actor, operation, key=key, body=_body(change))
    if claim and not change.id:
        change = replace(change, id=_fresh_id(platform, change.label, claim.id))
    change = _redacted(platform, change)
    rules = _Rules(platform)

    async def do(author: Author) -> bool:
        return await edit(platform.store, author, change, rules=rules, claim=claim)

    is_new = await authored(platform, actor, do)
    if change.label in MANAGED:
        await platform.refresh()
    elif is_new and change.label is Label.TICKET:
        await platform.announce([change.id])
    return change.id


def _fresh_id(platform: Platform, label: Label, request: str) -> str:
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", label).lower()
    return f"{noun}-{platform.vault.sealer.fingerprint(request.encode())[:_ID_DIGITS]}"


def _body(change: Edit) -> Mapping[str, Any]:
    links = {
        name: [sorted(f"{label}:{id_}" for label, id_ in side) for side in (one.add, one.remove)]
        for name, one in change.links.items()
    }
    said = {name: one.said for name, one in change.links.items() if one.said}
    body = {"id": change.id, "values": dict(change.values), "links": links}
    return {**body, "said": said} if said else body


def _redacted(platform: Platform, change: Edit) -> Edit:
    """A ticket's subject holds no personal identifiers, whoever writes it."""
    text = change.values.get(SUBJECT)
    if change.label is not Label.TICKET or text is None:
        return change
    words = words_of(platform, text, field=SUBJECT)
    return replace(change, values={**change.values, SUBJECT: subject(words.redacted)})


@dataclass(frozen=True, slots=True)
class _Rules:
    """See ``graph.editing.Rules``."""

    _platform: Platform

    def row(self, label: Label, row: Mapping[str, Any], changed: Sequence[str]) -> Row:
        if label in _WITHOUT_TABLE_RULES:
            if missing := [name for name in changed if row[name] is None]:
                raise UnfitError(camel(missing[0]), f"{camel(missing[0])} needs a value")
            return {name: row[name] for name in changed}
        values, problems = check_single(label, row, changed)
        _refuse(problems)
        if values["id"] != row["id"]:
            raise UnfitError("id", "id must not begin or end with white space")
        if label is Label.CALENDAR:
            _check_hours(values)
        kept = {name: values.get(name) for name in changed}
        name, stored = NUMBERED.get(label, ("", ""))
        number = kept.get(name)
        return {**kept, stored: number_key(number)} if number else kept

    def rows(self, label: Label, rows: Sequence[Row]) -> None:
        _refuse(check_together(label, rows))

    def said(self, name: str, said: Mapping[str, Any]) -> None:
        if problem := check_said(said):
            raise UnfitError(name, f"{name} {problem}")

    def sealed(self, coordinate: str, row: Mapping[str, Any], *, owner: str, data_key: str) -> Row:
        label, _, name = coordinate.partition(".")
        if row[name] is None:
            return dict.fromkeys((f"{name}_sealed", f"{name}_hint", f"{name}_index"))
        seals = str(table_of(Label(label)).by_name[name].seals)
        found = self._platform.vault.seal_value(
            row[name],
            owner=owner,
            field=coordinate,
            kind=row.get(seals, seals) if seals == "kind" else seals,
            data_key=data_key,
        )
        return {
            f"{name}_sealed": found.sealed,
            f"{name}_hint": found.hint,
            f"{name}_index": found.index,
        }

    def opened(self, coordinate: str, row: Mapping[str, Any], *, owner: str, data_key: str) -> str:
        name = coordinate.partition(".")[2]
        try:
            return self._platform.vault.sealer.unseal(
                row[f"{name}_sealed"], owner=owner, field=coordinate, data_key=data_key
            )
        except SealError:
            raise UnfitError(name, f"{name} cannot be read any more; give it anew") from None

    def new_data_key(self, owner: str) -> str:
        return self._platform.vault.new_data_key(owner)


def _check_hours(values: Mapping[str, Any]) -> None:
    """Whether somebody can be on shift by it."""
    hours, zone = values.get("hours", ()), values.get("timezone")
    if hours and read_calendar(zone, hours, values.get("holidays", ())) is None:
        raise UnfitError("timezone", "timezone is none that is known here; such as Asia/Shanghai")


def _refuse(problems: Sequence[Problem]) -> None:
    """The first rule that is broken, without the value that breaks it."""
    for one in problems:
        if one.severity is Severity.ERROR:
            allowed = f"; allowed: {one.allowed}" if one.allowed else ""
            field = _FIELDS.get(one.column, camel(one.column))
            raise UnfitError(field, f"{field} breaks the rule {one.code!r}{allowed}")
