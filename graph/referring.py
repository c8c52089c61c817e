"""Pronouns, and what they stand for: what was last spoken of that the question fits."""

import re

from graph.conversation import FollowUp, Named, meant_of
from graph.model import Language
from graph.ontology import class_name
from graph.question.brief import WHO
from graph.question.lexicon import Kind, lexicon, outermost
from graph.question.question import NUMBERED
from graph.question.reading import PEOPLE
from graph.question.way import ways
from graph.several import weighs
from graph.text import HAN, has_han
from graph.vocabulary import Label

PRONOUN = re.compile(
    r"(?<!\w)(?:it's|its|it|they|them|their|these|those|this one|that one|the same one|this|that)"
    r"(?!\w)"
    r"|^(?:那么?)?(?:这个?|那个?)?(?:组|部门|团队)里"
    rf"|^(?:那么?)?里面(?=有?(?:谁|哪[位些]|几个人))|(?:他们|她们)(?:那边|部门)|(?<![{HAN}])那边"
    r"|(?<!\w)(?:he|she|his|her|him)(?!\w)|他们|她们|[他她](?!们)"
    r"|[这那](?:东西|玩意儿?|件东西|样东西)|它们|它|这个|那个|这款|那款|这台|那台|这一个|那一个|[这那]一?单|[这那]一?类|[这那]条|这件?事|[这那]个?问题|[这那]种(?:情况|问题|事)|[这那]位|该"
    r"|(?:(?<=in )|(?<=work )|(?<=works ))there(?=\W*$|\s(?:altogether|in total|too|then|now)\b)"
    r"|\bthe(?= (?:order|customer|team|department)\b"
    r"(?! (?:of|from|that|which|who|with|number|placed|in|for|id|is|called)))"
    r"|\bthe (?:whole |entire )team\b(?! (?:that|which|for|of))|整个(?:部门|团队|组)|[这那][项门]"
    r"|[这那](?=(?:客户|顾客|用户|同事|客服|部门|产品|订单))"
    r"|(?:(?<=of )|(?<=in )|(?<=on )|(?<=from ))the team\b(?! (?:that|which|for|of|who))"
)

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

OF_THEM = re.compile(r"\b(?:of|between|among) (?:them|these|those)\b")

_SINGLE = frozenset({"it", "it's", "its", "this", "that", "它", "这个", "那个"})

_PERSON = frozenset({Label.AGENT, Label.CUSTOMER})

_PERSONS = frozenset({"he", "she", "his", "her", "him", "他", "她"})

_THEY = frozenset({"they", "他们"})

_BUYS = re.compile(
    r"\b(?:spen[dt]|spending|paid|pay|bought|buy|order(?:ed)?|placed?|purchased?)\b|花|买|付|下[了过]?单"
)
"""What only people do."""

_POSSESSIVES = frozenset({"its", "their", "his", "her"})

_OF_A_TIME = re.compile(
    r"^(?:ok(?:ay)?,? )?(?:so )?back to (?P<time>[a-z ]*(?:19|20)\d\d)[:,]"
    r"(?P<rest>.*?\bhow many )of its ",
    re.IGNORECASE,
)
_POINTING = frozenset({"this", "that", "these", "those", "该"})

_POINTS_AT = re.compile("this|that|[这那]?[位个]?")

_IS_THAT = re.compile(r"\b(?:is|was) (?:this|that) than\b")

_MOST_MEANT = 2

_OF_NODE = {Language.ZH: "{kind}{node} 的{of}", Language.EN: "the {of} of {kind} {node}"}

_NOT_PRONOUN = re.compile(r"\s?(?:week|month|year|morning|evening|afternoon|time|way|means|is how)")


def without_pronouns(said: FollowUp) -> str:
    """``said`` with what is meant in place of its pronouns: of two labels, if there are several."""
    question, folded = said.question, said.folded
    if _OF_A_TIME.search(folded):
        # "Back to February 2026: how many of its orders were cancelled?"
        return _OF_A_TIME.sub(r"in \g<time>,\g<rest>", question)
    if OF_THEM.search(folded) and weighs(folded):
        # "Which of them is cheaper?" is asked of several.
        return question
    meant: dict[Label, tuple[re.Match[str], Named, int]] = {}
    for found in PRONOUN.finditer(folded):
        one = None if _NOT_PRONOUN.match(folded, found.end()) else _meant(found, said)
        if one and len(meant) < _MOST_MEANT:
            meant.setdefault(one[0].label, (found, *one))
    if not meant:
        return _of_whose_order(said) or question
    # From behind, so that places stay what they are.
    for found, name, end in sorted(meant.values(), key=lambda it: -it[0].start()):
        question = put_for(found, question, name, end)
    return question


