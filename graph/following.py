"""Follow-ups, made whole by what they leave out.

"它保修多久？" gets the name of what was asked about, "And the Pro?" is the last question, about it.
Whatever it becomes is then understood like any other question, under the rights of whoever asks.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from graph.conversation import Conversation, FollowUp, Labels, Near, Turn, meant_of, turn_of
from graph.instead import another_chosen, with_another
from graph.model import Among, Answer, Language, Link
from graph.ontology import class_name
from graph.question.asking import pays
from graph.question.lexicon import Kind, lexicon, words_of
from graph.question.question import how_hits
from graph.question.words import SILENT, Cue, silent_spans
from graph.referring import (
    OF_THEM,
    PRONOUN,
    fitting,
    is_of_something_else,
    issue_told_of,
    put_for,
    without_pronouns,
)
from graph.several import BOTH, OF_THE_ONES, PAIR, chosen, of_both, subject, weighs
from graph.text import blanked, fold, has_han, is_carried_by_han, is_han, words
from graph.vocabulary import GOODS, Label

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
_APPLIES = re.compile(
    r"(?:and |so )?(?:does|do|can|would|will|is) (?:that|this|it|the same)"
    r"(?: (?:fix|method|procedure|trick|solution|thing))?(?: also| too)? "
    r"(?:apply to|work (?:for|on|with)|good for|go for|be used (?:for|on|with)|help with) "
    r"(?P<en>.+?)(?: too| as well)?\W*"
    r"|那?(?P<goods>[^，,。？?]{1,14}?)也?(?:能|可以)(?:不能)?(?:这样|这么|用(?:这个|同样的?)(?:办法|方法|步骤)?)"
    r"(?:处理|弄|修|做)?[吗么]?\W*"
    r"|这个?(?:办法|方法|步骤)(?:对|也)?(?P<zh>[^，,。？?]{1,14}?)也?(?:适用|管用|能用|行)[吗么]?\W*"
)
_FOR_WHICH = re.compile(
    r"(?:and |so )?(?:which|what) [a-z ]{2,20}? (?:is|are|does) (?:that|this|it)(?: fix| method)?"
    r" (?:for|meant for|apply to|work (?:for|on))\W*"
    r"|这个?(?:办法|方法|步骤)(?:适用于?|能用在|对)哪[些几个款].*"
)
_ONE = re.compile(r"^the | one$|的?那[款个台]$")
_HAS_DONE = re.compile(
    r"(?:那么?|一共|总共|目前|到现在|[他她])*(?:都)?(?:下过|下了|买过|买了|花了|花过|消费[了过]?|有)(?:多少|几|哪|什么)"
    r"(?=.*(?:[单钱]|东西|商品|产品))"
    r"|(?:and |so )?how many orders(?: (?:so far|in total|altogether|to date|is that))*\W*$"
)
_INSIDE = re.compile("其中的?|里面的?")
_DONE = "ordered"
"""No noun, though its stem is one."""
_ALIKE = 0.5
"""So much of a question is said again at least by one that only puts another thing into it."""
_SAID_BESIDE = 2
_SAYS = 4
"""Letters of a word that is no mere abbreviation."""
_ALL = frozenset({"all", "every", "所有", "全部"})
_ONE_BEFORE = re.compile(
    r"(?:之前|前面|再上|再往前|上)的?[那一]*[单笔](?!价)"
    r"|\b(?:order|one|purchase) before (?:that|it|this)\b|\bprevious (?:order|one|purchase)\b"
)
"""What was last told is not meant, and which one is before it, nobody said."""
_NUMBER = re.compile(r"\d{4}")
"""Of an order that is named."""
_ACROSS = re.compile(
    r"(?:and |so )?(?:across|from|in|over|with) how many\b|分?(?:在|了)?几[个张]?[单笔]"
)
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


def made_whole(
    question: str,
    conversation: Conversation,
    *,
    near: Near,
    named: Labels,
    regions: Sequence[str] = (),
) -> tuple[str, Among | None]:
    """``question`` with what it leaves to the turns before it; itself where it leaves nothing.
    ``named`` tells the labels of what some words name: that comes before what came before. With
    those that it is asked of, where the last question was asked of some and this is that again.
    """
    folded = fold(question)
    if not conversation.turns or leads_nowhere(folded, conversation.turns):
        return question, None
    said = FollowUp(
        question=question,
        folded=folded,
        turns=conversation.turns,
        near=near,
        named=named,
        regions=regions,
    )
    for rule in _RULES:
        if whole := rule(said):
            again = rule is with_another and _is_again(whole, said.last.question)
            return whole, _asked_of(said) if again else None
    return question, None


def _is_again(whole: str, last: str) -> bool:
    """Whether it is the ``last`` question, but for a part of it."""
    alike = _begins_like(whole, last) + _begins_like(whole[::-1], last[::-1])
    return whole != last and alike >= len(last) * _ALIKE


def _begins_like(one: str, other: str) -> int:
    """So many characters are the same from the beginning."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _asked_of(said: FollowUp) -> Among | None:
    """Those of which the last question was asked, where it was asked of some."""
    before = said.turns[:-1] if said.last.within else ()
    return next((turn.listed for turn in reversed(before) if turn.listed), None)


