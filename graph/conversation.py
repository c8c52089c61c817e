"""What was asked before, as far as the next question may lean on it.

A follow-up is made whole by what it leaves out: "它保修多久？" by the name of what was asked about,
"And the Pro?" by the question before, about something else. Whatever it becomes is then understood
like any other question, under the rights of whoever asks.
"""

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace

from graph.model import Among, Answer
from graph.ontology import Asked, class_name
from graph.question.lexicon import Hit, Kind, lexicon, words_of
from graph.question.quantity import Quantity, find_quantities
from graph.question.reading import PEOPLE
from graph.question.words import SILENT, Cue
from graph.text import fold, has_han, is_han
from graph.vocabulary import Label

MOST_TURNS = 6
_PART_OF_THEM = re.compile(
    r"\b(?:out of|of|among|from|in) (?:them|these|those|the list|that list)\b"
    r"|其中|(?:它们|他们|她们|[这那]些)(?:里面|里|之中|当中|中)|^(?:那么?)?(?:里面|当中)"
)
_WHICH_ONES = re.compile(
    r"(?:那么?|and |so )?(?:都|分别|具体|到底)?是?(?:哪几个|哪些|哪几[款位家单种]"
    r"|which (?:ones|ones are they|are they)|what are (?:they|their names)"
    r"|(?:(?:can|could|would) you |please )*(?:name|list|show) (?:me )?them(?: all)?)(?:呢|啊|呀)?"
    r"(?: please)?\W*$"
)
_RANKS = frozenset({Cue.MOST, Cue.LEAST, Cue.NEWEST, Cue.OLDEST})
_OF_THESE = re.compile(r"更|[哪那]一?[单个款张台种笔位家]|\b(?:more|less) than\b|\bones?\b")
_HOW_MANY = re.compile(
    r"(?:and |so )?how many (?:(?:of them )?(?:are there|are they|is that|in total|altogether)"
    r"(?: in total)?)?\W*$"
    r"|(?:那|那么)?(?:一共|总共|合计|共)?(?:是|有)?(?:几|多少)[个单款台家位笔]?(?:呢|啊)?\W*$"
)
_COUNT = {"zh": "有多少{}", "en": "How many {}s are there?"}
_ALL = {"zh": "列出所有{}", "en": "List all {}s"}
_KEPT = 200
_NAMED = 3
_PAIR = 2
_PRONOUN = re.compile(
    r"(?<!\w)(?:it's|its|it|they|them|their|these|those|this one|that one|the same one|this|that)"
    r"(?!\w)"
    r"|(?<!\w)(?:he|she|his|her|him)(?!\w)|他们|她们|[他她](?!们)"
    r"|它们|它|这个|那个|这款|那款|这台|那台|这一个|那一个|[这那]一?单|[这那]一?类|[这那]条|这件?事|[这那]个?问题|[这那]种(?:情况|问题|事)|[这那]位|该"
    r"|(?<=in )there(?=\W*$)"
)
_BOTH = re.compile(
    r"[这那它]们?[俩两](?:[个款台种]|者)?|两者"
    r"|\b(?:the two|those two|these two|they both|them both|both(?: of them)?)\b"
)
_BY_HOW_MUCH = re.compile(
    r"(?:and |but )?by how (?:much|many)\W*$|(?:那|具体)?(?:相|是)?差(?:了|距)?(?:是)?多少\W*$"
)
_APART = re.compile(r"\bby how (?:much|many)\b|差(?:了|距)?(?:是)?多少")
_EARLIER = re.compile(r".*[,，;；。.:：]", re.DOTALL)
_KINDS = (
    ("单", Label.ORDER),
    ("there", Label.ORDER),
    ("类", Label.CATEGORY),
    ("事", Label.ISSUE),
    ("问题", Label.ISSUE),
    ("情况", Label.ISSUE),
)
"""What a pronoun stands for by its end."""
_PEOPLE = frozenset({Label.AGENT, Label.CUSTOMER})
_WHO = re.compile(r"\bwho\b|谁")
_ANY_TIME_MS = 1_750_000_000_000
"""Where a time is said does not depend on when."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_GOING_ON = frozenset("那么呢说还有份的")
_GOES_ON = frozenset({"and", "what", "about", "how", "ones", "those", "for", "or"})
"""What comes before another number or time, and says nothing itself."""
_PERSONS = frozenset({"he", "she", "his", "her", "him", "他", "她"})
_NOT_PRONOUN = re.compile(r"\s?(?:week|month|year|morning|evening|afternoon|time|way|means|is how)")
_ELLIPSIS = (
    re.compile(
        r"^(?:那么?|还有|换成)?(?:说|要是)?(?P<other>[^?？]{1,40}?)(?:呢|怎么样|又如何)[?？!。\s]*$"
    ),
    re.compile(
        r"^(?:and|or|what about|how about|and what about|and how about|same for|and for)\s+"
        r"(?:the\s+)?(?P<other>[^?]{1,60}?)[?.!\s]*$"
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A node that was spoken of, and by which words."""

    label: Label
    id: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One question, made whole, and what was said to it. ``start`` and ``end`` are where it names
    ``about``; ``found`` are the first nodes of the answer, ``listed`` all of several of one label;
    ``asks_back``: which of several was meant; ``compares``: two or more of them.
    """

    question: str
    answer: str
    about: Named | None = None
    start: int = 0
    end: int = 0
    found: tuple[Named, ...] = ()
    listed: Among | None = None
    asks_back: bool = False
    compares: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """The last turns, oldest first."""

    turns: tuple[Turn, ...] = ()

    def followed_by(self, turn: Turn) -> "Conversation":
        """With one more turn; the oldest are forgotten, and all that was listed but the last."""
        kept = (replace(one, listed=None) for one in self.turns) if turn.listed else self.turns
        return Conversation(turns=(*kept, turn)[-MOST_TURNS:])

    @property
    def text(self) -> str:
        """All of it, as a person reads it who takes over."""
        return "\n".join(f"> {turn.question}\n{turn.answer}" for turn in self.turns)


Near = Callable[[str, Named], str | None]
"""The name of the node, like one spoken of before, that some words most likely stand for."""


def made_whole(
    question: str, conversation: Conversation, *, near: Near, named: Callable[[str], Set[Label]]
) -> str:
    """``question`` with what it leaves to the turns before it; itself where it leaves nothing.
    ``named`` tells the labels of what some words name: that comes before what came before.
    """
    last = conversation.turns[-1] if conversation.turns else None
    if last is None:
        return question
    folded = fold(question)
    if whole := _within_the_last(question, folded, conversation.turns):
        return whole
    if whole := _with_another(question, folded, conversation.turns, near=near):
        return whole
    if last.compares and _APART.search(folded) and (pair := _last_two(conversation.turns)):
        if _BY_HOW_MUCH.match(folded):
            return last.question
        both = _named_together(pair, folded)
        return f"{both}{question}" if has_han(folded) else f"{question} {both}"
    if last.asks_back and (whole := _instead(question.strip(" .。?？"), (last,), near=near)):
        return whole
    if (found := _BOTH.search(folded)) and (pair := _last_two(conversation.turns)):
        both = _named_together(pair, folded)
        return f"{question[: found.start()]}{both}{question[found.end() :]}"
    return _without_pronouns(question, folded, conversation, named=named)


def _within_the_last(question: str, folded: str, turns: Sequence[Turn]) -> str | None:
    """What relates something to what was last spoken of is asked of that: "how many X7 were
    bought?" of the order.
    """
    hits = [hit for hit in lexicon().find(folded) if hit.kind is Kind.TERM and hit.said.property]
    plain = {hit.places for hit in hits if hit.said.type is None}
    of = {hit.said.anchor for hit in hits if hit.said.type and hit.places not in plain}
    meant = _meant(frozenset(of), turns) if of else None
    if meant is None or fold(meant.text) in folded or _PRONOUN.search(folded):
        return None
    about = turns[-1].about
    if about and about.label is meant.label:
        # What was last told was told of something beside it.
        about = next((one for one in turns[-1].found if one.label is not meant.label), None)
        about = about if len(turns[-1].found) == _PAIR else None
    other = f"{about.text} " if about else ""
    if has_han(folded):
        return f"{meant.text} {other}{question}"
    return f"{other}{question.rstrip(' ?.')} in {meant.text}?"


def _named_together(pair: Sequence[Named], folded: str) -> str:
    """Both, in the language of ``folded``."""
    return ("和" if has_han(folded) else " and ").join(one.text for one in pair)


def _last_two(turns: Sequence[Turn]) -> tuple[Named, Named] | None:
    """The two nodes of one label that were last asked about, or that the last answer compared."""
    last = turns[-1]
    found = [one for one in last.found if last.listed is None or one.id in last.listed.ids]
    if len(found) == _PAIR and found[0].label is found[1].label:
        return found[0], found[1]
    about = list({one.about.id: one.about for one in turns if one.about}.values())[-_PAIR:]
    if len(about) < _PAIR or about[0].label is not about[1].label:
        return None
    return about[0], about[1]


def among_the_last(
    question: str, conversation: Conversation, *, named: Callable[[str], Set[Label]]
) -> tuple[str, Among] | None:
    """``question`` with what its "of them" stands for, and those that it stands for: what was last
    listed. What ranks, and ``named`` nothing, ranks these: "which one is cheaper?".
    """
    folded = fold(question)
    found = _PART_OF_THEM.search(folded)
    which = _WHICH_ONES.match(folded)
    listed = next((one.listed for one in reversed(conversation.turns) if one.listed), None)
    if listed is None or not listed.ids:
        return None
    many = _HOW_MANY.match(folded)
    if not (found or which or many):
        last = conversation.turns[-1].listed
        return (
            (question, listed)
            if last and _ranks_those(folded, last) and not named(question)
            else None
        )
    language = "zh" if has_han(folded) else "en"
    name = class_name(listed.label, language)
    if found is None:
        return (_COUNT if many else _ALL)[language].format(name), listed
    space = "" if language == "zh" else " "
    return f"{question[: found.start()]}{name}{space}{question[found.end() :].lstrip()}", listed


def _ranks_those(folded: str, listed: Among) -> bool:
    """Whether it asks for the most or least, and of no kind, or of which ones of this kind."""
    hits = lexicon().find(folded)
    kinds = {hit.said for hit in hits if hit.kind is Kind.CLASS}
    if not any(hit.kind in {Kind.MOST, Kind.LEAST} or hit.said in _RANKS for hit in hits):
        return False
    return not kinds or (kinds == {listed.label} and bool(_OF_THESE.search(folded)))


def gone_on(question: str, conversation: Conversation) -> str | None:
    """``question`` about what the last answer found, by its pronoun, or where it only goes on, 那再
    往上一级呢: where, about what was asked of before, it is answered as before.
    """
    found = conversation.turns[-1].found[0] if conversation.turns[-1].found else None
    pronoun = _PRONOUN.search(fold(question))
    if found is None:
        return None
    if pronoun is None:
        return f"{found.text} {question}"
    return f"{question[: pronoun.start()]}{found.text}{question[pronoun.end() :]}"


def about_the_last(question: str, conversation: Conversation) -> str | None:
    """``question``, which names nothing, about what was last spoken of and it fits."""
    meant = _meant(_fitting(fold(question), None), conversation.turns)
    return f"{meant.text} {question}" if meant else None


def _with_another(question: str, folded: str, turns: Sequence[Turn], *, near: Near) -> str | None:
    """The last question with what this one puts in the place of something there."""
    if whole := _bounded_instead(question, folded, turns[-1]):
        return whole
    for pattern in _ELLIPSIS:
        if (found := pattern.match(folded)) and not _PRONOUN.search(found["other"]):
            start, end = found.span("other")
            if whole := _instead(question[start:end], turns, near=near):
                return whole
    return None


def _instead(other: str, turns: Sequence[Turn], *, near: Near) -> str | None:
    """The last question about something else, or something else about the same."""
    last = turns[-1]
    for kinds in ({Kind.MOST, Kind.LEAST}, {Kind.VALUE}):
        if said := _said_instead(other, turns, kinds):
            return said
    if last.about is None:
        return None
    if any(
        hit.kind in {Kind.TERM, Kind.MOST, Kind.LEAST} for hit in lexicon().find(fold(other))
    ) and (near(other, last.about) is None):
        return f"{last.about.text} {other}"
    name = near(other, last.about)
    if name is None:
        return None
    return f"{last.question[: last.start]}{name}{last.question[last.end :]}"


def _said_instead(other: str, turns: Sequence[Turn], kinds: Set[Kind]) -> str | None:
    """The last question that ranks, or bounds, by what ``other`` does, with that in its place:
    "and the cheapest?" after "which is the dearest fridge?".
    """
    now = _longest(other, kinds)
    for turn in reversed(turns) if now else ():
        then = _longest(turn.question, kinds)
        if now and then and _of(now) is _of(then):
            said = other[now.start : now.end]
            return f"{turn.question[: then.start]}{said}{turn.question[then.end :]}"
    return None


def _bounded_instead(question: str, folded: str, last: Turn) -> str | None:
    """The last question with the number or time that is all that this one says: "and in July?",
    3000以上的呢; in place of its own, or beside what it asks for several of.
    """
    now = _bound_in(folded)
    if now is None or not _says_nothing(f"{folded[: now.start]} {folded[now.end :]}"):
        return None
    said = question[now.start : now.end]
    then = _bound_in(fold(last.question), like=now)
    if then is None:
        if last.listed is None or now.is_time:
            return None
        if has_han(last.question):
            return f"{said}的{last.question}"
        return f"{last.question.rstrip(' ?.')} {said}?"
    if now.is_time and not _YEAR.search(said) and (year := _YEAR.search(then.text)):
        said = f"{year[0]}年{said}" if has_han(said) else f"{said} {year[0]}"
    return f"{last.question[: then.start]}{said}{last.question[then.end :]}"


def _bound_in(folded: str, *, like: Quantity | None = None) -> Quantity | None:
    """The number that compares, or the time, in a text; one like another, where there is one."""
    found = (one for one in find_quantities(folded, now_ms=_ANY_TIME_MS) if not one.bare)
    return next((one for one in found if like is None or one.is_time is like.is_time), None)


def _says_nothing(folded: str) -> bool:
    return all(
        char in SILENT["zh"] or char in _GOING_ON for char in folded if is_han(char)
    ) and all(word.text in SILENT["en"] | _GOES_ON for word in words_of(folded))


def _longest(text: str, kinds: Set[Kind]) -> Hit | None:
    hits = (hit for hit in lexicon().find(fold(text)) if hit.kind in kinds)
    return max(hits, key=lambda one: len(one.places), default=None)


def _of(hit: Hit) -> Asked:
    found: Asked = hit.said[0] if hit.kind is Kind.VALUE else hit.said
    return found


def _without_pronouns(
    question: str, folded: str, conversation: Conversation, *, named: Callable[[str], Set[Label]]
) -> str:
    found = next(
        (one for one in _PRONOUN.finditer(folded) if not _NOT_PRONOUN.match(folded, one.end())),
        None,
    )
    if found is None:
        return question
    end = found.end()
    is_person = found[0] in _PERSONS
    classes = [
        hit
        for hit in lexicon().find(folded)
        if hit.kind is Kind.CLASS and 0 <= hit.start - end <= 1 and not is_person
    ]
    ends = (label for end_, label in _KINDS if found[0].endswith(end_))
    wanted = classes[0].said if classes else next(ends, None)
    fits = _fitting(folded, wanted)
    last = not folded[end:].strip(" ?.!") and bool(fits)
    if wanted is None and not last and found[0] in {"this", "that", "these", "those", "该"}:
        return question
    meant = _meant(_PEOPLE if is_person else fits, conversation.turns)
    # "Back to the kettle, how long is its warranty?"
    earlier = _EARLIER.match(question, 0, found.start())
    if meant is None or (earlier and meant.label in named(earlier[0])):
        return question
    if classes:
        end = classes[0].end
    name = f"{meant.text}'s" if found[0] in {"its", "their", "his", "her"} else meant.text
    if found[0] == "it's":
        name = f"{meant.text} is"
    space = " " if not has_han(name) and end < len(question) and question[end].isalnum() else ""
    return f"{question[: found.start()]}{name}{space}{question[end:]}"


def _fitting(folded: str, wanted: Label | None) -> frozenset[Label]:
    """Of which labels something is that the question asks for; of any where it names none."""
    if wanted is not None:
        return frozenset({wanted})
    hits = [hit for hit in lexicon().find(folded) if hit.kind is Kind.TERM and hit.said.common]
    hits = [hit for hit in hits if not any(hit.places < other.places for other in hits)]
    # "Who is above it?" is asked of what has somebody above it.
    if _WHO.search(folded) and (
        led := [h for h in hits if h.said.target in PEOPLE and not _WHO.fullmatch(h.phrase)]
    ):
        hits = led
    return frozenset(hit.said.anchor for hit in hits)


def _meant(labels: frozenset[Label], turns: Sequence[Turn]) -> Named | None:
    """What was last spoken of: the node asked about, or what was found, if the question fits it."""
    for turn in reversed(turns):
        found = [one for one in turn.found if not labels or one.label in labels]
        if turn.about and (not labels or turn.about.label in labels):
            # Of several of a kind, the one that the answer chose.
            chosen = found and (found[0].label is turn.about.label and found[0].id != turn.about.id)
            return found[0] if chosen else turn.about
        if found:
            return found[0]
    return None


def turn_of(question: str, answer: Answer, among: Among | None = None) -> Turn:
    """What is kept of a question, made whole, and its answer; ``among`` what it was asked of."""
    about = answer.about
    text = question[about.start : about.end] if about else ""
    kept = len(question) <= _KEPT
    return Turn(
        question=question[:_KEPT],
        answer=answer.answer[:_KEPT],
        about=Named(label=about.label, id=about.id, text=text) if about and kept else None,
        start=about.start if about else 0,
        end=about.end if about else 0,
        found=tuple(
            Named(label=one.label, id=one.id, text=one.name)
            for one in answer.citations[:_NAMED]
            if one.name
        ),
        listed=answer.listed or among,
        asks_back=answer.kind == "choice",
        compares=answer.kind == "comparison",
    )
