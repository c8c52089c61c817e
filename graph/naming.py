"""What a question names: which nodes its words stand for, and where they stand.

The extractor finds names. A question says more: words beside a name that are of the name, too ("the
Lava gas heater"), another of the kind by a word of its own ("the S5 and the X7"), and an issue by
telling what is wrong.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from graph.called import (
    Group,
    anchored,
    has_word,
    is_called,
    name_fields,
    named_by,
    node_key,
    reads_aliases,
)
from graph.knowledge import Knowledge, Name
from graph.model import Document, Guess, Link
from graph.nearness import closeness
from graph.partly import MOST_CALLED, also_so_called, kinds_joined, named_partly, parts_alone
from graph.question.lexicon import Hit, Kind, Word, cue_hits, lexicon, words_of
from graph.question.question import NUMBERED, SETTLED, Anchor, beside, how_hits, ids_in, says_own
from graph.question.words import LISTING, SILENT, THAN, Cue
from graph.rights import Scope
from graph.routing import order_keys
from graph.selection.asker import Asker
from graph.text import HAN, fold, is_han, stem, tokens
from graph.vocabulary import GOODS, Label, RelationshipType

TOLD = frozenset(
    {
        Label.AGENT,
        Label.BUSINESS_LINE,
        Label.CALENDAR,
        Label.CATEGORY,
        Label.DEPARTMENT,
        Label.ISSUE,
        Label.PRODUCT,
        Label.RESOLUTION,
        Label.SKILL,
    }
)
"""Labels that questions name; customers and work are named by number. What of them is told, rights
say.
"""
_GROUPS = 5
_COMPARED, _MOST_OF_KIND = 2, 8
_OWN = Label.CUSTOMER
_TICKETS = "t-"
_NAMED = 0.95
_WHO = frozenset({"who", "whom", "whose"})
_ASKED_OF = frozenset({Label.AGENT, Label.DEPARTMENT, Label.SKILL})
_TELLING = frozenset({Label.ISSUE})
_FEW_TOLD = 4
_LIKELY = 0.6
"""How likely an issue is at least that a question is taken to tell of."""
_CALLED = frozenset({Label.BUSINESS_LINE, Label.CALENDAR, Label.DEPARTMENT, Label.SKILL})
_MOST_WORDS, _MOST_HAN = 3, 4
_POINTED = re.compile("[这那]个?(?:级别|等级|水平)")
_POINTS_BACK = re.compile(r"(?<=[，,。])[^，,。？?]*[这那][个种类]?(?:问题|毛病|情况|故障|现象|事)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_HAN_BEFORE = 2
_UNITS = "(?:匹|升|公斤|千克|寸|kg|hp|l)"
_SIZE_BEFORE = re.compile(rf"(?<![\d.])(?P<size>\d+(?:\.\d+)?)\s?{_UNITS}的?\s?$")
_SIZE_AFTER = re.compile(rf"\s?(?P<size>\d+(?:\.\d+)?)\s?{_UNITS}(?![a-z])")
_NOTHING = (None, 0, 0)
_CLAUSE = re.compile(r"[^,;，；。.!！]{6,}")
_MOST_CLAUSES = 4
_MOST_RUNS = 3
_BETWEEN = re.compile(r"[\s\-]{1,2}")
_OTHER = re.compile(
    r"\s?(?:和|与|跟|还是|或者?|、|比|[,/]\s?(?:and|or)?|\band\b|\bor\b|\bvs\.?|\bversus\b|(?:(?:[a-z]+\s){1,2})?\bthan\b)\s*"
    r"(?:the\s)?(?:(?P<word>[a-z]*\d+(?:\.\d+)?[a-z]*|[a-z]{2,})(?![a-z0-9])"
    rf"|(?P<han>[{HAN}]{{2,4}}?)(?=放|比|相比|哪|谁|[，,]))"
)

Guessing = Callable[[str], Sequence[Guess]]
"""What a text is about."""


def anchor_groups(document: Document, *, knowledge: Knowledge, asker: Asker) -> list[Group]:
    """What the question names: by mention, what it may stand for."""
    groups: dict[tuple[int, int], list[Anchor]] = {}
    folded = fold(document.text)
    numbers = {mark.value: mark for mark in document.marks if mark.kind == "order"}
    for key in order_keys(document):
        mark = numbers[key]
        # Who numbers orders numbers customers and tickets, too: what is said beside it tells.
        others = _said_beside(folded, mark.start, mark.end) - {Label.ORDER}
        groups[mark.start, mark.end] = [
            _by_id(label, folded, mark.start, mark.end) for label in others
        ] or [anchored(Label.ORDER, "number_key", key, mark.start, mark.end, ("number",))]
    for link in _mentions(document, knowledge):
        if link.label in TOLD:
            found_by = named_by(link, knowledge=knowledge, asker=asker)
            if found_by is not None:
                anchor = anchored(link.label, "id", link.id, link.start, link.end, found_by)
                one = replace(anchor, confidence=link.confidence)
                groups.setdefault((link.start, link.end), []).append(one)
    groups = {span: _with_alike(some, folded, knowledge) for span, some in groups.items()}
    taken = [*groups, *((mark.start, mark.end) for mark in document.marks)]
    for id_, start, end in ids_in(folded, taken):
        known = next((label for label in TOLD if (label, id_) in knowledge.names), None)
        is_order = id_.startswith(tuple(knowledge.order_ids))
        label = known or (Label.ORDER if is_order else _OWN)
        groups[start, end] = [_by_id(label, folded, start, end)]
    called = [
        *_called_so(folded, groups, knowledge=knowledge, asker=asker),
        *named_partly(folded, groups, knowledge=knowledge, asker=asker),
    ]
    for (start, end), anchors in called:
        for other in [one for one in groups if one[0] < end and start < one[1]]:
            del groups[other]
        groups[start, end] = anchors
    found = [tuple(groups[span]) for span in sorted(groups)]
    found = [_of_size(group, folded, knowledge) for group in found]
    found = list(parts_alone(list(kinds_joined(found, folded, knowledge)), folded))[:_GROUPS]
    if THAN.search(folded):
        found = _one_of_kind(found, folded, knowledge)
    return [*found, *(_own_group(asker) if says_own(folded) else ())]


def _with_alike(some: list[Anchor], folded: str, knowledge: Knowledge) -> list[Anchor]:
    """A product that is not named in full, with others that may be called the same."""
    one, *rest = some
    if rest or one.label is not Label.PRODUCT or one.confidence >= _NAMED:
        return some
    others = also_so_called(folded[one.start : one.end], one.value, knowledge)
    return [one, *(replace(one, value=other) for other in others)]


def _of_size(group: Group, folded: str, knowledge: Knowledge) -> Group:
    """Of products those of the size that is said right at their name, with that, 潮汐滚筒10公斤,
    and the words before it that they are called by, 清风 1.5 匹壁挂空调.
    """
    start, end = group[0].start, group[0].end
    before, after = _SIZE_BEFORE.search(folded, 0, start), _SIZE_AFTER.match(folded, end)
    for size in filter(None, (before, after)):
        kept = [one for one in group if size["size"] in _numbers_of(one, knowledge)]
        if not kept:
            continue
        start, end = min(start, size.start()), max(end, size.end())
        names = [knowledge.names[one.label, one.value] for one in kept]
        said = folded[:start].rstrip()[-_HAN_BEFORE:]
        if (
            size is before
            and len(said) == _HAN_BEFORE
            and all(is_han(char) for char in said)
            and any(is_called(name, said) for name in names)
        ):
            start = len(folded[:start].rstrip()) - _HAN_BEFORE
        sure = SETTLED if len(kept) == 1 else kept[0].confidence
        group = tuple(replace(one, start=start, end=end, confidence=sure) for one in kept)
    return group


def _numbers_of(anchor: Anchor, knowledge: Knowledge) -> set[str]:
    """What numbers a product is called by."""
    name = knowledge.names.get((anchor.label, anchor.value))
    called = (name.name_zh, name.name_en) if name and anchor.label is Label.PRODUCT else ()
    return set(_NUMBER.findall(" ".join(filter(None, called))))


def _called_so(
    folded: str,
    groups: Mapping[tuple[int, int], Sequence[Anchor]],
    *,
    knowledge: Knowledge,
    asker: Asker,
) -> Iterator[tuple[tuple[int, int], list[Anchor]]]:
    """Nodes by words of their name before what they are called: "the promotions skill"."""
    for hit in lexicon().find(folded):
        if hit.kind is not Kind.CLASS or hit.said not in _CALLED:
            continue
        for span in _names_before(folded, hit):
            if _is_longer(span, groups, hit.said):
                break
            word = folded[slice(*span)]
            nodes = [
                node
                for node, name in knowledge.names.items()
                if node[0] is hit.said and is_called(name, word)
            ]
            if 0 < len(nodes) <= MOST_CALLED:
                sure = SETTLED / len(nodes)
                yield (
                    span,
                    [
                        replace(anchored(*node_key(node), *span, found_by), confidence=sure)
                        for node in nodes
                        if (found_by := name_fields(node, knowledge, asker)) is not None
                    ],
                )
                break


def _one_of_kind(found: list[Group], folded: str, knowledge: Knowledge) -> list[Group]:
    """A kind that is compared with a product is one of its products: "dearer than the purifier"."""
    if {one.label for group in found for one in group} != set(GOODS) or len(found) != _COMPARED:
        return found
    return [
        _of_kind(group[0], folded, knowledge) or group
        if group[0].label is Label.CATEGORY
        else group
        for group in found
    ]


def _of_kind(kind: Anchor, folded: str, knowledge: Knowledge) -> Group:
    """The few products of a kind; where some are called what it is called here, those."""
    near = knowledge.near.get((kind.label, kind.value), frozenset())
    products = sorted(node for node in near if node[0] is Label.PRODUCT)
    said = folded[kind.start : kind.end]
    so_called = [
        node
        for node in products
        if (name := knowledge.names.get(node)) and any(said in fold(one) for one in name.phrases)
    ]
    few = so_called or products
    if len(few) > _MOST_OF_KIND:
        return ()
    return tuple(
        replace(
            anchored(*node_key(node), kind.start, kind.end, ("nameZh", "nameEn")),
            confidence=SETTLED / len(few),
        )
        for node in few
    )


def _is_longer(
    span: tuple[int, int], groups: Mapping[tuple[int, int], Sequence[Anchor]], label: Label
) -> bool:
    """Whether what is named there already is named by more, or is of that label."""
    return any(
        one.label is label or one.end - one.start > span[1] - span[0]
        for (start, end), ones in groups.items()
        if start < span[1] and span[0] < end
        for one in ones
    )


def _names_before(folded: str, hit: Hit) -> Iterator[tuple[int, int]]:
    """The words, or the four to two Han, right before what something is called."""
    before = folded[: hit.start]
    if is_han(folded[hit.start]):
        for length in range(_MOST_HAN, 1, -1):
            if len(part := before[-length:]) == length and all(map(is_han, part)):
                yield hit.start - length, hit.start
        return
    said = words_of(before)
    if said and before[said[-1].end :] == " ":
        for count in range(_MOST_WORDS, 1, -1):
            if len(said) >= count:
                yield said[-count].start, said[-1].end
        if not lexicon().knows(said[-1].text):
            yield said[-1].start, said[-1].end


def _by_id(label: Label, folded: str, start: int, end: int) -> Anchor:
    return anchored(label, "id", folded[start:end], start, end, ("id",))


def _said_beside(folded: str, start: int, end: int) -> set[Label]:
    """What something is said to be that is named by its number: a customer, a ticket."""
    if folded.startswith(_TICKETS, start):
        return {Label.TICKET}
    return {
        hit.said
        for hit in lexicon().find(folded)
        if hit.kind is Kind.CLASS
        and hit.said in NUMBERED
        and hit.end <= start
        and beside(hit, start, end, folded)
    }


def told_issue(
    document: Document,
    groups: Sequence[Group],
    *,
    knowledge: Knowledge,
    asker: Asker,
    guess: Guessing,
) -> list[Group]:
    """``groups`` with the issue that the question tells of in place of what is named in its words;
    none where it does not ask what is asked of issues, names one, or tells of none.
    """
    if any(one.label is Label.ISSUE for group in groups for one in group):
        return []
    folded = fold(document.text)
    if _POINTED.search(folded) or not reads_aliases(asker, Label.ISSUE):
        return []
    hits = lexicon().find(folded)
    # "Complaints about staff": what says what kind of thing it is may say what is wrong, too.
    for telling in (_telling(folded, hits), _telling(folded, hits, kinds=False)):
        likely = [
            (one, start, end)
            for start, end in telling
            for first, last in ((start, end), *_clauses(folded, start, end))
            for one in guess(document.text[first:last])
            if one.label is Label.ISSUE
        ]
        best, start, end = max(likely, key=lambda one: one[0].probability, default=_NOTHING)
        if best and best.probability >= _LIKELY:
            break
    if (
        best is None
        or best.probability < _LIKELY
        or not _is_said_of(folded[start:end], best, knowledge)
    ):
        return []
    told = replace(
        anchored(Label.ISSUE, "id", best.id, start, end, ("nameZh", "nameEn")),
        confidence=_NAMED,
        told=best.probability * _spelt(folded[start:end]),
    )
    inside = [group for group in groups if group[0].start < end and start < group[0].end]
    if any(one.label not in GOODS for group in inside for one in group):
        return []
    return [*(group for group in groups if group not in inside), (told,)]


def _is_said_of(told: str, issue: Guess, knowledge: Knowledge) -> bool:
    """Whether some word, or pair of Han, of few is said of the issue: 登记 is not 登录."""
    name = knowledge.names.get((Label.ISSUE, issue.id))
    silent = SILENT["zh"] | SILENT["en"]
    pairs = [
        stem(one)
        for one in tokens(told)
        if len(one) > 1 and one not in silent and silent.isdisjoint(one if is_han(one) else ())
    ]
    if name is None or not name.examples or len(pairs) > _FEW_TOLD:
        return True
    said = set(map(stem, tokens(fold(" ".join((*name.phrases, *name.examples))))))
    return not said.isdisjoint(pairs) or not pairs


def _spelt(told: str) -> float:
    """The share of Latin words that are words; 1 where there is none."""
    said = [word.text.partition("'")[0] for word in words_of(told)]
    known = [word for word in said if lexicon().is_english(word) or lexicon().knows(word)]
    return len(known) / len(said) if said else 1.0


def _telling(folded: str, hits: Sequence[Hit], *, kinds: bool = True) -> Iterator[tuple[int, int]]:
    """Where the longest stretches stand that do not ask; without ``kinds`` those words that say of
    what kind something is are taken to tell.
    """
    asking = [
        hit
        for hit in hits
        if hit.kind is Kind.TERM
        and hit.said.anchor is Label.ISSUE
        and hit.said.type not in {None, RelationshipType.CONCERNS}
    ]
    which = [hit for hit in cue_hits(hits, Cue.WHICH) if hit.phrase not in LISTING]
    if any(hit.said is Label.RESOLUTION for hit in hits) or _POINTS_BACK.search(folded):
        which += cue_hits(hits, Cue.COUNT)
    classes = [hit for hit in hits if hit.kind is Kind.CLASS]
    # Whoever complains that nobody takes care of it asks for no department; nor who asks how.
    if (
        how_hits(hits, folded)
        or not which
        or not (
            any(hit.phrase not in _WHO and len(hit.phrase) > 1 for hit in asking)
            or any(hit.said in _ASKED_OF for hit in classes)
        )
    ):
        return
    asked = [hit for hit in classes if hit.said is not Label.PRODUCT]
    asking += [hit for hit in asked if kinds or hit.said not in _TELLING or _is_at(hit, which)]
    # "… and she only speaks English" says whom it is asked of, not what is wrong.
    asking += [hit for hit in hits if hit.kind is Kind.VALUE and hit.said[0].holder in _ASKED_OF]
    asking += which
    # "Takes parcels that arrive smashed" has "that" between other words.
    places = {at for hit in asking for at in hit.places if _is_whole(hit, folded)}
    runs = re.finditer(
        r"[^\0]+", "".join("\0" if at in places else char for at, char in enumerate(folded))
    )
    for run in sorted(runs, key=lambda one: one.start() - one.end())[:_MOST_RUNS]:
        start = run.end() - len(run[0].lstrip(" ,，:：-"))
        end = run.start() + len(run[0].rstrip(" ,，:：-?？。."))
        if end > start:
            yield start, end


def _is_at(hit: Hit, which: Sequence[Hit]) -> bool:
    """Whether it stands right after what asks for it: "which issues"."""
    return any(one.places & hit.places or 0 <= hit.start - one.end <= 1 for one in which)


def _is_whole(hit: Hit, folded: str) -> bool:
    """Whether its words stand side by side; of others the first says so alone."""
    return all(at in hit.places or folded[at] == " " for at in range(hit.start, hit.end))


def _clauses(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a stretch that marks keep apart, where there are several."""
    parts = [found.span() for found in _CLAUSE.finditer(folded, start, end)]
    if len(parts) > 1:
        yield from parts[-_MOST_CLAUSES:]


