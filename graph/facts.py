"""Facts: a node the question names, and something the ontology gives a label to.

"空气净化器由哪个部门负责？" names a category and asks, by the label 哪个部门, for what SUPPORTS it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from graph.errors import ForbiddenError
from graph.knowledge import Knowledge
from graph.model import Answer, Citation, Document, Language, Link
from graph.ontology import Asked, askable, matched
from graph.routing import order_keys
from graph.schema import NODES, Kind
from graph.selection.asker import Asker
from graph.selection.fact import COLUMNS, Selection, compile_selection
from graph.store import Row, Rows, Store
from graph.text import fold
from graph.vocabulary import Label

TOLD = frozenset(
    {
        Label.BUSINESS_LINE,
        Label.CATEGORY,
        Label.DEPARTMENT,
        Label.ISSUE,
        Label.PRODUCT,
        Label.RESOLUTION,
        Label.SKILL,
    }
)
"""Labels that questions name; orders are named by number. What of them is told, rights say."""

_ORDERED = frozenset({Label.ORDER, Label.CUSTOMER})
_ALIAS = (str(Label.ALIAS), f"{Label.ALIAS}.text")
_READINGS_TRIED = 4
_ANCHORS_TRIED = 16
_LISTED = 12
_WEAK_LABEL = 4
_SENTENCES: Mapping[Language, str] = {
    Language.ZH: "{anchor}的{name}：{values}。",
    Language.EN: "{anchor}: {name} – {values}.",
}
_COUNTED: Mapping[Language, tuple[str, ...]] = {
    Language.ZH: ("几件", "几个", "几种", "几台", "多少件", "多少个", "多少种", "多少台"),
    Language.EN: ("how many", "number of", "count of"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """A node that the question names: by which property, and where in the text.

    ``found_by`` are its fields whose values the text repeats: whoever may not read them must not
    learn from an answer that they are so.
    """

    label: Label
    key: str
    value: str
    start: int
    end: int
    confidence: float
    found_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One way to understand a question. ``strength`` counts the characters that ask for it."""

    anchor: Anchor
    asked: Asked
    strength: int
    other: Anchor | None = None


async def find_fact(
    store: Store, document: Document, *, knowledge: Knowledge, asker: Asker
) -> Answer | None:
    """The fact asked for, or ``None`` when the question asks for none, the graph has none, or the
    asker may not select it: these look alike.

    Raises:
        StalePolicyError: the asker's rights are those of another policy.
        UnavailableError: the graph does not answer.
    """
    folded = fold(document.text)
    rest = _without_names(folded, document)
    counting = any(word in folded for word in _COUNTED[document.language])
    anchors = _anchors(document, knowledge=knowledge, asker=asker)
    for reading in _readings(anchors, rest):
        for counted in (True, False) if counting and not reading.asked.property else (False,):
            if rows := await _select(store, reading, asker=asker, counted=counted):
                return _tell(rows, reading, document, counted=counted)
    return None


def _anchors(document: Document, *, knowledge: Knowledge, asker: Asker) -> list[Anchor]:
    numbers = {mark.value: mark for mark in document.marks if mark.kind == "order"}
    named = [
        Anchor(
            label=Label.ORDER,
            key="number_key",
            value=key,
            start=numbers[key].start,
            end=numbers[key].end,
            confidence=1.0,
            found_by=("number",),
        )
        for key in order_keys(document)
    ]
    linked = [
        Anchor(
            label=link.label,
            key="id",
            value=link.id,
            start=link.start,
            end=link.end,
            confidence=link.confidence,
            found_by=found_by,
        )
        for link in document.links
        if link.label in TOLD
        and (found_by := named_by(link, knowledge=knowledge, asker=asker)) is not None
    ]
    first: dict[tuple[Label, str], Anchor] = {}
    for anchor in named + linked:
        first.setdefault((anchor.label, anchor.value), anchor)
    return list(first.values())[:_ANCHORS_TRIED]


def named_by(link: Link, *, knowledge: Knowledge, asker: Asker) -> tuple[str, ...] | None:
    """The name fields that a mention repeats; ``None`` where it repeats what is kept from the
    asker: an alias, whose text may not be read.
    """
    name = knowledge.names.get((link.label, link.id))
    if name is None:
        return ()
    names = {"nameZh": name.name_zh, "nameEn": name.name_en}
    said = fold(link.text)
    same = [field for field, text in names.items() if text and fold(text) == said]
    if same:
        return (same[0],)
    if name.aliases and not asker.everywhere(*_ALIAS, f"{link.label}.aliases"):
        return None
    return tuple(field for field, text in names.items() if text)


def _readings(anchors: Sequence[Anchor], rest: str) -> list[Reading]:
    """Ways to understand the question, likeliest first.

    Orders before knowledge; what holds between two named nodes before what holds of one; then by
    how much of the question asks for it. What is asked stands outside the names: "air conditioner
    department" asks for a department; ``rest`` is the text without names.
    """
    found = [
        Reading(anchor=anchor, asked=asked, strength=strength, other=other)
        for anchor in anchors
        for asked in _askable().get(anchor.label, ())
        for other in _others(anchor, asked, anchors)
        if (strength := matched(asked, rest))
    ]
    return sorted(found, key=_likeliest)[:_READINGS_TRIED]


