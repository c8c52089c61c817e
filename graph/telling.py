"""Rows as sentences and citations, in the question's language."""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graph.model import Citation, Language
from graph.ontology import Asked, Unit, Value, askable, class_name
from graph.question.lexicon import Kind
from graph.question.quantity import Comparison
from graph.question.question import Anchor, Question
from graph.question.reading import (
    NUMERIC,
    Bound,
    Lead,
    Output,
    Reading,
    kind_of,
    tells_pieces,
    unit_named,
)
from graph.question.words import THAN
from graph.schema import Kind as Stored
from graph.text import fold
from graph.vocabulary import Label

LISTED = 40
_COMMA: Mapping[Language, str] = {Language.ZH: "、", Language.EN: ", "}
_SENTENCES: Mapping[Language, str] = {
    Language.ZH: "{subject}的{name}：{values}。",
    Language.EN: "{subject}: {name} – {values}.",
}
_PLAIN: Mapping[Language, str] = {
    Language.ZH: "{subject}：{values}。",
    Language.EN: "{subject}: {values}.",
}
_NONE: Mapping[Language, str] = {Language.ZH: "没有", Language.EN: "none"}
_MORE: Mapping[Language, str] = {
    Language.ZH: "（另有 {more} 项）",
    Language.EN: " (and {more} more)",
}
_WHETHER: Mapping[tuple[bool, Language], str] = {
    (True, Language.ZH): "是的：{one} · {name} · {other}。",
    (False, Language.ZH): "不是：{one} 与 {other} 之间没有这种关系。",
    (True, Language.EN): "Yes: {one} · {name} · {other}.",
    (False, Language.EN): "No: {one} and {other} are not related like that.",
}
_VERDICT: Mapping[tuple[bool, Language], str] = {
    (True, Language.ZH): "是的，{values}",
    (False, Language.ZH): "不是，{values}",
    (True, Language.EN): "Yes, {values}",
    (False, Language.EN): "No, {values}",
}
_TRUTH: Mapping[tuple[bool, Language], str] = {
    (True, Language.ZH): "是",
    (False, Language.ZH): "不是",
    (True, Language.EN): "Yes",
    (False, Language.EN): "No",
}
_COMPARED: Mapping[Comparison, Callable[[Any, Any], bool]] = {
    Comparison.EQUAL: operator.eq,
    Comparison.OVER: operator.gt,
    Comparison.FROM: operator.ge,
    Comparison.UNDER: operator.lt,
    Comparison.UP_TO: operator.le,
}
_ONLY: Mapping[Language, str] = {Language.ZH: "只 ", Language.EN: "only "}
_OR: Mapping[Language, str] = {Language.ZH: "或", Language.EN: " or "}
_KIND: Mapping[Language, str] = {Language.ZH: "{kind}：{said}", Language.EN: "{kind}: {said}"}
_AND: Mapping[Language, str] = {Language.ZH: "、", Language.EN: ", "}
_NOT: Mapping[Language, str] = {Language.ZH: "非 ", Language.EN: "not "}
_MEASURED: Mapping[Output, Mapping[Language, str]] = {
    Output.COUNT: {Language.ZH: "共 {value}", Language.EN: "{value}"},
    Output.SUM: {Language.ZH: "{name}合计 {value}", Language.EN: "{name}, in total {value}"},
    Output.MEAN: {Language.ZH: "{name}平均 {value}", Language.EN: "{name}, on average {value}"},
}
_MOST: Mapping[tuple[bool, Language], str] = {
    (True, Language.ZH): "{name}最高",
    (False, Language.ZH): "{name}最低",
    (True, Language.EN): "highest {name}",
    (False, Language.EN): "lowest {name}",
}
_PLACE: Mapping[Language, str] = {
    Language.ZH: "{most}，第 {place}",
    Language.EN: "{most}, no. {place}",
}
_CHOICE: Mapping[Language, str] = {
    Language.ZH: "“{said}”可能指：{values}。请问是哪一个？",
    Language.EN: "“{said}” may stand for {values}. Which one do you mean?",
}
_DIFFERENCE: Mapping[Language, str] = {
    Language.ZH: "；相差 {value}",
    Language.EN: "; difference: {value}",
}
_TOGETHER: Mapping[Language, str] = {
    Language.ZH: "；共 {value}",
    Language.EN: "; in total: {value}",
}
_EQUAL: Mapping[Language, str] = {Language.ZH: "；相同", Language.EN: "; the same"}
_PAIR = 2
_SAME = re.compile(r"\bsame\b|\bas \w+ as\b|一样|相同|同样")
_MORE_OR_LESS = re.compile(
    r"的?[^，,。？?]{0,4}?(?:(?P<more>[长久多高贵大])|[短少低小])[吗嘛么?？]"
)
_SEPARATOR: Mapping[Language, str] = {Language.ZH: "；", Language.EN: "; "}
_ORDER_WORD: Mapping[Language, str] = {Language.ZH: "订单 ", Language.EN: "Order "}
_WHOLE = frozenset({"description_zh", "description_en"})
"""Sentences, which end as the answer does."""
STATES = frozenset({(Label.ORDER, "status"), (Label.TICKET, "state")})
"""What tells how far something is."""