def _of_all(folded: str) -> bool:
    """Whether all of some kind are asked for, whatever was spoken of."""
    hits = lexicon().find(folded)
    said = any(hit.said is Cue.ALL and hit.phrase in _ALL for hit in hits)
    return said and any(hit.kind is Kind.CLASS for hit in hits)


def leads_nowhere(folded: str, turns: Sequence[Turn]) -> bool:
    """Whether it asks for what nobody said, or no graph tells: the one before, or why; or goes on
    about what was asked for so.
    """
    if _WHY.fullmatch(folded) or _is_one_before(folded):
        return True
    goes_on = any(one.search(folded) for one in (BOTH, OF_THEM, PRONOUN))
    return goes_on and not turns[-1].found and _is_one_before(fold(turns[-1].question))


def _is_one_before(folded: str) -> bool:
    return bool(_ONE_BEFORE.search(folded)) and not _NUMBER.search(folded)


def _of_the_goods(said: FollowUp) -> str | None:
    """The last question about the goods that are now named, where it was asked back for them."""
    if said.last.depends_on_goods and said.named(said.question) & set(GOODS):
        return f"{said.last.question} {said.question}"
    return None


def _who_they_are(said: FollowUp) -> str | None:
    """Who works in the department that was told of."""
    last = said.last
    told = not last.told and last.found and last.found[0].label is Label.DEPARTMENT
    if not told or not _WHO_THEY_ARE.fullmatch(said.folded):
        return None
    name = last.found[0].text
    return f"{name}有谁" if has_han(said.folded) else f"Who works in {name}?"


def _of_the_customer(said: FollowUp) -> str | None:
    """The last order of the customer who was spoken of, 那最近一单是哪天下的; or how many."""
    hits = lexicon().find(said.folded)
    ranks = any(hit.said in {Cue.NEWEST, Cue.OLDEST} for hit in hits)
    orders = any(hit.said is Label.ORDER for hit in hits) or "单" in said.folded
    does = _HAS_DONE.match(said.folded)
    if not ((ranks and orders) or does) or said.last.told or said.named(said.question):
        return None
    spoken_of = (subject(one) for one in reversed(said.turns[-2:]))
    whose = next((one for one in spoken_of if one and one.label is Label.CUSTOMER), None)
    return f"{whose.text} {said.question}" if whose else None


def _chosen(said: FollowUp) -> str | None:
    """What is meant by its place, and by a pronoun beside it: "is it dearer than the other?"."""
    whole = chosen(said)
    if whole is None or not PRONOUN.search(fold(whole)):
        return whole
    return without_pronouns(replace(said, question=whole, folded=fold(whole)))


def _of_other_ones(said: FollowUp) -> str | None:
    """What was counted of some, of others like them: "how many of the silver ones are?"."""
    found = OF_THE_ONES.match(said.folded)
    listed = said.last.listed if said.last.within else None
    if found is None or listed is None:
        return None
    kind = class_name(listed.label, Language.EN)
    if kind not in said.last.question:
        return None
    return said.last.question.replace(kind, f"{found['value']} {kind}s", 1)


