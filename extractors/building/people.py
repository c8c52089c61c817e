"""Customers from identities: whoever shares one is one person; never by name alone."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractors.building.document import Cell
from extractors.building.fact import CUSTOMER, OWN, Fact
from extractors.building.goods import Said
from extractors.building.known import Known
from extractors.building.naming import names_unit
from extractors.building.register import Evidence, digest, language_of
from extractors.building.work import KINDS
from extractors.identifiers import NORMAL_FORMS

_OURS = frozenset(
    [
        "service",
        "support",
        "info",
        "help",
        "kefu",
        "hello",
        "contact",
        "sales",
        "care",
        "team",
        "desk",
        "noreply",
        "no-reply",
        "billing",
        "returns",
        "admin",
        "office",
        "mail",
        "customerservice",
        "customer-service",
        "postmaster",
        "helpline",
        "hotline",
        "helpdesk",
        "servicedesk",
        "enquiries",
        "orders",
        "complaints",
    ]
)
_PUBLIC = frozenset(
    [
        "gmail.com",
        "outlook.com",
        "hotmail.com",
        "yahoo.com",
        "icloud.com",
        "qq.com",
        "163.com",
        "126.com",
        "sina.com",
        "foxmail.com",
        "live.com",
        "proton.me",
    ]
)
Key = tuple[str, str]


@dataclass(slots=True, eq=False)
class Person:
    """One customer: identities as first written, by comparable form."""

    id: str = ""
    identities: dict[Key, Cell] = field(default_factory=dict)
    names: Counter[str] = field(default_factory=Counter)
    evidence: list[Evidence] = field(default_factory=list)
    is_known: bool = False


def comparable(kind: str, value: str) -> str:
    """An identity's form that is equal for equal owners: no case, sign, or mail sub-address."""
    if kind == "email":
        local, _, domain = NORMAL_FORMS["text"](value).partition("@")
        return f"{local.partition('+')[0]}@{domain}" if domain else ""
    return NORMAL_FORMS["phone" if kind == "phone" else "text"](value)


def gather_people(facts: Sequence[Said], known: Known) -> list[Person]:
    """Every customer of the facts, those known already among them."""
    own = own_addresses(facts)
    people: dict[Key, Person] = dict(_known(known))
    for file, fact in facts:
        if fact.kind != CUSTOMER:
            continue
        keys = {
            (kind, form): cell
            for kind in KINDS
            for cell in fact.parts.get(kind, ())
            if (form := comparable(kind, cell.text)) and not is_own(kind, form, own)
        }
        if not keys or any(
            is_own("email", comparable("email", c.text), own) for c in fact.parts.get("email", ())
        ):
            continue
        person = _joined(people, keys)
        for key, cell in keys.items():
            if key not in person.identities:
                person.identities[key] = cell
                person.evidence.append(_evidence(key[0], cell, file, fact.confidence))
        for cell in fact.parts.get("name", ()):
            if not person.names:
                person.evidence.append(_evidence("name", cell, file, fact.confidence))
            person.names[cell.text] += 1
    found = list(dict.fromkeys(people.values()))
    for person in found:
        person.id = person.id or f"customer-{digest('|'.join(min(person.identities)))}"
    return sorted(found, key=lambda one: one.id)


def rows_of(person: Person) -> Iterator[tuple[str, dict[str, Any]]]:
    """The customer's row, then one for each identity."""
    name = max(person.names, key=lambda one: (person.names[one], one), default="")
    yield (
        "customers",
        {"id": person.id, "name": name, "language": language_of(name) if name else ""},
    )
    for (kind, form), cell in sorted(person.identities.items()):
        yield (
            "identities",
            {
                "id": f"{kind}-{digest(form)}",
                "customer": person.id,
                "system": "raw",
                "kind": kind,
                "value": cell.text,
            },
        )


def _joined(people: dict[Key, Person], keys: dict[Key, Cell]) -> Person:
    """The person of any of these identities; several are one after all, unless both are known."""
    found = list(dict.fromkeys(people[key] for key in keys if key in people))
    person = next((one for one in found if one.is_known), found[0] if found else Person())
    for other in found:
        if other is not person and not other.is_known:
            person.identities = {**other.identities, **person.identities}
            person.names.update(other.names)
            person.evidence += other.evidence
            for key in other.identities:
                people[key] = person
    for key in keys:
        if key not in people or not people[key].is_known:
            people[key] = person
    return person


def _known(known: Known) -> Iterator[tuple[Key, Person]]:
    people: dict[str, Person] = {}
    for row in known.of("identities"):
        kind, id_ = str(row.get("kind", "")), str(row.get("customer", ""))
        form = comparable(kind, str(row.get("value", "")))
        if kind in KINDS and form and id_:
            person = people.setdefault(id_, Person(id=id_, is_known=True))
            person.identities[kind, form] = Cell(text=str(row["value"]), start=0)
            yield (kind, form), person


def own_addresses(facts: Sequence[Said]) -> frozenset[str]:
    """The company's addresses and domains: where customers write to, at addresses of an office.

    An office is told by its address, or by the name under which it answers what it was sent. Where
    mails tell the company's domains, offices elsewhere are customers that are companies themselves.
    """
    letters = [
        (_address(recipient), _address(sender))
        for _, fact in facts
        if fact.kind == OWN
        for recipient in fact.texts("email")
        for sender in fact.texts("sender") or [""]
    ]
    written = {recipient for recipient, _ in letters}
    offices = _offices(letters)
    senders = [fact for _, fact in facts if fact.kind == CUSTOMER]
    for fact in senders:
        if any(map(names_unit, fact.texts("name"))):
            offices.update(one for one in _addresses(fact) if one in written)
    domains = {one.partition("@")[2] for one in offices} - _PUBLIC
    for fact in senders:
        offices.update(
            one
            for one in _addresses(fact)
            if one.partition("@")[0] in _OURS and (not domains or one.partition("@")[2] in domains)
        )
    return frozenset(offices | domains)


def _offices(letters: Sequence[tuple[str, str]]) -> set[str]:
    """Addresses of an office that are written to, but not by who has letters from more others."""
    met: dict[str, set[str]] = defaultdict(set)
    for one, other in letters:
        met[_domain(one)].add(_domain(other))
        met[_domain(other)].add(_domain(one))
    return {
        recipient
        for recipient, sender in letters
        if recipient.partition("@")[0] in _OURS
        and len(met[_domain(recipient)]) >= len(met[_domain(sender)])
    }


def _addresses(fact: Fact) -> list[str]:
    return [_address(value) for value in fact.texts("email")]


def _address(value: str) -> str:
    return comparable("email", value)


def _domain(address: str) -> str:
    """Where an address is; at a public host, itself."""
    domain = address.partition("@")[2]
    return address if domain in _PUBLIC else domain


def is_own(kind: str, form: str, own: Container[str]) -> bool:
    """Whether an identity is the company's own."""
    return kind == "email" and (form in own or form.partition("@")[2] in own)


def _evidence(what: str, cell: Cell, file: str, confidence: float) -> Evidence:
    return Evidence(
        field=what, value="", file=file, start=cell.start, text=cell.text, confidence=confidence
    )