@dataclass(frozen=True, slots=True)
class Found:
    """A row: the node, what it is called, what is told of it, and what was walked to it."""

    id: str
    names: tuple[Any, ...]
    value: Any
    quantity: int | None
    depth: int
    via: tuple[tuple[Any, ...], ...]

    def is_called(self, said: str) -> bool:
        """Whether folded words stand in one of its names."""
        return any(said in fold(str(name)) for name in self.names if name)


def found_of(row: Sequence[Any]) -> Found:
    """A row of ``compile_walk``."""
    id_, zh, en, number, value, quantity, depth, via = row
    return Found(id_, (zh, en, number), value, quantity, depth, tuple(map(tuple, via)))


def called(id_: str, names: Sequence[Any], language: Language) -> str:
    """By the name that may be told, in the language of the question where there is one."""
    zh, en, number = names
    ordered = (zh, en) if language is Language.ZH else (en, zh)
    return str(next(filter(None, (*ordered, number, id_))))


def shown(value: Any, asked: Asked, question: Question) -> str:
    """A value with its unit, as people write it."""
    language = question.language
    if isinstance(value, bool):
        return _TRUTH[value, language]
    if isinstance(value, list):
        return "; ".join(shown(one, asked, question) for one in value)
    if (named := _named_value(value, asked)) and named.names[language] != value:
        brackets = "{}（{}）" if language is Language.ZH else "{} ({})"
        return brackets.format(named.names[language], value)
    if kind_of(asked) is Stored.INSTANT:
        return _moment(datetime.fromtimestamp(value / 1000, question.zone))
    if isinstance(value, float):
        return f"{value:.2f}"
    unit = unit_named(asked.unit)
    if unit and (name := unit.names.get(language)):
        return f"{value} {name}"
    return str(value).rstrip(".。") if asked.property in _WHOLE else str(value)


def _moment(time: datetime) -> str:
    """2026-10-20 00:16 UTC+08:00, as clocks there show it, and how far they are ahead."""
    ahead = f"{time:%z}"
    offset = f"{ahead[:3]}:{ahead[3:]}" if time.utcoffset() else ""
    return f"{time:%Y-%m-%d %H:%M} UTC{offset}"


def _named_value(value: Any, asked: Asked) -> Value | None:
    return next((one for one in asked.values if one.value == value), None)


def sentence(
    reading: Reading, rows: Sequence[Found], question: Question, *, measured: Any = None
) -> str:
    """What the rows say; ``measured`` is the number that was asked for instead of them."""
    language = question.language
    if reading.output is Output.WHETHER:
        return _whether(reading, rows, question)
    wanted = _asked_unit(reading, question)
    values = [_told(row, reading, question, wanted) for row in rows]
    text = _join(list(dict.fromkeys(values)), language) or _NONE[language]
    if reading.output in _MEASURED:
        name = reading.asked.names[language] if reading.asked else ""
        shown_value = (
            str(measured)
            if reading.output is Output.COUNT or reading.asked is None
            else shown(_plain_sum(measured, reading), reading.asked, question)
        )
        text = _MEASURED[reading.output][language].format(name=name, value=shown_value)
    single = _single(reading)
    if tells_pieces(reading.asked) and reading.output is Output.VALUE and len(rows) > 1:
        text += _TOGETHER[language].format(value=sum(row.value for row in rows))
    if reading.compared and reading.extreme:
        text += _winner(reading, rows, language)
    if reading.output is Output.COMPARISON:
        text += _difference(reading, rows, question)
        if (holds := _verdict(reading, rows, question)) is not None:
            text = _VERDICT[holds, language].format(values=text)
    if reading.expected and len(rows) == 1:
        text = _VERDICT[_holds(rows[0].value, reading.expected), language].format(values=text)
    if single is not None:
        subject = _anchor_called(single, rows, question)
        name = _relation_name(reading, language)
        return _SENTENCES[language].format(subject=subject, name=name, values=text)
    if reading.itself and reading.output is Output.VALUE and reading.asked:
        # Of the relationship between two named nodes.
        subject = _SEPARATOR[language].join(
            question.text[one.start : one.end] for one in reading.anchors if not one.own
        )
        name = reading.asked.names[language]
        return _SENTENCES[language].format(subject=subject, name=name, values=text)
    return _PLAIN[language].format(subject=_subject(reading, question), values=text)


