"""Follow-ups about those that were listed: some of them, each, or the most of something."""

import re
from collections.abc import Callable, Iterator, Sequence, Set

from graph.conversation import Conversation, Turn
from graph.model import Among, Language
from graph.ontology import class_name
from graph.question.asking import pays
from graph.question.brief import WHO, bound_in, ranked, says_nothing
from graph.question.inner import Inner
from graph.question.lexicon import VALUED, Hit, Kind, lexicon
from graph.question.offering import OWNED
from graph.question.reading import PEOPLE, dated
from graph.question.words import Cue
from graph.several import (
    BOTH,
    OF_THE_ONES,
    PAIR,
    PLACE,
    RANKS,
    UTMOST,
    is_of_two,
    last_two,
    on_average,
    together,
    two_in_turn,
    weighs,
    with_skill,
)
from graph.text import fold, has_han
from graph.vocabulary import Label

_PART_OF_THEM = re.compile(
    r"\b(?:out of|of|among|from|in) (?:them|these|those|the list|that list)"
    r"(?: (?:two|three|four|five|\d+))?\b|\bof the (?:two|three|four|five)\b"
    r"|^[这那]?[两三四五六七八九十\d]+[个单款台位笔件]人?(?=加|一共|总共|合计|平均)"
    r"|^(?:那么?)?[这那][两三几些][个款位台种名]?人?(?:(?:里面?|之中|当中|中)|(?=谁|哪|有|都))"
    r"|^(?:那么?)?[两三][个位]?人里面?|其中|(?:它们|他们|她们|[这那]些)(?:里面|里|之中|当中|中)|^(?:那么?)?(?:里面|当中)"
)
_WHICH_ONES = re.compile(
    r"(?:那么?|and |so )?(?:都|分别|具体|到底)?是?(?:哪几个|哪些|哪几[款位家单种]"
    r"|which (?:ones|ones are they|are they)|what are (?:they|their names)"
    r"|(?:(?:can|could|would) you |please |and )*"
    r"(?:what are |(?:name|list|show|give|send|tell) (?:me )?)?"
    r"(?:them(?: all)?|(?:all )?(?:(?:their|the|those) )?(?:order )?(?:names|numbers|ids))"
    r"|叫什么(?:名字)?|(?:订?单号|名字|编号|名单)(?:都?是(?:什么|多少)|[都也]?[发给]我(?:一下)?|列出来)?)"
    r"(?:呢|啊|呀)?"
    r"(?: (?:please|pls|plz))?\W*$"
)
_WHO_THEY_ARE = re.compile(
    r"(?:and |so )?who (?:are|were) (?:they|those|these)(?: people)?\W*"
    r"|(?:那|都)*(?:他们)?(?:都)?[有是]谁呢?\W*"
)
_OF_THESE = re.compile(r"更|[哪那]一?[单个款张台种笔位家]|\b(?:more|less) than\b|\bones?\b")
_HOW_MANY = re.compile(
    r"(?:and |so )?how many (?:(?:of them |orders |products |people |customers )?"
    r"(?:are there|are they|is that|are those|was that|in total|altogether)(?: in total)?)?\W*$"
    r"|(?:那|那么)?(?:一共|总共|合计|共)?(?:是|有)?(?:几|多少)[个单款台家位笔]?(?:呢|啊)?\W*$"
)
_COUNT = {"zh": "有多少{}", "en": "How many {}s are there?"}
_ALL = {"zh": "列出所有{}", "en": "List all {}s"}
_TWO = re.compile(r"\btwo\b|[两俩]")
_LEAD = re.compile(r"^(?:from|in|of|placed in|placed on|on) ")
_KINDS_OF = re.compile(
    r"(?:and |so )?(?P<which>which|how many)(?: of them| ones)? "
    r"(?:are|is|aren't|were|weren't|belong|don't|do not|need|have|has)\b"
    r"|(?:那么?)?(?P<zh>(?:有|都有)?(?:哪些|哪几[个款台种]|几[个款台种]|多少[个款台种]))"
    r"(?:不是|是|不属于|属于|不在|在|不需要|需要)(?!什么|谁|哪)"
)
_LEFT_OVER = re.compile(r"^(?:and|so|ok)?\s*[,，]\s*", re.IGNORECASE)
_BOUGHT = re.compile("[买订下]了几[台件个套份盒]")
"""How many pieces is told of what was bought, each by its name."""
_OF_ALL = re.compile("所有|全部")
_WHICH_OF_THOSE = re.compile(r"的是哪(?:一|几)?[单个款台位笔](?:订单)?呢?\W*$")
_GOES_ON = re.compile("呢[？?。 ]*$")
_ASKS = frozenset({Cue.WHICH, Cue.COUNT})
_POINTED_AT = re.compile(
    r"(?:(?:这单|那单|订单)?(?:里面?|其中|当中)的?(?:[那这]一?[个款台种])?|[这那]一?[款台种])的?(?=\S{2})"
    r"|\b(?:that|this)(?: one)?\s(?=[a-z])"
)
_COUNTED_BY = (("单", Label.ORDER), ("笔", Label.ORDER), ("位", Label.AGENT), ("款", Label.PRODUCT))
"""What Chinese counts so."""
_THEY = re.compile(r"\b(?:they|them)\b|[他她它]们(?:几个|俩|三个)?", re.IGNORECASE)
_EACH_OF_THEM = re.compile(
    r"各自?(?=卖|是|要|的|多|几|什么|保)|分别|\beach(?: of them)?\b", re.IGNORECASE
)
_RANKED_ONE = re.compile(
    r"\bthe (?P<en>[a-z]+er|[a-z]+est|(?:more|most|less|least) [a-z]+)"
    r" (?:one|of (?:the|those|these) (?:two|three)|of them)\b"
    r"|\bthe one (?P<time>(?:from|in|of|placed in|placed on|on) [a-z0-9 ,]*?(?:19|20)\d\d)\b"
    r"|(?P<zh>(?:最|更|比较|较)?(?:便宜|贵|大|小|长|短|久|新|早|晚|高|低|多|少)|最近|最后)的"
    r"(?:那一?|这一?|一)?[个款台种单笔位样]"
)
_ONE_OF_EACH = re.compile(
    r"\bone of each\b|\beach of them once\b|各(?:买|来|要)?一[个台件份]|每[样种]一[个台件份]"
)
_MEASURES = {Label.PRODUCT: ("price", "价格"), Label.ORDER: ("total", "总额")}
"""What is summed up where nothing says what is."""
_TOTAL = {"zh": "所有产品的价格合计", "en": "The total price of all the products"}


