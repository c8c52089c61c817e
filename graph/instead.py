"""Follow-ups that ask the last question again about something else: "And the Pro?", 那7月呢."""

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from graph.conversation import FollowUp, Turn, meant_of
from graph.question.amount import find_rank
from graph.question.brief import bound_in, longest, ranked, says_nothing
from graph.question.lexicon import VALUED, Hit, Kind, lexicon, outermost, words_of
from graph.question.period import MONTH_WORD, YEAR
from graph.question.question import region_hits
from graph.question.reading import dated
from graph.referring import PRONOUN, without_pronouns
from graph.several import PLACE, RANKS, on_average, weighs, without
from graph.text import count_han, fold, has_han
from graph.vocabulary import GOODS, Label

_TOLD_HAN = 4
"""Han characters that are enough to tell what is wrong."""

_MONTH_ALONE = re.compile(rf"(?:and|what about|how about|for)\s(?P<month>{MONTH_WORD})\W*")

_NUMBERED = re.compile(r"\d{4}")
"""Of an order: "the one before it, W-2026-001869"."""
_ASKS_MORE = re.compile(r",\s?(?:what|how|which|who|when|is|does|do|are)\b")
"""After a name: something else is asked of it."""
_ELLIPSIS = (
    re.compile(r"^(?:na |name )?(?P<other>[a-z0-9][a-z0-9 .]{1,40}?)(?: de)? ne[?.! ]*$"),
    re.compile(
        r"^(?:那么?|还有|换成)?(?:说|要是)?(?P<other>[^?？]{1,40}?)(?:呢|怎么样|又如何)[?？!。\s]*$"
    ),
    re.compile(
        r"^(?:and|adn|nad|or|wh?at about|how about|and what about|and how about|same for"
        r"|and for)\s+"
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
_ALONE = re.compile(r",? (?:on its own|by itself|alone)$|(?<=.)(?:本身|单独|自己)$")
_NAMED_ONE = re.compile(
    r"(?:那么?)?(?P<other>[^，,。？?]{1,10}?)的?[那这]一?[个款台种]的?(?:呢|吧)?[?？!。\s]*"
)
_WITH_ANOTHER = re.compile(
    r"(?:那么?)?[和跟与同](?P<zh>[^，,。？?]{1,14}?)的?(?:[那这]一?[款个台种])?(?:比|相比|比较|对比)"
    r"(?:起来)?(?:呢|怎么样|如何)?[?？!。\s]*"
    r"|(?:and |so )?(?:what about )?(?:compared? (?:to|with)|versus|vs\.?|against) (?:the )?"
    r"(?P<en>[^?]{2,40}?)(?: one)?[?.!\s]*"
)
_THAT_ONE = re.compile(r"\s?的?[那这]一?(?:[款台种位]|个(?:班|部门|组|团队|技能)?)的?$")
_IS_THAT = re.compile(
    r"(?:and |or )?(?:the )?(?!by |how |what |which )(?P<one>[a-z0-9 .-]{2,40}?),? "
    r"is (?:that|it)(?: one)? (?:any |much )?(?P<rank>[a-z]+er|(?:more|less) [a-z]+)\W*"
)
_HOW_MUCH_MORE = re.compile(
    r"(?:and |so |but )*(?:by )?how much (?P<rank>more|less)(?: expensive)? (?:is|does) (?:the )?"
    r"(?P<one>(?!it\b|that\b|this\b)[a-z0-9][a-z0-9 .-]{1,40}?)(?: cost| one)?\W*"
)
_THAN_IT = re.compile(
    r"(?:那么?)?(?P<other>[^比，,。？?]{1,8}?)的?(?:[那这]一?[款个台种])?"
    r"(?P<rest>更?(?:便宜|贵|长|短)了?多少.*)"
)
_PARTS = re.compile(
    r"(?:那么?)?(?P<one>[^和跟与，,。？?]{1,8}?)的?(?:[那这]一?[款个台种])?[和跟与]"
    r"(?P<other>[^，,。？?]{1,8}?)的?(?:[那这]一?[款个台种])?"
    r"(?=相?差|哪|谁|一起|加起来|一共|总共|比)"
)
_TOGETHER = re.compile(
    r"(?:那么?)?(?:它|[这那][款个台种])[和跟与](?P<other>[^比，,。？?]{1,10}?)的?(?:[那这]一?[款个台种])?"
    r"(?=一起|加起来|一共|总共|合计|都)"
)
_PART_NAMED = re.compile(
    r"\bthe (?P<en>(?!other\b|same\b|first\b|second\b|last\b)[a-z0-9.-]+(?: [a-z0-9.]+)?) one\b"
    r"|(?:^那?|[，,])(?P<zh>[^，,。？?]{1,8}?)的?[那这]一?[款个台种](?=[^，,。？?呢]{2,})"
)
_BESIDE = re.compile(
    r"(?:那么?)?(?P<one>[^比，,。？?]{0,12}?)的?(?:[那这]一?[款个台种])?比"
    r"(?P<other>[^，,。？?]{1,14}?)的?(?:[那这]一?[款个台种])?"
    r"(?P<rest>(?:要|更|还|会)?(?:贵|便宜|高|低|长|短|大|小|多|少|保修|保得).*)",
)


def with_another(said: FollowUp) -> str | None:
    """The last question with what this one puts in the place of something there."""
    if whole := _bounded_instead(said.question, said.folded, said.last):
        return whole
    if whole := _value_alone(said) or _is_that(said) or _valued_beside(said):
        return whole
    for pattern in _ELLIPSIS:
        found = pattern.match(said.folded)
        if found and (whole := _of_another(*found.span("other"), said)):
            return whole
    return _beside_another(said) or _beside_the_last(said) or _part_named(said)


def _of_another(start: int, end: int, said: FollowUp) -> str | None:
    """The last question about what is named between two places."""
    # Max 那款呢 is of Max.
    for left_out in (
        _THAT_ONE.search(said.folded, start + 1, end),
        _ALONE.search(said.folded, start, end),
    ):
        end = min(end, left_out.start()) if left_out else end
    other = said.folded[start:end]
    # "And He Mingchuan?" names somebody.
    names = ranked(other) or said.named(other) or _NUMBERED.search(other)
    points = PRONOUN.search(other) and not names
    if points or _ASKS_MORE.search(other) or PLACE.search(f"the {other}"):
        return None
    # 滚筒的呢 is of 滚筒.
    for word in dict.fromkeys((other, other.removesuffix("的"))):
        if whole := _instead(said.question[start : start + len(word)], said.turns, said):
            return whole
    return None


def _valued_beside(said: FollowUp) -> str | None:
    """The value that was last asked for, of another beside that of the same: 和400G的比呢."""
    found, last = _WITH_ANOTHER.fullmatch(said.folded), said.last
    about = last.about if found and last.about and last.about.label in GOODS else None
    if found is None or about is None or not longest(last.question, {Kind.TERM}):
        return None
    other = said.near((found["zh"] or found["en"]).strip(), about)
    if other is None or other == about.text:
        return None
    both = f"{about.text}和{other}" if has_han(last.question) else f"{about.text} and {other}"
    return f"{last.question[: last.start]}{both}{last.question[last.end :]}"


def _is_that(said: FollowUp) -> str | None:
    """Another beside what was last spoken of: "and the rice cooker, is that dearer?"."""
    found = _IS_THAT.fullmatch(said.folded) or _HOW_MUCH_MORE.fullmatch(said.folded)
    about = meant_of(GOODS, said.turns) if found else None
    if found is None or about is None:
        return None
    other = said.near(found["one"], about) or found["one"]
    if found.re is _HOW_MUCH_MORE:
        return f"By how much is the {other} {found['rank']} expensive than {about.text}?"
    return f"Is the {other} {found['rank']} than {about.text}?"


def _beside_the_last(said: FollowUp) -> str | None:
    """Another, named by a part, beside what was last spoken of: 波轮的便宜多少."""
    about = meant_of(GOODS, said.turns)
    if about is None:
        return None
    if found := _PARTS.match(said.folded):
        names = [said.near(found[name], about) for name in ("one", "other")]
        if names[0] and names[1] and names[0] != names[1]:
            return f"{names[0]}和{names[1]}{said.question[found.end() :]}"
    found = _THAN_IT.fullmatch(said.folded) or _TOGETHER.match(said.folded)
    other = said.near(found["other"], about) if found else None
    if found is None or other is None or other == about.text:
        return None
    if found.re is _THAN_IT:
        return f"{other}比{about.text}{said.question[found.start('rest') :]}"
    return f"{about.text}和{other}{said.question[found.end() :]}"


def _part_named(said: FollowUp) -> str | None:
    """What is like that last spoken of and is named by a part, "the countertop one", 台式那款; of
    such a name alone the same is asked.
    """
    if (found := _NAMED_ONE.fullmatch(said.folded)) and not said.last.asks_back:
        part = said.question[slice(*found.span("other"))]
        like = next((turn.about for turn in reversed(said.turns) if turn.about), None)
        plain = not (ranked(part) or find_rank(fold(part)) or PRONOUN.search(fold(part)))
        if plain and like and said.near(part, like):
            return _instead(part, said.turns, said)
    found = _PART_NAMED.search(said.folded)
    about = meant_of(GOODS, said.turns) if found else None
    if found is None or about is None:
        return None
    if said.last.asks_back or says_nothing(
        said.folded[: found.start()] + said.folded[found.end() :]
    ):
        return None
    part = found["en"] or found["zh"]
    name = None if ranked(part) or find_rank(part) else said.near(part, about)
    if name is None or said.named(said.question) & set(GOODS):
        return None
    whole = f"{said.question[: found.start()]}{name}{said.question[found.end() :]}"
    return without_pronouns(replace(said, question=whole, folded=fold(whole)))


def _beside_another(said: FollowUp) -> str | None:
    """What was last spoken of beside another that is named by a part, 比1.5匹那款贵多少."""
    found = _BESIDE.match(said.folded)
    about = meant_of(GOODS, said.turns) if found else None
    if found is None or about is None:
        return None
    names = [
        about.text if not part or PRONOUN.fullmatch(part) else said.near(part, about)
        for part in (found["one"], found["other"])
    ]
    one, other = names
    if one is None or other is None or one == other:
        return None
    return f"{one}比{other}{said.question[found.start('rest') :]}"


def another_chosen(said: FollowUp) -> str | None:
    """The last question, which was asked back for, with what is chosen in any words."""
    if not said.last.asks_back:
        return None
    return _instead(said.question.strip(" .。?？"), said.turns[-1:], said)


def _other_end(other: str, last: Turn) -> str | None:
    """The last question, which asked for the most or the newest, for the fewest or the oldest."""
    now = [hit for hit in lexicon().find(fold(other)) if hit.said in RANKS]
    then = [hit for hit in lexicon().find(fold(last.question)) if hit.said in RANKS]
    if not now or not then or not says_nothing("".join(without(fold(other), now))):
        return None
    said = max(now, key=lambda hit: len(hit.places))
    return "".join(without(last.question, outermost(then), instead=other[said.start : said.end]))


def _other_region(other: str, last: Turn, regions: Sequence[str]) -> str | None:
    """The last question, about customers of another region."""
    if other not in regions:
        return None
    found = (region_hits(last.question, fold(last.question), regions)) if regions else ()
    then = next(iter(found), None)
    if then is None:
        return None
    return f"{last.question[: then.start]}{other}{last.question[then.end :]}"


def _instead(other: str, turns: Sequence[Turn], said: FollowUp) -> str | None:
    """The last question about something else, or something else about the same."""
    if mean := on_average(other, turns[-1]):
        return mean
    if whole := _other_end(other, turns[-1]) or _other_region(other, turns[-1], said.regions):
        return whole
    for kinds in ({Kind.MOST, Kind.LEAST}, {Kind.VALUE}):
        if whole := _said_instead(other, turns, kinds):
            return whole
    last = next((turn for turn in reversed(turns) if turn.about), None)
    if last is None or last.about is None:
        return None
    if any(hit.kind in VALUED for hit in lexicon().find(fold(other))) and (
        said.near(other, last.about) is None
    ):
        return f"{last.about.text} {other}"
    name = said.near(other, last.about)
    is_told = last.about.label is Label.ISSUE and last is turns[-1] and _tells(other)
    if name is None and is_told and not said.named(other):
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


def _value_alone(said: FollowUp) -> str | None:
    """What a value is called, and nothing else, is asked of what was last spoken of: "price?"."""
    folded = said.folded
    found = lexicon().find(folded)
    hits = [hit for hit in found if hit.names_value]
    if PRONOUN.search(folded) or PLACE.search(folded) or weighs(folded):
        return None
    # "And delivered ones?" asks for no state.
    if any(hit.kind in {Kind.CLASS, Kind.MOST, Kind.LEAST, Kind.VALUE} for hit in found):
        return None
    places = {at for hit in hits for at in hit.places}
    rest = "".join(" " if at in places else char for at, char in enumerate(folded))
    if not hits or not says_nothing(rest):
        return None
    meant = meant_of(frozenset(hit.said.anchor for hit in hits), said.turns)
    return f"{meant.text} {said.question}" if meant else None


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
    if now.is_time and not YEAR.search(said) and (year := YEAR.search(then.text)):
        said = f"{year[0]}年{said}" if has_han(said) else f"{said} {year[0]}"
    return f"{last.question[: then.start]}{said}{last.question[then.end :]}"
