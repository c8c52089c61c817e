"""What a document says of resolutions: steps below a heading, tables, questions with answers.

A document without procedures of its own is one resolution as a whole: its title, and what it says.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from extractors.building.document import Block, Cell, Document, Kind, Record
from extractors.building.fact import ISSUE, RESOLUTION, Fact, make_fact
from extractors.building.grids import records_of
from extractors.building.naming import languages, part, trimmed
from extractors.building.products import applied
from extractors.building.sections import (
    Section,
    is_complaint,
    is_heard,
    is_manual_title,
    is_of_questions,
    is_question,
    title_of,
)  # fmt: skip
from graph.text import count_han, has_han

Step = tuple[Cell, Cell | None, Cell | None]
"""Action, condition, expected."""
_PROSE = frozenset({Kind.TEXT, Kind.ITEM, Kind.STEP, Kind.ROW})
_SAID = _PROSE - {Kind.ROW}
_END = re.compile(r"[。！？!?]+|\.(?=\s+[A-Z])|\n\s*\n")
_IF = re.compile(
    r"^(?P<condition>(?:如果|若|当|如)[^，,。]{2,60}|(?:If|When) [^,.]{3,90})[，,]\s*(?=\S)"
)
_MOST_STEPS = 40
_LONGEST_STEP = 1_500
_NAMES = frozenset({"aliases", "product_zh", "product_en"})
_STOPS = frozenset(".。!！?？;；")
_FEW_WORDS, _FEW_HAN = 6, 12
_MOST_SAID = 4
_MANY = 4
_SHORTEST = 60


def find_resolutions(document: Document, sections: Sequence[Section]) -> Iterator[Fact]:
    """Facts of kind ``resolution``: title, steps, and as far as it is said issue and products."""
    if document.records and not sections[1:]:
        return
    title = title_of(sections)
    yield from _asked(sections)
    procedures = [fact for section in sections for fact in _procedures(section, sections)]
    if title is None or _is_manual(title.text, procedures, sections):
        yield from procedures
    elif not _is_directory(document.blocks):
        yield from _article(document, sections, title)


def _is_manual(title: str, procedures: Sequence[Fact], sections: Sequence[Section]) -> bool:
    """Whether a document holds several topics, each of its own use."""
    count = sum("issue_zh" in one.parts or "issue_en" in one.parts for one in procedures)
    if is_manual_title(title) or is_of_questions(title):
        return bool(procedures)
    has_trouble = any(_is_trouble(one) or any(_symptoms(one)) for one in sections)
    return count >= (1 if has_trouble else _MANY)


def _is_trouble(section: Section) -> bool:
    """Whether it tells what goes wrong, where that is what is told of."""
    above, said = section.parent, section.heading.text
    if above is None or not section.is_asked:
        return False
    return is_complaint(said) if above.is_area else not is_question(said)


def _asked(sections: Sequence[Section]) -> Iterator[Fact]:
    """What headings say that customers ask, where what stands below is no procedure."""
    above = {id(one.parent) for one in sections}
    for section in sections:
        if not section.is_asked or id(section) in above or _steps_of(section):
            continue
        said = [part(one.words, 0, _LONGEST_STEP) for one in section.blocks if one.kind in _SAID]
        if said:
            names = {f"issue_{key}": [cell] for key, cell in languages(section.heading).items()}
            yield make_fact(ISSUE, 0.7, {**names, "said": said[:_MOST_SAID]})


def _procedures(section: Section, sections: Sequence[Section]) -> Iterator[Fact]:
    yield from _symptoms(section)
    yield from _questions(section)
    steps = _steps_of(section)
    if not steps:
        return
    at = section
    while at.parent is not None and at.role == "steps":
        at = at.parent
    if at.parent is None or at.level <= 1 or at.role:
        return
    issue = at.parent if at.parent.is_topic else None
    if at.is_asked and (issue is None or at.parent.level <= 1):
        issue = at
    yield _fact(at.heading, steps, issue=issue, products=_products(section, sections))


def _steps_of(section: Section) -> list[Step]:
    """See ``_steps``; none where the section only lists things."""
    return [] if _is_list(section.blocks) else list(_steps(section))


def _is_list(blocks: Sequence[Block]) -> bool:
    """Whether a table tells what there is: departments, or products by several names."""
    return any(
        "department" in record or not _NAMES.isdisjoint(record) for record in records_of(blocks)
    )


def _steps(section: Section) -> Iterator[Step]:
    """Numbered steps, rows of a table of actions, or below a question whatever answers it."""
    listed = [block for block in section.blocks if block.kind is Kind.STEP]
    if len(listed) < 2 and (section.is_asked or is_question(section.heading.text)):
        listed = _telling(one for one in section.blocks if one.kind in (Kind.STEP, Kind.ITEM))
    if section.role not in ("other", "trouble"):
        rows = [step for record in records_of(section.blocks) for step in _row(record)]
        if rows and not any("symptom" in record for record in records_of(section.blocks)):
            yield from rows[:_MOST_STEPS]
            return
    if len(listed) >= 2 and section.role != "other":
        yield from (_step(block.words) for block in listed[:_MOST_STEPS])
    elif is_question(section.heading.text):
        told = (
            one
            for one in section.blocks
            if one.kind in _PROSE and not list(applied(one, loosely=True))
        )
        for block in _telling(told):
            yield from (_step(cell) for cell in sentences(block.words))


def _telling(blocks: Iterable[Block]) -> list[Block]:
    """The blocks, if half of them or more say something."""
    found = list(blocks)
    return found if sum(map(_is_told, found)) * 2 >= len(found) else []


def _is_told(block: Block) -> bool:
    """Whether this says something, and is no item that only names a thing: ``Charger``."""
    text = block.words.text.strip()
    return (
        block.kind is not Kind.ITEM
        or text[-1:] in _STOPS
        or count_han(text) > _FEW_HAN
        or len(text.split()) > _FEW_WORDS
    )


def _row(record: Record) -> Iterator[Step]:
    if "solution" in record:
        condition = record.get("cause")
        yield record["solution"], condition, record.get("expected")


def _step(words: Cell) -> Step:
    """A step that begins with its condition has it apart."""
    whole = part(words, 0, min(len(words.text), _LONGEST_STEP))
    found = _IF.match(whole.text)
    if found is None:
        return whole, None, None
    condition = part(whole, 0, found.end("condition"))
    return part(whole, found.end(), len(whole.text)), condition, None


def sentences(words: Cell) -> Iterator[Cell]:
    """The sentences of a paragraph."""
    at = 0
    for end in (*_END.finditer(words.text), None):
        until = end.end() if end else len(words.text)
        if (one := part(words, at, until)).text:
            yield one
        at = until


def _symptoms(section: Section) -> Iterator[Fact]:
    """Rows that name what is wrong and what to do: an issue and what resolves it, each."""
    for record in records_of(section.blocks):
        symptom = record.get("symptom") or (record.get("issue") if "text" not in record else None)
        if symptom and "solution" in record:
            heading = Section(heading=symptom, level=9, parent=section)
            yield _fact(symptom, list(_row(record)), issue=heading, products=())


def _questions(section: Section) -> Iterator[Fact]:
    """``Q: … A: …``, one after the other."""
    question: Cell | None = None
    answer: list[Step] = []
    for block in (*section.blocks, None):
        if block is None or block.kind is Kind.QUESTION:
            if question and answer:
                asked = Section(heading=question, level=9, parent=section)
                own = asked if section.level <= 1 and is_heard(question.text) else None
                issue = section if section.is_topic else own
                yield _fact(question, answer[:_MOST_STEPS], issue=issue, products=())
            question, answer = (block.words if block else None), []
        elif question and block.kind in _PROSE:
            answer += [_step(cell) for cell in sentences(block.words)]


def _products(section: Section, sections: Sequence[Section]) -> Iterable[Cell]:
    """What the section, or else the document, says it applies to."""
    own = [cell for block in section.blocks for cell in applied(block, loosely=True)]
    if own:
        return own
    top = [one for one in sections if one.level <= 1]
    return [cell for one in top for block in one.blocks for cell in applied(block, loosely=True)]


def _article(document: Document, sections: Sequence[Section], title: Cell | None) -> Iterator[Fact]:
    steps: list[Step] = []
    for section in sections:
        condition = section.heading if section.level > 1 else None
        for block in section.blocks:
            if block.kind in _PROSE:
                words = part(block.words, 0, _LONGEST_STEP)
                steps.append((words, condition, None))
    size = sum(len(step[0].text) for step in steps)
    if title and steps and size >= _SHORTEST:
        yield _fact(title, steps[:120], issue=None, products=_products(sections[0], sections))
    elif not title and document.text:
        return


def _is_directory(blocks: Sequence[Block]) -> bool:
    """Lists of departments or products are no help for anything."""
    return any(
        "department" in record or "product" in record or "product_zh" in record
        for record in records_of(blocks)
    )


def _fact(
    title: Cell, steps: Sequence[Step], *, issue: Section | None, products: Iterable[Cell]
) -> Fact:
    parts: dict[str, list[Cell]] = {key: [cell] for key, cell in languages(title).items()}
    if issue is not None:
        for key, cell in languages(issue.heading).items():
            parts[f"issue_{key}"] = [cell]
        if is_question(title.text):
            parts["example"] = [trimmed(title)]
    nothing = Cell(text="", start=0)
    parts["action"] = [step[0] for step in steps]
    parts["condition"] = [step[1] or nothing for step in steps]
    parts["expected"] = [step[2] or nothing for step in steps]
    parts["product"] = list(products)
    return make_fact(RESOLUTION, 0.9 if issue is not None else 0.75, parts)


def language_of(steps: Sequence[str]) -> str:
    """In which language steps are written."""
    return "zh" if sum(map(has_han, steps)) * 2 > len(steps) else "en"
