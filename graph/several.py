"""Follow-ups about two that were told of, or one of them by its place: "both", "the other one"."""

import re
from collections.abc import Iterator, Sequence

from graph.conversation import FollowUp, Named, Turn, meant_of
from graph.question.asking import pays
from graph.question.brief import says_nothing
from graph.question.lexicon import VALUED, Hit, Kind, lexicon
from graph.question.reading import PEOPLE
from graph.question.words import Cue
from graph.text import fold, has_han
from graph.vocabulary import Label, RelationshipType

PAIR = 2
RANKS = frozenset({Cue.MOST, Cue.LEAST, Cue.NEWEST, Cue.OLDEST})
BOTH = re.compile(
    r"[这那它他她]们?[俩两](?:个人|[个款台种人位样件单家]|者)?(?:里面?|中)?|^(?:那么?)?两[个位]?人里?"
    r"|两者|^(?:那么?)?[两俩](?:[个款台种])?(?=[都差相谁哪有])"
    r"|\b(?:the two|those two|these two|they both|them both|both(?: of them)?)\b"
)
OF_THE_ONES = re.compile(r"(?:and |so )?how many of the (?P<value>[a-z][a-z -]{1,30}?) ones\b")
"""Of others than those that were counted before: "of the silver ones"."""
_MOST_AND_LEAST = re.compile(
    r"^(?:那么?)?最[^，,。？?]{1,2}的?[和跟与]最[^，,。？?]{1,2}的?(?=[这那]两)"
)
_TELLS_FIRST = re.compile(r"[.!?。！？]\s*\S")
"""Of several sentences "they" is somebody of whom the first one tells."""
_BACK_TO = re.compile(r"\bback to $|回到$")
_OF_PERSONS = re.compile("[人位]")
_PLACES = ("first", "second", "third")
PLACE = re.compile(
    r"\bthe (?P<place>first|second|third|former|latter|other)(?: (?:one|item|product|order))?"
    r"(?: of (?:them|those|these))?"
    r"(?=\W*$|['’]s\b| (?:is|was|has|does|cost|costs|covered|please|then)\b)"
    r"|\bthe (?P<one>first|second|third|other) one\b"
    r"|第(?P<number>[一二三123])[个款种单条位](?!月)|(?P<word>前|后|另外?)[一那][个款种位单件样台]"
)
_PLACE_OF = {
    **{word: at for at, word in enumerate(_PLACES)}, "former": 0, "latter": 1, "前": 0, "后": 1,
    **{char: at % 3 for at, char in enumerate("一二三123")},
}  # fmt: skip
_WHICH_ONE = re.compile(
    r"(?:the )?(?P<en>[a-z0-9 ]{2,30}?)(?: one)?\W*"
    r"|(?P<zh>[^，,。？?]{1,12}?)的?(?:那[个款种台]|呢)*\W*"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_BY_HOW_MUCH = re.compile(
    r"(?:and |but )?by how (?:much|many)\W*$|(?:那|具体)?(?:相|是)?差(?:了|距)?(?:是)?多少\W*$"
)
UTMOST = re.compile("最|est$|^most |^least |^(?:most|least|top|maximum|minimum)$")
_APART = re.compile(r"\bby how (?:much|many)\b|\bapart\b|\bdifference\b|差(?:了|距)?(?:是)?多少")
_WITH_IT = re.compile(
    r"^(?:那么?)?(?:[跟和与同比].*[比，,]|比.+?[贵宜高低多少长短])"
    r"|^(?:and |so )?compared (?:to|with)\b"
)
_WHICH_IS = re.compile(
    r"(?:[哪那]一?[个款台种](?:更|比较|要)?|哪一?[个款台种][^，,。？?]{1,2})[长短贵高低大小多少久快慢便]"
    r"|谁的[^，,。？?]{1,6}[高低大小多少长短](?:一?[些点])?(?:[呢啊]|$|[？?])"
)
_OF_BOTH = re.compile(r"\b(?:their|they|them)\b|[它他]们的?", re.IGNORECASE)
_OF_THEM = re.compile(r"\b(?:out of|of|among|from) (?:them|these|those)\b", re.IGNORECASE)
_ALIKE = re.compile(r"\b(?:the same|same|alike|differ|different)\b|一样|相同|同样")
_HOLDS = RelationshipType.CONTAINS
_WHICH_ORDER = frozenset({"哪一单", "哪单"})


def is_of_two(folded: str) -> bool:
    """Whether it asks which of two is more of something: "cheaper", and not "cheapest"."""
    hits = lexicon().find(folded)
    ranks = list(filter(is_rank, hits))
    most = any(UTMOST.search(hit.phrase) for hit in ranks)
    return bool(ranks or _WHICH_IS.search(folded)) and not most


def chosen(said: FollowUp) -> str | None:
    """The question with what is meant by its place among those that were told, "the second one";
    or the last one with what is chosen where it was asked back, 电的那个.
    """
    question, folded, turns = said.question, said.folded, said.turns
    place = PLACE.search(folded)
    asked = next((turn for turn in reversed(turns) if turn.asks_back or len(turn.found) > 1), None)
    if asked is None and place is None:
        return None
    asked = asked or said.last
    found = [one for one in asked.found if one.label is asked.found[0].label]
    if asked.compares:
        # The first is the one that was named first, and not the greater.
        first = asked.about.id if asked.about else ""
        found.sort(key=lambda one: one.id != first)
    if place is None:
        which = _WHICH_ONE.fullmatch(folded) if asked is turns[-1] and asked.asks_back else None
        word = which and (which["en"] or which["zh"])
        named = [one for one in found if word and _is_said(word, fold(one.text))]
        return _put_in(named[0], asked) if len(named) == 1 else None
    word = place["place"] or place["one"] or place["number"] or place["word"]
    if _BACK_TO.search(folded, 0, place.start()):
        # Of all that were spoken of, one after the other.
        of = {one.id: one for turn in turns if (one := subject(turn))}
        found = [one for one in of.values() if one.label is found[0].label] or found
    if word in _PLACE_OF:
        one = found[_PLACE_OF[word]] if _PLACE_OF[word] < len(found) else None
    else:
        one, asked = _other_of_two(turns)
    if one is None:
        return None
    rest = f"{folded[: place.start()]} {folded[place.end() :]}"
    if says_nothing(rest) and asked.about and (asked.asks_back or word not in _PLACE_OF):
        return _put_in(one, asked)
    return f"{question[: place.start()]}{one.text}{question[place.end() :]}"


def _other_of_two(turns: Sequence[Turn]) -> tuple[Named | None, Turn]:
    """Of two that were told of together, or one after the other, the one that was not last spoken
    of, or chosen; and the turn that spoke of the first.
    """
    last = turns[-1]
    for label in dict.fromkeys(one.label for one in (*last.found[:1], last.about) if one):
        now = last.found[0] if last.found and last.found[0].label is label else last.about
        for turn in reversed(turns):
            told = [one for one in (turn.about, *turn.found) if one and one.label is label]
            others = {one.id: one for one in told if now and not _is_same(one, now)}
            of_pair = turn.told <= PAIR and len(others) == 1
            if of_pair:
                return next(iter(others.values())), last
            if others:
                break
    return None, last


def _is_same(one: Named, other: Named) -> bool:
    """An order is also known by its number."""
    return one.id == other.id or fold(one.text) == fold(other.text)


def _is_said(word: str, name: str) -> bool:
    """Whether a name has it, or all its numbers, 600升 of "… 600 L"."""
    numbers = _NUMBER.findall(word)
    return word in name or (bool(numbers) and set(numbers) <= set(_NUMBER.findall(name)))


def _put_in(one: Named, turn: Turn) -> str:
    """The question that was asked back for, with the node that is meant."""
    if turn.depends_on_goods:
        return f"{one.text} {turn.question}"
    return f"{turn.question[: turn.start]}{one.text}{turn.question[turn.end :]}"


def of_both(said: FollowUp) -> str | None:
    """``question`` of the two that were compared, or spoken of one after the other: "both", "which
    is cheaper?", "and their warranties?"; or of the last one beside the one that it names.
    """
    question, turns, named = _MOST_AND_LEAST.sub("", said.question), said.turns, said.named
    folded, last = fold(question), said.last
    if last.compares and _BY_HOW_MUCH.match(folded):
        return last.question
    ranks = _WHICH_IS.search(folded) or any(map(is_rank, lexicon().find(folded)))
    labels = frozenset(named(question)) if ranks and _WITH_IT.search(folded) else None
    if labels and (one := meant_of(labels, turns)):
        return _before([one], question, folded)
    two = last_two(turns)
    if two and (found := BOTH.search(folded)):
        if _OF_PERSONS.search(found[0]) and two[0].label not in PEOPLE:
            return None
        both = together(two, folded)
        whole = _paid_in(f"{question[: found.start()]}{both}{question[found.end() :]}", turns)
        whole = _in_the_skill(whole, two, turns)
        return _by_the_last(whole, two, both, last) if _APART.search(folded) else whole
    theirs = last.compares and _OF_BOTH.search(folded)
    pair = two if last.compares or last.listed else two_in_turn(turns)
    of_two = weighs(folded) and (not last.listed or is_of_two(folded))
    tells = _TELLS_FIRST.search(folded)
    if pair and (theirs or of_two) and not (tells or named(question)):
        without = _OF_THEM.sub("", question) if last.listed else _OF_BOTH.sub("", question)
        whole = _before(pair, without, folded)
        both = together(pair, folded)
        return _by_the_last(whole, pair, both, last) if _APART.search(folded) else whole
    return None


def _in_the_skill(whole: str, some: Sequence[Named], turns: Sequence[Turn]) -> str:
    """Whose level is higher is asked in the skill that was spoken of, 两人里谁的级别高."""
    return with_skill(whole, turns) if some[0].label is Label.AGENT else whole


def with_skill(whole: str, turns: Sequence[Turn]) -> str:
    """``whole``, where it asks for a level, in the skill that was spoken of."""
    level = next((hit for hit in lexicon().find(fold(whole)) if _is_level(hit)), None)
    skill = meant_of(frozenset({Label.SKILL}), turns) if level else None
    if level is None or skill is None:
        return whole
    if fold(skill.text) in fold(whole):
        return whole
    if has_han(whole):
        return f"{whole[: level.start]}{skill.text}技能{whole[level.start :]}"
    return f"{whole.rstrip(' ?.')} in the {skill.text} skill?"


def _is_level(hit: Hit) -> bool:
    of_skill = hit.kind is Kind.TERM and hit.said.type is RelationshipType.HAS_SKILL
    return of_skill and hit.said.property == "level"


def _paid_in(whole: str, turns: Sequence[Turn]) -> str:
    """What somebody paid is told in the order that was spoken of."""
    folded = fold(whole)
    hits = [hit for hit in lexicon().find(folded) if hit.names_value]
    plain = {hit.places for hit in hits if hit.said.type is None}
    of_order = any(hit.said.type is _HOLDS and hit.places not in plain for hit in hits)
    asks = pays(folded) or of_order
    order = meant_of(frozenset({Label.ORDER}), turns) if asks else None
    if order is None:
        return whole
    return f"{order.text} {whole}" if has_han(whole) else f"{whole.rstrip(' ?.')} in {order.text}?"


def _by_the_last(whole: str, some: Sequence[Named], both: str, last: Turn) -> str:
    """``whole``, which asks how far ``both`` are apart, with the value of them that the last
    question was about, where it names none itself.
    """
    values = [
        [
            hit
            for hit in lexicon().find(fold(text))
            if hit.kind in VALUED and hit.said.property and hit.said.holder is some[0].label
        ]
        for text in (whole, last.question)
    ]
    if values[0] or not values[1]:
        return whole
    said = max(values[1], key=lambda hit: len(hit.places)).said
    if has_han(whole):
        return whole.replace(both, f"{both}的{said.names['zh']}", 1)
    return f"{whole.rstrip(' ?.')} in {said.names['en']}?"


def last_two(turns: Sequence[Turn]) -> tuple[Named, Named] | None:
    """The two nodes of one label that were last asked about, or that the last answer compared."""
    last = turns[-1]
    found = [one for one in last.found if last.listed is None or one.id in last.listed.ids]
    if last.told in {0, PAIR} and len(found) == PAIR and found[0].label is found[1].label:
        return found[0], found[1]
    spoken_of = {one.id: one for turn in turns if (one := subject(turn))}
    two = list(spoken_of.values())[-PAIR:]
    if len(two) < PAIR or two[0].label is not two[1].label:
        return None
    return two[0], two[1]


def subject(turn: Turn) -> Named | None:
    """What was asked about, or the one that was found where nothing is named: "the dearest?"."""
    found = turn.found[0] if turn.found and turn.told <= 1 and not turn.compares else None
    return turn.about or found


def two_in_turn(turns: Sequence[Turn]) -> tuple[Named, Named] | None:
    """Two nodes of one label of which the last two questions were asked."""
    one, other = (turn.about for turn in turns[-PAIR:]) if len(turns) >= PAIR else (None, None)
    if one is None or other is None or one.label is not other.label or one.id == other.id:
        return None
    return one, other


def is_rank(hit: Hit) -> bool:
    """Whether it asks for more or less, or the most or the least."""
    return hit.kind in {Kind.MOST, Kind.LEAST} or hit.said in RANKS


def weighs(folded: str) -> bool:
    """Whether it asks how both differ, and not of what: "which is cheaper?", "the same?"."""
    hits = lexicon().find(folded)
    ranks = any(map(is_rank, hits))
    how = (_ALIKE, _APART, _WHICH_IS)
    values = [hit.places for hit in hits if hit.names_value]
    return (ranks or any(one.search(folded) for one in how)) and not any(
        # 能同时接的工单 asks for no tickets, 哪一单 for one of both.
        hit.kind is Kind.CLASS
        and hit.phrase not in _WHICH_ORDER
        and not any(hit.places < places for places in values)
        for hit in hits
    )


def on_average(other: str, last: Turn) -> str | None:
    """The last question, which asked for a sum, for a mean: 人均呢."""
    said = [hit for hit in lexicon().find(fold(other)) if hit.said is Cue.MEAN]
    sums = [hit for hit in lexicon().find(fold(last.question)) if hit.said is Cue.SUM]
    if not said or not sums or not says_nothing("".join(without(fold(other), said))):
        return None
    mean = "平均" if has_han(last.question) else " on average "
    return "".join(without(last.question, sums, instead=mean))


def without(text: str, hits: Sequence[Hit], instead: str = "") -> Iterator[str]:
    """The characters that no hit covers; where the first begins, what is said ``instead``."""
    taken = frozenset[int]().union(*(hit.places for hit in hits))
    for at, char in enumerate(text):
        if at == min(taken):
            yield instead
        if at not in taken:
            yield char


def _before(some: Sequence[Named], question: str, folded: str) -> str:
    """``question`` and whom it is asked of, where that stands in the language of ``folded``."""
    said = together(some, folded)
    return f"{said}{question}" if has_han(folded) else f"{question} {said}"


def together(some: Sequence[Named], folded: str) -> str:
    """Their names as one, in the language of ``folded``."""
    return ("和" if has_han(folded) else " and ").join(one.text for one in some)
