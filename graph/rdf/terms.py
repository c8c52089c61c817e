"""How nodes are said in RDF: classes and properties of the ontology, names as labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from graph.ontology import NAMESPACE
from graph.schema import NODES, Kind
from graph.vocabulary import Label, RelationshipType

DATA = "https://deskgraph.example/data/"
"""Nodes are called ``DATA`` + class + ``/`` + id; a file may call them otherwise."""
PREFIXES: Mapping[str, str] = {
    "desk": NAMESPACE,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LANGUAGES: Mapping[str, str] = {"name_zh": "zh", "name_en": "en"}
"""Names are ``rdfs:label`` in a language; aliases are ``skos:altLabel``."""

Scalar: TypeAlias = str | int | float | bool
Value: TypeAlias = str | int | float | bool | Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A relationship from a node, with its properties, such as a level."""

    type: RelationshipType
    label: Label
    id: str
    properties: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """One node. ``values`` go by the names of properties, lists of texts in order. ``line`` is
    where a file begins to speak of it, 0 where it was not read from one.
    """

    label: Label
    id: str
    values: Mapping[str, Value]
    aliases: Sequence[str] = ()
    links: Sequence[Link] = ()
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What is wrong with RDF. ``node`` and ``path`` are IRIs, shortened by the prefixes."""

    code: str
    message: str
    line: int = 0
    node: str = ""
    path: str = ""
    allowed: str = ""


def kind_of(label: Label, name: str) -> Kind:
    """How a property is stored."""
    found = NODES[label].find(name)
    return found.kind if found else Kind.TEXT


def short(iri: object) -> str:
    """``desk:Product.price`` for its IRI; ``Product/p-1`` for that of a node."""
    text = str(iri)
    for prefix, namespace in PREFIXES.items():
        if text.startswith(namespace):
            return f"{prefix}:{text.removeprefix(namespace)}"
    return text.removeprefix(DATA)
