"""Pronouns, and what they stand for: what was last spoken of that the question fits."""

import re
from collections.abc import Sequence

from graph.conversation import FollowUp, Named, Turn, meant_of
from graph.model import Language
from graph.ontology import class_name
from graph.question.brief import WHO
from graph.question.lexicon import Hit, Kind, lexicon, outermost
from graph.question.question import NUMBERED, how_hits
from graph.question.reading import PEOPLE
from graph.question.way import ways
from graph.several import weighs
from graph.text import HAN, fold, has_han, words
from graph.vocabulary import GOODS, Label

PRONOUN = re.compile(
    r"(?<!\w)(?:it's|its|it|they|them|their|these|those|this one|that one|the same one|this|that)"
    r"(?!\w)"
    r"|^(?:那么?)?(?:这个?|那个?)?(?:组|部门|团队)里"
    rf"|^(?:那么?)?里面(?=有?(?:谁|哪[位些]|几个人))|(?:他们|她们)(?:那边|部门)|(?<![{HAN}])那边"
    r"|(?<!\w)(?:he|she|his|her|him)(?!\w)|他们|她们|[他她](?!们)"
    r"|[这那](?:东西|玩意儿?|件东西|样东西)|它们|它|这个|那个|这款|那款|这台|那台|这一个|那一个|[这那]一?单|[这那]一?类|[这那]条|这件?事|[这那]个?问题|[这那]种(?:情况|问题|事)|[这那]位|该"
    r"|(?:(?<=in )|(?<=work )|(?<=works ))there(?=\W*$|\s(?:altogether|in total|too|then|now)\b)"
    r"|\bover there\b"
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

_SOMEBODY = re.compile(r"\b(?:caller|customer|client|user)\b|客户|顾客|用户|来电")
_ANOTHER = re.compile(r"\b(?:an)?other\b|另外?")
_RANKED = re.compile(r"(?:最[^，,。？?]{1,2}|第[一二三四五\d])的?\s?$")
_CAN = re.compile(r"[会懂](?:修|做|搞|弄)?$")
_NUMBERED = re.compile(r"\d[\w-]*\s?$")

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
    if _RANKED.search(said.folded, 0, found.start()):
        # 最早的那个订单 is another.
        return None
    turns, end = said.turns, found.end()
    # Of those orders that were listed none has spent anything.
    buys = said.last.listed and found[0] in _THEY and _BUYS.search(said.folded, end)
    is_person = found[0] in _PERSONS or bool(buys and meant_of(_PERSON, turns))
    classes = [] if is_person else _classes_after(found, said.folded)
    wanted = _wanted(found, said.folded, classes)
    fits = fitting(said.folded, wanted)
    if wanted is None and found[0] in _SINGLE - _POSSESSIVES and _asks_what_to_do(said.folded):
        fits = frozenset(GOODS)
    if found[0] in _THEY and (persons := fits & set(PEOPLE)):
        # 也是他们管吗 is asked of no issue.
        fits = persons
    ends = not said.folded[end:].strip(" ?.!？")
    points = found[0] in _POINTING and not _IS_THAT.search(said.folded)
    if wanted is None and points and not (ends and fits):
        return None
    meant = meant_of(_PERSON if is_person else fits, turns, one=found[0] in _SINGLE)
    if meant is None and wanted is None and ends and found[0] in _SINGLE:
        # "Which product was in it?" asks for what is in an order, as it is of one.
        meant = meant_of((), turns[-1:], one=True)
    if Label.ISSUE in fits and (issue := issue_told_of(turns)):
        meant = issue
    is_one = found[0] in _PERSONS or (classes and found[0] in _SINGLE)
    if is_one and meant and _is_one_of_several(meant, said):
        # Of several items "that item" is none, and of several people nobody is "he".
        return None
    if meant is None and classes and _POINTS_AT.fullmatch(found[0]):
        meant = _beside_the_last(classes[0].said, said)
    if meant is None or _is_not(meant, found, said):
        return None
    return meant, max([end, *(hit.end for hit in classes[:1])])


def _asks_what_to_do(folded: str) -> bool:
    """Whether it asks what is done to goods, 它打不着火，怎么处理, and of no kind."""
    hits = lexicon().find(folded)
    return bool(how_hits(hits, folded)) and not any(hit.kind is Kind.CLASS for hit in hits)


def _classes_after(found: re.Match[str], folded: str) -> list[Hit]:
    """Of what kind it is, said right after the pronoun: "this product"; "their people" are of what
    is meant.
    """
    hits = lexicon().find(folded) if found[0] not in _POSSESSIVES else ()
    return [hit for hit in hits if hit.kind is Kind.CLASS and 0 <= hit.start - found.end() <= 1]


def _wanted(found: re.Match[str], folded: str, classes: Sequence[Hit]) -> frozenset[Label] | None:
    """Of which labels it is by the words at the pronoun."""
    if classes:
        return frozenset({classes[0].said})
    ends = (frozenset(labels) for end, labels in _KINDS if found[0].endswith(end))
    # 哪些同事会这个 asks for a skill.
    can = frozenset({Label.SKILL}) if _CAN.search(folded, 0, found.start()) else None
    return next(ends, can)


def _is_not(meant: Named, found: re.Match[str], said: FollowUp) -> bool:
    """Whether something else is named that a pronoun goes with."""
    if is_of_something_else(meant, said.turns):
        return True
    # "Back to the kettle, how long is its warranty?"
    earlier = _EARLIER.match(said.question, 0, found.start())
    if earlier and meant.label in said.named(earlier[0]):
        return True
    if earlier and found[0] in _THEY | _PERSONS and _SOMEBODY.search(fold(earlier[0])):
        # "A caller says it leaks. What should they try?"
        return True
    # 还有那个滤水壶多少钱 and o-0597那单 name what they point at.
    return found[0].startswith(("这", "那")) and (
        meant.label in said.named(said.question[found.end() :])
        or bool(_NUMBERED.search(said.folded, 0, found.start()))
    )


def is_of_something_else(meant: Named, turns: Sequence[Turn]) -> bool:
    """Whether goods were spoken of before it was last told what to do, with nothing like them; or
    it was last asked, in vain, of another of the kind, "that other department".
    """
    last = turns[-1]
    told = {one.label for one in last.found}
    now = {one.id for one in (last.about, *last.found, *last.also) if one}
    question = fold(last.question)
    if Label.RESOLUTION in told and meant.label in GOODS and meant.id not in now:
        return set(words(fold(meant.text))).isdisjoint(words(question))
    if now or not _ANOTHER.search(question):
        return False
    return any(hit.said is meant.label for hit in lexicon().find(question))


def _is_one_of_several(meant: Named, said: FollowUp) -> bool:
    """Whether it was last told of beside others like it, and not chosen since."""
    for turn in reversed(said.turns):
        if turn.about and turn.about.id == meant.id:
            return False
        if meant in turn.found:
            like = turn.listed is not None and turn.listed.label is meant.label
            return like and turn.told > 1
    return False


def issue_told_of(turns: Sequence[Turn]) -> Named | None:
    """The issue that was last told how to help with: "who handles that?" asks of no goods."""
    found = turns[-1].found
    if not any(one.label is Label.RESOLUTION for one in found):
        return None
    return next((one for one in found if one.label is Label.ISSUE), None)


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
    if pronoun[0] == "over there":
        name = f"in {name}"
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
    # What was paid for each is asked of an order, or of what it holds.
    held = (hit.said.target for hit in hits if hit.said.property and hit.said.target)
    return frozenset((*(hit.said.anchor for hit in hits), *held))