def _plain_sum(measured: float, reading: Reading) -> float | int:
    """A sum of whole numbers is one."""
    summed = reading.asked if reading.output is Output.SUM else None
    is_whole = summed is not None and kind_of(summed) is Stored.INTEGER
    return int(measured) if is_whole else float(measured)


def _holds(value: Any, expected: Bound) -> bool:
    """Whether a value is what it is asked to be; of a list, whether that is in it."""
    if isinstance(value, list):
        return all(wanted in value for _, wanted in expected.bounds)
    return all(_COMPARED[comparison](value, wanted) for comparison, wanted in expected.bounds)


def _asked_unit(reading: Reading, question: Question) -> Unit | None:
    """The unit that the question asks in, where the value is kept in another."""
    asked = reading.asked
    if asked is None or asked.unit is None or reading.output is not Output.VALUE:
        return None
    said = [hit.said for hit in question.of(Kind.UNIT) if hit.said.of == asked.unit]
    return said[0] if said else None


def _difference(reading: Reading, rows: Sequence[Found], question: Question) -> str:
    """By how much two numbers differ."""
    values = [row.value for row in rows]
    if reading.asked is None or len(values) != _PAIR or kind_of(reading.asked) not in NUMERIC:
        return ""
    gap = shown(abs(values[0] - values[1]), reading.asked, question)
    language = question.language
    return _DIFFERENCE[language].format(value=gap) if values[0] != values[1] else _EQUAL[language]


def _verdict(reading: Reading, rows: Sequence[Found], question: Question) -> bool | None:
    """Whether both have the same, 一样长吗, or the one named first has more, or less, "is the A
    cheaper than the B?", A比B贵吗; ``None`` where neither is asked.
    """
    if not question.asks.whether or question.denials:
        return None
    if len(reading.compared) != _PAIR or len(rows) != _PAIR:
        return None
    if _SAME.search(question.folded):
        return bool(rows[0].value == rows[1].value)
    one, other = sorted(reading.compared, key=lambda anchor: anchor.start)
    if not THAN.search(question.folded, one.end, other.start):
        return None
    # 比…长吗: what has the more is that, whatever it is.
    more = reading.extreme.greatest if reading.extreme else _more(question.folded[other.end :])
    if more is None:
        return None
    first, second = sorted(rows, key=lambda row: row.id != one.value)
    return bool(first.value > second.value if more else first.value < second.value)


def _more(said: str) -> bool | None:
    """Whether a comparison's last word asks for the more or for the less."""
    found = _MORE_OR_LESS.match(said)
    return found["more"] is not None if found else None


def _winner(reading: Reading, rows: Sequence[Found], language: Language) -> str:
    """Which of those compared has the most, or least; nothing where they are equal."""
    if reading.extreme is None or len({row.value for row in rows}) == 1:
        return ""
    name = reading.extreme.asked.names[language]
    most = _MOST[reading.extreme.greatest, language].format(name=name)
    winner = called(rows[0].id, rows[0].names, language)
    return f"；{most}：{winner}" if language is Language.ZH else f"; {most}: {winner}"


def _whether(reading: Reading, rows: Sequence[Found], question: Question) -> str:
    """Whether the named nodes are related as asked."""
    language = question.language
    walked = next(lead for lead in reading.leads if lead.steps)
    names = [question.text[one.start : one.end] for one in reading.anchors]
    holds = bool(rows) is not walked.negated
    return _WHETHER[holds, language].format(
        one=names[0], name=walked.steps[-1].names[language], other=names[-1]
    )


