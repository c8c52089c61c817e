import pytest

from graph.errors import QueryError
from graph.ontology import askable
from graph.queries import Mode
from graph.selection.fact import Selection, compile_selection
from graph.vocabulary import Label, RelationshipType

L, T = Label, RelationshipType


@pytest.mark.parametrize(
    ("selection", "parameters", "text"),
    [
        pytest.param(
            Selection(anchor=L.PRODUCT, property="warranty_months"),
            {"key"},
            "MATCH (a:Product {id: $key})\n"
            "RETURN a.id AS anchor, a.id AS id, 0 AS depth, a.name_zh AS name_zh, "
            "a.name_en AS name_en, null AS number, a.warranty_months AS value, null AS quantity\n"
            "ORDER BY depth, id LIMIT 200",
            id="a property",
        ),
        pytest.param(
            Selection(
                anchor=L.PRODUCT,
                type=T.SUPPORTS,
                inverse=True,
                target=L.DEPARTMENT,
                climb=T.PART_OF,
            ),
            {"key"},
            "MATCH (a:Product {id: $key})\n"
            "MATCH path = (a)-[:PART_OF*0..4]->(c)\n"
            "MATCH (c)<-[r:SUPPORTS]-(n:Department)\n"
            "WHERE r.valid_to_at IS NULL\n"
            "RETURN a.id AS anchor, n.id AS id, length(path) AS depth, n.name_zh AS name_zh, "
            "n.name_en AS name_en, null AS number, null AS value, null AS quantity\n"
            "ORDER BY depth, id LIMIT 200",
            id="an inherited relationship, inverse",
        ),
        pytest.param(
            Selection(
                anchor=L.ORDER,
                key="number_key",
                type=T.CONTAINS,
                target=L.PRODUCT,
                property="unit_price",
                target_id=True,
            ),
            {"key", "target", "everything", "customer_id"},
            "MATCH (a:Order {number_key: $key})\n"
            "WHERE $everything OR EXISTS { MATCH (buyer:Customer)-[:PLACED]->(a) "
            "WHERE buyer.id = $customer_id }\n"
            "MATCH (a)-[r:CONTAINS]->(n:Product)\n"
            "WHERE n.id = $target\n"
            "RETURN a.id AS anchor, n.id AS id, 0 AS depth, n.name_zh AS name_zh, "
            "n.name_en AS name_en, null AS number, r.unit_price AS value, "
            "r.quantity AS quantity\n"
            "ORDER BY depth, id LIMIT 200",
            id="a relationship's property, in scope",
        ),
    ],
)
def test_a_selection_is_one_readable_text(
    selection: Selection, parameters: set[str], text: str
) -> None:
    query = compile_selection(selection)
    assert (query.text, set(query.parameters), query.mode) == (text, parameters, Mode.READ)


@pytest.mark.parametrize(
    ("selection", "says"),
    [
        (Selection(anchor=L.PRODUCT, key="colour"), "Product has no 'colour'"),
        (Selection(anchor=L.PRODUCT, property="x} RETURN 1 //"), "Product has no"),
        (
            Selection(anchor=L.ORDER, type=T.CONTAINS, target=L.PRODUCT, property="colour"),
            "Order has no 'colour'",
        ),
    ],
)
def test_an_identifier_that_the_schema_does_not_have_is_refused(
    selection: Selection, says: str
) -> None:
    with pytest.raises(QueryError, match=says):
        compile_selection(selection)


def test_no_order_is_ever_selected_without_its_scope() -> None:
    for asked in askable():
        if asked.anchor is L.ORDER:
            query = compile_selection(
                Selection(
                    anchor=asked.anchor,
                    type=asked.type,
                    inverse=asked.inverse,
                    target=asked.target,
                    climb=asked.climb,
                    property=asked.property,
                )
            )
            assert {"everything", "customer_id"} <= query.parameters
