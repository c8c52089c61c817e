"""Facts: what the likeliest readings of a question lead to, as far as the asker may select it.

"空气净化器由哪个部门负责？" names a category and asks, by the label 部门 and the verb 负责, for the
departments that SUPPORT it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from graph.called import Group
from graph.fields import camel
from graph.knowledge import Knowledge
from graph.likelihood import MIN_CONFIDENCE, fact_confidence
from graph.model import Among, Answer, Citation, Document
from graph.naming import TOLD, Guessing, anchor_groups, told_issue
from graph.question.asking import LONGEST
from graph.question.lexicon import Kind
from graph.question.question import (
    Anchor,
    Question,
    asks_bare_value,
    asks_for_class,
    asks_for_one,
    asks_how,
    read_question,
    says_one,
)
from graph.question.reader import readings
from graph.question.reading import Output, Reading, tells_pieces
from graph.question.way import Way
from graph.rows import is_status, may_count, measured_of, select
from graph.selection.asker import Asker
from graph.selection.walk import MOST
from graph.store import Store
from graph.telling import STATES, Found, asked_back, choice, citations, sentence
from graph.vocabulary import GOODS, Label, RelationshipType

_TRIED = 4
_NEAR = 7.0
"""How far behind the best score a reading may lie and still be tried."""
_STATUS_SHOWN = 3
_INSTEAD = 3
"""As many that are so are told beside a "no"."""
_OFFERED = 8
_CLEAR = 0.6
_CERTAIN = 0.95
"""So sure a reading is what was meant, whatever it leads to."""
_SURE_OF = 2.0
_TOLD_WEIGHT = 8
_UNTOLD = 0.75
"""Letters, and half as many Han, that tell what is wrong with goods."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """An answer, and what the question asked for that the asker may not read at all: of both, by
    the likeliest reading. ``is_asked``: a fact is asked for, whether there is one or not;
    ``for_one``: somebody or something is, rather than what to do; ``how``: what to do is;
    ``question`` is what was read; ``named`` is all that it names.
    """

    answer: Answer | None
    withheld: tuple[str, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    is_asked: bool = False
    for_one: bool = False
    how: bool = False
    question: Question | None = None
    named: tuple[Anchor, ...] = ()


async def find_fact(
    store: Store,
    document: Document,
    *,
    knowledge: Knowledge,
    asker: Asker,
    guess: Guessing,
    now_ms: int,
    among: Among | None = None,
) -> Fact:
    """The fact asked for. No answer when the question asks for none, the graph has none, or the
    asker may not select it: these look alike.

    Raises:
        StalePolicyError: the asker's rights are those of another policy.
        UnavailableError: the graph does not answer.
    """
    if len(document.text) > LONGEST:
        return Fact(answer=None)
    groups = await _seen(store, anchor_groups(document, knowledge=knowledge, asker=asker), asker)
    read = partial(
        read_question,
        document,
        now_ms=now_ms,
        zone=knowledge.zone,
        regions=knowledge.regions_for(asker.everywhere),
    )
    question = read(groups)
    found = _among(readings(question), among)
    if not among and (not found or (question.content | question.story) - found[0].explained):
        told = told_issue(document, groups, knowledge=knowledge, asker=asker, guess=guess)
        other = read(told) if told else question
        also = readings(other) if told else []
        if also and (_is_surer(also, found, other) or _tells_more(question, found)):
            groups, question, found = told, other, also
    named = tuple(group[0] for group in groups)
    if not found:
        return Fact(
            answer=None,
            anchors=named,
            is_asked=asks_for_class(question),
            for_one=asks_for_one(question) or asks_bare_value(question),
            how=asks_how(question),
            question=question,
            named=named,
        )
    withheld = tuple(sorted(_withheld(found[0], asker)))
    answer = None if withheld else await _first(store, found, question, asker)
    if answer and _tells_more(question, found):
        # What is told of goods, and of no issue that is known, may be asked about as well.
        answer = replace(answer, confidence=answer.confidence * _UNTOLD)
    sure = fact_confidence(found[0], question, runners=found, place=0)
    return Fact(
        answer=answer,
        withheld=withheld if sure >= _CLEAR else (),
        anchors=found[0].anchors or named,
        is_asked=asks_for_class(question) or (sure >= _CLEAR and not asks_how(question)),
        for_one=asks_for_one(question),
        how=asks_how(question),
        question=question,
        named=named,
    )


async def _seen(store: Store, groups: Sequence[Group], asker: Asker) -> list[Group]:
    """Without the nodes whose names the asker may not read: to them they are words like others."""
    named = {(one.label, one.found_by) for group in groups for one in group if one.label in TOLD}
    hidden: set[tuple[Label, str]] = set()
    for label, found_by in named:
        coordinates = [f"{label}.{name}" for name in found_by]
        if asker.everywhere(str(label), *coordinates):
            continue
        ids = {one.value for group in groups for one in group if one.label is label}
        ladders = [asker.read(coordinate) for coordinate in coordinates]
        seen = await asker.seen(store, label, ids, allowed=ladders)
        hidden |= {(label, id_) for id_ in ids - seen}
    kept = (tuple(one for one in group if (one.label, one.value) not in hidden) for group in groups)
    return [group for group in kept if group]


def _among(found: list[Reading], among: Among | None) -> list[Reading]:
    """Those that ask for nodes of a label, of the nodes that are meant alone."""
    if among is None:
        return found
    return [
        replace(one, among=among.ids)
        for one in found
        if one.label is among.label and one.output is not Output.COMPARISON
    ]


def _is_surer(one: Sequence[Reading], other: Sequence[Reading], question: Question) -> bool:
    """Whether the best of ``one`` is likelier than the best of ``other``, of the same words."""
    sure, against = (
        fact_confidence(found[0], question, runners=found, place=0) if found else 0.0
        for found in (one, other)
    )
    return sure > against


def _tells_more(question: Question, found: Sequence[Reading]) -> bool:
    """Whether a story is told in which the best reading only takes up what it happens to: "a musty
    smell from the aircon, whose job is that?".
    """
    anchors = found[0].anchors if found else ()
    if not anchors or any(one.label not in GOODS for one in anchors):
        return False
    named = {at for one in anchors for at in range(one.start, one.end)}
    told = question.story - named
    return bool(named <= question.told) and question.weight(told) >= _TOLD_WEIGHT


def _withheld(reading: Reading, asker: Asker) -> Iterator[str]:
    """What the reading needs and the asker reads nowhere: of the question and the rights alone."""
    for coordinate in _needed(reading, asker):
        if not asker.read(coordinate):
            yield coordinate


def _needed(reading: Reading, asker: Asker) -> Iterator[str]:
    yield str(reading.label)
    for lead in reading.leads:
        for step in lead.steps:
            if step.type and step.target:
                yield str(step.anchor)
                way, _ = asker.way(step.anchor, step.type, step.target, inverse=step.inverse)
                yield way.coordinate
    values = [reading.asked, *(bound.asked for bound in reading.bounds)]
    values += [reading.extreme.asked] if reading.extreme else []
    for asked in values:
        if asked and asked.holder:
            yield f"{asked.holder}.{camel(asked.property or '')}"


async def _first(
    store: Store,
    found: Sequence[Reading],
    question: Question,
    asker: Asker,
) -> Answer | None:
    """The first reading that leads to something; which one is meant where several equals do.

    What would not be told is not looked for: a reading that explains little of the question may
    lead through every ticket that there is. Nor is another value told by the words of one that is
    surely asked for and that a node has not.
    """
    best = found[0]
    tried = [one for one in found[:_TRIED] if one.score >= best.score - _NEAR]
    empty, none = frozenset[int](), None
    for place, reading in enumerate(tried):
        if empty & _naming(reading, question):
            continue
        rivals = _rivals(reading, found, question)
        sure = fact_confidence(reading, question, runners=found, place=place)
        if len(rivals) > 1:
            sure = max(sure, fact_confidence(rivals[0], question, runners=(), place=0))
        if sure < MIN_CONFIDENCE and not is_status(reading):
            continue
        asked_back = await _choice(store, rivals, question, asker) if len(rivals) > 1 else None
        if asked_back:
            return asked_back
        answer = await answer_of(store, reading, question, asker=asker, runners=found, place=place)
        if answer is None and (without := _without_goods(reading)):
            answer = await answer_of(
                store, without, question, asker=asker, runners=found, place=place
            )
        # "How many fridges …?" asks for products rather than for kinds of which there are none.
        is_none = answer and reading.output is Output.COUNT and not answer.citations
        if is_none and not question.speaks_of(reading.label):
            none = none or answer
        elif answer and not (none and answer.kind != none.kind):
            return answer
        if reading.output is Output.VALUE and reading.itself and sure >= _CERTAIN:
            empty |= _naming(reading, question)
    return none


def _without_goods(reading: Reading) -> Reading | None:
    """Without the goods beside an issue that is named: what they are said to affect is told of
    kinds, or not at all.
    """
    if not any(lead.anchor and lead.anchor.label is Label.ISSUE for lead in reading.leads):
        return None
    leads = tuple(
        lead
        for lead in reading.leads
        if not (lead.anchor and lead.anchor.label in GOODS and _affects(lead.steps))
    )
    return replace(reading, leads=leads) if len(leads) < len(reading.leads) else None


def _affects(steps: Way) -> bool:
    return bool(steps) and steps[0].type is RelationshipType.AFFECTS


def _naming(reading: Reading, question: Question) -> frozenset[int]:
    """The words that name the value that it tells."""
    hits = question.of(Kind.TERM)
    return frozenset(at for hit in hits if hit.said is reading.asked for at in hit.places)


def _rivals(reading: Reading, found: Iterable[Reading], question: Question) -> list[Reading]:
    """The same reading of the other nodes that a mention may stand for just as well."""
    unsure = {
        anchor.start
        for anchor in reading.anchors
        for group in question.groups
        if anchor in group and _is_unsure(anchor, group)
    }
    if unsure:
        return [one for one in found if _shape(one) == _shape(reading)]
    return [reading, *(one for one in found if _tells_namesake(one, reading, question))]


def _tells_namesake(one: Reading, reading: Reading, question: Question) -> bool:
    """Whether it tells the same of a node of another label that is called the same, and nothing
    says which label is meant.
    """
    here, there = reading.itself, one.itself
    if not (here and there and reading.asked and one.asked):
        return False
    return (
        reading.output is one.output is Output.VALUE
        and one.asked.property == reading.asked.property
        and one.label is not reading.label
        and (there.start, there.end) == (here.start, here.end)
        and there.confidence * _SURE_OF > here.confidence
        and len(one.leads) == len(reading.leads) == 1
        and not question.speaks_of(reading.label)
    )


def _is_unsure(anchor: Anchor, group: Sequence[Anchor]) -> bool:
    """Whether another node of the same label is meant about as likely."""
    others = [one.confidence for one in group if one is not anchor and one.label is anchor.label]
    return any(confidence * _SURE_OF > anchor.confidence for confidence in others)


def _shape(reading: Reading) -> tuple[Any, ...]:
    leads = tuple((one.steps, one.negated, bool(one.anchor)) for one in reading.leads)
    places = tuple(sorted((one.start, one.end) for one in reading.anchors))
    return (
        reading.label, reading.output, reading.asked, leads, reading.bounds, reading.extreme, places
    )  # fmt: skip


async def _choice(
    store: Store, rivals: Sequence[Reading], question: Question, asker: Asker
) -> Answer | None:
    """Asks back where two or more of the rivals lead to something, and not to the same."""
    named: dict[str, tuple[Anchor, str]] = {}
    told = set()
    for reading in rivals[:8]:
        rows = await select(store, reading, question, asker=asker)
        anchor = next((one for one in reading.anchors if one.confidence < 1.0), None)
        if not rows or anchor is None:
            continue
        told.add(tuple((row.id, str(row.value)) for row in rows))
        first = next((row for row in rows if row.id == anchor.value), rows[0])
        lead = reading.main
        walked_from = bool(first.via) and lead is not None and lead.anchor is anchor
        names = first.via[0][1:] if walked_from else first.names
        text = question.text[anchor.start : anchor.end]
        named[anchor.value] = (anchor, _called(names, question, text))
    if len(named) < 2 or len(told) < 2:
        return None
    (said, _), *_ = named.values()
    text = question.text[said.start : said.end]
    return Answer(
        answer=choice(text, [name for _, name in named.values()], question.language),
        kind="choice",
        language=question.language,
        confidence=fact_confidence(rivals[0], question, runners=(), place=0),
        citations=tuple(
            Citation(
                id=one.value,
                label=one.label,
                path=f"{one.label}:{one.value}",
                excerpt=name,
                name=name,
            )
            for one, name in named.values()
        ),
    )


def _called(names: Sequence[Any], question: Question, text: str) -> str:
    zh, en, _ = names
    ordered = (zh, en) if question.language == "zh" else (en, zh)
    return str(next(filter(None, ordered), text))


async def answer_of(
    store: Store,
    reading: Reading,
    question: Question,
    *,
    asker: Asker,
    runners: Sequence[Reading],
    place: int,
) -> Answer | None:
    """What one reading comes to."""
    counted = reading.output in {Output.COUNT, Output.SUM, Output.MEAN}
    rows = await select(store, reading, question, asker=asker, counted=counted)
    measured = None
    if counted:
        if not rows and not (_may_be_none(reading, asker) and may_count(reading, asker)):
            return await _listed_instead(store, reading, question, asker, runners, place)
        measured = await measured_of(store, reading, rows, asker)
        if measured is None:
            return None
    elif not rows and reading.output is not Output.WHETHER:
        return None
    listed = _listed(reading, rows)
    rows = rows[:MOST]
    if is_status(reading):
        rows = rows[:_STATUS_SHOWN]
    confidence = fact_confidence(reading, question, runners=runners, place=place)
    found = Answer(
        answer=sentence(reading, rows, question, measured=measured),
        kind=_kind(reading, rows),
        language=question.language,
        confidence=confidence,
        citations=tuple(citations(reading, rows, question)),
        listed=listed,
        amount=measured,
    )
    if _means_one(reading, rows, question):
        few = _so_named(rows, reading, question)
        cited = tuple(citations(reading, few, question))
        text = asked_back(reading, few, question)
        return replace(found, answer=text, kind="choice", citations=cited)
    if reading.output is Output.WHETHER and not rows:
        told = await _with_what_is(
            store, found, dict.fromkeys((reading, *runners)), question, asker
        )
        return told or (found if _may_be_none(reading, asker) else None)
    return found


async def _with_what_is(
    store: Store, denied: Answer, found: Iterable[Reading], question: Question, asker: Asker
) -> Answer | None:
    """A "no", and what is so instead of either of both, where that is little; ``None`` where
    nothing is so that the asker sees. Of what is related, all has to be seen: what is hidden may be
    what is asked about.
    """
    told: list[tuple[Reading, Sequence[Found]]] = []
    for reading in (one for one in found if one.output is Output.WHETHER):
        leads = tuple(lead for lead in reading.leads if lead.steps)
        instead = replace(reading, output=Output.NAMES, leads=leads)
        if asker.everywhere(str(reading.label)):
            rows = await select(store, instead, question, asker=asker)
            told += [(instead, rows)] if rows else []
    if not told:
        return None
    instead, so = min(told, key=lambda one: len(one[1]))
    also = f"\n{sentence(instead, so, question)}" if len(so) <= _INSTEAD else ""
    cited = tuple(citations(instead, so[:_INSTEAD], question))
    return replace(denied, answer=f"{denied.answer}{also}", citations=cited)


def _means_one(reading: Reading, rows: Sequence[Found], question: Question) -> bool:
    """Whether a value is asked of one of a kind, 净化器多少钱, "the purifier", and there are a few,
    not all alike.
    """
    (lead, *others) = reading.leads or (None,)
    if others or lead is None or lead.anchor is None or lead.negated:
        return False
    anchor = lead.anchor
    of_kind = anchor.label is Label.CATEGORY and reading.label is Label.PRODUCT
    plain = not (reading.bounds or reading.extreme or reading.among or reading.expected)
    if not (of_kind and plain and reading.output is Output.VALUE and len(lead.steps) == 1):
        return False
    few = 1 < len(rows) <= _OFFERED and len({str(row.value) for row in rows}) > 1
    return few and says_one(question, anchor)


def _so_named(rows: Sequence[Found], reading: Reading, question: Question) -> Sequence[Found]:
    """Those that are called what is said, where several are."""
    (anchor,) = reading.anchors
    said = question.folded[anchor.start : anchor.end]
    named = [row for row in rows if row.is_called(said)]
    return named if len(named) > 1 else rows


def _listed(reading: Reading, rows: Sequence[Found]) -> Among | None:
    """What a list or a count is of, where it is of several."""
    ids = tuple(dict.fromkeys(row.id for row in rows))
    measured = reading.output in {Output.SUM, Output.MEAN} and not reading.compared
    of_several = measured or _kind(reading, rows) in {"list", "count", "status"}
    if len(ids) < 2 or not of_several:
        return None
    return Among(label=reading.label, ids=ids if len(rows) <= MOST else ())


async def _listed_instead(
    store: Store,
    reading: Reading,
    question: Question,
    asker: Asker,
    runners: Sequence[Reading],
    place: int,
) -> Answer | None:
    """Whoever may see the rows, but not count them, gets the rows."""
    if reading.output is not Output.COUNT or reading.everything:
        return None
    listed = replace(reading, output=Output.NAMES)
    return await answer_of(store, listed, question, asker=asker, runners=runners, place=place)


def _asks_state(reading: Reading) -> bool:
    """Whether it is asked how far an order or a ticket is."""
    asked = reading.asked if reading.output is Output.VALUE else None
    return asked is not None and (asked.holder, asked.property) in STATES


def _may_be_none(reading: Reading, asker: Asker) -> bool:
    """Whether "none" may be said: of nodes that everybody sees, named by what is there for all; of
    people and work only where nobody is named.
    """
    labels = {reading.label, *(anchor.label for anchor in reading.anchors)}
    may_tell = labels <= TOLD or not reading.anchors
    return may_tell and all(asker.everywhere(str(label)) for label in labels)


def _kind(reading: Reading, rows: Sequence[Found]) -> str:
    if reading.output is Output.COMPARISON:
        return "comparison"
    if reading.output is Output.COUNT or tells_pieces(reading.asked):
        return "count"
    if reading.output in {Output.SUM, Output.MEAN, Output.WHETHER}:
        return "fact"
    if _asks_state(reading):
        return "status"
    several = len({row.id for row in rows}) > 1
    return "list" if several else "fact"
