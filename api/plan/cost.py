"""What a document would read, estimated from page sizes and from how the graph is really linked.

A list holds its page, or what its relationship leads to on average, whichever is less; a filter
through relationships walks them for every row. The dearest list is named, with a page that fits.
"""

from dataclasses import dataclass, field

from api.errors import TooComplexError
from graph.selection.degree import Degrees
from graph.selection.request import All, Filter, Not, Related, Some

DEEPEST, WIDEST = 5, 2_000
"""Lists within lists, and the nodes that one of them may hold in all."""

MOST_NODES, MOST_WALKED = 10_000, 1_000_000
"""Of one operation: nodes in all its lists, and relationships that its filters walk."""


@dataclass(kw_only=True, slots=True)
class Spending:
    """What one operation has asked for so far, over all its root fields."""

    degrees: Degrees = field(default_factory=dict)
    nodes: float = 0.0
    walked: float = 0.0

    def listed(self, path: str, coordinate: str, *, size: int, parents: float) -> float:
        """How many nodes a list holds below ``parents`` nodes; its coordinate is the field's, or
        the type's at the root.

        Raises:
            TooComplexError: more than is served.
        """
        nodes = parents * min(size, max(1.0, self.degrees.get(coordinate, size)))
        self.nodes += nodes
        if nodes > WIDEST or self.nodes > MOST_NODES:
            raise self._refusal(path, nodes, size=size)
        return nodes

    def filtered(self, path: str, filter_: Filter | None, *, rows: float) -> None:
        """What a filter walks for ``rows`` rows.

        Raises:
            TooComplexError: more than is served.
        """
        walked = rows * self._walks(filter_)
        self.walked += walked
        if self.walked > MOST_WALKED:
            raise TooComplexError(
                path,
                f"{path}: would walk about {walked:,.0f} relationships, at most {MOST_WALKED:,}; "
                "ask for a smaller page, or filter through fewer relationships",
            )

    def _walks(self, filter_: Filter | None) -> float:
        match filter_:
            case Related(field=through, filter=inner):
                return self.degrees.get(through.coordinate, 1.0) * (1 + self._walks(inner))
            case Not(part=part):
                return self._walks(part)
            case All(parts=parts) | Some(parts=parts):
                return sum(map(self._walks, parts))
        return 0.0

    def _refusal(self, path: str, nodes: float, *, size: int) -> TooComplexError:
        left = min(WIDEST, MOST_NODES - self.nodes + nodes)
        fits = int(size * left / nodes)
        most = f"at most {WIDEST:,} in a list, {MOST_NODES:,} in all"
        cheaper = f"{path}(first: {fits}) fits" if fits else "ask for smaller pages around it"
        return TooComplexError(path, f"{path}: about {nodes:,.0f} nodes, {most}; {cheaper}")
