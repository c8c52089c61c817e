"""Each row of the shipped policy matters: without it some page is another one, or refused."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from graph.errors import ForbiddenArgumentError, ForbiddenError
from graph.fields import FIELDS, ORDERABLE, Field
from graph.rights import Action, Rights
from graph.selection.compiler import compile_request
from graph.selection.reading import read_request
from graph.selection.request import (
    Branch,
    Compare,
    Filter,
    Grouping,
    Operator,
    Order,
    Page,
    Related,
    Request,
    Selected,
)
from graph.store import Store
from graph.vocabulary import Label
from policies.policy import ROLES, load_policy, shipped_policy
from tests.conftest import WIPE
from tests.graph.test_selection import SOMEBODY, values_of
from tests.graph.worlds import make_world, write_world

SAMPLE = 8
READS = ("read", "filter", "sort", "aggregate")
RESOURCES = ("Knowledge", "History", "Model", "Policy", "Schema")
WORLD = make_world(seed=3)
GRANTED = frozenset(id_ for label, id_ in WORLD.nodes if label in {"Customer", "Ticket"})
ACTORS = (
    replace(SOMEBODY, granted_ids=GRANTED),
    replace(SOMEBODY, granted_ids=frozenset(), department_ids=frozenset()),
)
"""To whom everything is granted, and who has no more than a line: grants hide what is masked."""
GIVEN = [{"size": 50, "known": False, **values_of(actor)} for actor in ACTORS]


@pytest.fixture(scope="module")
async def world(indexed: Store) -> Store:
    await indexed.write(WIPE)
    await write_world(indexed, WORLD)
    return indexed


def reading_rows() -> list[str]:
    """Rows of the policy that are about reading nodes."""
    rows = [line for line in shipped_policy().splitlines() if line.startswith("p,")]
    cells = {row: [cell.strip() for cell in row.split(",")] for row in rows}
    return [
        row
        for row in rows
        if cells[row][4] in READS and cells[row][3] not in RESOURCES and not of_answers(cells[row])
    ]


def of_answers(cells: list[str]) -> bool:
    """Whether a row is about the order of answers alone: no page is ordered by what may be null."""
    label, _, field = cells[3].partition(".")
    return cells[4] == "sort" and bool(field) and field not in ORDERABLE[Label(label)]


async def test_a_row_left_out_changes_a_page(world: Store) -> None:
    chance = random.Random(12)
    before = load_policy()
    for row in chance.sample(reading_rows(), SAMPLE):
        after = load_policy(shipped_policy().replace(f"{row}\n", "", 1))
        found = [
            (role, cell)
            for role in ROLES
            for cell in changed(before.rights([role]), after.rights([role]))
        ]
        assert found, row
        chance.shuffle(found)
        for role, (coordinate, action) in found[:40]:
            rights = [one.rights([role]) for one in (before, after)]
            pages = [
                [await page(world, request, one, given) for one in rights]
                for request in asking(coordinate, action)
                for given in GIVEN
            ]
            if any(one != other for one, other in pages):
                break
        else:
            pytest.fail(f"no page differs without {row!r}")


def changed(one: Rights, other: Rights) -> Iterator[tuple[str, str]]:
    for cell in one.cells.keys() | other.cells.keys():
        if cell[1] in READS and one.cell(*cell) != other.cell(*cell):
            yield cell


def asking(coordinate: str, action: str) -> Iterator[Request]:
    """Pages that use ``coordinate`` so."""
    name, _, field_name = coordinate.partition(".")
    if name not in FIELDS:
        return
    label = Label(name)
    field = FIELDS[label].get(field_name)
    parts: tuple[Any, ...] = (FIELDS[label]["id"],)
    pages = [Page(size="size")]
    if action == Action.AGGREGATE:
        by = () if field is None or not grouped(field) else (key(field),)
        pages = [Page(size="size", rows=False, groups=(Grouping(size="size", by=by),))]
    elif field is not None and action == Action.READ:
        parts = (*parts, key(field, paged=True))
    elif field is not None and action == Action.FILTER:
        plain = Page(size="size", filter=filter_of(field))
        pages = [plain, replace(plain, rows=False, groups=(Grouping(size="size"),))]
    elif field is not None:
        pages = [Page(size="size", order=(Order(field=field),))]
        if field.name not in ORDERABLE[label]:
            return
    for one in pages:
        yield Request(nodes=Selected(label=label, parts=parts), page=one)


def grouped(field: Field) -> bool:
    return field.property is not None or len(field.targets) == 1


def key(field: Field, *, paged: bool = False) -> Field | Branch:
    if field.property:
        return field
    nodes = tuple(Selected(label=one, parts=(FIELDS[one]["id"],)) for one in field.targets)
    page = Page(size="size") if paged and field.many else None
    return Branch(field=field, nodes=nodes, page=page)


def filter_of(field: Field) -> Filter:
    if field.property is None:
        return Related(field=field, label=field.targets[0])
    return Compare(field=field, operator=Operator.IS_NULL, slot="known")


async def page(store: Store, request: Request, rights: Rights, given: Mapping[str, Any]) -> Any:
    try:
        compiled = compile_request(request, rights)
    except (ForbiddenError, ForbiddenArgumentError) as error:
        return type(error).__name__
    row = await read_request(store, compiled, given)
    return row["page"], compiled.denied
