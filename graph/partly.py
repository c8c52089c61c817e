"""Products and skills that are named by a part of their names: "the gas heater", 波轮洗衣机."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from graph.called import Group, anchored, is_called, name_fields, node_key
from graph.knowledge import Knowledge, Name
from graph.question.lexicon import lexicon, words_of
from graph.question.question import SETTLED, Anchor
from graph.question.words import SILENT
from graph.selection.asker import Asker
from graph.text import HAN, fold, is_han, stem, tokens
from graph.vocabulary import Label

MOST_CALLED = 3
"""Of more nodes a part of a name means none."""
_MOST_HAN = 4
_MOST_PARTS = 4
_MODEL = re.compile(r"[ -][a-z]*\d")
"""Of another model than those of the same name."""
_ITS_PART = re.compile(rf"\s?的(?P<zh>[{HAN}]{{2}})|(?:['’]s)? (?P<en>[a-z]{{4,}})\b")
_USED_FOR = re.compile(r"\s?(?:专?用|配套?|适用|适配)的\s?")
_ASKS_WHO = re.compile(
    r"\bknows?\b|\bskill|\blevel\b|\btrained\b|\bqualified\b|\bcertified\b|\bgood at\b|\bbest at\b"
    r"|[会懂](?!员)|技能|级别|[一二三四五1-5]级|掌握|擅长|在行"
)
_ASKS_WHOM = re.compile(
    r"\b(?:handle|deal|charge|responsible|take)|归谁|归哪|谁管|哪个部门|负责|转给"
)
_CONJUNCTION = re.compile(r"\s?(?:[与和及、/&,]|\band\b)\s?")

Named = Mapping[tuple[int, int], Sequence[Anchor]]
"""What is named already, by where it stands."""


def named_partly(
    folded: str, groups: Named, *, knowledge: Knowledge, asker: Asker
) -> Iterator[tuple[tuple[int, int], list[Anchor]]]:
    """What is named by a part, beside ``groups``, and where."""
    yield from _by_parts(folded, groups, knowledge=knowledge, asker=asker)
    yield from _of_another(folded, groups, knowledge=knowledge, asker=asker)
    if not any(one.label is Label.SKILL for ones in groups.values() for one in ones):
        yield from _skills_by_parts(folded, groups, knowledge=knowledge, asker=asker)


def also_so_called(said: str, id_: str, knowledge: Knowledge) -> Iterator[str]:
    """The other products in whose names all Han of ``said`` stand in their order, where the name of
    the one with this id goes on: 珊瑚洗碗机 may be 珊瑚洗碗机 8 套 and 珊瑚台式洗碗机.
    """
    if len(said) <= _MOST_HAN or not all(map(is_han, said)):
        return
    for label, other in sorted(knowledge.having(Label.PRODUCT, [said[:2], said[-2:]])):
        name = knowledge.names[label, other].name_zh or ""
        rest = iter(fold(name))
        if other != id_ and all(char in rest for char in said):
            yield other


def kinds_joined(found: Sequence[Group], folded: str, knowledge: Knowledge) -> Iterator[Group]:
    """A product with what kind it is right behind it as one: "the Coral 8 dishwasher"."""
    skipped = False
    for one, other in pairwise([*found, ()]):
        if skipped:
            skipped = False
            continue
        if other and _is_of_kind(one, other, folded, knowledge):
            skipped = True
            yield tuple(replace(anchor, end=other[0].end) for anchor in one)
        else:
            yield one


def _is_of_kind(one: Group, other: Group, folded: str, knowledge: Knowledge) -> bool:
    products = {(anchor.label, anchor.value) for anchor in one}
    if {anchor.label for anchor in one} != {Label.PRODUCT} or not _are_kinds(other):
        return False
    if folded[one[0].end : other[0].start].strip(" ") or one[0].own:
        return False
    said = folded[other[0].start : other[0].end]
    near = {node for kind in other for node in knowledge.near.get((kind.label, kind.value), ())}
    names = (knowledge.names.get(node) for node in products)
    return not products.isdisjoint(near) or any(name and is_called(name, said) for name in names)


def parts_alone(found: Sequence[Group], folded: str) -> Iterator[Group]:
    """Without the product that another, named after it, is for: 侦察兵S5用的集尘袋 is one thing."""
    start: int | None = None
    for one, other in pairwise([*found, ()]):
        goods = all(anchor.label is Label.PRODUCT for anchor in (*one, *other)) and other
        begins = one[0].start if start is None else start
        if goods and _USED_FOR.fullmatch(folded, one[0].end, other[0].start):
            start = begins
            continue
        yield tuple(replace(anchor, start=begins) for anchor in one)
        start = None


def _by_parts(
    folded: str,
    groups: Named,
    *,
    knowledge: Knowledge,
    asker: Asker,
) -> Iterator[tuple[tuple[int, int], list[Anchor]]]:
    """Products by some words of their names, "the gas heater", "the electric water heater", or by
    what stands right before what a kind is called, 波轮洗衣机.
    """
    kinds = [span for span, ones in groups.items() if _are_kinds(ones)]
    taken = [span for span in groups if span not in kinds]
    spans = [*_runs(folded, taken, kinds=kinds), *_before_kinds(folded, groups)]
    for span in spans:
        said = folded[slice(*span)]
        nodes = (
            _products_with(said, groups, span, knowledge)
            if is_han(said)
            else knowledge.having(Label.PRODUCT, map(stem, said.split()))
        )
        if 0 < len(nodes) <= MOST_CALLED:
            sure = SETTLED / len(nodes)
            anchors = [
                replace(anchored(*node_key(node), *span, found_by), confidence=sure)
                for node in sorted(nodes)
                if (found_by := name_fields(node, knowledge, asker)) is not None
            ]
            if anchors:
                yield span, anchors
                return


def _of_another(
    folded: str,
    groups: Named,
    *,
    knowledge: Knowledge,
    asker: Asker,
) -> Iterator[tuple[tuple[int, int], list[Anchor]]]:
    """What belongs to a product and is named after it: "the Pro 2's filter", 净化器Pro2的滤芯."""
    for (start, end), ones in groups.items():
        found = _ITS_PART.match(folded, end)
        own = knowledge.names.get((ones[0].label, ones[0].value))
        if found is None or own is None or ones[0].label is not Label.PRODUCT:
            continue
        part = found["zh"] or found["en"]
        stems = [stem(one) for one in tokens(part) if len(one) > 1]
        at = found.start("zh" if found["zh"] else "en")
        is_named = any(
            first <= at < last and not _is_other_kind(one, others, knowledge)
            for (first, last), others in groups.items()
            for one in ones[:1]
        )
        if is_named or lexicon().knows(part) or not stems or is_called(own, part):
            continue
        nodes = knowledge.having(Label.PRODUCT, stems) - {(one.label, one.value) for one in ones}
        words_of_own = set(_name_words(own))
        alike = {
            node: len(words_of_own & set(_name_words(knowledge.names[node]))) for node in nodes
        }
        best = max(alike.values(), default=0)
        node = [one for one, shared in alike.items() if shared == best]
        found_by = name_fields(node[0], knowledge, asker) if best and len(node) == 1 else None
        if found_by is not None:
            span = start, found.end("zh" if found["zh"] else "en")
            anchor = anchored(*node_key(node[0]), *span, found_by)
            yield span, [replace(anchor, confidence=SETTLED)]


def _is_other_kind(one: Anchor, others: Sequence[Anchor], knowledge: Knowledge) -> bool:
    """Whether what is named right behind a product is a kind, and none of its own."""
    near = knowledge.near.get((one.label, one.value), frozenset())
    return _are_kinds(others) and near.isdisjoint((kind.label, kind.value) for kind in others)


def _name_words(name: Name) -> Iterator[str]:
    """Its words and pairs of Han, but for those of one letter."""
    return (
        one for phrase in name.phrases for one in tokens(fold(phrase)) if one[1:] or one.isdigit()
    )


def _skills_by_parts(
    folded: str,
    groups: Named,
    *,
    knowledge: Knowledge,
    asker: Asker,
) -> Iterator[tuple[tuple[int, int], list[Anchor]]]:
    """Skills by one of the things that they are named after, where it is asked who can do it:
    "plumbing" of "Water and plumbing".
    """
    if not _ASKS_WHO.search(folded) or _ASKS_WHOM.search(folded):
        return
    for node, name in knowledge.names.items():
        if node[0] is not Label.SKILL:
            continue
        for part in _parts_of_name(name):
            at = _place_of(part, folded)
            if at is None or any(first < at + len(part) and at < last for first, last in groups):
                continue
            if (found_by := name_fields(node, knowledge, asker)) is not None:
                span = at, at + len(part)
                yield (
                    span,
                    [replace(anchored(*node_key(node), *span, found_by), confidence=SETTLED)],
                )
                return


def _parts_of_name(name: Name) -> Iterator[str]:
    for phrase in name.phrases:
        parts = _CONJUNCTION.split(fold(phrase))
        if len(parts) > 1:
            yield from (part for part in parts if len(part) > 1 + 3 * part.isascii())


def _place_of(part: str, folded: str) -> int | None:
    """Where it stands, as a word of its own where it is Latin."""
    pattern = rf"\b{re.escape(part)}\b" if part.isascii() else re.escape(part)
    found = re.search(pattern, folded)
    return found.start() if found else None


def _are_kinds(ones: Sequence[Anchor]) -> bool:
    return all(one.label is Label.CATEGORY for one in ones)


def _runs(
    folded: str, taken: Sequence[tuple[int, int]], *, kinds: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Two to four Latin words side by side that nobody else claims, many first; more than what a
    kind is called.
    """
    said = words_of(folded)
    free = [
        not (word.text in SILENT["en"] or lexicon().knows(word.text))
        and not any(word.start < end and start < word.end for start, end in taken)
        for word in said
    ]
    for count in range(_MOST_PARTS, 1, -1):
        for at in range(len(said) - count + 1):
            some = said[at : at + count]
            side_by_side = all(
                folded[one.end : other.start] == " " for one, other in pairwise(some)
            )
            span = some[0].start, some[-1].end
            says_more = not any(start <= span[0] and span[1] <= end for start, end in kinds)
            says_more = says_more and not _MODEL.match(folded, span[1])
            if side_by_side and says_more and all(free[at : at + count]):
                yield span


def _before_kinds(folded: str, groups: Named) -> Iterator[tuple[int, int]]:
    """What a kind is called in Chinese, with one to four Han right before it, many first."""
    for (start, end), ones in groups.items():
        if _are_kinds(ones) and is_han(folded[start]):
            for length in range(_MOST_HAN, 0, -1):
                before = folded[max(start - length, 0) : start]
                if len(before) == length and all(map(is_han, before)):
                    yield start - length, end


def _products_with(
    said: str,
    groups: Named,
    span: tuple[int, int],
    knowledge: Knowledge,
) -> list[tuple[Label, str]]:
    """Of the products of the kind that is named there those whose names have it all."""
    kinds = [one for (_, end), ones in groups.items() if end == span[1] for one in ones]
    near = {node for one in kinds for node in knowledge.near.get((one.label, one.value), ())}
    return [
        node
        for node in near
        if node[0] is Label.PRODUCT
        and (name := knowledge.names.get(node))
        and any(said in fold(phrase) for phrase in name.phrases)
    ]
