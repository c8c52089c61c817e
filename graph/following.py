"""Follow-ups, made whole by what they leave out.

"它保修多久？" gets the name of what was asked about, "And the Pro?" is the last question, about it.
Whatever it becomes is then understood like any other question, under the rights of whoever asks.
"""

import re
from collections.abc import Callable, Iterator, Sequence, Set

from graph.conversation import Conversation, Named, Turn, meant_of, turn_of
from graph.model import Answer, Language, Link
from graph.question.amount import find_rank
from graph.question.brief import WHO, bound_in, longest, ranked, says_nothing
from graph.question.lexicon import Hit, Kind, lexicon, words_of
from graph.question.period import MONTH_WORD
from graph.question.reading import PEOPLE, dated
from graph.question.words import SILENT, Cue
from graph.several import PAIR, chosen, of_both, weighs
from graph.text import HAN, count_han, fold, has_han, is_carried_by_han, words
from graph.vocabulary import GOODS, Label

_TOLD_HAN = 4
Near = Callable[[str, Named], str | None]
"""The name of the node, like one spoken of before, that some words most likely stand for."""
_PRONOUN = re.compile(
    r"(?<!\w)(?:it's|its|it|they|them|their|these|those|this one|that one|the same one|this|that)"
    r"(?!\w)"
    r"|^(?:那么?)?(?:这个?|那个?)?(?:组|部门|团队)里"
    rf"|^(?:那么?)?里面(?=有?(?:谁|哪[位些]|几个人))|(?:他们|她们)(?:那边|部门)|(?<![{HAN}])那边"
    r"|(?<!\w)(?:he|she|his|her|him)(?!\w)|他们|她们|[他她](?!们)"
    r"|[这那](?:东西|玩意儿?|件东西|样东西)|它们|它|这个|那个|这款|那款|这台|那台|这一个|那一个|[这那]一?单|[这那]一?类|[这那]条|这件?事|[这那]个?问题|[这那]种(?:情况|问题|事)|[这那]位|该"
    r"|(?<=in )there(?=\W*$|\s(?:altogether|in total|too|then|now)\b)"
    r"|\bthe (?:whole |entire )team\b(?! (?:that|which|for|of))|整个(?:部门|团队|组)"
)
Labels = Callable[[str], Set[Label]]
"""The labels of what some words name."""
_EARLIER = re.compile(r".*[,，;；。.:：]", re.DOTALL)
_KINDS = (
    ("那边", {Label.DEPARTMENT}),
    ("里面", {Label.DEPARTMENT}),
    ("组里", {Label.DEPARTMENT}),
    ("部门里", {Label.DEPARTMENT}),
    ("团队里", {Label.DEPARTMENT}),
    ("部门", {Label.DEPARTMENT}),
    ("单", {Label.ORDER}),
    ("team", {Label.DEPARTMENT}),
    ("团队", {Label.DEPARTMENT}),
    ("组", {Label.DEPARTMENT}),
    ("there", {Label.ORDER, Label.CATEGORY, Label.DEPARTMENT}),
    ("类", {Label.CATEGORY}),
    ("事", {Label.ISSUE}),
    ("问题", {Label.ISSUE}),
    ("情况", {Label.ISSUE}),
)
"""What a pronoun stands for by its end."""
_AMONG = re.compile(r"\b(?:of|between|among) (?:them|these|those)\b")
_SINGLE = frozenset({"it", "it's", "its", "this", "that", "它", "这个", "那个"})
_PERSON = frozenset({Label.AGENT, Label.CUSTOMER})
_THANKS = re.compile(
    r"\W*(?:(?:thanks?|thank you|thx|ty|ok|okay|great|perfect|got it|good|nice|cheers|bye"
    r"|so much|very|a lot|much|for that)\W*)+"
    r"|\W*(?:(?:谢谢|多谢|感谢|好的?|嗯|知道了|明白了?|收到|再见|辛苦|[您你了啦啊哈])\W*)+"
)
_WHY = re.compile(
    r"\W*(?:(?:and|but|so|then)\s)*"
    r"(?:how come|why(?: (?:is|was) (?:it|that|this)(?: so)?| so| not)?)\W*"
    r"|\W*(?:那|这)?(?:是)?(?:为什么|为啥|为何|怎么会|凭什么)(?:呢|啊|这样|会?这样呢?)?\W*"
)
"""No graph tells it."""
_WHY_SAID = re.compile(r"\bwhy\b|\bhow come\b|为什么|为啥|为何|怎么会")
_THAN = re.compile(r"^(?:and |so )?(?:is|are|was|were)\b.*\bthan\b")
"""What it is compared with is said, but not known."""
_ALL = frozenset({"all", "every", "所有", "全部"})
_ONE_BEFORE = re.compile(
    r"(?:之前|前面|再上|再往前|上)的?[那一]*[单笔](?!价)"
    r"|\b(?:order|one|purchase) before (?:that|it|this)\b|\bprevious (?:order|one|purchase)\b"
)
"""What was last told is not meant, and which one is before it, nobody said."""
_ACROSS = re.compile(
    r"(?:and |so )?(?:across|from|in|over|with) how many\b|分?(?:在|了)?几[个张]?[单笔]"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_IF = re.compile(
    r"(?:and|but|so|ok|what)?\s?(?:what )?if (?P<en>[^?]{4,80}?)[?.!\s]*"
    r"|(?:那么?|但)?(?:如果|要是|万一)(?P<zh>[^?？]{2,40}?)(?:呢|的话呢?|怎么办|该怎么办)?[?？!。\s]*"
)
_WHO_THEY_ARE = re.compile(r"(?:and |so )?who are they\W*|(?:那|都)?(?:有|是)?谁呢?\W*|他们是谁\W*")
_LEVEL = re.compile(
    r"(?:and |ok |only |just )*(?:who (?:is|are|has it) )?(?:at |on )?level (?P<en>\d)"
    r"(?: only)?(?: please)?(?:\W+who(?: is it| are they)?)?\W*"
    r"|(?:那么?)?(?:只要|到了?|达到)?(?P<zh>[1-5一二三])级(?:的|以上的)?(?:都)?(?:有|是)?(?:谁|哪[些位]|哪几[个位])?(?:呢)?\W*"
)
_ONES_WITH = re.compile(
    r"(?:the |and |and the )?ones? (?:with|containing|that (?:has|have|contains?|includes?)) "
    r"(?P<rest>.+?)(?: in (?:it|them))?[?.!\s]*"
)
_MONTH_ALONE = re.compile(rf"(?:and|what about|how about|for)\s(?P<month>{MONTH_WORD})\W*")
_PERSONS = frozenset({"he", "she", "his", "her", "him", "他", "她"})
_THEY = frozenset({"they", "他们"})
_BUYS = re.compile(
    r"\b(?:spen[dt]|spending|paid|pay|bought|buy|order(?:ed)?|placed?|purchased?)\b|花|买|付|下[了过]?单"
)
"""What only people do."""
_POSSESSIVES = frozenset({"its", "their", "his", "her"})
_NOT_PRONOUN = re.compile(r"\s?(?:week|month|year|morning|evening|afternoon|time|way|means|is how)")
_ELLIPSIS = (
    re.compile(
        r"^(?:那么?|还有|换成)?(?:说|要是)?(?P<other>[^?？]{1,40}?)(?:呢|怎么样|又如何)[?？!。\s]*$"
    ),
    re.compile(
        r"^(?:and|or|what about|how about|and what about|and how about|same for|and for)\s+"
        r"(?!(?:who|what|which|when|where|how|why|is|are|does|do|can)\b)"
        r"(?:(?:at|for|in|of|on|with)\s+)?(?:the\s+)?(?P<other>[^?]{1,60}?)[?.!\s]*$"
    ),
    re.compile(
        r"^(?:(?:不好意思|抱歉|对不起|不对|错了|哦|不)[，,。 ]*)*我?[要想]?(?:[说问指要]的|意思)是"
        r"(?P<other>[^?？]{1,40}?)[?？!。\s]*$"
    ),
    re.compile(
        r"^(?:(?:oh|oops|sorry|no|wait|actually|my bad)\W+)*i (?:meant|mean)\s+(?:the\s+)?"
        r"(?P<other>[^?]{1,60}?)[?.!\s]*$"
    ),
)


def made_whole(question: str, conversation: Conversation, *, near: Near, named: Labels) -> str:
    """``question`` with what it leaves to the turns before it; itself where it leaves nothing.
    ``named`` tells the labels of what some words name: that comes before what came before.
    """
    turns = conversation.turns
    folded = fold(question)
    if not turns or _leads_nowhere(folded):
        return question
    last = turns[-1]
    asked_back = turns[-1:] if last.asks_back else ()
    if last.depends_on_goods and named(question) & set(GOODS):
        return f"{last.question} {question}"
    return (
        _who_they_are(folded, turns)
        or _of_the_customer(question, folded, turns, named=named)
        or _at_level(folded, turns)
        or _what_if(question, folded, turns)
        or _across(question, folded, turns)
        or _within_the_last(question, folded, turns)
        or _with_another(question, folded, turns, near=near, named=named)
        or chosen(question, folded, turns)
        or (asked_back and _instead(question.strip(" .。?？"), asked_back, near=near, named=named))
        or of_both(question, folded, turns, named=named)
        or _without_pronouns(question, folded, conversation, named=named)
    )


def _of_all(folded: str) -> bool:
    """Whether all of some kind are asked for, whatever was spoken of."""
    hits = lexicon().find(folded)
    said = any(hit.said is Cue.ALL and hit.phrase in _ALL for hit in hits)
    return said and any(hit.kind is Kind.CLASS for hit in hits)


def _leads_nowhere(folded: str) -> bool:
    return bool(_WHY.fullmatch(folded) or _ONE_BEFORE.search(folded))


def _who_they_are(folded: str, turns: Sequence[Turn]) -> str | None:
    """Who works in the department that was told of."""
    last = turns[-1]
    told = not last.told and last.found and last.found[0].label is Label.DEPARTMENT
    if not told or not _WHO_THEY_ARE.fullmatch(folded):
        return None
    name = last.found[0].text
    return f"{name}有谁" if has_han(folded) else f"Who works in {name}?"


def _of_the_customer(
    question: str, folded: str, turns: Sequence[Turn], *, named: Labels
) -> str | None:
    """The last order of the customer who was spoken of, 那最近一单是哪天下的."""
    hits = lexicon().find(folded)
    ranks = any(hit.said in {Cue.NEWEST, Cue.OLDEST} for hit in hits)
    orders = any(hit.said is Label.ORDER for hit in hits) or "单" in folded
    if not (ranks and orders) or turns[-1].told or named(question):
        return None
    whose = next((one.about for one in turns[-2:] if one.about), None)
    if whose is None or whose.label is not Label.CUSTOMER:
        return None
    return f"{whose.text} {question}"


def _at_level(folded: str, turns: Sequence[Turn]) -> str | None:
    """Who has the skill that was spoken of at a level: 3级的都有谁, "only level 3, who?"."""
    found = _LEVEL.fullmatch(folded)
    skill = meant_of(frozenset({Label.SKILL}), turns) if found else None
    if found is None or skill is None:
        return None
    if level := found["zh"]:
        return f"谁的{skill.text}技能是{level}级"
    return f"Who has {skill.text} at level {found['en']}?"


def _what_if(question: str, folded: str, turns: Sequence[Turn]) -> str | None:
    """What to do in another case, with what was spoken of: "and if it simply doesn't cool?"; or
    which of those that were listed: "the one with the X7 in it".
    """
    last = turns[-1]
    if last.listed and (found := _ONES_WITH.fullmatch(folded)):
        return f"{last.question.rstrip(' ?.')} with {question[slice(*found.span('rest'))]}?"
    told = {one.label for one in last.found}
    found = _IF.fullmatch(folded) if Label.RESOLUTION in told else None
    if found is None:
        return None
    goods = meant_of(GOODS, turns)
    of = f"{goods.text} " if goods else ""
    if found["en"]:
        return f"{of}What to do if {question[slice(*found.span('en'))]}?"
    return f"{of}{question[slice(*found.span('zh'))]}怎么办"


def _across(question: str, folded: str, turns: Sequence[Turn]) -> str | None:
    """What asks in how many something was is asked of what was asked about: "across how many
    orders?".
    """
    about = turns[-1].about
    return f"{about.text} {question}" if about and _ACROSS.match(folded) else None


def _within_the_last(question: str, folded: str, turns: Sequence[Turn]) -> str | None:
    """What relates something to what was last spoken of is asked of that: "how many X7 were
    bought?" of the order.
    """
    hits = [hit for hit in lexicon().find(folded) if hit.kind is Kind.TERM and hit.said.property]
    plain = {hit.places for hit in hits if hit.said.type is None}
    of = {hit.said.anchor for hit in hits if hit.said.type and hit.places not in plain}
    meant = meant_of(frozenset(of), turns) if of else None
    if meant is None or fold(meant.text) in folded or _PRONOUN.search(folded):
        return None
    if any(hit.kind is Kind.CLASS and hit.said is meant.label for hit in lexicon().find(folded)):
        # "Across how many orders?" is asked of no order.
        return None
    about = turns[-1].about
    if about and about.label is meant.label:
        # What was last told was told of something beside it.
        about = next((one for one in turns[-1].found if one.label is not meant.label), None)
        about = about if len(turns[-1].found) == PAIR else None
    other = f"{about.text} " if about else ""
    if has_han(folded):
        return f"{meant.text} {other}{question}"
    return f"{other}{question.rstrip(' ?.')} in {meant.text}?"


def spoken_in(question: str, language: Language) -> Language:
    """The language that somebody goes on in; a name alone is of any."""
    folded = fold(question)
    if has_han(folded):
        return Language.ZH if is_carried_by_han(folded) else language
    said = words_of(folded)
    return Language.EN if any(word.text in SILENT["en"] for word in said) else language


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
    return _put_for(pronoun, question, found, pronoun.end())


def about_the_last(question: str, conversation: Conversation) -> str | None:
    """``question``, which names nothing, about what was last spoken of and it fits; not of what
    thanks, asks why, or for the one before.
    """
    if not conversation.turns:
        return None
    folded = fold(question)
    if _THANKS.fullmatch(folded) or _leads_nowhere(folded):
        return None
    of_several = _AMONG.search(folded) and weighs(folded)
    if of_several or any(one.search(folded) for one in (_WHY_SAID, _THAN)) or _of_all(folded):
        return None
    found = conversation.turns[-1].found
    said = {word.text for word in words_of(folded) if word.text not in SILENT["en"]}
    named = [one for one in found if not said.isdisjoint(words(fold(one.text)))]
    # "How long is the robot guaranteed?", of the robot and the heater that were told of.
    meant = named[0] if len(named) == 1 else meant_of(_fitting(folded, None), conversation.turns)
    return f"{meant.text} {question}" if meant else None


def about_the_goods(
    question: str,
    asked_back: Answer,
    conversation: Conversation,
    *,
    links: Callable[[str], Sequence[Link]],
) -> str | None:
    """``question``, of which it was ``asked_back`` what it is done to, about those of the goods
    offered that were last spoken of.
    """
    if not conversation.turns or not turn_of(question, asked_back).depends_on_goods:
        return None
    offered = {one.id for one in asked_back.citations}
    spoken = (links(turn.question) for turn in reversed(conversation.turns))
    meant = next((one for some in spoken for one in some if one.id in offered), None)
    return f"{meant.text} {question}" if meant else None


def _with_another(
    question: str, folded: str, turns: Sequence[Turn], *, near: Near, named: Labels
) -> str | None:
    """The last question with what this one puts in the place of something there."""
    if whole := _bounded_instead(question, folded, turns[-1]):
        return whole
    if whole := _value_alone(question, folded, turns):
        return whole
    for pattern in _ELLIPSIS:
        found = pattern.match(folded)
        if found and (ranked(found["other"]) or not _PRONOUN.search(found["other"])):
            start, end = found.span("other")
            if whole := _instead(question[start:end], turns, near=near, named=named):
                return whole
    return None


def _on_average(other: str, last: Turn) -> str | None:
    """The last question, which asked for a sum, for a mean: 人均呢."""
    said = [hit for hit in lexicon().find(fold(other)) if hit.said is Cue.MEAN]
    sums = [hit for hit in lexicon().find(fold(last.question)) if hit.said is Cue.SUM]
    if not said or not sums or not says_nothing("".join(_without(fold(other), said))):
        return None
    mean = "平均" if has_han(last.question) else " on average "
    return "".join(_without(last.question, sums, instead=mean))


def _without(text: str, hits: Sequence[Hit], instead: str = "") -> Iterator[str]:
    """The characters that no hit covers; where the first begins, what is said ``instead``."""
    taken = frozenset[int]().union(*(hit.places for hit in hits))
    for at, char in enumerate(text):
        if at == min(taken):
            yield instead
        if at not in taken:
            yield char


def _instead(other: str, turns: Sequence[Turn], *, near: Near, named: Labels) -> str | None:
    """The last question about something else, or something else about the same."""
    if mean := _on_average(other, turns[-1]):
        return mean
    for kinds in ({Kind.MOST, Kind.LEAST}, {Kind.VALUE}):
        if said := _said_instead(other, turns, kinds):
            return said
    last = next((turn for turn in reversed(turns) if turn.about), None)
    if last is None or last.about is None:
        return None
    if any(
        hit.kind in {Kind.TERM, Kind.MOST, Kind.LEAST} for hit in lexicon().find(fold(other))
    ) and (near(other, last.about) is None):
        return f"{last.about.text} {other}"
    name = near(other, last.about)
    is_told = last.about.label is Label.ISSUE and last is turns[-1] and _tells(other)
    if name is None and is_told and not named(other):
        # What is wrong is told in any words.
        name = other.removesuffix("的")
    if name is None:
        return None
    return f"{last.question[: last.start]}{name}{last.question[last.end :]}"


def _tells(other: str) -> bool:
    """Whether it is long enough to tell what is wrong."""
    folded = fold(other)
    return len(words_of(folded)) > 1 or count_han(folded) >= _TOLD_HAN


def _said_instead(other: str, turns: Sequence[Turn], kinds: Set[Kind]) -> str | None:
    """The last question that ranks, or bounds, by what ``other`` does, with that in its place:
    "and the cheapest?" after "which is the dearest fridge?".
    """
    now = longest(other, kinds)
    for turn in reversed(turns) if now else ():
        then = longest(turn.question, kinds, like=now)
        if now and then:
            said = other[_ranked_from(other, now) : now.end]
            return f"{turn.question[: then.start]}{said}{turn.question[then.end :]}"
    return None


def _ranked_from(text: str, hit: Hit) -> int:
    """Where it begins with the place that is asked for: "second biggest"."""
    rank = find_rank(fold(text))
    return rank[2] if rank and 0 <= hit.start - rank[3] <= 1 else hit.start


def _value_alone(question: str, folded: str, turns: Sequence[Turn]) -> str | None:
    """What a value is called, and nothing else, is asked of what was last spoken of: "price?"."""
    found = lexicon().find(folded)
    hits = [hit for hit in found if hit.kind is Kind.TERM and hit.said.property]
    if _PRONOUN.search(folded) or weighs(folded):
        return None
    # "And delivered ones?" asks for no state.
    if any(hit.kind in {Kind.CLASS, Kind.MOST, Kind.LEAST, Kind.VALUE} for hit in found):
        return None
    places = {at for hit in hits for at in hit.places}
    rest = "".join(" " if at in places else char for at, char in enumerate(folded))
    if not hits or not says_nothing(rest):
        return None
    meant = meant_of(frozenset(hit.said.anchor for hit in hits), turns)
    return f"{meant.text} {question}" if meant else None


def _bounded_instead(question: str, folded: str, last: Turn) -> str | None:
    """The last question with the number or time that is all that this one says: "and in July?",
    3000以上的呢; in place of its own, or beside what it asks for several of.
    """
    if month := _MONTH_ALONE.fullmatch(folded):
        question = folded = f"in {month['month']}"
    now = bound_in(folded)
    if now is None or not says_nothing(f"{folded[: now.start]} {folded[now.end :]}"):
        return None
    said = question[now.start : now.end]
    then = bound_in(fold(last.question), like=now)
    if then is None:
        if last.listed is None or (now.is_time and not dated(last.listed.label)):
            return None
        if has_han(last.question):
            return f"{said}{last.question}" if now.is_time else f"{said}的{last.question}"
        return f"{last.question.rstrip(' ?.')} {said}?"
    if now.is_time and not _YEAR.search(said) and (year := _YEAR.search(then.text)):
        said = f"{year[0]}年{said}" if has_han(said) else f"{said} {year[0]}"
    return f"{last.question[: then.start]}{said}{last.question[then.end :]}"


def _without_pronouns(
    question: str, folded: str, conversation: Conversation, *, named: Labels
) -> str:
    found = next(
        (one for one in _PRONOUN.finditer(folded) if not _NOT_PRONOUN.match(folded, one.end())),
        None,
    )
    if found is None or (_AMONG.search(folded) and weighs(folded)):
        # "Which of them is cheaper?" is asked of several.
        return question
    end = found.end()
    # Of those orders that were listed none has spent anything.
    buys = conversation.turns[-1].listed and found[0] in _THEY and _BUYS.search(folded, end)
    is_person = found[0] in _PERSONS or bool(buys and meant_of(_PERSON, conversation.turns))
    classes = [
        hit
        for hit in lexicon().find(folded)
        if hit.kind is Kind.CLASS
        and 0 <= hit.start - end <= 1
        and not is_person
        # "Their people" are of what is meant, "this product" is it.
        and found[0] not in _POSSESSIVES
    ]
    ends = (frozenset(labels) for end_, labels in _KINDS if found[0].endswith(end_))
    wanted = frozenset({classes[0].said}) if classes else next(ends, None)
    fits = _fitting(folded, wanted)
    last = not folded[end:].strip(" ?.!") and bool(fits)
    if wanted is None and not last and found[0] in {"this", "that", "these", "those", "该"}:
        return question
    turns = conversation.turns
    meant = meant_of(_PERSON if is_person else fits, turns, one=found[0] in _SINGLE)
    if meant is None and is_person and (order := meant_of(frozenset({Label.ORDER}), turns)):
        # "What did she buy?", of whose order it was asked.
        return f"{order.text} {question}"
    # "Back to the kettle, how long is its warranty?"
    earlier = _EARLIER.match(question, 0, found.start())
    if meant is None or (earlier and meant.label in named(earlier[0])):
        return question
    if found[0].startswith(("这", "那")) and meant.label in named(question[end:]):
        # 还有那个滤水壶多少钱 names what it points at.
        return question
    if classes:
        end = classes[0].end
    return _put_for(found, question, meant, end)


def _put_for(pronoun: re.Match[str], question: str, meant: Named, end: int) -> str:
    """``question`` with what is meant in place of its pronoun and what it names up to ``end``."""
    name = f"{meant.text}'s" if pronoun[0] in _POSSESSIVES else meant.text
    if pronoun[0] == "it's":
        name = f"{meant.text} is"
    space = " " if not has_han(name) and end < len(question) and question[end].isalnum() else ""
    return f"{question[: pronoun.start()]}{name}{space}{question[end:]}"


def _fitting(folded: str, wanted: frozenset[Label] | None) -> frozenset[Label]:
    """Of which labels something is that the question asks for; of any where it names none."""
    if wanted is not None:
        return wanted
    hits = [hit for hit in lexicon().find(folded) if hit.kind is Kind.TERM and hit.said.common]
    hits = [hit for hit in hits if not any(hit.places < other.places for other in hits)]
    # "Who is above it?" is asked of what has somebody above it.
    if WHO.search(folded) and (
        led := [h for h in hits if h.said.target in PEOPLE and not WHO.fullmatch(h.phrase)]
    ):
        hits = led
    return frozenset(hit.said.anchor for hit in hits)
