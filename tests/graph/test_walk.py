"""A reading's text: every bound in it, and nothing that may not be seen."""

from dataclasses import replace

import pytest

from graph.errors import ForbiddenError
from graph.ontology import Asked, askable
from graph.queries import Mode
from graph.rights import Scope
from graph.selection.walk import Held, Start, Trail, Walk, compile_walk
from graph.vocabulary import Label, RelationshipType
from tests.builders import make_asker

L, T = Label, RelationshipType
ALL = make_asker()
END = "MATCH (epoch:Epoch {id: 'policy'})\nRETURN epoch.value AS epoch, rows"


def asked_of(
    anchor: Label, name: str | None = None, type_: RelationshipType | None = None
) -> Asked:
    """The one thing that the ontology can ask so."""
    (found,) = (
        one for one in askable() if (one.anchor, one.property, one.type) == (anchor, name, type_)
    )
    return found


def named(label: Label, *steps: Asked, key: str = "id", found_by: tuple[str, ...] = ()) -> Trail:
    """A way from one node that the question names."""
    start = Start(label=label, key=key, slot="key0", found_by=found_by)
    return Trail(label=label, start=start, steps=steps)


def test_a_value_of_a_named_node_is_one_readable_text() -> None:
    value = asked_of(L.PRODUCT, "warranty_months")
    walk = Walk(label=L.PRODUCT, trails=(named(L.PRODUCT),), value=value)
    query = compile_walk(walk, ALL)
    assert (query.mode, query.parameters) == (Mode.READ, frozenset({"given"}))
    assert query.text == (
        "UNWIND [$given.key0] AS key\n"
        "MATCH (n:Product {id: key})\n"
        "WHERE n.id = $given.key0\n"
        "WITH DISTINCT n, 0 AS depth, n.warranty_months AS value\n"
        "ORDER BY depth, n.id LIMIT 201\n"
        "WITH collect([n.id, n.name_zh, n.name_en, null, value, null, depth, []]) AS rows\n"
        f"{END}"
    )


def test_an_inherited_relationship_is_walked_only_where_all_of_it_may_be() -> None:
    supported = asked_of(L.PRODUCT, type_=T.SUPPORTS)
    walk = Walk(label=L.DEPARTMENT, trails=(named(L.PRODUCT, supported),))
    assert "[:PART_OF*0..4]" in compile_walk(walk, ALL).text
    for denied in ("Category.parent", "Product.category", "Category.departments"):
        assert "PART_OF" not in compile_walk(walk, make_asker({denied: None})).text
    with pytest.raises(ForbiddenError):
        compile_walk(walk, make_asker({"Product.departments": None}))


def test_every_row_and_value_in_a_scope_brings_its_bound() -> None:
    contains = asked_of(L.ORDER, type_=T.CONTAINS)
    trail = named(L.ORDER, contains, key="number_key", found_by=("number",))
    asker = make_asker(
        {"Order": Scope.OWN_CUSTOMER, "Order.products": Scope.ASSIGNED, "Product.nameZh": None}
    )
    text = compile_walk(Walk(label=L.PRODUCT, trails=(trail,)), asker).text
    assert text.startswith("UNWIND [$given.key0] AS key\nMATCH (v1:Order {number_key: key})-[")
    assert "IN $given.own_customer" in text
    assert "IN $given.assigned" in text
    assert "n.name_zh" not in text


def test_several_nodes_are_found_each_by_its_id() -> None:
    walk = Walk(label=L.PRODUCT, ids="ids", value=asked_of(L.PRODUCT, "price"))
    lines = compile_walk(walk, ALL).text.splitlines()
    assert lines[:2] == ["UNWIND $given.ids AS found", "MATCH (n:Product {id: found})"]


def test_nothing_is_asked_of_rows_that_are_not_shown() -> None:
    for asked in askable():
        if asked.type and asked.target and asked.property is None:
            walk = Walk(label=asked.target, trails=(named(asked.anchor, asked),))
            for end in {str(asked.anchor), str(asked.target)}:
                with pytest.raises(ForbiddenError):
                    compile_walk(walk, make_asker({end: None}))


def test_nodes_are_bounded_by_what_is_said_of_others_that_lead_to_them() -> None:
    placed = asked_of(L.CUSTOMER, type_=T.PLACED)
    tier = Held(asked=asked_of(L.CUSTOMER, "tier"), comparison="=", slot="bound0")
    trail = Trail(label=L.CUSTOMER, start=None, steps=(placed,), held=(tier,))
    walk = Walk(label=L.ORDER, trails=(trail,))
    text = compile_walk(walk, ALL).text
    assert "EXISTS { MATCH (v1:Customer)-[r0v1:PLACED]->(n:Order) WHERE" in text
    assert "v1.tier = $given.bound0" in text
    for denied in ("Customer", "Customer.orders", "Customer.tier"):
        with pytest.raises(ForbiddenError):
            compile_walk(walk, make_asker({denied: None}))
    own = compile_walk(walk, make_asker({"Customer": Scope.OWN_CUSTOMER})).text
    assert "v1.id IN $given.own_customer" in own


@pytest.mark.parametrize("denied", ["Customer.orders", "Order", "Order.status", "Order.total"])
def test_what_is_counted_or_added_up_is_shown_everywhere(denied: str) -> None:
    placed, total = asked_of(L.CUSTOMER, type_=T.PLACED), asked_of(L.ORDER, "total")
    state = Held(asked=asked_of(L.ORDER, "status"), comparison="=", slot="bound0")
    most = Walk(label=L.CUSTOMER, value=placed, order=(placed, True), counted_of=(state,))
    spent = Walk(label=L.CUSTOMER, value=total, order=(total, True), along=placed)
    spent = replace(spent, counted_of=(state,))
    assert "COUNT { MATCH (n)-[:PLACED]->(v1:Order) WHERE" in compile_walk(most, ALL).text
    assert "WITH n, sum(v1.total) AS value\nORDER BY value DESC" in compile_walk(spent, ALL).text
    for scope in (None, Scope.OWN_CUSTOMER):
        for walk in (spent,) if denied == "Order.total" else (most, spent):
            with pytest.raises(ForbiddenError):
                compile_walk(walk, make_asker({denied: scope}))
