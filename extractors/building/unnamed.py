"""Columns that their headers do not name: decided by what all documents say of their values.

Values that manuals, catalogues or tables of duties name are that; words of organisation make
departments, and values that complain issues. What the header says counts beside it, and alone where
nothing else is known.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from extractors.building.departments import department_of
from extractors.building.document import Cell
from extractors.building.fact import (
    DEPARTMENT,
    GOODS,
    ISSUE,
    PRODUCT,
    RESOLUTION,
    TICKET,
    Fact,
    make_fact,
)
from extractors.building.goods import Said
from extractors.building.known import Known
from extractors.building.naming import EN, ZH, key_of, languages, names_unit
from extractors.building.sections import is_complaint
from extractors.building.shapes import says_nothing
from extractors.building.work import OPEN
from graph.text import count_han

_ENOUGH = 0.5
_HINT = 0.5
_MOST_VALUES = 200
_LEAST_KEY = 4
_LONGEST = 60


def settle_columns(facts: Sequence[Said], known: Known) -> list[Said]:
    """The facts with what stands in open columns under its own name, or left out."""
    columns: dict[str, Counter[str]] = defaultdict(Counter)
    for _, fact in facts:
        for part in _open(fact):
            columns[part].update(text for text in fact.texts(part) if not says_nothing(text))
    if not columns:
        return list(facts)
    names = _names(facts, known)
    fields = {part: _field(part, values, names) for part, values in columns.items()}
    return [one for file, fact in facts for one in _settled(file, fact, fields)]


def _open(fact: Fact) -> Iterator[str]:
    return (
        (part for part in fact.parts if part.startswith(OPEN)) if fact.kind == TICKET else iter(())
    )


def _names(facts: Sequence[Said], known: Known) -> Mapping[str, set[str]]:
    """What is called a product, a department or an issue elsewhere, in comparable form."""
    found: dict[str, set[str]] = {"product": set(), "department": set(), "issue": set()}
    for table, names in (
        ("products", "product"),
        ("departments", "department"),
        ("issues", "issue"),
    ):
        for row in known.of(table):
            listed = (row.get("name_zh"), row.get("name_en"), *(row.get("aliases") or ()))
            found[names].update(key_of(str(one)) for one in listed if one)
    for _, fact in facts:
        if fact.kind in (PRODUCT, GOODS):
            found["product"].update(_keys(fact, ZH, EN, "alias"))
        elif fact.kind == "also":
            found["product"].update(_keys(fact, "name", "alias"))
        elif fact.kind == DEPARTMENT and fact.confidence >= 0.8:
            found["department"].update(_keys(fact, ZH, EN, "alias"))
        elif fact.kind in (RESOLUTION, ISSUE):
            found["issue"].update(_keys(fact, "issue_zh", "issue_en"))
        elif fact.kind == TICKET:
            found["issue"].update(_keys(fact, "issue"))
    return found


def _keys(fact: Fact, *parts: str) -> Iterator[str]:
    return (key_of(text) for part in parts for text in fact.texts(part))


def _field(part: str, values: Counter[str], names: Mapping[str, set[str]]) -> str:
    """What a column holds: what most of its values are elsewhere, with the header's word for it."""
    hint = part.removeprefix(OPEN).partition(":")[0]
    usual = [value for value, _ in values.most_common(_MOST_VALUES) if key_of(value)]
    if not usual:
        return ""
    keys = [key_of(value) for value in usual]
    shares = {field: _share(keys, known) for field, known in names.items()}
    scores = {field: share + (_HINT if hint == field else 0.0) for field, share in shares.items()}
    scores["department"] += sum(names_unit(value) for value in usual) / len(usual)
    scores["issue"] += sum(map(_complains, usual)) / len(usual)
    best = max(scores, key=lambda field: scores[field])
    return best if scores[best] >= _ENOUGH else ""


def _complains(value: str) -> bool:
    """Whether a value says what goes wrong, and is more than ``no``."""
    is_phrase = " " in value.strip() or count_han(value) >= _LEAST_KEY
    return is_phrase and is_complaint(value)


def _share(values: Sequence[str], names: Iterable[str]) -> float:
    """How many of the values are such a name, or hold one."""
    known = {name for name in names if name}
    long = [name for name in known if len(name) >= _LEAST_KEY]
    held = sum(value in known or any(name in value for name in long) for value in values)
    return held / len(values)


def _settled(file: str, fact: Fact, fields: Mapping[str, str]) -> Iterator[Said]:
    places = list(_open(fact))
    if not places:
        yield file, fact
        return
    parts = {name: cells for name, cells in fact.parts.items() if name not in places}
    for place in places:
        field, cell = fields[place], fact.parts[place][0]
        if (
            field
            and field not in parts
            and len(cell.text) <= _LONGEST
            and not says_nothing(cell.text)
        ):
            parts[field] = [cell]
            yield from ((file, one) for one in _said(field, cell, parts))
    yield file, make_fact(TICKET, fact.confidence, parts)


def _said(field: str, cell: Cell, parts: Mapping[str, Sequence[Cell]]) -> Iterator[Fact]:
    """What a ticket's cell says of the thing it names."""
    if field == "product":
        names = languages(cell, single=False)
        yield make_fact(GOODS, 0.85, {language: [name] for language, name in names.items()})
    elif field == "department":
        record = {"department": cell}
        if parts.get("issue"):
            record["issue"] = parts["issue"][0]
        yield from department_of(record)