def among_the_last(
    question: str, conversation: Conversation, *, named: Callable[[str], Set[Label]]
) -> tuple[str, Among] | None:
    """``question`` with what its "of them" stands for, and those that it stands for: what was last
    listed. What ranks, or asks for a mean, and ``named`` nothing, is asked of these: "which
    one is cheaper?", "the average price?".
    """
    folded = fold(question)
    turns = conversation.turns
    listed = next((one.listed for one in reversed(turns) if one.listed), None)
    if listed is None or not listed.ids or _is_of_others(folded, turns):
        return None
    if on_average(_GOES_ON.sub("", question), turns[-1]):
        return None
    if pointed := _of_a_kind(question, folded, listed, named=named):
        return pointed, listed
    found = _PART_OF_THEM.search(folded)
    if found and turns[-1].within and _counts(turns[-1]):
        # How many of them do a thing is asked beside how many do another.
        listed = next((one.listed for one in reversed(turns[:-1]) if one.listed), listed)
    if found and (_is_of_one(found, listed, turns) or listed.label in named(question)):
        return None
    if listed.label is Label.PRODUCT and _ONE_OF_EACH.search(folded):
        return _TOTAL["zh" if has_han(folded) else "en"], listed
    if not found and (whole := _of_each(question, folded, listed, turns, named=named)):
        return whole, listed
    if whole := _of_the_listed(question, folded, found, listed, turns):
        return whole, listed
    return _unsaid(question, folded, turns[-1].listed, listed, named=named)


