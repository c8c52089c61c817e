"""From triples to nodes: classes, properties and relationships of the ontology, and no others."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from rdflib import Graph, Literal, URIRef
from rdflib import Node as Term
from rdflib.namespace import RDF, RDFS, SKOS, XSD

from graph.ontology import NAMESPACE
from graph.rdf.parsing import Parsed
from graph.rdf.shape import check_shapes
from graph.rdf.terms import DATA, LANGUAGES, Finding, Link, Node, Scalar, Value, kind_of, short
from graph.schema import NODES, RELATIONSHIPS, Kind
from graph.vocabulary import Label, RelationshipType

_NAMES = {language: name for name, language in LANGUAGES.items()}
_NUMBERS = frozenset({XSD.integer, XSD.decimal, XSD.double, XSD.float})
_STATEMENT = frozenset({RDF.type, RDF.subject, RDF.predicate, RDF.object})
_LIST = frozenset({RDF.first, RDF.rest})
_LONGEST = 100_000
_DIGITS = 40


def read_nodes(parsed: Parsed, labels: Set[Label]) -> tuple[list[Node], list[Finding]]:
    """The nodes, in order of their lines, and everything that is wrong with the triples.

    ``labels`` are the classes that are taken.
    """
    reading = _Reading(parsed=parsed, labels=labels)
    nodes = [node for node in reading.nodes() if node]
    for focus, finding in check_shapes(reading.plain):
        reading.tell(focus, finding)
    nodes.sort(key=lambda one: (one.line, one.label, one.id))
    return nodes, sorted(reading.findings, key=lambda one: (one.line, one.node, one.path))


@dataclass(kw_only=True)
class _Reading:
    """``plain`` is what the shapes are held against: lists as their members, names as values."""

    parsed: Parsed
    labels: Set[Label]
    plain: Graph = field(default_factory=Graph)
    findings: list[Finding] = field(default_factory=list)
    classes: dict[Term, Label] = field(default_factory=dict)
    properties: dict[tuple[Term, Term, Term], dict[str, Scalar]] = field(default_factory=dict)

    def tell(self, focus: Term, finding: Finding) -> None:
        """Note what is wrong with ``focus``, and where it stands."""
        self.findings.append(
            Finding(
                code=finding.code,
                message=finding.message,
                node=finding.node or short(focus),
                path=finding.path,
                allowed=finding.allowed,
                line=self.parsed.line(focus),
            )
        )

    def nodes(self) -> Iterator[Node | None]:
        """Every subject of a class that is taken."""
        graph = self.parsed.graph
        subjects = [one for one in graph.subjects(unique=True) if not self._is_list(one)]
        for subject in subjects:
            if (subject, RDF.type, RDF.Statement) in graph:
                self._statement(subject)
            elif label := self._class(subject):
                self.classes[subject] = label
                self.plain.add((subject, RDF.type, URIRef(NAMESPACE + label)))
        for subject, label in list(self.classes.items()):
            yield self._node(subject, label)

    def _is_list(self, subject: Term) -> bool:
        return {*self.parsed.graph.predicates(subject, unique=True)} <= {*_LIST, RDF.type} and (
            (subject, RDF.first, None) in self.parsed.graph
        )

    def _class(self, subject: Term) -> Label | None:
        types = sorted(map(str, self.parsed.graph.objects(subject, RDF.type)))
        known = {NAMESPACE + label: label for label in self.labels}
        if len(types) == 1 and types[0] in known:
            return known[types[0]]
        said = short(types[0]) if types else ""
        message = f"class {said} is not taken" if types else "it has no class"
        if len(types) > 1:
            message = "it has several classes"
        allowed = ", ".join(f"desk:{label}" for label in sorted(self.labels))
        self._wrong(subject, "class_unknown", message, path="rdf:type", allowed=allowed)
        return None

    def _wrong(
        self, subject: Term, code: str, message: str, *, path: str, allowed: str = ""
    ) -> None:
        self.tell(subject, Finding(code=code, message=message, path=path, allowed=allowed))

    def _statement(self, subject: Term) -> None:
        """What is said of a relationship, beside it."""
        graph = self.parsed.graph
        ends = [graph.value(subject, one) for one in (RDF.subject, RDF.predicate, RDF.object)]
        start, type_, end = ends
        known = _relationship(type_)
        kind = RELATIONSHIPS[known] if known else None
        if start is None or type_ is None or end is None or kind is None:
            message = "a statement needs rdf:subject, rdf:predicate, a relationship, and rdf:object"
            self._wrong(subject, "statement_invalid", message, path="rdf:predicate")
            return
        names = {f"{kind.type}.{item.name}": item for item in kind.properties}
        held = self.properties.setdefault((start, type_, end), {})
        for path, value in graph.predicate_objects(subject):
            name = str(path).removeprefix(NAMESPACE)
            if path in _STATEMENT:
                continue
            if name not in names:
                allowed = ", ".join(f"desk:{one}" for one in names)
                message = f"property {short(path)} is not one of {kind.type}"
                self._wrong(subject, "property_unknown", message, path=short(path), allowed=allowed)
            else:
                held[names[name].name] = _scalar(value, names[name].kind)
        if (start, type_, end) not in graph:
            message = "the relationship that it speaks of is not there"
            self._wrong(subject, "statement_invalid", message, path=short(type_))

    def _node(self, subject: Term, label: Label) -> Node | None:
        graph, values = self.parsed.graph, dict[str, Value]()
        aliases: list[str] = []
        links: list[Link] = []
        for path, value in sorted(graph.predicate_objects(subject)):
            if path == RDF.type:
                continue
            if path == SKOS.altLabel:
                aliases += self._alias(subject, value)
            elif type_ := self._type_of(label, path):
                links += self._link(subject, type_, value)
            elif name := self._property_of(subject, label, path, value):
                self._add(subject, label, name, value, values)
        id_ = values.pop("id", None)
        if id_ is None:
            return None  # the shapes tell it
        return Node(
            label=label,
            id=str(id_),
            values=values,
            aliases=aliases,
            links=links,
            line=self.parsed.line(subject),
        )

    def _alias(self, subject: Term, value: Term) -> list[str]:
        if isinstance(value, Literal):
            return [str(value)]
        self._wrong(subject, "value_invalid", "an alias is a text", path="skos:altLabel")
        return []

    def _type_of(self, label: Label, path: Term) -> RelationshipType | None:
        type_ = _relationship(path)
        return type_ if type_ and label in RELATIONSHIPS[type_].sources else None

    def _property_of(self, subject: Term, label: Label, path: Term, value: Term) -> str:
        """The name of the property, or nothing where there is none: then that is told."""
        if path == RDFS.label:
            language = value.language if isinstance(value, Literal) else None
            if language in _NAMES:
                return _NAMES[language]
            message = "a label is in a language that is not kept"
            self._wrong(
                subject, "language_unknown", message, path="rdfs:label", allowed='"…"@zh, "…"@en'
            )
            return ""
        owner, _, name = str(path).removeprefix(NAMESPACE).partition(".")
        if owner == label and NODES[label].find(name):
            return name
        allowed = [f"desk:{label}.{one.name}" for one in NODES[label].properties]
        allowed += [f"desk:{one.type}" for one in RELATIONSHIPS.values() if label in one.sources]
        self._wrong(
            subject,
            "property_unknown",
            f"property {short(path)} is not one of {label}",
            path=short(path),
            allowed=", ".join([*allowed, "rdfs:label", "skos:altLabel"]),
        )
        return ""

    def _add(
        self, subject: Term, label: Label, name: str, value: Term, values: dict[str, Value]
    ) -> None:
        kind, path = kind_of(label, name), URIRef(f"{NAMESPACE}{label}.{name}")
        members = self._members(value) if kind is Kind.TEXTS else [value]
        if name in values and kind is Kind.TEXTS:
            message = "several values need a list, ( … ), so that they keep their order"
            self._wrong(subject, "list_needed", message, path=short(path))
            return
        for one in members:
            self.plain.add((subject, path, _plain(one, kind, is_label=name in LANGUAGES)))
        if kind is Kind.TEXTS:
            values[name] = [str(one) for one in members]
        elif name not in values:
            values[name] = _scalar(value, kind)

    def _members(self, value: Term) -> list[Term]:
        """A list's members; a value by itself is a list of one."""
        graph = self.parsed.graph
        if value == RDF.nil:
            return []
        if isinstance(value, Literal) or (value, RDF.first, None) not in graph:
            return [value]
        found: list[Term] = []
        at: Term | None = value
        seen: set[Term] = set()
        while at is not None and at != RDF.nil and at not in seen and len(found) < _LONGEST:
            seen.add(at)
            found += graph.objects(at, RDF.first)
            at = graph.value(at, RDF.rest)
        return found

    def _link(self, subject: Term, type_: RelationshipType, value: Term) -> list[Link]:
        path = URIRef(NAMESPACE + type_)
        found = self._end(value)
        if found is None:
            message = "it leads to nothing that is described here"
            allowed = f"a node of this file, or <{DATA}CLASS/ID> for one of another"
            self._wrong(subject, "reference_unknown", message, path=short(path), allowed=allowed)
            return []
        self.plain.add((subject, path, value))
        label, id_ = found
        properties = self.properties.get((subject, path, value), {})
        return [Link(type=type_, label=label, id=id_, properties=properties)]

    def _end(self, value: Term) -> tuple[Label, str] | None:
        """Class and id of a node: as the file has it, or else as it is called."""
        if value in self.classes:
            label = self.classes[value]
            held = self.parsed.graph.value(value, URIRef(f"{NAMESPACE}{label}.id"))
            return (label, str(held)) if held is not None else None
        named, slash, id_ = str(value).removeprefix(DATA).partition("/")
        if isinstance(value, URIRef) and slash and named in set(self.labels):
            label = Label(named)
            self.plain.add((value, RDF.type, URIRef(NAMESPACE + label)))
            self.plain.add((value, URIRef(f"{NAMESPACE}{label}.id"), Literal(id_)))
            return label, id_
        return None


def _relationship(path: Term | None) -> RelationshipType | None:
    name = str(path)
    if not name.startswith(NAMESPACE):
        return None
    found = name.removeprefix(NAMESPACE)
    return RelationshipType(found) if found in set(RelationshipType) else None


def _plain(value: Term, kind: Kind, *, is_label: bool) -> Term:
    """For the shapes: a label without its language, any number for a decimal."""
    if not isinstance(value, Literal):
        return value
    if is_label and value.language:
        return Literal(str(value))
    if kind is Kind.NUMBER and value.datatype in _NUMBERS:
        return Literal(str(_digits(str(value))), datatype=XSD.decimal)
    if value.datatype == XSD.string:
        return Literal(str(value))
    return value


def _scalar(value: Term, kind: Kind) -> str:
    """As a file's cell would have it."""
    return _digits(str(value)) if kind in (Kind.NUMBER, Kind.INTEGER) else str(value)


def _digits(text: str) -> str:
    """``text`` without exponent, where that is a number of bearable length."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
        return text
    return format(number, "f")