def _own_group(asker: Asker) -> Iterator[Group]:
    for id_ in asker.given.get(str(Scope.OWN_CUSTOMER), ()):
        yield (replace(anchored(_OWN, "id", id_, 0, 0, ()), own=True),)


def _mentions(document: Document, knowledge: Knowledge) -> Iterator[Link]:
    """The links, each with the words beside it that are of its name, and what is named after them
    by a word of its own.
    """
    folded = fold(document.text)
    by_span: dict[tuple[int, int], list[Link]] = {}
    for link in document.links:
        by_span.setdefault((link.start, link.end), []).append(link)
    taken = [*by_span, *((mark.start, mark.end) for mark in document.marks)]
    for span in sorted(by_span):
        group = _widened(by_span[span], folded, taken, knowledge)
        yield from group
        taken.append((group[0].start, group[0].end))
        while group := _another(group, folded, taken, knowledge):
            taken.append((group[0].start, group[0].end))
            yield from group


def _widened(
    group: Sequence[Link], folded: str, taken: Sequence[tuple[int, int]], knowledge: Knowledge
) -> list[Link]:
    """With the word before the mention, and those after it, that some of its nodes are called by;
    those are meant.
    """
    kept = list(group)
    start, end = group[0].start, group[0].end
    first = _word_before(folded, start)
    if first and not any(begin < start and first.start < stop for begin, stop in taken):
        fitting = [link for link in kept if is_called(_name(link, knowledge), first.text)]
        if fitting and not lexicon().knows(first.text):
            kept, start = fitting, first.start
    while len(pair := folded[max(start - 2, 0) : start]) == 2 and all(map(is_han, pair)):
        fitting = [link for link in kept if is_called(_name(link, knowledge), pair)]
        if not fitting or any(begin < start and start - 2 < stop for begin, stop in taken):
            break
        kept, start = fitting, start - 2
    for word, after in _words_after(folded, end):
        if any(begin < after and end < stop for begin, stop in taken if begin >= end):
            break
        fitting = [link for link in kept if is_called(_name(link, knowledge), word)]
        if not fitting:
            break
        kept, end = fitting, after
    if len(kept) < len(group):
        kept = [replace(one, confidence=SETTLED / len(kept)) for one in kept]
    return [replace(one, start=start, end=end, text=folded[start:end]) for one in kept]


