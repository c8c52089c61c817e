"""Nodes to Turtle or JSON-LD: the same nodes give the same text, a line for each statement."""

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from graph.rdf.terms import DATA, LANGUAGES, PREFIXES, Link, Node, Value, kind_of
from graph.schema import Kind


def to_turtle(nodes: Iterable[Node]) -> str:
    """One paragraph a node, levels beside it."""
    head = [f"@base <{DATA}> ."]
    head += [f"@prefix {prefix}: <{iri}> ." for prefix, iri in PREFIXES.items()]
    return "\n".join([*head, "", *(line for node in nodes for line in _paragraph(node))])


def _paragraph(node: Node) -> Iterator[str]:
    said = [f"{path} {value}" for path, value in _said(node)]
    yield " ;\n    ".join([f"<{node.label}/{node.id}> a desk:{node.label}", *said]) + " ."
    for link in node.links:
        if link.properties:
            parts = [
                "[] a rdf:Statement",
                f"rdf:subject <{node.label}/{node.id}>",
                f"rdf:predicate desk:{link.type}",
                f"rdf:object <{link.label}/{link.id}>",
                *(f"desk:{link.type}.{name} {_term(v)}" for name, v in link.properties.items()),
            ]
            yield " ; ".join(parts) + " ."
    yield ""


def _said(node: Node) -> Iterator[tuple[str, str]]:
    yield f"desk:{node.label}.id", _text(node.id)
    for name, value in node.values.items():
        if name in LANGUAGES:
            yield "rdfs:label", f"{_term(value)}@{LANGUAGES[name]}"
        else:
            yield f"desk:{node.label}.{name}", _term(_typed(node, name, value))
    for alias in node.aliases:
        yield "skos:altLabel", _text(alias)
    for link in node.links:
        yield f"desk:{link.type}", f"<{link.label}/{link.id}>"


def _typed(node: Node, name: str, value: Value) -> Value:
    """Numbers of a property that holds numbers are decimals, also whole ones."""
    if isinstance(value, int) and kind_of(node.label, name) is Kind.NUMBER:
        return float(value)
    return value


def _term(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _text(_digits(value)) + "^^xsd:decimal"
    if isinstance(value, str):
        return _text(value)
    members = "".join(f"\n        {_text(one)}" for one in value)
    return f"({members} )"


def _digits(value: float) -> str:
    return format(Decimal(repr(value)), "f")


def _text(value: str) -> str:
    # JSON's escapes are all Turtle's, too.
    return json.dumps(value, ensure_ascii=False)


def to_jsonld(nodes: Iterable[Node]) -> str:
    """One object a node, in a graph with a context of its own."""
    graph: list[Mapping[str, Any]] = []
    for node in nodes:
        graph.append(_object(node))
        graph += [_statement(node, link) for link in node.links if link.properties]
    document = {"@context": {"@base": DATA, **PREFIXES}, "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _object(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@id": f"{node.label}/{node.id}",
        "@type": f"desk:{node.label}",
        f"desk:{node.label}.id": node.id,
    }
    labels = [
        {"@value": node.values[name], "@language": language}
        for name, language in LANGUAGES.items()
        if name in node.values
    ]
    if labels:
        found["rdfs:label"] = labels
    for name, value in node.values.items():
        if name not in LANGUAGES:
            found[f"desk:{node.label}.{name}"] = _json(_typed(node, name, value))
    if node.aliases:
        found["skos:altLabel"] = list(node.aliases)
    for link in node.links:
        found.setdefault(f"desk:{link.type}", []).append({"@id": f"{link.label}/{link.id}"})
    return found


def _statement(node: Node, link: Link) -> dict[str, Any]:
    return {
        "@type": "rdf:Statement",
        "rdf:subject": {"@id": f"{node.label}/{node.id}"},
        "rdf:predicate": {"@id": f"desk:{link.type}"},
        "rdf:object": {"@id": f"{link.label}/{link.id}"},
        **{f"desk:{link.type}.{name}": _json(value) for name, value in link.properties.items()},
    }


def _json(value: Value) -> Any:
    if isinstance(value, float):
        return {"@value": _digits(value), "@type": "xsd:decimal"}
    return value if isinstance(value, str | int) else {"@list": list(value)}
