"""Turtle and JSON-LD as seed files: what is wrong is told by node, path and line; nothing hangs."""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.rdf.parsing import LARGEST, RdfError, parse_jsonld, parse_turtle
from graph.rdf.terms import DATA, PREFIXES
from seed.problems import Problem, Report
from seed.validate import validate

HEAD = "\n".join([f"@base <{DATA}> .", *(f"@prefix {p}: <{iri}> ." for p, iri in PREFIXES.items())])
GOOD = f"""{HEAD}

<Issue/leak> a desk:Issue ; desk:Issue.id "leak" ;
    rdfs:label "漏水"@zh, "Leak"@en ; skos:altLabel "drip" ;
    desk:Issue.examples_en ( "It leaks" "Water everywhere" ) ;
    desk:REQUIRES <Skill/hvac> .
[] a rdf:Statement ; rdf:subject <Issue/leak> ; rdf:predicate desk:REQUIRES ;
    rdf:object <Skill/hvac> ; desk:REQUIRES.level 2 .
<Skill/hvac> a desk:Skill ; desk:Skill.id "hvac" ; rdfs:label "HVAC"@en .
_:p a desk:Product ; desk:Product.id "p" ; rdfs:label "P"@en ; desk:Product.price 1999 .
"""
CONTEXT = {"@base": DATA, **PREFIXES}


def check(folder: Path, text: str, *, name: str = "a.ttl") -> Report:
    (folder / name).write_text(text, encoding="utf-8")
    return validate(folder)


def only(report: Report) -> Problem:
    (found,) = report.problems
    return found


def test_a_file_in_anybodys_turtle_is_taken(tmp_path: Path) -> None:
    report = check(tmp_path, GOOD)
    assert report.problems == ()
    assert {name: count for name, count in report.rows.items() if count} == {
        "issues": 1,
        "skills": 1,
        "products": 1,
    }


def wrong(line: str) -> str:
    """A Turtle file whose twelfth line begins the only node that is wrong."""
    return f'{HEAD}\n<Skill/s> a desk:Skill ; desk:Skill.id "s" ; rdfs:label "S"@en .\n\n\n\n{line}'


