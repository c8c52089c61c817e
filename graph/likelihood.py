"""How sure answers are: curves fitted to what questions about companies showed."""

import math
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from graph.model import Language
from graph.question.lexicon import Kind, lexicon, words_of
from graph.question.question import SETTLED, Anchor, Question, refers, tells
from graph.question.reading import Output, Reading
from graph.text import HAN, is_han
from graph.vocabulary import Label


def fact_features(
    reading: Reading, question: Question, *, runners: Sequence[Reading], place: int
) -> tuple[float, ...]:
    """What speaks for and against a reading, each within 0..1 or so.

    What of the content it leaves unexplained, how many steps it had to suppose, how close another
    reading comes, how many readings before it led nowhere, how unsure its mentions are. A number
    that is left tells another model; what is left beside supposed steps, another relationship; of
    a sentence that asks nothing, that something else is told; an "it" without anything that it
    stands for, something that is not known here; a mention that it makes nothing of, another
    question; where two things are asked, one alone is half an answer.
    """
    content = question.weight(question.content) or 1
    rest = question.content - reading.explained
    left = question.weight(rest)
    others = [one.score for one in runners if one is not reading]
    margin = reading.score - max(others, default=reading.score - 20.0)
    unsure = sum(1.0 - min(anchor.confidence / 0.95, 1.0) for anchor in reading.anchors)
    return (
        min(left / 12.0, 1.5),
        left / content,
        float(reading.supposed),
        max(0.0, 1.0 - margin / 6.0) if margin >= 0 else 1.0,
        float(place),
        unsure,
        1.0 if reading.everything else 0.0,
        1.0 if left and not any(not anchor.own for anchor in reading.anchors) else 0.0,
        1.0 if reading.output in {Output.SUM, Output.MEAN} else 0.0,
        float(_names_another(question, rest, reading)),
        float(min(reading.supposed, 2)) if left else 0.0,
        float(max(reading.supposed - 1, 0)),
        1.0 if left and tells(question) else 0.0,
        1.0 if not (reading.anchors or reading.among) and refers(question) else 0.0,
        float(_passed_over(question, rest, reading)),
        float(_tells_half(question, reading)),
    )


def _passed_over(question: Question, rest: AbstractSet[int], reading: Reading) -> int:
    """How many mentions it makes nothing of, nor all their words of anything else; one that goes on
    like a longer name, "the Whisper Kettle Pro", is none of what it begins with.
    """
    used = {(one.start, one.end) for one in reading.anchors}
    longer = sum(
        one.label is Label.PRODUCT
        and question.text[one.end : one.end + 1] == " "
        and one.end + 1 in _somebody(question, rest)
        for one in reading.anchors
    )
    return longer + sum(
        (one.start, one.end) not in used and not rest.isdisjoint(range(one.start, one.end))
        for one, *_ in question.groups
        if not one.own
    )


def _tells_half(question: Question, reading: Reading) -> bool:
    """Whether something is asked besides that it does not tell: "who handles this, which team?"
    asks for one thing.
    """
    asks = question.asks
    if not asks.several or reading.extreme or reading.compared:
        return False
    return not any(noun <= asks.besides & reading.explained for noun in asks.nouns)


def _names_another(question: Question, rest: AbstractSet[int], reading: Reading) -> bool:
    """Whether what is left names a model that is not known: a number, Latin among Han, or whose it
    is; or what is asked for.
    """
    before = {
        at
        for one in reading.anchors
        if (found := _OF.search(question.folded, 0, one.start))
        for at in range(found.start() - _OWNER, found.start())
    }
    if any(at in before and is_han(question.folded[at]) for at in rest):
        return True
    if any(_is_beside(one, rest, question) for one in reading.anchors):
        return True
    if reading.extreme and _is_within_unknown(question, rest):
        return True
    if _tells_unsaid(reading, question, rest):
        return True
    if any(not hit.places & reading.explained for hit in question.denials):
        return True
    if _asks_more(question, rest, reading):
        return True
    asks = question.asks
    if rest and reading.supposed and asks.who and not any(one <= rest for one in asks.nouns):
        return True
    if _asks_for_unknown(question, rest, reading) or _somebody(question, rest):
        return True
    chars = {question.folded[at] for at in rest}
    is_zh = question.language is Language.ZH
    return any(char.isdigit() or (is_zh and char.isascii() and char.isalpha()) for char in chars)


def _asks_more(question: Question, rest: AbstractSet[int], reading: Reading) -> bool:
    """Whether a superlative, a verb or a yes or no is asked for that it does not tell."""
    asks = question.asks
    if any(one <= rest for one in asks.superlatives):
        return True
    if asks.how_does and any(question.folded[at].isascii() for at in rest):
        return True
    return bool(rest and reading.output is Output.NAMES and asks.whether)