def _of_whose_order(said: FollowUp) -> str | None:
    """ "What did she buy?", of whose order it was asked."""
    if not any(found[0] in _PERSONS for found in PRONOUN.finditer(said.folded)):
        return None
    order = meant_of(frozenset({Label.ORDER}), said.turns)
    return f"{order.text} {said.question}" if order else None


def _meant(found: re.Match[str], said: FollowUp) -> tuple[Named, int] | None:
    """What a pronoun stands for, and where what names it ends."""
    question, folded, turns, named = said.question, said.folded, said.turns, said.named
    end = found.end()
    # Of those orders that were listed none has spent anything.
    buys = said.last.listed and found[0] in _THEY and _BUYS.search(folded, end)
    is_person = found[0] in _PERSONS or bool(buys and meant_of(_PERSON, turns))
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
    fits = fitting(folded, wanted)
    if found[0] in _THEY and (persons := fits & set(PEOPLE)):
        # 也是他们管吗 is asked of no issue.
        fits = persons
    last = not folded[end:].strip(" ?.!") and bool(fits)
    if wanted is None and not last and found[0] in _POINTING and not _IS_THAT.search(folded):
        return None
    meant = meant_of(_PERSON if is_person else fits, turns, one=found[0] in _SINGLE)
    if Label.ISSUE in fits and (issue := _told_of(said)):
        meant = issue
    is_one = found[0] in _PERSONS or (classes and found[0] in _SINGLE)
    if is_one and meant and _is_one_of_several(meant, said):
        # Of several items "that item" is none, and of several people nobody is "he".
        return None
    if meant is None and classes and _POINTS_AT.fullmatch(found[0]):
        meant = _beside_the_last(classes[0].said, said)
    # "Back to the kettle, how long is its warranty?"
    earlier = _EARLIER.match(question, 0, found.start())
    if meant is None or (earlier and meant.label in named(earlier[0])):
        return None
    if found[0].startswith(("这", "那")) and meant.label in named(question[end:]):
        # 还有那个滤水壶多少钱 names what it points at.
        return None
    return meant, max([end, *(hit.end for hit in classes[:1])])


def _is_one_of_several(meant: Named, said: FollowUp) -> bool:
    """Whether it was last told of beside others like it, and not chosen since."""
    for turn in reversed(said.turns):
        if turn.about and turn.about.id == meant.id:
            return False
        if meant in turn.found:
            like = turn.listed is not None and turn.listed.label is meant.label
            return like and turn.told > 1
    return False


def _told_of(said: FollowUp) -> Named | None:
    """The issue that was last told how to help with: "who handles that?" asks of no goods."""
    labels = {one.label for one in said.last.found}
    if Label.RESOLUTION not in labels:
        return None
    return next((one for one in said.last.found if one.label is Label.ISSUE), None)


def _beside_the_last(label: Label, said: FollowUp) -> Named | None:
    """The node of a label that belongs to what was last spoken of: whose order it is."""
    for turn in reversed(said.turns):
        for one in filter(None, (turn.about, *turn.found)):
            if any(len(way) == 1 and way[0].common for way in ways(one.label, label)):
                language = Language.ZH if has_han(said.folded) else Language.EN
                names = {"of": class_name(label, language), "node": one.text}
                kind = class_name(one.label, language) if one.label in NUMBERED else ""
                text = _OF_NODE[language].format(**names, kind=kind)
                return Named(label=label, id=one.id, text=text)
    return None


def put_for(pronoun: re.Match[str], question: str, meant: Named, end: int) -> str:
    """``question`` with what is meant in place of its pronoun and what it names up to ``end``."""
    name = f"{meant.text}'s" if pronoun[0] in _POSSESSIVES else meant.text
    if meant.label is Label.SKILL and has_han(question):
        # 谁有扫地机器人 would be asked of the kind.
        name = f"{name}技能"
    if pronoun[0] == "it's":
        name = f"{meant.text} is"
    space = " " if not has_han(name) and end < len(question) and question[end].isalnum() else ""
    return f"{question[: pronoun.start()]}{name}{space}{question[end:]}"


def fitting(folded: str, wanted: frozenset[Label] | None) -> frozenset[Label]:
    """Of which labels something is that the question asks for; of any where it names none."""
    if wanted is not None:
        return wanted
    hits = [hit for hit in lexicon().find(folded) if hit.kind is Kind.TERM and hit.said.common]
    hits = outermost(hits)
    # "Who is above it?" is asked of what has somebody above it.
    if WHO.search(folded) and (
        led := [h for h in hits if h.said.target in PEOPLE and not WHO.fullmatch(h.phrase)]
    ):
        hits = led
    return frozenset(hit.said.anchor for hit in hits)