def _at_level(said: FollowUp) -> str | None:
    """Who has the skill that was spoken of at a level: 3级的都有谁, "only level 3, who?"."""
    found = _LEVEL.fullmatch(said.folded)
    skill = meant_of(frozenset({Label.SKILL}), said.turns) if found else None
    if found is None or skill is None:
        return None
    if level := found["zh"]:
        return f"谁的{skill.text}技能是{level}级"
    return f"Who has {skill.text} at level {found['en']}?"


def _what_if(said: FollowUp) -> str | None:
    """What to do in another case, with what was spoken of: "and if it simply doesn't cool?"; or
    which of those that were listed: "the one with the X7 in it".
    """
    question, last = said.question, said.last
    if last.listed and (found := _ONES_WITH.fullmatch(said.folded)):
        return f"{last.question.rstrip(' ?.')} with {question[slice(*found.span('rest'))]}?"
    told = {one.label for one in last.found}
    found = _IF.fullmatch(said.folded) if Label.RESOLUTION in told else None
    if found is None:
        return None
    goods = meant_of(GOODS, said.turns)
    of = f"{goods.text} " if goods else ""
    if found["en"]:
        return f"{of}What to do if {question[slice(*found.span('en'))]}?"
    return f"{of}{question[slice(*found.span('zh'))]}怎么办"


def _applies_to_which(said: FollowUp) -> str | None:
    """What the fix that was last told is for: "which robots is that for?"."""
    found = _FOR_WHICH.fullmatch(said.folded)
    told = meant_of(frozenset({Label.RESOLUTION}), said.turns) if found else None
    if told is None:
        return None
    if has_han(said.folded):
        return f"{told.text}适用于哪些产品？"
    return f"Which products does {told.text} apply to?"


def _applies_too(said: FollowUp) -> str | None:
    """Whether what was last told to do is for other goods, too: "does that work for the S5?"."""
    found = _APPLIES.fullmatch(said.folded)
    told = meant_of(frozenset({Label.RESOLUTION}), said.turns) if found else None
    if told is None or found is None:
        return None
    group = next(name for name, part in found.groupdict().items() if part)
    part = said.question[slice(*found.span(group))]
    about = meant_of(GOODS, said.turns)
    goods = (about and said.near(_ONE.sub("", part), about)) or part
    if has_han(said.folded):
        return f"{told.text}适用于{goods}吗？"
    return f"Does {told.text} apply to {goods}?"


def _across(said: FollowUp) -> str | None:
    """What asks in how many something was is asked of what was asked about: "across how many
    orders?".
    """
    about = said.last.about
    return f"{about.text} {said.question}" if about and _ACROSS.match(said.folded) else None


def _within_the_last(said: FollowUp) -> str | None:
    """What relates something to what was last spoken of is asked of that: "how many X7 were
    bought?" of the order.
    """
    question, folded, turns = said.question, said.folded, said.turns
    hits = [hit for hit in lexicon().find(folded) if hit.names_value]
    plain = {hit.places for hit in hits if hit.said.type is None}
    paid = pays(folded)
    names = said.named(question) if hits else frozenset()
    of = {
        hit.said.anchor
        for hit in hits
        if hit.said.type and (paid or hit.places not in plain or hit.said.target in names)
    }
    meant = meant_of(frozenset(of), turns) if of else None
    points = PRONOUN.search(folded) or BOTH.search(folded)
    if meant is None or fold(meant.text) in folded or points:
        return None
    if any(
        hit.kind is Kind.CLASS and hit.said is meant.label and folded[hit.start : hit.end] != _DONE
        for hit in lexicon().find(folded)
    ):
        # "Across how many orders?" is asked of no order.
        return None
    about = None if names & set(GOODS) else turns[-1].about
    if about and about.label is meant.label:
        # What was last told was told of something beside it.
        about = next((one for one in turns[-1].found if one.label is not meant.label), None)
        about = about if len(turns[-1].found) == PAIR else None
    other = f"{about.text} " if about else ""
    if has_han(folded):
        return f"{meant.text} {other}{_INSIDE.sub('', question, count=1)}"
    return f"{other}{question.rstrip(' ?.')} in {meant.text}?"


