"""Text to triples, and the line where each subject begins. Bounded, and never over the network."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rdflib import Graph, Literal, Node, URIRef
from rdflib.plugins.parsers.jsonld import to_rdf
from rdflib.plugins.parsers.notation3 import BadSyntax, RDFSink, SinkParser

from graph.rdf.terms import DATA, Finding

LARGEST = 8 << 20
"""Bytes; beyond it triples would take minutes and gigabytes."""
_ENDLESS = re.compile(r"[+-]?[\d.]+[eE][+-]?\d{4,}")
_TOO_LONG = "a number has more digits than anybody reads"
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|\n')
_BROKEN = (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What the parsers raise on text that they do not take, beside errors of their own."""


class RdfError(Exception):
    """The text is no RDF; ``finding`` says where and why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Parsed:
    """Triples, and the first line of each subject as far as it is known."""

    graph: Graph
    lines: Mapping[Node, int]

    def line(self, node: Node) -> int:
        """Where ``node`` begins; 0 where that is not known."""
        return self.lines.get(node, 0)


class _EndlessError(ValueError):
    """A number whose digits would fill the memory."""


class _Sink(RDFSink):
    """Keeps literals as they are written: working them out may take any amount of memory."""

    def newLiteral(  # noqa: N802 - the base class calls it so
        self, s: str, dt: URIRef | None, lang: str | None
    ) -> Literal:
        if dt and _ENDLESS.fullmatch(s):
            raise _EndlessError(_TOO_LONG)
        return Literal(s, datatype=dt, lang=None if dt else lang, normalize=False)


class _Parser(SinkParser):
    """Notes where each subject's statements begin."""

    def __init__(self, store: RDFSink) -> None:
        super().__init__(store, baseURI=DATA, turtle=True)
        self.begins: dict[Node, int] = {}

    def property_list(self, argstr: str, i: int, subj: Node) -> int:
        self.begins.setdefault(subj, self.lines + 1)
        return super().property_list(argstr, i, subj)


def parse_turtle(text: str) -> Parsed:
    """The triples of a Turtle text.

    Raises:
        RdfError: it is none.
    """
    graph = Graph()
    parser = _Parser(_Sink(graph))
    try:
        parser.startDoc()
        parser.feed(text)
        parser.endDoc()
    except BadSyntax as error:
        raise _broken("rdf_invalid", "this is not Turtle", line=int(error.lines) + 1) from None
    except RecursionError:
        line = parser.lines + 1
        raise _broken("rdf_too_deep", "nested too deep to be read", line=line) from None
    except _EndlessError:
        raise _broken("rdf_invalid", _TOO_LONG, line=parser.lines + 1) from None
    except _BROKEN:
        raise _broken("rdf_invalid", "this is not Turtle", line=parser.lines + 1) from None
    return Parsed(graph, parser.begins)


def parse_jsonld(text: str) -> Parsed:
    """The triples of a JSON-LD text with a context of its own.

    Raises:
        RdfError: it is none, or refers to a context elsewhere.
    """
    try:
        document = json.loads(text)
        _check(document)
        graph = _graph(document)
    except json.JSONDecodeError as error:
        raise _broken("rdf_invalid", "this is not JSON", line=error.lineno) from None
    except RecursionError:
        raise _broken("rdf_too_deep", "nested too deep to be read") from None
    except _BROKEN:
        raise _broken("rdf_invalid", "this is not JSON-LD") from None
    written = _lines(text)
    return Parsed(graph, {node: _find(written, str(node)) for node in graph.subjects(unique=True)})


def _graph(document: Any) -> Graph:
    graph = Graph()
    to_rdf(document, graph, base=DATA, version=1.1)
    return graph


def _broken(code: str, message: str, *, line: int = 0) -> RdfError:
    return RdfError(Finding(code=code, message=message, line=line))


def _check(document: Any) -> None:
    """Nothing that would be fetched, and no number without end.

    Raises:
        RdfError: there is.
    """
    todo, has_context = [document], False
    while todo:
        one = todo.pop()
        if isinstance(one, list):
            todo += one
        elif isinstance(one, dict):
            context = one.get("@context")
            listed = context if isinstance(context, list) else [context]
            if "@import" in one or any(isinstance(item, str) for item in listed):
                raise _broken(
                    "context_remote",
                    "contexts elsewhere are never fetched; write the context into the file",
                )
            has_context = has_context or context is not None
            todo += one.values()
        elif isinstance(one, str) and _ENDLESS.fullmatch(one):
            raise _broken("rdf_invalid", _TOO_LONG)
    if not has_context:
        raise _broken("context_missing", "JSON-LD needs an @context; write it into the file")


def _lines(text: str) -> Mapping[str, int]:
    """``@id`` as written → the line where the first object that says more of it begins."""
    found: dict[str, int] = {}
    stack: list[tuple[int, list[str]]] = []
    line = 1
    for match in _PART.finditer(text):
        part = match.group()
        if part == "\n":
            line += 1
        elif part == "{":
            stack.append((line, []))
        elif part == "}" and stack:
            begun, strings = stack.pop()
            if '"@id"' in strings[:-1] and len(strings) > 2:
                written = strings[strings.index('"@id"') + 1]
                found.setdefault(json.loads(written, strict=False), begun)
        elif part.startswith('"') and stack:
            stack[-1][1].append(part)
    return found


def _find(written: Mapping[str, int], iri: str) -> int:
    """The line of a node: its IRI, or what is left of it behind the base or a prefix."""
    if iri in written:
        return written[iri]
    ends = [place + 1 for place, char in enumerate(iri) if char in "/#:"]
    return next((written[iri[end:]] for end in ends if iri[end:] in written), 0)