def _single(reading: Reading) -> Anchor | None:
    """The one named node of a plain reading."""
    if reading.bounds or reading.extreme or reading.compared or len(reading.leads) != 1:
        return None
    (lead,) = reading.leads
    plain = not lead.negated and len(lead.steps) <= 1
    if lead.steps and reading.output is Output.VALUE:
        return None
    return lead.anchor if plain and lead.anchor and not lead.anchor.own else None


def _relation_name(reading: Reading, language: Language) -> str:
    steps = reading.leads[0].steps
    if reading.asked and not steps:
        return reading.asked.names[language]
    return steps[0].names[language] if steps else class_name(reading.label, language)


def _anchor_called(anchor: Anchor, rows: Sequence[Found], question: Question) -> str:
    """By the name that may be told, or by the question's own words."""
    language = question.language
    said = question.text[anchor.start : anchor.end]
    row = rows[0] if rows else None
    names = (None, None, None)
    if row is not None:
        names = tuple(row.via[0][1:]) if row.via else row.names
    if anchor.label is Label.ORDER:
        return f"{_ORDER_WORD[language]}{names[2] or said.upper()}"
    return called(said, (names[0], names[1], None), language)


def _subject(reading: Reading, question: Question) -> str:
    language = question.language
    of_kinds = [one for one in reading.leads if one.anchor is None and not one.negated]
    parts = [
        f"{_NOT[language] if lead.negated else ''}{_lead_called(lead, question)}"
        for lead in reading.leads
        if lead not in of_kinds and not (lead.anchor and lead.anchor.own)
    ]
    for lead in of_kinds:
        own = [one for one in reading.bounds if reading.way_of(one) is lead]
        said = _AND[language].join(_bound_called(one, question) for one in own)
        parts.append(_KIND[language].format(kind=class_name(lead.label, language), said=said))
    parts += [
        _bound_called(bound, question)
        for bound in reading.bounds
        if reading.way_of(bound) not in of_kinds
    ]
    if reading.extreme and not reading.compared:
        name = reading.extreme.asked.names[language]
        most = _MOST[reading.extreme.greatest, language].format(name=name)
        place = reading.extreme.place + 1
        parts.append(_PLACE[language].format(place=place, most=most) if place > 1 else most)
    noun = class_name(reading.label, language)
    if reading.output is Output.COMPARISON and reading.asked:
        return f"{noun} · {reading.asked.names[language]}"
    if not parts:
        return noun
    inside = _SEPARATOR[language].join(parts)
    return f"{noun}（{inside}）" if language is Language.ZH else f"{noun} ({inside})"


def _lead_called(lead: Lead, question: Question) -> str:
    if lead.anchor is None:
        step = lead.steps[0]
        # Of the same label: what lies the other way, "not parent department".
        back = next((one for one in askable() if _is_back(one, step)), None)
        return back.names[question.language] if back else class_name(step.anchor, question.language)
    return question.text[lead.anchor.start : lead.anchor.end]


def _is_back(one: Asked, step: Asked) -> bool:
    related = one.type is step.type and one.property is None and one.inverse is not step.inverse
    return related and one.anchor is step.target is step.anchor


def _bound_called(bound: Bound, question: Question) -> str:
    asked, language = bound.asked, question.language
    if kind_of(asked) is Stored.BOOLEAN:
        return f"{_NOT[language] if bound.negated else ''}{asked.names[language]}"
    said = [
        f"{comparison if comparison is not Comparison.ONE_OF else '='} "
        f"{_bound_value(value, asked, question)}"
        for comparison, value in bound.bounds
    ]
    only = _ONLY[language] if bound.alone else ""
    return (
        f"{_NOT[language] if bound.negated else ''}{asked.names[language]} {only}{' '.join(said)}"
    )


def _bound_value(value: float | str | tuple[str, ...], asked: Asked, question: Question) -> str:
    if isinstance(value, tuple):
        return _OR[question.language].join(shown(one, asked, question) for one in value)
    if kind_of(asked) is Stored.INSTANT and not isinstance(value, str):
        return datetime.fromtimestamp(value / 1000, question.zone).strftime("%Y-%m-%d")
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    return shown(value, asked, question) if isinstance(value, str) else f"{value:g}"