def _of_the_listed(
    question: str,
    folded: str,
    found: re.Match[str] | None,
    listed: Among,
    turns: Sequence[Turn],
) -> str | None:
    """What asks of those that were listed, by ``found`` words or by what it asks for."""
    of_orders = listed.label is Label.ORDER and (found or turns[-1].listed)
    if of_orders and (dearest := _dearest_order(folded)):
        return dearest
    if found is None:
        return _which_or_how_many(folded, listed.label)
    whole = _of_those(question, folded, found, listed.label)
    if listed.label is Label.AGENT:
        whole = with_skill(whole, turns)
    return _counted_too(whole, turns[-1]) if found[0] == "其中" else whole


def _dearest_order(folded: str) -> str | None:
    """Of orders the most expensive is the one of the greatest total, and of no product."""
    hits = lexicon().find(folded)
    ranks = [hit for hit in hits if hit.kind in {Kind.MOST, Kind.LEAST} and hit.said.unit]
    others = any(hit.kind is Kind.CLASS and hit.said is not Label.ORDER for hit in hits)
    if (
        not ranks
        or others
        or any(hit.names_value for hit in hits)
        or not UTMOST.search(ranks[0].phrase)
    ):
        return None
    most = ranks[0].kind is Kind.MOST
    if has_han(folded):
        return f"总额最{'高' if most else '低'}的是哪个订单"
    return f"Which order has the {'highest' if most else 'lowest'} total?"


def _which_or_how_many(folded: str, label: Label) -> str | None:
    many = _HOW_MANY.match(folded)
    who = label in PEOPLE and _WHO_THEY_ARE.fullmatch(folded)
    if not (many or who or _WHICH_ONES.match(folded)):
        return None
    language = Language.ZH if has_han(folded) else Language.EN
    return (_COUNT if many else _ALL)[language].format(class_name(label, language))


def _is_of_others(folded: str, turns: Sequence[Turn]) -> bool:
    """Whether it asks what was paid, or of two that were spoken of one after the other, or listed:
    these are told of by their names.
    """
    if pays(folded) or _BOUGHT.search(folded) or any(map(_is_paid, _own(folded))):
        return True
    if two_in_turn(turns) and weighs(folded):
        return True
    if BOTH.search(folded) and is_of_two(folded) and last_two(turns):
        return True
    return bool(turns[-1].listed and is_of_two(folded) and last_two(turns))


def ranked_one(question: str, conversation: Conversation) -> tuple[Inner, Among | None] | None:
    """What is named by its being more, or the most, of those that were told of, where something
    else is asked of it: "what colour is the cheaper one?". With those it is one of, where they were
    listed.
    """
    folded = fold(question)
    found = _RANKED_ONE.search(folded)
    if found is None or not conversation.turns:
        return None
    rest = f"{folded[: found.start()]} {folded[found.end() :]}"
    if found["time"]:
        return _one_of_a_time(question, found, conversation.turns)
    if says_nothing(rest):
        return None
    rank = question[slice(*found.span("zh" if found["zh"] else "en"))]
    if not (ranked(rank) or weighs(fold(rank))):
        return None
    turns = conversation.turns
    kind = next((label for end, label in _COUNTED_BY if found[0].endswith(end)), None)
    lists = (one.listed for one in reversed(turns) if one.listed)
    listed = next((one for one in lists if kind in {None, one.label}), None)
    pair = last_two(turns)
    if listed and len(listed.ids) > 1 and not (pair and turns[-1].compares):
        name = class_name(listed.label, Language.ZH if found["zh"] else Language.EN)
        inner = f"哪个{name}{rank}" if found["zh"] else f"Which {name} is the {rank}?"
        return Inner(question=inner, start=found.start(), end=found.end()), listed
    if pair is None:
        return None
    inner = (
        f"{together(pair, folded)}哪个{rank}"
        if found["zh"]
        else (f"Which of {together(pair, folded)} is {rank}?")
    )
    return Inner(question=inner, start=found.start(), end=found.end()), None


def _one_of_a_time(
    question: str, found: re.Match[str], turns: Sequence[Turn]
) -> tuple[Inner, Among | None] | None:
    """The one that was listed and is of a time: "what was in the one from March 2026?"."""
    listed = next((one.listed for one in reversed(turns) if one.listed), None)
    if listed is None or dated(listed.label) is None:
        return None
    time = _LEAD.sub("in ", question[slice(*found.span("time"))])
    inner = f"Which {class_name(listed.label, Language.EN)}s are {time}?"
    return Inner(question=inner, start=found.start(), end=found.end()), listed