def spoken_in(question: str, language: Language) -> Language:
    """The language that somebody goes on in; a name alone is of any."""
    folded = fold(question)
    if has_han(folded):
        return Language.ZH if is_carried_by_han(folded) else language
    said = words_of(folded)
    return Language.EN if any(word.text in SILENT["en"] for word in said) else language


def is_english_beside(text: str, links: Sequence[Link]) -> bool:
    """Whether all that is said beside the names in a text is English: "陆清和 works where?"."""
    said = blanked(fold(text), ((link.start, link.end) for link in links))
    # The id of an order is no English.
    spoken = [word for word in words(said) if word.isalpha()]
    return not has_han(said) and len(spoken) >= _SAID_BESIDE


def gone_on(question: str, conversation: Conversation) -> str | None:
    """``question`` about what the last answer found, by its pronoun, or where it only goes on, 那再
    往上一级呢: where, about what was asked of before, it is answered as before.
    """
    found = conversation.turns[-1].found[0] if conversation.turns[-1].found else None
    pronoun = PRONOUN.search(fold(question))
    if found is None:
        return None
    if pronoun is None:
        return f"{found.text} {question}"
    return put_for(pronoun, question, found, pronoun.end())


def about_the_last(question: str, conversation: Conversation) -> str | None:
    """``question``, which names nothing, about what was last spoken of and it fits; not of what
    thanks, asks why, or for the one before.
    """
    if not conversation.turns:
        return None
    folded = fold(question)
    if _THANKS.fullmatch(folded) or leads_nowhere(folded, conversation.turns):
        return None
    of_several = (OF_THEM.search(folded) or BOTH.search(folded)) and weighs(folded)
    unmeant = any(one.search(folded) for one in (_WHY_SAID, _THAN)) or _of_all(folded)
    if of_several or unmeant or _says_unknown(folded, conversation.turns):
        return None
    found = conversation.turns[-1].found
    said = {word.text for word in words_of(folded) if word.text not in SILENT["en"]}
    named = [one for one in found if not said.isdisjoint(words(fold(one.text)))]
    # "How long is the robot guaranteed?", of the robot and the heater that were told of.
    fits = fitting(folded, None)
    issue = issue_told_of(conversation.turns) if Label.ISSUE in fits else None
    meant = named[0] if len(named) == 1 else issue or meant_of(fits, conversation.turns)
    if meant is None or is_of_something_else(meant, conversation.turns):
        return None
    return f"{meant.text} {question}"


def _says_unknown(folded: str, turns: Sequence[Turn]) -> bool:
    """Whether a word of what is asked says something that neither questions nor the ``turns`` say:
    "what do our ovens cost?" is asked of no kettle.
    """
    hits = lexicon().find(folded)
    if how_hits(hits, folded):
        return False
    said = fold(" ".join(part for turn in turns for part in (turn.question, turn.answer)))
    known = {at for hit in hits for at in hit.places}
    for start, end in silent_spans(folded):
        known.update(range(start, end))
    left = "".join(
        char if at not in known and is_han(char) and char not in SILENT["zh"] else " "
        for at, char in enumerate(folded)
    )
    if any(len(run) > 1 and run not in said for run in left.split()):
        return True
    return any(
        word.start not in known
        and word.text.isalpha()
        and len(word.text) >= _SAYS
        and word.text not in said
        and not {word.text, word.stem} & SILENT["en"]
        and not lexicon().knows(word.stem)
        for word in lexicon().corrected(words_of(folded), folded)
    )


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


_RULES: Sequence[Callable[[FollowUp], str | None]] = (
    _of_the_goods,
    _who_they_are,
    _of_other_ones,
    _of_the_customer,
    _at_level,
    _what_if,
    _applies_to_which,
    _applies_too,
    _across,
    _within_the_last,
    with_another,
    _chosen,
    another_chosen,
    of_both,
    without_pronouns,
)
"""What a follow-up may leave out, the first that fits is it."""
