"""Where one query ends and the next begins, from the ids that it found: how deep one goes, and how
often over the same nodes.
"""

from collections.abc import Sequence

from api.plan.tree import Argued
from graph.selection.degree import Degrees

DEEP = 3
"""How many lists within lists one query reads."""

AGAIN = 100
"""How many nodes of a list one query may be expected to read more than once, because several rows
lead to the same parent; the next query reads every parent once.

Measured on both engines, 6,500 tickets, CPU of the engine per request: 30 tickets of the department
of each of 50 tickets 57 → 12 ms on Neo4j, 130 → 24 ms on the embedded one; agents with their skills
14 → 6 ms there. Below some 100 nodes the round trip (1 to 3 ms) costs what is saved. How many nodes
a list has in all is no reason: 50 × 50 × 8 with parents of their own cost the same or up to a
quarter more when split, at any width.
"""


def beginnings(
    lists: Sequence[Argued], reached: Sequence[float], degrees: Degrees
) -> frozenset[int]:
    """Numbers of the lists at which a query begins. ``reached`` is how many nodes each is expected
    to hold in the answer; ``degrees`` say how many parents there are that could lead to them.
    """
    begins: list[int] = []
    depths: list[int] = []
    read: list[float] = []
    for number, one in enumerate(lists):
        depth, nodes = 1, reached[number]
        if one.within is not None:
            depth, parents = depths[one.within] + 1, read[one.within]
            nodes *= parents / reached[one.within]
            once = nodes * min(1.0, degrees.get(one.owner, parents) / parents)
            if not (one.grouping or one.told) and (depth > DEEP or nodes - once > AGAIN):
                begins.append(number)
                depth, nodes = 1, once
        depths.append(depth)
        read.append(nodes)
    return frozenset(begins)
