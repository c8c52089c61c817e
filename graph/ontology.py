"""The ontology as the code uses it: how questions name properties and relationships.

``ontology.ttl`` is the source; its labels, in both languages, are the only question patterns there
are, so a new relationship with labels can be asked about without code.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from graph.text import fold, has_han
from graph.vocabulary import Label, RelationshipType

NAMESPACE = "https://deskgraph.example/ontology#"
_INVERSE = "-inverse"
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Something that can be asked of a node labelled ``anchor``.

    Either a property of it (``property``), or where a relationship leads (``type``, in its own
    direction or ``inverse``) and perhaps a property of that relationship. ``climb`` is the type
    along which the relationship is inherited. ``names`` are what answers call it, by language.
    """

    anchor: Label
    target: Label | None
    type: RelationshipType | None
    inverse: bool
    property: str | None
    climb: RelationshipType | None
    names: Mapping[str, str]
    labels: tuple[str, ...]


@cache
def ontology() -> Graph:
    """The shipped ontology, parsed once."""
    graph = Graph()
    graph.parse(data=files("graph").joinpath("ontology.ttl").read_text("utf-8"), format="turtle")
    return graph


@cache
def askable() -> tuple[Asked, ...]:
    """Everything the ontology gives a label to, in the order of its terms."""
    graph = ontology()
    properties = sorted(map(str, graph.subjects(RDF.type, OWL.DatatypeProperty)))
    relationships = sorted(map(str, graph.subjects(RDF.type, OWL.ObjectProperty)))
    return (
        *(asked for iri in properties for asked in _property(graph, URIRef(iri))),
        *(asked for iri in relationships for asked in _relationship(graph, URIRef(iri))),
    )


def matched(asked: Asked, folded: str) -> int:
    """How strongly folded text names what is asked: characters of the longest label found in it.

    A Latin label is found when all its words are, a Han label as it stands; Han counts double.
    """
    present = set(_WORD.findall(folded))
    return max((_found(label, folded, present) for label in asked.labels), default=0)


def _found(label: str, folded: str, present: set[str]) -> int:
    if has_han(label):
        return 2 * len(label) if label in folded else 0
    words = _WORD.findall(label)
    return sum(map(len, words)) if words and present.issuperset(words) else 0


def _property(graph: Graph, iri: URIRef) -> Iterator[Asked]:
    owner, _, name = _local(iri).partition(".")
    if owner in set(Label):
        yield _asked(graph, iri, anchor=Label(owner), property_=name)
    elif owner in set(RelationshipType):
        relationship = URIRef(NAMESPACE + owner)
        for anchor, target in _ends(graph, relationship):
            yield _asked(
                graph,
                iri,
                anchor=anchor,
                target=target,
                type_=RelationshipType(owner),
                property_=name,
            )


def _relationship(graph: Graph, iri: URIRef) -> Iterator[Asked]:
    name = _local(iri)
    inverse = name.endswith(_INVERSE)
    forward = URIRef(NAMESPACE + name.removesuffix(_INVERSE))
    along = graph.value(forward, URIRef(NAMESPACE + "inheritedAlong"))
    for source, range_ in _ends(graph, forward):
        yield _asked(
            graph,
            iri,
            anchor=range_ if inverse else source,
            target=source if inverse else range_,
            type_=RelationshipType(_local(forward)),
            inverse=inverse,
            climb=RelationshipType(_local(along)) if along and inverse else None,
        )


def _asked(
    graph: Graph,
    iri: URIRef,
    *,
    anchor: Label,
    target: Label | None = None,
    type_: RelationshipType | None = None,
    inverse: bool = False,
    property_: str | None = None,
    climb: RelationshipType | None = None,
) -> Asked:
    own = [label for label in graph.objects(iri, RDFS.label) if isinstance(label, Literal)]
    other = [label for label in graph.objects(iri, SKOS.altLabel) if isinstance(label, Literal)]
    return Asked(
        anchor=anchor,
        target=target,
        type=type_,
        inverse=inverse,
        property=property_,
        climb=climb,
        names={str(label.language): str(label) for label in own},
        labels=tuple(sorted({fold(str(label)) for label in (*own, *other)})),
    )


def _ends(graph: Graph, relationship: URIRef) -> list[tuple[Label, Label]]:
    sources = sorted(_local(node) for node in graph.objects(relationship, RDFS.domain))
    targets = sorted(_local(node) for node in graph.objects(relationship, RDFS.range))
    return [(Label(source), Label(target)) for source in sources for target in targets]


def _local(node: object) -> str:
    return str(node).removeprefix(NAMESPACE)
