"""``schema.py``, ``ontology.ttl`` and ``shapes.ttl`` say the same."""

from collections.abc import Iterable
from importlib.resources import files

import pytest
from rdflib import Graph, Literal, Namespace, Node, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, SH, XSD

from graph.ontology import NAMESPACE, askable, matched, ontology
from graph.schema import NODES, RELATIONSHIPS, Kind, Property
from graph.vocabulary import Label, RelationshipType

DESK = Namespace(NAMESPACE)
LISTS = {Kind.TEXTS, Kind.NUMBERS}
RANGES = {
    Kind.TEXT: XSD.string,
    Kind.TEXTS: XSD.string,
    Kind.INTEGER: XSD.integer,
    Kind.NUMBER: XSD.decimal,
    Kind.NUMBERS: XSD.decimal,
    Kind.BOOLEAN: XSD.boolean,
    Kind.INSTANT: XSD.integer,
}


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    graph.parse(data=files("graph").joinpath("shapes.ttl").read_text("utf-8"), format="turtle")
    return graph


def local(nodes: Iterable[Node]) -> set[str]:
    return {str(node).removeprefix(NAMESPACE) for node in nodes}


def declared() -> dict[str, tuple[str, Property]]:
    """Every ``Owner.name`` of the schema table: its owner and property."""
    owners: list[tuple[str, Iterable[Property]]] = [
        *((str(kind.label), kind.properties) for kind in NODES.values()),
        *((str(kind.type), kind.properties) for kind in RELATIONSHIPS.values()),
    ]
    return {f"{owner}.{item.name}": (owner, item) for owner, items in owners for item in items}


def test_tables_hold_every_label_and_type_of_the_vocabulary() -> None:
    assert set(NODES) == set(Label)
    assert set(RELATIONSHIPS) == set(RelationshipType)


def test_no_label_equals_a_type_ignoring_case() -> None:
    assert not {label.lower() for label in Label} & {type_.lower() for type_ in RelationshipType}


def test_classes_are_the_labels() -> None:
    assert local(ontology().subjects(RDF.type, OWL.Class)) == set(Label)


def test_properties_have_domain_range_and_tier_of_the_schema() -> None:
    graph = ontology()
    found = {
        name: (
            local(graph.objects(DESK[name], RDFS.domain)),
            set(graph.objects(DESK[name], RDFS.range)),
            local(graph.objects(DESK[name], DESK.tier)),
        )
        for name in local(graph.subjects(RDF.type, OWL.DatatypeProperty))
    }
    assert found == {
        name: ({owner}, {RANGES[item.kind]}, {f"tier-{item.tier}"})
        for name, (owner, item) in declared().items()
    }


def test_relationships_have_domain_and_range_of_the_schema() -> None:
    graph = ontology()
    forward = {
        name: (
            local(graph.objects(DESK[name], RDFS.domain)),
            local(graph.objects(DESK[name], RDFS.range)),
        )
        for name in local(graph.subjects(RDF.type, OWL.ObjectProperty))
        if not name.endswith("-inverse")
    }
    assert forward == {
        str(kind.type): (set(kind.sources), set(kind.targets)) for kind in RELATIONSHIPS.values()
    }


def test_everything_has_a_label_in_both_languages() -> None:
    graph = ontology()
    kinds = (OWL.Class, OWL.DatatypeProperty, OWL.ObjectProperty)
    for node in {node for kind in kinds for node in graph.subjects(RDF.type, kind)}:
        labels = [item for item in graph.objects(node, RDFS.label) if isinstance(item, Literal)]
        assert sorted(str(item.language) for item in labels) == ["en", "zh"], node
        assert all(str(item).strip() for item in labels), node


def test_shapes_cover_every_class_with_its_properties_and_relationships(shapes: Graph) -> None:
    found = {
        next(iter(local(shapes.objects(shape, SH.targetClass)))): local(
            path
            for item in shapes.objects(shape, SH.property)
            for path in shapes.objects(item, SH.path)
        )
        for shape in shapes.subjects(RDF.type, SH.NodeShape)
    }
    expected = {
        str(label): {f"{label}.{item.name}" for item in kind.properties}
        | {str(one.type) for one in RELATIONSHIPS.values() if label in one.sources}
        for label, kind in NODES.items()
    }
    assert found == expected


def test_shapes_have_the_types_and_counts_of_the_schema(shapes: Graph) -> None:
    for label, kind in NODES.items():
        for item in kind.properties:
            (node,) = shapes.subjects(SH.path, DESK[f"{label}.{item.name}"])
            assert set(shapes.objects(node, SH.datatype)) == {RANGES[item.kind]}
            most = [int(str(count)) for count in shapes.objects(node, SH.maxCount)]
            assert most == ([] if item.kind in LISTS else [1]), item.name
            least = [int(str(count)) for count in shapes.objects(node, SH.minCount)]
            assert least == ([1] if item.name == "id" else []), item.name


def test_shapes_lead_relationships_to_the_targets_of_the_schema(shapes: Graph) -> None:
    for kind in RELATIONSHIPS.values():
        for source in kind.sources:
            (node,) = (
                node
                for node in shapes.objects(DESK[f"{source}-shape"], SH.property)
                if (node, SH.path, DESK[kind.type]) in shapes
            )
            assert local(targets(shapes, node)) <= set(kind.targets), (source, kind.type)


def targets(shapes: Graph, node: Node) -> Iterable[Node]:
    yield from shapes.objects(node, SH["class"])
    for start in shapes.objects(node, SH["or"]):
        for choice in Collection(shapes, start):
            yield from shapes.objects(choice, SH["class"])


def test_what_can_be_asked_is_named_in_both_languages() -> None:
    assert all(set(asked.names) == {"zh", "en"} for asked in askable())


@pytest.mark.parametrize(
    ("anchor", "type_", "text"),
    [
        (Label.CATEGORY, RelationshipType.SUPPORTS, "由哪个部门负责?"),
        (Label.PRODUCT, RelationshipType.SUPPORTS, "which department supports it?"),
        (Label.ISSUE, RelationshipType.HANDLES, "which department handles it?"),
    ],
)
def test_labels_are_the_question_patterns(anchor: Label, type_: str, text: str) -> None:
    asked = [one for one in askable() if one.anchor is anchor and matched(one, text)]
    assert any(one.type == type_ and one.inverse for one in asked)


def test_a_latin_label_needs_all_its_words_and_a_han_label_its_characters() -> None:
    (asked,) = (
        one
        for one in askable()
        if one.anchor is Label.PRODUCT and one.property == "warranty_months"
    )
    assert matched(asked, "has no such word") == 0
    assert all(matched(asked, label) > 0 for label in asked.labels)


def test_tiers_of_the_ontology_are_declared() -> None:
    used = set(ontology().objects(None, DESK.tier))
    assert used == set(ontology().subjects(RDF.type, DESK.Tier))
    assert all(isinstance(node, URIRef) for node in used)