PRODUCT = '<Product/p> a desk:Product ; desk:Product.id "p" ; rdfs:label "P"@en'
ISSUE = '<Issue/i> a desk:Issue ; desk:Issue.id "i" ; rdfs:label "I"@en'
WRONG: Mapping[str, tuple[str, str, str, str]] = {
    # what: (statement, code, column, part of what is allowed)
    "a foreign class": ('<x> a desk:Ticket ; desk:Ticket.id "x" .', "class_unknown", "rdf:type",
                        "desk:Issue"),
    "no class": ('<x> rdfs:label "x"@en .', "class_unknown", "rdf:type", "desk:Issue"),
    "a foreign property": (f"{PRODUCT} ; desk:colour 'red' .", "property_unknown", "desk:colour",
                           "desk:Product.price"),
    "another label's property": (f"{PRODUCT} ; desk:Issue.needs 'x' .", "property_unknown",
                                 "desk:Issue.needs", "desk:PART_OF"),
    "another type": (f'{PRODUCT} ; desk:Product.price "much" .', "shape_violated",
                     "desk:Product.price", "xsd:decimal"),
    "two values": (f"{PRODUCT} ; desk:Product.warranty_months 12, 24 .", "shape_violated",
                   "desk:Product.warranty_months", "at most 1"),
    "no id": ('<Product/p> a desk:Product ; rdfs:label "P"@en .', "shape_violated",
              "desk:Product.id", "at least 1"),
    "another class at the end": (f"{PRODUCT} ; desk:PART_OF <Skill/s> .", "shape_violated",
                                 "desk:PART_OF", "desk:Category"),
    "nothing at the end": (f"{PRODUCT} ; desk:PART_OF <nowhere> .", "reference_unknown",
                           "desk:PART_OF", "a node of this file"),
    "another language": (f'{PRODUCT} ; rdfs:label "Pé"@fr .', "language_unknown", "rdfs:label",
                         '"…"@zh'),
    "values without order": (f'{ISSUE} ; desk:Issue.examples_en "a", "b" .', "list_needed",
                             "desk:Issue.examples_en", ""),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_problem_names_node_path_line_and_what_is_allowed(tmp_path: Path, what: str) -> None:
    statement, code, path, allowed = WRONG[what]
    found = [one for one in check(tmp_path, wrong(statement)).problems if one.code == code]
    assert found
    assert found[0].file == "a.ttl"
    assert found[0].place == "line 11"
    assert found[0].column == path
    assert allowed in found[0].allowed
    assert path in found[0].message
    assert found[0].row in found[0].message


def test_checks_of_other_files_hold_and_tell_the_subjects_line(tmp_path: Path) -> None:
    circle = wrong(
        '<Category/a> a desk:Category ; desk:Category.id "a" ; rdfs:label "A"@en ;\n'
        "  desk:PART_OF <Category/b> .\n"
        '<Category/b> a desk:Category ; desk:Category.id "b" ; rdfs:label "B"@en ;\n'
        "  desk:PART_OF <Category/a> ."
    )
    found = only(check(tmp_path, circle))
    assert (found.code, found.place) == ("cycle", "line 11")
    unknown = wrong(f"{PRODUCT} ; desk:PART_OF <Category/none> .")
    found = only(check(tmp_path, unknown))
    assert (found.code, found.place, found.column) == ("reference_unknown", "line 11", "part_of")


def test_rdf_and_other_files_refer_to_each_other(tmp_path: Path) -> None:
    (tmp_path / "categories.yaml").write_text("categories:\n- id: c\n  name_en: C\n")
    assert check(tmp_path, wrong(f"{PRODUCT} ; desk:PART_OF <Category/c> .")).problems == ()


def test_a_problem_of_json_ld_names_the_line_of_its_object(tmp_path: Path) -> None:
    document = {
        "@context": CONTEXT,
        "@graph": [
            {"@id": "Skill/s", "@type": "desk:Skill", "desk:Skill.id": "s", "desk:colour": "red"}
        ],
    }
    text = json.dumps(document, indent=1)
    line = text[: text.index("Skill/s")].count("\n")
    report = check(tmp_path, text, name="a.jsonld")
    found = next(one for one in report.problems if one.code == "property_unknown")
    assert found.place == f"line {line}"
    assert found.column == "desk:colour"


@pytest.mark.parametrize(
    ("context", "code"),
    [
        ("https://elsewhere.example/context", "context_remote"),
        ([CONTEXT, "file:///etc/passwd"], "context_remote"),
        ({**CONTEXT, "x": {"@id": "desk:x", "@context": "http://a.example"}}, "context_remote"),
        ({**CONTEXT, "@import": "http://a.example"}, "context_remote"),
        (None, "context_missing"),
    ],
)
def test_contexts_elsewhere_are_never_fetched(tmp_path: Path, context: object, code: str) -> None:
    text = json.dumps({"@context": context, "@id": "Skill/s", "@type": "desk:Skill"})
    assert only(check(tmp_path, text, name="a.jsonld")).code == code


HOSTILE: Mapping[str, tuple[str, str]] = {
    "deep blank nodes": ("a.ttl", HEAD + "\n<x> <y> " + "[ <y> " * 20_000),
    "deep lists": ("a.ttl", HEAD + "\n<x> <y> " + "( " * 20_000),
    "deep JSON": ("a.jsonld", '{"@context": {}, "a": ' + "[" * 100_000),
    "an endless number": (
        "a.ttl",
        wrong(f'{PRODUCT} ; desk:Product.price "1e999999999"^^xsd:decimal .'),
    ),
    "an endless number in JSON": (
        "a.jsonld",
        json.dumps({"@context": CONTEXT, "@id": "x", "desk:y": "1e999999999"}),
    ),
    "a circle of a list": ("a.ttl", wrong("_:a rdf:first 'x' ; rdf:rest _:a .")),
    "an open text": ("a.ttl", HEAD + '\n<x> <y> "' + "z" * 100_000),
    "markup": ("a.ttl", '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>'),
    "too large": ("a.ttl", "#" * (LARGEST + 1)),
    "a list of numbers": ("a.jsonld", "[1, 2, 3]"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_rdf_gives_a_problem(tmp_path: Path, what: str) -> None:
    name, text = HOSTILE[what]
    report = check(tmp_path, text, name=name)
    assert report.errors or what == "a circle of a list"
    assert all(len(one.message) < 2_000 for one in report.problems)


def test_rdf_xml_is_no_seed_file(tmp_path: Path) -> None:
    (tmp_path / "a.rdf").write_text('<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>')
    assert only(validate(tmp_path / "a.rdf")).code == "file_format_unknown"


PIECES = st.sampled_from(
    [HEAD, GOOD, "<a>", "desk:Issue", '"x"', '"@id"', "1e9", *'[](){};.,:a空"']
)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_any_text_is_rdf_or_an_error_of_ours(text: str) -> None:
    for parse in (parse_turtle, parse_jsonld):
        with contextlib.suppress(RdfError):
            assert parse(text).graph is not None


def test_json_in_a_folder_is_knowledge_only_with_a_context(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x"}')
    skill = {"@id": "Skill/s", "@type": "desk:Skill", "desk:Skill.id": "s"}
    names = {"rdfs:label": [{"@value": "S", "@language": "en"}]}
    text = json.dumps({"@context": CONTEXT, **skill, **names})
    assert check(tmp_path, text, name="a.json").problems == ()
    assert only(validate(tmp_path / "package.json")).code == "context_missing"