def _of_each(
    question: str,
    folded: str,
    listed: Among,
    turns: Sequence[Turn],
    *,
    named: Callable[[str], Set[Label]],
) -> str | None:
    """What is asked of each of them, 各卖多少, or of all: "how many can they take in all?"."""
    hits = [hit for hit in lexicon().find(folded) if hit.kind is Kind.TERM]
    valued = any(hit.names_value and hit.said.holder is listed.label for hit in hits)
    related = any(hit.said.anchor is listed.label and not hit.said.property for hit in hits)
    if not (valued or related) or named(question):
        return None
    if not turns[-1].listed and not (listed.label in PEOPLE and _THEY.search(folded)):
        return None
    if related and not valued and not _EACH_OF_THEM.search(folded):
        return None
    name = class_name(listed.label, Language.ZH if has_han(folded) else Language.EN)
    together = any(hit.said in {Cue.SUM, Cue.MEAN} for hit in lexicon().find(folded))
    if together and listed.label in PEOPLE and (they := _THEY.search(folded)):
        rest = f"{question[: they.start()]}{question[they.end() :]}"
        return (
            f"所有{name}的{rest}" if has_han(folded) else f"{rest.rstrip(' ?.')} of all the {name}s"
        )
    if _EACH_OF_THEM.search(folded):
        whole = _EACH_OF_THEM.sub("", question)
        if listed.label in PEOPLE:
            whole = _THEY.sub("", whole).removeprefix("那").strip()
        return (
            f"所有{name}{whole}" if has_han(folded) else f"{whole.rstrip(' ?.')} of all the {name}s"
        )
    return None


def _of_a_kind(
    question: str, folded: str, listed: Among, *, named: Callable[[str], Set[Label]]
) -> str | None:
    """``question`` without what points at the one of a kind among goods that were listed: "that
    air conditioner", 里面的洗衣机.
    """
    found = _POINTED_AT.search(folded) if listed.label is Label.PRODUCT else None
    if found is None or named(question[found.end() :]) != {Label.CATEGORY}:
        return None
    return f"{question[: found.start()]}{question[found.end() :]}"


def _is_paid(hit: Hit) -> bool:
    """Whether it names what one was sold at; "one of each" does not."""
    return hit.names_value and hit.said.property == "unit_price" and hit.phrase != "each"


def _own(folded: str) -> Iterator[Hit]:
    """What no other value is called by the same words."""
    hits = lexicon().find(folded)
    plain = {hit.places for hit in hits if hit.names_value and hit.said.type is None}
    return (hit for hit in hits if hit.places not in plain)


def _is_of_one(found: re.Match[str], listed: Among, turns: Sequence[Turn]) -> bool:
    """Whether 里面 is in the one that was told of, and not among those before it; or "those two"
    are two that were spoken of, and not those that were listed.
    """
    if _TWO.search(found[0]) and len(listed.ids) != PAIR and two_in_turn(turns):
        return True
    return found[0].endswith("里面") and not turns[-1].told and bool(turns[-1].found)


def _of_those(question: str, folded: str, found: re.Match[str], label: Label) -> str:
    """``question`` with the name of the kind in place of "of them"."""
    is_zh = has_han(folded)
    name = class_name(label, "zh" if is_zh else "en")
    instead = name if is_zh else f"{name} "
    if WHO.search(folded):
        instead = ""
    elif any(hit.said in {Cue.MEAN, Cue.SUM} for hit in lexicon().find(folded)):
        instead = f"所有{name}的" if is_zh else f"of all the {name}s "
        if label in _MEASURES and not any(hit.names_value for hit in lexicon().find(folded)):
            measure = _MEASURES[label][is_zh]
            instead += measure if is_zh else f"by {measure} "
    whole = f"{question[: found.start()]}{instead}{question[found.end() :].lstrip()}"
    return _LEFT_OVER.sub("", whole)