def _word_before(folded: str, start: int) -> Word | None:
    """The Latin word right before."""
    found = [
        word for word in words_of(folded[:start]) if _BETWEEN.fullmatch(folded, word.end, start)
    ]
    return found[-1] if found else None


def _words_after(folded: str, end: int) -> Iterator[tuple[str, int]]:
    """Latin words, or pairs of Han, that follow without a stop, with their ends."""
    for word in words_of(folded):
        if word.start >= end:
            # What asks is no part of a name: "the Billing team".
            if not _BETWEEN.fullmatch(folded, end, word.start) or lexicon().knows(word.text):
                break
            yield word.text, word.end
            end = word.end
    while len(pair := folded[end : end + 2]) == 2 and all(map(is_han, pair)):
        end += 2
        yield pair, end


def _name(link: Link, knowledge: Knowledge) -> Name | None:
    return knowledge.names.get((link.label, link.id))


def _another(
    group: Sequence[Link], folded: str, taken: Iterable[tuple[int, int]], knowledge: Knowledge
) -> list[Link]:
    """Another node of the kind, after "and" or "or", by a word that is of its name alone."""
    found = _OTHER.match(folded, group[0].end)
    if found is None:
        return []
    word = found["word"] or found["han"]
    start, end = found.span("word" if found["word"] else "han")
    if any(start < stop and begin < end for begin, stop in taken):
        return []
    one = group[0]
    here = (one.label, one.id)
    like = {
        node: closeness(node, here, knowledge.near)
        for node, name in knowledge.names.items()
        if node[0] is one.label and node != here and has_word(name, word)
    }
    best = max(like.values(), default=0)
    nodes = [node for node, near in like.items() if near == best and best]
    if len(nodes) > 1 and (found["han"] or lexicon().knows(word)):
        return []
    return [
        replace(
            one,
            id=node[1],
            start=start,
            end=end,
            text=word,
            confidence=SETTLED / len(nodes),
        )
        for node in nodes
    ]
