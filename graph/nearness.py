"""How near named nodes are to each other: what a name with several meanings stands for beside
others.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from graph.knowledge import Near, Node
from graph.model import Link

_SURE = 0.9


def closeness(one: Node, other: Node, near: Near) -> int:
    """3 for itself, 2 for what it is related to, 1 for what has a relation in common, else 0."""
    if one == other:
        return 3
    related = near.get(one, frozenset())
    if other in related:
        return 2
    return int(bool(related & near.get(other, frozenset())))


def is_ambiguous(links: Sequence[Link]) -> bool:
    """Whether some mention may be of several nodes."""
    return len({(link.start, link.end) for link in links}) < len(links)


def settled(links: Sequence[Link], near: Near, *, known: Sequence[Node] = ()) -> tuple[Link, ...]:
    """``links``, where a mention of several nodes that lies near one of them alone is of that one.

    Near are the nodes that are named elsewhere in the text, and those that are ``known`` to belong
    to whoever wrote it.
    """
    if not near or not is_ambiguous(links):
        return tuple(links)
    by_span: dict[tuple[int, int], list[Link]] = defaultdict(list)
    for link in links:
        by_span[link.start, link.end].append(link)
    found: list[Link] = []
    for span, group in by_span.items():
        others = [
            *known,
            *(
                (link.label, link.id)
                for other, same in by_span.items()
                if other != span
                for link in same
            ),
        ]
        found += _settled(group, others, near)
    return tuple(found)


def _settled(group: Sequence[Link], others: Sequence[Node], near: Near) -> Sequence[Link]:
    if len(group) == 1:
        return group
    scores = {
        place: sum(closeness((link.label, link.id), other, near) for other in others)
        for place, link in enumerate(group)
    }
    best = max(scores.values())
    kept = [group[place] for place, score in scores.items() if score == best]
    if not best or len(kept) == len(group):
        return group
    whole = sum(link.confidence for link in group)
    return [replace(link, confidence=min(whole, _SURE) / len(kept)) for link in kept]