def _unsaid(
    question: str,
    folded: str,
    last: Among | None,
    listed: Among,
    *,
    named: Callable[[str], Set[Label]],
) -> tuple[str, Among] | None:
    """What says not that it is of those, but ranks or narrows them; a while after they were listed
    only "the dearest one".
    """
    if len(listed.ids) != PAIR and BOTH.search(folded):
        # 最贵和最便宜的这两款 are two of them.
        return None
    # "The first one" has its place among those that were told, and is not the oldest.
    again = bool(last or _OF_THESE.search(folded)) and not PLACE.search(folded)
    ranks = again and _ranks_those(folded, listed)
    labels = named(question)
    if last and labels and listed.label not in labels and (kinds := _KINDS_OF.match(folded)):
        # "Which are not air conditioners?" names what they are.
        at = max(kinds.end("which"), kinds.end("zh"))
        name = class_name(listed.label, "zh" if has_han(folded) else "en")
        said = name if has_han(folded) else f" {name}s"
        return f"{question[:at]}{said}{question[at:]}", listed
    of_those = _WHICH_OF_THOSE.search(folded) and not _OF_ALL.search(folded)
    if last and of_those and _class_said(folded) in {None, last.label}:
        return question, listed
    goes_on = ranks or (last is not None and _narrows_those(folded, last))
    if labels or not goes_on:
        return None
    return _of_kind(question, folded, listed.label) if ranks else question, listed


def _counted_too(question: str, last: Turn) -> str:
    """What only goes on, 其中华东的呢, counts where it was counted before."""
    counted = _counts(last)
    asks = any(hit.said in _ASKS for hit in lexicon().find(fold(question)))
    found = _GOES_ON.search(question)
    return f"{question[: found.start()]}有多少" if found and counted and not asks else question


def _counts(turn: Turn) -> bool:
    return any(hit.said is Cue.COUNT for hit in lexicon().find(fold(turn.question)))


def _class_said(folded: str) -> Label | None:
    said = {hit.said for hit in lexicon().find(folded) if hit.kind is Kind.CLASS}
    return said.pop() if len(said) == 1 else None


def _of_kind(question: str, folded: str, label: Label) -> str:
    """With what it is the mean of, or what is ranked where only that it is the newest says of what:
    "the most recent one?".
    """
    hits = lexicon().find(folded)
    said = question.rstrip(" ?？.。呢")
    name = class_name(label, "zh" if has_han(folded) else "en")
    if any(hit.kind is Kind.CLASS for hit in hits):
        return question
    if any(hit.said is Cue.MEAN for hit in hits):
        return f"所有{name}的{said}" if has_han(folded) else f"{said} of all the {name}s"
    valued = any(hit.kind in VALUED and hit.said.holder is label for hit in hits)
    if valued and label not in OWNED:
        return question
    return f"{said}的{name}" if has_han(folded) else f"{said} of the {name}s"


def _ranks_those(folded: str, listed: Among) -> bool:
    """Whether it asks for the most or least, or their mean, and of no kind, or of which ones of
    this kind.
    """
    hits = lexicon().find(folded)
    kinds = {hit.said for hit in hits if hit.kind is Kind.CLASS}
    if not any(
        hit.kind in {Kind.MOST, Kind.LEAST} or hit.said in {*RANKS, Cue.MEAN} for hit in hits
    ):
        return False
    return not kinds or (kinds == {listed.label} and bool(_OF_THESE.search(folded)))


def _narrows_those(folded: str, listed: Among) -> bool:
    """Whether it says which ones, by a value or a number, and not of what: "how many are gold?"."""
    if OF_THE_ONES.match(folded):
        # "Of the silver ones" are others than those listed.
        return False
    hits = lexicon().find(folded)
    # 取消的有几单 counts them, and names no kind.
    counted = {hit.places for hit in hits if hit.said is Cue.COUNT}
    classes = [hit for hit in hits if hit.kind is Kind.CLASS and hit.places not in counted]
    if classes or not any(
        hit.kind is Kind.CUE and hit.said in {Cue.COUNT, Cue.WHICH, Cue.ALL} for hit in hits
    ):
        return False
    if bound := bound_in(folded):
        # "What about those under 300?" counts, too, where it was counted.
        return not says_nothing(f"{folded[: bound.start]} {folded[bound.end :]}")
    return any(hit.kind is Kind.VALUE and hit.said[0].holder is listed.label for hit in hits)