def _is_within_unknown(question: Question, rest: AbstractSet[int]) -> bool:
    """Whether the most is asked for of something unknown, 烤箱里最便宜的, or somewhere: 在上海."""
    said = _WITHIN.finditer(question.folded)
    if any({found.start(), found.start() + 1} <= rest for found in said):
        return True
    return any(not rest.isdisjoint(range(*at.span())) for at in _AT.finditer(question.folded))


def _tells_unsaid(reading: Reading, question: Question, rest: AbstractSet[int]) -> bool:
    """Whether nodes are told of that nothing says, where words are left or much is supposed."""
    measured = reading.output in {Output.SUM, Output.MEAN, Output.COUNT}
    if measured and not (reading.leads or reading.among or reading.bounds):
        return not question.speaks_of(reading.label)
    if reading.itself or reading.extreme or reading.label is Label.PRODUCT or question.asks.who:
        return False
    if question.speaks_of(reading.label):
        return False
    if reading.output is Output.VALUE:
        return bool(rest)
    if reading.output is not Output.NAMES:
        return False
    # 具体是几号送到的 names nothing that was delivered.
    names = reading.leads or reading.among
    return not names or reading.supposed > (0 if rest else 1)


def _is_beside(anchor: Anchor, rest: AbstractSet[int], question: Question) -> bool:
    """Whether an English word that is left and says nothing else stands right before a mention,
    "late refunds", or two Han right at that of a kind, 净水器露水; or what of it is asked for is
    left: 部门的主管.
    """
    folded = question.folded
    at = anchor.end + 1
    if folded.startswith("的", anchor.end) and at in rest:
        return not any(hit.start == at for hit in question.of(Kind.CLASS))
    known = {at for hit in question.hits for at in hit.places}
    for pair in ((anchor.start - 2, anchor.start), (anchor.end, anchor.end + 2)):
        said = range(max(pair[0], 0), min(pair[1], len(folded)))
        is_left = len(said) == _WORD and set(said) <= rest - known
        by_part = anchor.label in _KINDS or (
            # 海尔滚筒洗衣机 is none of ours.
            anchor.label is Label.PRODUCT
            and anchor.confidence <= SETTLED
            and pair[1] == anchor.start
        )
        if is_left and by_part and all(is_han(folded[at]) for at in said):
            return not anchor.own
    words = words_of(question.folded[: anchor.start])
    if anchor.own or not words or not set(range(words[-1].start, words[-1].end)) <= rest:
        return False
    word = words[-1].text.partition("'")[0]
    gap = question.folded[words[-1].end : anchor.start]
    return gap == " " and lexicon().is_english(word) and not lexicon().knows(word)


def _asks_for_unknown(question: Question, rest: AbstractSet[int], reading: Reading) -> bool:
    """Whether the noun after "what" or "which" is left, and nothing else names what is told: "what
    is the salary of …", "which courier delivered …".
    """
    said = (noun & question.content for noun in question.asks.nouns)
    if not any(noun and noun <= rest for noun in said):
        return False
    asked = reading.asked
    if reading.output is not Output.VALUE or asked is None:
        return reading.output in {Output.NAMES, Output.COUNT}
    values = {label for value in asked.values for label in value.labels}
    terms = (hit for hit in question.of(Kind.TERM) if hit.said is asked)
    return all(hit.phrase in values for hit in terms)


def _somebody(question: Question, rest: AbstractSet[int]) -> set[int]:
    """Where a word that is left is written as a name is: "… by PayPal", "… than a Dyson"."""
    text = question.text
    return {
        at
        for at in rest
        if question.folded[at].isascii()
        and not text[at - 1 : at].isalnum()
        and text[at].isupper()
        and text[at + 1 : at + 2].islower()
        and at > 0
        and text[:at].rstrip()[-1:] not in {"", *'.!?:"“'}
    }


_WITHIN = re.compile(rf"[{HAN}]{{2}}(?<![店司])里")
_AT = re.compile(rf"(?<=在)[{HAN}]{{2,3}}(?=卖|买|下单|销)")
_KINDS = frozenset({Label.CATEGORY, Label.ISSUE})
_WORD = 2
"""Han of a word."""
_OF = re.compile(r"的(?:[那这]?[款个台种])?\s?$")
_OWNER = 2
"""Characters before 的 that may say whose something is."""
MIN_CONFIDENCE = 0.5
"""Below it nothing is claimed."""
_WEIGHTS = (
    -4.5, -3.75, -0.5, -1.25, -3.12, -3.25, -0.5, -2.25, -0.38, -4.0, -1.5, -1.88, -2.5, -6.0,
    -3.0, -5.0,
)  # fmt: skip
_BIAS = 5.75


def fact_confidence(
    reading: Reading, question: Question, *, runners: Sequence[Reading], place: int
) -> float:
    """How likely a reading is what was meant."""
    found = fact_features(reading, question, runners=runners, place=place)
    total = _BIAS + sum(weight * value for weight, value in zip(_WEIGHTS, found, strict=True))
    told = math.prod(anchor.told for anchor in reading.anchors)
    return told / (1.0 + math.exp(-total))