def _told(row: Found, reading: Reading, question: Question, wanted: Unit | None) -> str:
    language = question.language
    name = called(row.id, row.names, language)
    extra = reading.asked if reading.output in {Output.VALUE, Output.COMPARISON} else None
    if extra is None and reading.extreme:
        extra = reading.extreme.asked
    if extra is None:
        return name
    value = shown(row.value, extra, question)
    if wanted and (name_of := wanted.names.get(language)):
        brackets = "{} {}（{}）" if language is Language.ZH else "{} {} ({})"
        value = brackets.format(f"{row.value / wanted.times:g}", name_of, value)
    if reading.itself and reading.output is Output.VALUE:
        return value
    return f"{name}（{value}）" if language is Language.ZH else f"{name} ({value})"


def _join(values: Sequence[str], language: Language) -> str:
    text = _COMMA[language].join(values[:LISTED])
    more = len(values) - LISTED
    return text + (_MORE[language].format(more=more) if more > 0 else "")


def asked_back(reading: Reading, rows: Sequence[Found], question: Question) -> str:
    """Which of several is meant by what they are together called, and what is told of each."""
    anchors = [one for one in reading.anchors if not one.own]
    said = question.text[anchors[0].start : anchors[0].end]
    told = [_told(row, reading, question, _asked_unit(reading, question)) for row in rows]
    return choice(said, list(dict.fromkeys(told)), question.language)


def choice(said: str, names: Sequence[str], language: Language) -> str:
    """The question back: which one is meant."""
    return _CHOICE[language].format(said=said, values=_join(names, language))


def citations(reading: Reading, rows: Sequence[Found], question: Question) -> Iterator[Citation]:
    """Where each row comes from: its node, the way that led there, its words; then the nodes that
    the ways start from and go through, unless they are cited already.
    """
    language = question.language
    main = reading.main
    cited = set[str]()
    starts: dict[str, Citation] = {}
    for row in rows[:LISTED]:
        cited.add(row.id)
        name = called(row.id, row.names, language)
        asked = reading.asked or (reading.extreme.asked if reading.extreme else None)
        excerpt = name
        if asked and row.value is not None:
            excerpt = f"{asked.names[language]}: {shown(row.value, asked, question)}"
        path = _path(main, row, reading, asked, question)
        yield Citation(id=row.id, label=reading.label, path=path, excerpt=excerpt, name=name)
        of_both = reading.output is Output.WHETHER or (
            reading.output is Output.COUNT and row.quantity is not None
        )
        is_own = main is not None and main.anchor is not None and main.anchor.own
        bought = is_own and main is not None and main.steps[-1].anchor is Label.ORDER
        related = of_both or bought or (asked and asked.type)
        if related and row.via and main:
            # What a relationship says is said of both its ends.
            id_, *names = row.via[-1]
            other = main.steps[-1].anchor
            there = called(id_, names, language)
            cited.add(id_)
            yield Citation(id=id_, label=other, path=path, excerpt=excerpt, name=there)
        for step, (id_, *names) in zip(main.steps if main else (), row.via, strict=False):
            there = called(id_, names, language)
            begun = Citation(
                id=id_, label=step.anchor, path=path, excerpt=there, name=there, starts=True
            )
            starts.setdefault(id_, begun)
    yield from (one for one in starts.values() if one.id not in cited)


def _path(
    main: Lead | None, row: Found, reading: Reading, asked: Asked | None, question: Question
) -> str:
    language = question.language
    here = f"{reading.label}:{row.id}"
    if main is None or not row.via or len(row.via) != len(main.steps):
        return f"{here}.{asked.property}" if asked else here
    names = [called(one[0], one[1:], language) for one in row.via]
    if main.anchor and main.anchor.label is Label.ORDER:
        names[0] = f"{_ORDER_WORD[language]}{names[0]}"
    names.append(called(row.id, row.names, language))
    text = names[0]
    for place, step in enumerate(main.steps):
        climbed = f" ─{step.climb}*{row.depth}─►" if step.climb and row.depth else ""
        arrow = f"◄─{step.type}─" if step.inverse else f"─{step.type}─►"
        text += f"{climbed} {arrow} {names[place + 1]}"
    return text
