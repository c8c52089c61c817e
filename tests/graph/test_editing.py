"""Edits under rights that reach some rows only, and what keeps nodes from being deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from graph.change import Author
from graph.editable import EDITABLE, KNOWN, mirror
from graph.editing import Edit, Ends, edit
from graph.errors import (
    ConflictError,
    ForbiddenArgumentError,
    ForbiddenError,
    GraphError,
    NotFoundError,
    TargetNotFoundError,
)
from graph.fields import FIELDS, HIDDEN
from graph.model import Actor
from graph.rights import Action
from graph.schema import NODES
from graph.store import Row, Store
from graph.vocabulary import Label, RelationshipType
from policies.policy import Policy, load_policy
from tests.builders import make_nodes, relate, run

L, T = Label, RelationshipType
LINES = load_policy(
    """
p, 50, role:editor, tier:public, read, any, full, allow
p, 50, role:editor, Product, update, own_line, full, allow
p, 50, role:editor, Product.nameEn, update, any, full, allow
p, 50, role:editor, Product.lines, update, own_line, full, allow
p, 50, role:editor, Product.issues, update, own_line, full, allow
p, 50, role:editor, Product, create, own_line, full, allow
p, 50, role:editor, Product.nameEn, create, own_line, full, allow
p, 50, role:editor, Product.lines, create, own_line, full, allow
p, 50, role:editor, Product, delete, own_line, full, allow
p, 50, role:editor, BusinessLine, update, own_line, full, allow
p, 50, role:editor, BusinessLine.products, update, any, full, allow
p, 50, role:editor, Issue.affects, update, any, full, allow
"""
)
SHIPPED = load_policy()
HOME = Actor(id="e", roles=frozenset({"editor"}), line_ids=frozenset({"home"}))


class Lax:
    """Rules that nothing breaks."""

    def row(self, label: Label, row: Mapping[str, Any], changed: Sequence[str]) -> Row:
        return {name: row[name] for name in changed}

    def rows(self, label: Label, rows: Sequence[Row]) -> None:
        return None

    def said(self, name: str, said: Mapping[str, Any]) -> None:
        return None

    def sealed(self, coordinate: str, row: Mapping[str, Any], *, owner: str, data_key: str) -> Row:
        name = coordinate.partition(".")[2]
        return {f"{name}_sealed": f"{owner}|{data_key}|{row[name]}"}

    def opened(self, coordinate: str, row: Mapping[str, Any], *, owner: str, data_key: str) -> str:
        name = coordinate.partition(".")[2]
        return str(row[f"{name}_sealed"]).removeprefix(f"{owner}|{data_key}|")

    def new_data_key(self, owner: str) -> str:
        return f"key of {owner}"


@pytest.fixture
async def lines(desk: Store) -> Store:
    """Polar belongs to the line home, rover to the line fleet."""
    await make_nodes(desk, L.BUSINESS_LINE, [{"id": "fleet"}])
    await make_nodes(desk, L.PRODUCT, [{"id": "rover"}])
    await relate(desk, T.BELONGS_TO, (L.PRODUCT, "polar"), (L.BUSINESS_LINE, "home"))
    await relate(desk, T.BELONGS_TO, (L.PRODUCT, "rover"), (L.BUSINESS_LINE, "fleet"))
    return desk


async def do(
    store: Store, action: Action, id_: str, *, label: Label = L.PRODUCT, policy: Policy = LINES,
    values: Mapping[str, Any] | None = None, **links: Ends,
) -> None:  # fmt: skip
    author = Author(actor=HOME, rights=policy.rights(HOME.roles))
    change = Edit(label=label, id=id_, action=action, values=values or {}, links=links)
    await edit(store, author, change, rules=Lax())


async def refused(store: Store, *args: Any, **given: Any) -> GraphError:
    """What an edit raises; nothing is left of it."""
    text = """MATCH (n) OPTIONAL MATCH (n)-[r]->(m)
    RETURN n.id AS id, properties(n) AS n, type(r) AS r, m.id AS m ORDER BY id, r, m"""
    before = await run(store, text)
    with pytest.raises(GraphError) as refusal:
        await do(store, *args, **given)
    assert await run(store, text) == before
    return refusal.value


def line(id_: str) -> tuple[tuple[Label, str], ...]:
    return ((L.BUSINESS_LINE, id_),)


async def test_a_row_is_reached_before_and_after(lines: Store) -> None:
    name = {"nameEn": "New"}
    await do(lines, Action.UPDATE, "polar", values=name)
    foreign = await refused(lines, Action.UPDATE, "rover", values=name)
    absent = await refused(lines, Action.UPDATE, "nothing", values=name)
    assert isinstance(foreign, NotFoundError)
    assert str(foreign) == str(absent)
    away = await refused(lines, Action.UPDATE, "polar", lines=Ends(remove=line("home")))
    assert isinstance(away, NotFoundError)
    assert "afterwards" in str(away)
    stray = await refused(lines, Action.CREATE, "stray", values=name)
    assert "afterwards" in str(stray)
    await do(lines, Action.CREATE, "mine", values=name, lines=Ends(add=line("home")))
    assert isinstance(await refused(lines, Action.DELETE, "rover"), NotFoundError)


async def test_the_far_end_of_a_relationship_is_written_too(lines: Store) -> None:
    """So it must be one that the author may change; removing what is foreign does nothing."""
    foreign = await refused(lines, Action.UPDATE, "polar", lines=Ends(add=line("fleet")))
    assert isinstance(foreign, TargetNotFoundError)
    assert foreign.field == "lines.add"
    await relate(lines, T.BELONGS_TO, (L.PRODUCT, "polar"), (L.BUSINESS_LINE, "fleet"))
    await do(lines, Action.UPDATE, "polar", lines=Ends(remove=line("fleet")))
    (found,) = await run(
        lines, "MATCH (:Product {id: 'polar'})-[:BELONGS_TO]->(l) RETURN collect(l.id) AS ids"
    )
    assert sorted(found["ids"]) == ["fleet", "home"]
    # Issues are nobody's to change here, though their field is.
    issue = Ends(add=((L.ISSUE, "cooling"),))
    assert isinstance(await refused(lines, Action.UPDATE, "polar", issues=issue), ForbiddenError)


async def test_a_denied_field_is_named(lines: Store) -> None:
    error = await refused(lines, Action.UPDATE, "polar", values={"price": 1.0})
    assert isinstance(error, ForbiddenArgumentError)
    assert error.coordinate == "Product.price"


@pytest.mark.parametrize(
    ("label", "id_", "held"),
    [
        (L.CATEGORY, "appliances", "Category"),
        (L.CATEGORY, "air-conditioners", "Product"),
        (L.ISSUE, "cooling", "Issue"),
        (L.PRODUCT, "polar", "Order"),
    ],
)
async def test_what_is_depended_on_stays(label: Label, id_: str, held: str, lines: Store) -> None:
    error = await refused(lines, Action.DELETE, id_, label=label, policy=SHIPPED)
    assert isinstance(error, ConflictError)
    assert str(error) == f"{label} is still held by: {held}"


async def test_a_name_goes_with_what_it_names_unless_it_names_something_else(lines: Store) -> None:
    await make_nodes(lines, L.ALIAS, [{"id": "both", "text": "b"}, {"id": "own", "text": "o"}])
    for alias, product in (("both", "rover"), ("both", "polar"), ("own", "rover")):
        await relate(lines, T.ALIAS_OF, (L.ALIAS, alias), (L.PRODUCT, product))
    await do(lines, Action.DELETE, "rover", policy=SHIPPED)
    (found,) = await run(lines, "MATCH (a:Alias) RETURN collect(a.id) AS ids")
    assert found["ids"] == ["both"]


async def test_one_parent_replaces_another(lines: Store) -> None:
    up = Ends(add=((L.ISSUE, "double-charge"),), only=True)
    await do(lines, Action.UPDATE, "no-cooling", label=L.ISSUE, policy=SHIPPED, parent=up)
    text = "MATCH (:Issue {id: 'no-cooling'})-[:SUBTYPE_OF]->(p) RETURN p.id AS id"
    assert await run(lines, text) == [{"id": "double-charge"}]
    top = Ends(only=True)
    await do(lines, Action.UPDATE, "no-cooling", label=L.ISSUE, policy=SHIPPED, parent=top)
    assert await run(lines, text) == []


async def test_a_loaders_level_survives_being_asked_for_again(lines: Store) -> None:
    await make_nodes(lines, L.SKILL, [{"id": "hvac"}, {"id": "new"}])
    await relate(lines, T.REQUIRES, (L.ISSUE, "cooling"), (L.SKILL, "hvac"), level=3)
    skills = Ends(add=((L.SKILL, "hvac"), (L.SKILL, "new")))
    await do(lines, Action.UPDATE, "cooling", label=L.ISSUE, policy=SHIPPED, skills=skills)
    found = await run(
        lines,
        """MATCH (:Issue {id: 'cooling'})-[r:REQUIRES]->(s)
        RETURN s.id AS id, r.level AS level, r.source AS source ORDER BY id""",
    )
    assert found == [
        {"id": "hvac", "level": 3, "source": "api"},
        {"id": "new", "level": 1, "source": "api"},
    ]


def test_knowledge_has_a_field_at_both_ends_of_every_relationship() -> None:
    for label in KNOWN:
        for one in EDITABLE[label].fields.values():
            for target in one.targets:
                assert mirror(one, target), (one.coordinate, target)


def test_what_is_editable_is_no_bookkeeping() -> None:
    for label, one in EDITABLE.items():
        assert "id" not in one.fields
        assert one.fields.items() <= FIELDS[label].items()
        properties = {field.property.name for field in one.fields.values() if field.property}
        assert not {f"{label}.{name}" for name in properties} & set(HIDDEN)
        if label in KNOWN:
            assert properties == {item.name for item in NODES[label].properties} - {"id"}
