"""Two figures beside each other: "how many more orders in August than in April?", 哪个月多.

Each is asked for by a question of its own, so that it is counted under the rights of today.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain

from graph.conversation import Conversation, Turn
from graph.model import Answer, Language
from graph.question.lexicon import VALUED, Hit, Kind, lexicon, outermost
from graph.question.period import MONTH_WORD, YEAR, find_times, is_span
from graph.question.quantity import Quantity
from graph.question.words import Cue
from graph.several import PAIR
from graph.text import blanked, fold, has_han
from graph.vocabulary import Label

_NOW = datetime(2025, 6, 15, tzinfo=UTC)
"""Where a time is said does not depend on when."""
_CITED = 3
_FIGURES = frozenset({Cue.COUNT, Cue.SUM, Cue.MEAN})
_WHETHER = re.compile(
    r"^(?:and |so )?(?:did|do|does|were|was|are|is|have|has)\b(?!.*\bor\b)|吗\W*$"
)
_FEWER = re.compile(r"\b(?:fewer|less|lower)\b|少|低")
_YES: Mapping[tuple[bool, Language], str] = {
    (True, Language.EN): "Yes. ",
    (False, Language.EN): "No. ",
    (True, Language.ZH): "是的。",
    (False, Language.ZH): "不是。",
}
_SET_BESIDE = re.compile(
    r"\b(?:more|fewer|less|higher|lower|busier|difference|compared?|by how (?:many|much))\b"
    r"|更?[多少高低](?:了)?(?:多少|几|一?些|$|[？?呢吗])|差(?:了|距)?(?:是)?(?:多少|几)|相比|对比|比"
    r"|哪(?:一?个)?[月年天季].*[多少高低]"
)
_FILLING: Mapping[Language, re.Pattern[str]] = {
    Language.EN: re.compile(
        r"\b(?:how (?:many|much)|by how (?:many|much)|more|fewer|less|than|compared? (?:to|with)"
        r"|compare|the (?:number|count) of|the difference (?:between|in)|difference|between"
        r"|which (?:month|year|quarter|week|day|one|of (?:them|the two))(?: (?:had|has|saw|was))?"
        r"|did we (?:get|have|take|receive)|(?:were|was|are|is) there|did|do|does|have|had|has"
        r"|see|get|or|and|in|during|of|on|for|we|so|also|the)\b|[?.,!]",
        re.IGNORECASE,
    ),
    Language.ZH: re.compile(
        r"相比|比较|对比|哪一?个?[月年天]|哪个季度|哪边|更?[多少高低](?:了|出)?(?:多少|几)?[单个笔台件份位]?"
        r"|差(?:了|距)?(?:是)?(?:多少|几)[单个笔台件份位]?|一共|总共|起来|[和与跟同比呢那吗？?，,。]"
    ),
}
_ASK: Mapping[Language, str] = {
    Language.EN: "How many {rest} in {name}?",
    Language.ZH: "{name}{rest}有多少",
}
_MONTH_BEFORE = re.compile(
    rf"\b({MONTH_WORD})"
    rf"(?= (?:or|and|vs\.?|versus|than|to) (?:in )?(?:{MONTH_WORD}) ((?:19|20)\d\d)\b)",
    re.IGNORECASE,
)
"""A month whose year is said after the next: "May or June 2026"."""
_JOINED = re.compile(
    r"\W*(?:[a-z]+\s)?(?:(?:and|or|than|versus|vs\.?|with|to)\W+)?(?:[a-z]+\s)?"
    r"(?:in\s|from\s)?(?:the\s)?"
    r"|的?(?:客户|同事|订单|产品)?(?:和|与|跟|同|比|、|还是)"
)
"""Between two values that are set beside each other."""
_TOTAL: Mapping[Language, str] = {
    Language.EN: "What is the sum of the totals of all orders in {name}?",
    Language.ZH: "{name}所有订单的总额合计多少",
}
_LEAD = re.compile(r"(?:in|on|during|of|at|from|within|在|于)\s*")
_TOLD: Mapping[tuple[Language, bool], str] = {
    (Language.EN, True): "{one}: {first}, {other}: {second}. {most} has {gap} more.",
    (Language.EN, False): "{one}: {first}, {other}: {second}. They are the same.",
    (Language.ZH, True): "{one}：{first}；{other}：{second}。{most}多 {gap}。",
    (Language.ZH, False): "{one}：{first}；{other}：{second}。一样多。",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """The ``questions`` for two figures, and the ``names`` that tell them apart; ``more``: whether
    it is asked if the first is more, or less, than the second.
    """

    questions: tuple[str, str]
    names: tuple[str, str]
    more: bool | None = None


def figures_of(question: str, conversation: Conversation) -> Figures | None:
    """The two figures that ``question`` sets beside each other: those of two times in it, or those
    that were asked for one after the other; ``None`` where it does not.
    """
    question = _MONTH_BEFORE.sub(r"\1 \2", question)
    folded = fold(question)
    if not _SET_BESIDE.search(folded):
        return None
    times = _times(folded)
    if len(times) == PAIR:
        found = _of_two_times(question, folded, times) or _of_the_last(
            question, times, conversation.turns
        )
    elif times:
        return None
    else:
        found = _of_two_values(question, folded, conversation.turns) or _of_two_turns(
            folded, conversation.turns
        )
    whether = _WHETHER.search(folded)
    return replace(found, more=not _FEWER.search(folded)) if found and whether else found


def _times(folded: str) -> list[Quantity]:
    return [one for one in find_times(folded, _NOW, joined=False) if is_span(one)]


def _of_two_times(question: str, folded: str, times: Sequence[Quantity]) -> Figures | None:
    hits = lexicon().find(folded)
    if not any(hit.kind is Kind.CLASS or hit.said is Cue.COUNT for hit in hits):
        return None
    language = Language.ZH if has_han(folded) else Language.EN
    rest = blanked(question, ((one.start, one.end) for one in times))
    said = _FILLING[language].sub(" ", rest)
    said = " ".join(said.split()) if language is Language.EN else "".join(said.split()).strip("的")
    if not said:
        return None
    first, second = _named_apart([question[time.start : time.end] for time in times])
    ask = _ASK[language]
    return Figures(
        questions=(ask.format(rest=said, name=first), ask.format(rest=said, name=second)),
        names=(first, second),
    )


def _of_the_last(question: str, times: Sequence[Quantity], turns: Sequence[Turn]) -> Figures | None:
    """The last question, which counted, of either time: 2026年比2025年多几个."""
    if not turns or not any(hit.said in _FIGURES for hit in _hits(turns[-1])):
        return None
    before = turns[-1].question
    own = _times(fold(before))
    if len(own) != 1:
        return None
    first, second = _named_apart([question[time.start : time.end] for time in times])
    start, end = own[0].start, own[0].end
    lead = _LEAD.match(fold(before), start, end) if not has_han(before) else None
    start = lead.end() if lead else start
    asked = tuple(f"{before[:start]}{name}{before[end:]}" for name in (first, second))
    return Figures(questions=(asked[0], asked[1]), names=(first, second))


def _of_two_values(question: str, folded: str, turns: Sequence[Turn]) -> Figures | None:
    """Of two values of one property, each with what is counted: 金卡和银卡客户哪种多; with what was
    counted last, where nothing else is said: 华东比华北多几个.
    """
    hits = outermost([hit for hit in lexicon().find(folded) if hit.kind is Kind.VALUE])
    of = Counter(hit.said[0] for hit in hits)
    said = [hit for hit in sorted(hits, key=lambda hit: hit.start) if of[hit.said[0]] == PAIR]
    if len(said) != PAIR:
        return None
    one, other = said
    language = Language.ZH if has_han(folded) else Language.EN
    if not _JOINED.fullmatch(folded, one.end, other.start):
        return None
    rest = f"{question[: one.start]} {question[other.end :]}"
    counted = " ".join(_FILLING[language].sub(" ", rest).split())
    names = (question[one.start : one.end], question[other.start : other.end])
    if not counted:
        return _of_what_was_counted(names, one, turns)
    ask = "{name}{rest}有多少" if language is Language.ZH else "How many {name} {rest} are there?"
    counted = counted.replace(" ", "").strip("的") if language is Language.ZH else counted
    return Figures(
        questions=(
            ask.format(name=names[0], rest=counted),
            ask.format(name=names[1], rest=counted),
        ),
        names=names,
    )


def _of_what_was_counted(names: tuple[str, str], one: Hit, turns: Sequence[Turn]) -> Figures | None:
    """The last question, which counted, of either value."""
    hits = _hits(turns[-1]) if turns else ()
    values = [hit for hit in hits if hit.kind is Kind.VALUE and hit.said[0] == one.said[0]]
    if not any(hit.said in _FIGURES for hit in hits) or not values:
        return None
    then = max(values, key=lambda hit: len(hit.places))
    last = turns[-1].question
    first, second = (f"{last[: then.start]}{name}{last[then.end :]}" for name in names)
    return Figures(questions=(first, second), names=names)


def _named_apart(said: Sequence[str]) -> Iterator[str]:
    """Each without what leads to it, and with the year that only the other says."""
    year = next((found[0] for one in said if (found := YEAR.search(one))), None)
    for one in said:
        name = _LEAD.sub("", one.strip())
        if year and not YEAR.search(name):
            name = f"{year}年{name}" if has_han(name) else f"{name} {year}"
        yield name


def _of_two_turns(folded: str, turns: Sequence[Turn]) -> Figures | None:
    """Where nothing else is named: "which month had more?", after two that were counted."""
    hits = lexicon().find(folded)
    if len(turns) < PAIR or any(hit.kind is Kind.VALUE for hit in hits):
        return None
    total = next((hit for hit in hits if _is_total(hit)), None)
    counted = [hit.places for hit in hits if hit.said is Cue.COUNT]
    if total is None and any(
        hit.kind in VALUED and hit.said.property and not any(hit.places & one for one in counted)
        for hit in hits
    ):
        # "Which of those costs more?" asks for no number of them.
        return None
    last = turns[-PAIR:]
    if not all(any(hit.said in _FIGURES for hit in _hits(turn)) for turn in last):
        return None
    found = [_name(one, other) for one, other in (last, last[::-1])]
    names = [_LEAD.sub("", one[1]) for one in found if one]
    # What is told apart by different things has nothing in common.
    if len(set(names)) < PAIR or len({one[0] for one in found if one}) > 1:
        return None
    if total is None:
        return Figures(questions=(last[0].question, last[1].question), names=(names[0], names[1]))
    if not all(_times(fold(turn.question)) for turn in last):
        return None
    ask = _TOTAL[Language.ZH if has_han(folded) else Language.EN]
    first, second = (ask.format(name=name) for name in names)
    return Figures(questions=(first, second), names=(names[0], names[1]))


def _is_total(hit: Hit) -> bool:
    of_order = hit.kind is Kind.TERM and hit.said.holder is Label.ORDER
    return of_order and hit.said.property == "total"


def _hits(turn: Turn) -> Sequence[Hit]:
    return lexicon().find(fold(turn.question))


def _name(turn: Turn, other: Turn) -> tuple[object, str] | None:
    """What tells it from the ``other``, and of what kind that is: the time that it asks about, what
    it names, or a value.
    """
    times = _times(fold(turn.question))
    if len(times) == 1:
        return "time", turn.question[times[0].start : times[0].end].strip()
    if turn.about and not times:
        return turn.about.label, turn.about.text
    values = {hit.phrase: hit for hit in _hits(turn) if hit.kind is Kind.VALUE}
    own = [hit for phrase, hit in values.items() if phrase not in fold(other.question)]
    longest = max(own, key=lambda hit: len(hit.places), default=None)
    return (longest.said[0], turn.question[longest.start : longest.end]) if longest else None


def _verdict(figures: Figures, first: float, second: float, language: Language) -> str:
    """A yes or no, where it is asked whether the first is the more, or the less."""
    if figures.more is None:
        return ""
    holds = first > second if figures.more else first < second
    return _YES[holds, language]


def _number(value: float) -> str:
    """With two digits behind the point where it is no whole number."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.2f}"


def beside(figures: Figures, found: Sequence[Answer], language: Language) -> Answer | None:
    """Both figures as one answer; ``None`` where one of them is not known."""
    first, second = (one.amount for one in found)
    if first is None or second is None:
        return None
    one, other = figures.names
    gap = abs(first - second)
    text = _verdict(figures, first, second, language) + _TOLD[language, gap > 0].format(
        one=one,
        other=other,
        first=_number(first),
        second=_number(second),
        most=one if first > second else other,
        gap=_number(gap),
    )
    return replace(
        found[0],
        answer=text,
        kind="comparison",
        language=language,
        confidence=found[0].confidence * found[1].confidence,
        citations=tuple(chain.from_iterable(one.citations[:_CITED] for one in found)),
        listed=None,
        amount=None,
        about=None,
        also=(),
    )
