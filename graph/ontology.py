"""The ontology as the code uses it: how questions name classes, properties and relationships.

``ontology.ttl`` is the source; its labels, in both languages, are the only question patterns there
are, so a new relationship with labels can be asked about without code.
"""

import builtins
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from rdflib import Graph, Literal, Node, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from graph.fields import leading
from graph.text import fold, has_han
from graph.vocabulary import Label, RelationshipType

NAMESPACE = "https://deskgraph.example/ontology#"
_INVERSE = "-inverse"
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Asked:
    """Something that can be asked of a node labelled ``anchor``.

    Either a property of it (``property``), or where a relationship leads (``type``, in its own
    direction or ``inverse``) and perhaps a property of that relationship. ``climb`` is the type
    along which the relationship is inherited. ``names`` are what answers call it, by language;
    ``verbs`` are the labels that stand between its two ends, the source first; ``most`` and
    ``least`` what having the greatest and smallest value is called; ``values`` those that have
    names, all there are unless it is ``open``. A relationship is ``common`` where people have words
    of their own for it: others are walked only where they are named. ``deep`` ones hold over
    several steps, too; along ``spread`` what a relationship leads to hands it down.
    """

    anchor: Label
    target: Label | None
    type: RelationshipType | None
    inverse: bool
    property: str | None
    climb: RelationshipType | None
    names: Mapping[str, str]
    labels: tuple[str, ...]
    unit: str | None = None
    most: tuple[str, ...] = ()
    least: tuple[str, ...] = ()
    values: "tuple[Value, ...]" = ()
    open: bool = False
    verbs: frozenset[str] = frozenset()
    spread: RelationshipType | None = None
    common: bool = False
    deep: bool = False

    @builtins.property
    def holder(self) -> Label | None:
        """Whose property it is, where it is a node's."""
        return self.anchor if self.type is None else None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Value:
    """A value that a property may have, and what it is called."""

    value: str
    names: Mapping[str, str]
    labels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Unit:
    """A unit of values. ``times`` of it make one of ``of``'s."""

    id: str
    names: Mapping[str, str]
    labels: tuple[str, ...]
    of: str | None = None
    times: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Class:
    """A label and what people call its nodes."""

    label: Label
    names: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()


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


def step_of(anchor: Label, type_: RelationshipType, *, inverse: bool = False) -> Asked:
    """Where a relationship leads from ``anchor``.

    Raises:
        LookupError: nowhere.
    """
    for one in askable():
        if (one.anchor, one.type, one.inverse, one.property) == (anchor, type_, inverse, None):
            return one
    raise LookupError(f"{anchor} leads nowhere along {type_}")


def value_of(label: Label, name: str) -> Asked:
    """The property ``name`` of the nodes of a label.

    Raises:
        LookupError: they have none of that name.
    """
    for one in askable():
        if one.holder is label and one.property == name:
            return one
    raise LookupError(f"{label} has no {name}")


@cache
def classes() -> tuple[Class, ...]:
    """Every class, in the order of the vocabulary."""
    graph = ontology()
    return tuple(
        Class(label=label, names=_names(graph, iri), labels=_labels(graph, iri))
        for label in Label
        for iri in [URIRef(NAMESPACE + label)]
    )


@cache
def units() -> tuple[Unit, ...]:
    """Every unit, by its id."""
    graph = ontology()
    return tuple(
        _unit(graph, iri)
        for iri in map(URIRef, sorted(map(str, graph.subjects(RDF.type, _own("Unit")))))
    )


def _unit(graph: Graph, iri: Node) -> Unit:
    of, times = graph.value(iri, _own("of")), graph.value(iri, _own("times"))
    return Unit(
        id=_local(iri),
        names=_names(graph, iri),
        labels=_labels(graph, iri),
        of=_local(of) if of else None,
        times=float(str(times)) if times else 1.0,
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
    along = graph.value(forward, _own("inheritedAlong"))
    type_ = RelationshipType(_local(forward))
    for source, range_ in _ends(graph, forward):
        anchor, target = (range_, source) if inverse else (source, range_)
        # Nodes are parts of their like alone.
        if leading(anchor, type_, target, inverse=inverse) is None:
            continue
        yield _asked(
            graph,
            iri,
            anchor=anchor,
            target=target,
            type_=type_,
            inverse=inverse,
            climb=RelationshipType(_local(along)) if along and inverse else None,
            spread=None if inverse else _spread(graph, forward, along, range_),
        )


def _spread(
    graph: Graph, forward: URIRef, along: Node | None, target: Label
) -> RelationshipType | None:
    """Along what nodes of another label, which the relationship may lead to, hand it down."""
    if along is None or target not in {_local(one) for one in graph.objects(along, RDFS.domain)}:
        return None
    ranges = [{_local(one) for one in graph.objects(it, RDFS.range)} for it in (forward, along)]
    return RelationshipType(_local(along)) if set.intersection(*ranges) - {target} else None


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
    spread: RelationshipType | None = None,
) -> Asked:
    unit = graph.value(iri, _own("unit"))
    forward = URIRef(str(iri).removesuffix(_INVERSE))
    return Asked(
        anchor=anchor,
        target=target,
        type=type_,
        inverse=inverse,
        property=property_,
        climb=climb,
        spread=spread,
        names=_names(graph, iri),
        labels=_labels(graph, iri),
        unit=_local(unit) if unit else None,
        most=_folded(graph, iri, _own("most")),
        least=_folded(graph, iri, _own("least")),
        values=tuple(_value(graph, one) for one in graph.objects(iri, _own("value"))),
        open=bool(graph.value(iri, _own("open"))),
        verbs=frozenset(_folded(graph, iri, _own("verb"))),
        common=(iri, SKOS.altLabel, None) in graph,
        deep=(forward, RDF.type, OWL.TransitiveProperty) in graph,
    )


def _value(graph: Graph, node: Node) -> Value:
    return Value(
        value=str(graph.value(node, _own("is"))),
        names=_names(graph, node),
        labels=_labels(graph, node),
    )


def _names(graph: Graph, iri: Node) -> Mapping[str, str]:
    own = [label for label in graph.objects(iri, RDFS.label) if isinstance(label, Literal)]
    return {str(label.language): str(label) for label in own}


def _labels(graph: Graph, iri: Node) -> tuple[str, ...]:
    found = (*_folded(graph, iri, RDFS.label), *_folded(graph, iri, SKOS.altLabel))
    return tuple(sorted(set(found)))


def _folded(graph: Graph, iri: Node, predicate: Node) -> tuple[str, ...]:
    return tuple(sorted({fold(str(label)) for label in graph.objects(iri, predicate)}))


def _own(name: str) -> URIRef:
    return URIRef(NAMESPACE + name)


def _ends(graph: Graph, relationship: URIRef) -> list[tuple[Label, Label]]:
    sources = sorted(_local(node) for node in graph.objects(relationship, RDFS.domain))
    targets = sorted(_local(node) for node in graph.objects(relationship, RDFS.range))
    return [(Label(source), Label(target)) for source in sources for target in targets]


def _local(node: object) -> str:
    return str(node).removeprefix(NAMESPACE)


def class_name(label: Label, language: str) -> str:
    """What nodes of a label are called."""
    return next(one.names[language] for one in classes() if one.label is label)