def _likeliest(reading: Reading) -> tuple[bool, bool, int, int]:
    anchor = reading.anchor
    return (
        anchor.label is not Label.ORDER,
        reading.other is None,
        -reading.strength,
        anchor.start,
    )


def _others(anchor: Anchor, asked: Asked, anchors: Sequence[Anchor]) -> Iterator[Anchor | None]:
    """The second named node that a relationship's own property needs; else one ``None``."""
    if asked.type is None or asked.property is None:
        yield None
    else:
        yield from (one for one in anchors if one is not anchor and one.label is asked.target)


@cache
def _askable() -> Mapping[Label, tuple[Asked, ...]]:
    return {
        label: tuple(asked for asked in askable() if asked.anchor is label and _allowed(asked))
        for label in TOLD | {Label.ORDER}
    }


def _allowed(asked: Asked) -> bool:
    if asked.type is not None:
        return asked.target in TOLD | _ORDERED
    known = NODES[asked.anchor].find(asked.property or "")
    return known is not None and not known.sealed and known.name != "id"


def _without_names(folded: str, document: Document) -> str:
    rest = list(folded)
    spans = [(link.start, link.end) for link in document.links]
    spans += ((mark.start, mark.end) for mark in document.marks)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    return "".join(rest)


async def _select(store: Store, reading: Reading, *, asker: Asker, counted: bool) -> Rows:
    """What the reading asks for; nothing, too, where it may not be selected."""
    asked, anchor, other = reading.asked, reading.anchor, reading.other
    selection = Selection(
        anchor=anchor.label,
        key=anchor.key,
        type=asked.type,
        inverse=asked.inverse,
        target=asked.target,
        climb=asked.climb,
        property=asked.property,
        target_id=other is not None,
        found_by=anchor.found_by,
        counted=counted,
    )
    try:
        query = compile_selection(selection, asker)
    except ForbiddenError:
        return []
    target = other.value if other else None
    found = await asker.select(store, query, key=anchor.value, target=target)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in found]
    nearest = min((row["depth"] for row in rows), default=0)
    return [
        row
        for row in rows
        if row["depth"] == nearest and (asked.property is None or row["value"] is not None)
    ]


def _tell(rows: Rows, reading: Reading, document: Document, *, counted: bool) -> Answer:
    asked, anchor, language = reading.asked, reading.anchor, document.language
    name = asked.names[language]
    called = _called_anchor(anchor, rows[0], document)
    values = [str(_total(rows))] if counted else _values(rows, asked, language)
    sentence = _SENTENCES[language].format(anchor=called, name=name, values=_join(values, language))
    confidence = 0.95 if reading.strength >= _WEAK_LABEL else 0.75
    return Answer(
        answer=sentence,
        kind="count" if counted else "fact",
        language=language,
        confidence=confidence * max(anchor.confidence, 0.5),
        citations=tuple(_citations(rows, reading, called, language)),
    )


def _called_anchor(anchor: Anchor, row: Row, document: Document) -> str:
    """By the name that may be told, or by the question's own words."""
    if anchor.label is Label.ORDER:
        word = "订单" if document.language is Language.ZH else "Order"
        return f"{word} {row['anchor_number'] or anchor.value.upper()}"
    own = {"name_zh": row["anchor_name_zh"], "name_en": row["anchor_name_en"], "number": None}
    return _called({**own, "id": document.text[anchor.start : anchor.end]}, document.language)


def _total(rows: Rows) -> int:
    return sum(row["quantity"] if row["quantity"] is not None else 1 for row in rows)


def _values(rows: Rows, asked: Asked, language: Language) -> list[str]:
    if asked.property:
        return list(dict.fromkeys(_shown(row["value"], asked) for row in rows))
    names = [_called(row, language) for row in rows]
    return list(dict.fromkeys(names))


def _called(row: Row, language: Language) -> str:
    both = (row["name_zh"], row["name_en"])
    ordered = both if language is Language.ZH else both[::-1]
    return str(next(filter(None, (*ordered, row["number"], row["id"]))))


def _shown(value: Any, asked: Asked) -> str:
    known = NODES[asked.anchor].find(asked.property or "") if asked.type is None else None
    if known and known.kind is Kind.INSTANT:
        return datetime.fromtimestamp(value / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return str(value)


def _join(values: Sequence[str], language: Language) -> str:
    comma = "、" if language is Language.ZH else ", "
    shown = comma.join(values[:_LISTED])
    more = len(values) - _LISTED
    if more <= 0:
        return shown
    return f"{shown}（另有 {more} 项）" if language is Language.ZH else f"{shown} (and {more} more)"


def _citations(rows: Rows, reading: Reading, called: str, language: Language) -> Iterator[Citation]:
    asked = reading.asked
    for row in rows[:_LISTED]:
        if asked.type is None:
            yield Citation(
                id=row["id"],
                label=asked.anchor,
                path=f"{asked.anchor}:{row['id']}.{asked.property}",
                excerpt=f"{asked.names[language]}: {_shown(row['value'], asked)}",
            )
        elif asked.target:
            arrow = f"◄─{asked.type}─" if asked.inverse else f"─{asked.type}─►"
            climbed = f" ─{asked.climb}*{row['depth']}─►" if row["depth"] else ""
            yield Citation(
                id=row["id"],
                label=asked.target,
                path=f"{called}{climbed} {arrow} {_called(row, language)}",
                excerpt=_called(row, language),
            )
