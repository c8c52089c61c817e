"""A fact's text: every bound in it, and nothing that may not be seen."""

import pytest

from graph.errors import ForbiddenError
from graph.ontology import askable
from graph.queries import Mode
from graph.rights import Scope
from graph.selection.fact import Selection, compile_selection
from graph.vocabulary import Label, RelationshipType
from tests.builders import make_asker

L, T = Label, RelationshipType
ALL = make_asker()
END = "MATCH (epoch:Epoch {id: 'policy'})\nRETURN epoch.value AS epoch, rows"


def test_a_property_is_one_readable_text() -> None:
    query = compile_selection(Selection(anchor=L.PRODUCT, property="warranty_months"), ALL)
    assert (query.mode, query.parameters) == (Mode.READ, frozenset({"given"}))
    assert query.text == (
        "MATCH (a:Product)\n"
        "WHERE a.id = $given.key\n"
        "WITH a, 0 AS depth\n"
        "ORDER BY depth, a.id LIMIT 200\n"
        "WITH collect([a.name_zh, a.name_en, null, a.id, depth, a.name_zh, a.name_en, null, "
        f"a.warranty_months, null]) AS rows\n{END}"
    )


def test_an_inherited_relationship_is_walked_as_far_as_it_may_be() -> None:
    selection = Selection(
        anchor=L.PRODUCT, type=T.SUPPORTS, inverse=True, target=L.DEPARTMENT, climb=T.PART_OF
    )
    text = compile_selection(selection, ALL).text
    assert text.startswith(
        "MATCH (a:Product)\n"
        "WHERE a.id = $given.key\n"
        "MATCH path = (a)-[:PART_OF*0..4]->(c)\n"
        "MATCH (c)<-[r:SUPPORTS]-(n:Department)\n"
        "WHERE r.valid_to_at IS NULL\n"
        "WITH a, r, n, length(path) AS depth\n"
    )
    for denied, hops in (
        ("Category.parent", "*0..1"),
        ("Product.category", "*0..0"),
        ("Category.departments", "*0..0"),
        ("Product.departments", "*1..4"),
    ):
        assert hops in compile_selection(selection, make_asker({denied: None})).text
    both = make_asker({"Product.departments": None, "Category.departments": None})
    with pytest.raises(ForbiddenError):
        compile_selection(selection, both)


def test_every_row_and_value_in_a_scope_brings_its_bound() -> None:
    selection = Selection(
        anchor=L.ORDER,
        key="number_key",
        type=T.CONTAINS,
        target=L.PRODUCT,
        property="unit_price",
        target_id=True,
        found_by=("number",),
    )
    asker = make_asker(
        {"Order": Scope.OWN_CUSTOMER, "Order.products": Scope.ASSIGNED, "Product.nameZh": None}
    )
    lines = compile_selection(selection, asker).text.splitlines()
    assert "IN $given.own_customer" in lines[1]
    assert "n.id = $given.target" in lines[3]
    assert "IN $given.assigned" in lines[3]
    assert "n.name_zh" not in "".join(lines)
    assert "r.unit_price, r.quantity" in lines[6]


@pytest.mark.parametrize(
    "selection",
    [
        Selection(anchor=L.PRODUCT, key="colour", property="price"),
        Selection(anchor=L.PRODUCT, property="x} RETURN 1 //"),
        Selection(anchor=L.ORDER, type=T.CONTAINS, target=L.PRODUCT, property="colour"),
        Selection(anchor=L.ORDER, property="number_key"),
        Selection(anchor=L.CUSTOMER, property="name"),
        Selection(anchor=L.CATEGORY, type=T.PART_OF, target=L.DEPARTMENT),
        Selection(anchor=L.ISSUE, type=T.HANDLES, inverse=True, target=L.PRODUCT),
        Selection(
            anchor=L.DEPARTMENT, type=T.HANDLES, target=L.ISSUE, property="weight", target_id=True
        ),
    ],
)
def test_what_nobody_can_select_is_no_fact(selection: Selection) -> None:
    with pytest.raises(ForbiddenError):
        compile_selection(selection, ALL)


def test_nothing_is_asked_of_rows_that_are_not_shown() -> None:
    for asked in askable():
        selection = Selection(
            anchor=asked.anchor,
            type=asked.type,
            inverse=asked.inverse,
            target=asked.target,
            climb=asked.climb,
            property=asked.property,
        )
        ends = {str(asked.anchor), str(asked.target or asked.anchor)}
        for end in ends:
            with pytest.raises(ForbiddenError):
                compile_selection(selection, make_asker({end: None}))
