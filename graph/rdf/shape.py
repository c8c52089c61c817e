"""SHACL: whether triples look as ``shapes.ttl`` says, told by focus node and path."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from rdflib import Graph, Node
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH

from graph.rdf.terms import Finding, short

_SAID = {
    "DatatypeConstraintComponent": "a value has another type",
    "ClassConstraintComponent": "it leads to a node of another class",
    "OrConstraintComponent": "it leads to a node of another class",
    "MinCountConstraintComponent": "a value is missing",
    "MaxCountConstraintComponent": "it has more than one value",
}


@cache
def shapes() -> Graph:
    """The shipped shapes, parsed once."""
    text = files("graph").joinpath("shapes.ttl").read_text("utf-8")
    return Graph().parse(data=text, format="turtle")


def check_shapes(graph: Graph) -> Iterator[tuple[Node, Finding]]:
    """Every violation, with the node in question."""
    # Imported here: it takes a second, and nothing that serves checks shapes.
    import pyshacl  # noqa: PLC0415

    conforms, results, _ = pyshacl.validate(
        graph, shacl_graph=shapes(), inference="none", do_owl_imports=False
    )
    if conforms:
        return
    if not isinstance(results, Graph):
        raise TypeError("the shapes could not be checked")
    for one in results.subjects(RDF.type, SH.ValidationResult):
        focus = results.value(one, SH.focusNode)
        path = results.value(one, SH.resultPath)
        component = short(results.value(one, SH.sourceConstraintComponent)).rpartition("#")[2]
        if focus is None:
            continue
        yield (
            focus,
            Finding(
                code="shape_violated",
                message=_SAID.get(component, f"it breaks {component}"),
                node=short(focus),
                path=short(path),
                allowed=_allowed(path),
            ),
        )


def _allowed(path: Node | None) -> str:
    """What the shapes say of a path: datatype, classes, how many."""
    graph = shapes()
    said: dict[str, None] = {}
    for shape in graph.subjects(SH.path, path):
        for kind in (SH.datatype, SH["class"]):
            said.update({short(one): None for one in sorted(map(str, graph.objects(shape, kind)))})
        for start in graph.objects(shape, SH["or"]):
            for choice in Collection(graph, start):
                said.update({short(one): None for one in graph.objects(choice, SH["class"])})
        for count, words in ((SH.minCount, "at least"), (SH.maxCount, "at most")):
            said.update({f"{words} {one}": None for one in graph.objects(shape, count)})
    return ", ".join(said)
