"""A part of a list in order: as it stands, or by the ways that an index keeps in order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from graph.selection.lead import Lead


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A part of a list: its rows' pattern and bounds, their order (name, falling), how many."""

    variable: str
    match: str
    bounds: tuple[str, ...]
    order: tuple[tuple[str, bool], ...]
    size: str
    total: str

    @property
    def cursor(self) -> str:
        """A row's sort values."""
        return f"[{', '.join(name for name, _ in self.order)}]"

    @property
    def text(self) -> str:
        """Up to the rows in order."""
        return f"{where(self.match, self.bounds)} {self._cut(self.size)}"

    def led(self, ways: Sequence[Lead], *, size: str = "") -> str:
        """The same rows by way of ``ways``, ``size`` of them if it is given."""
        size = size or self.size
        found = [self._way(way, size) for way in ways]
        if len(found) == 1:
            return f"{found[0]}\n{self._cut(size)}"
        branches = "\nUNION\n".join(f"{one} RETURN {self.variable}" for one in found)
        return f"CALL () {{ {branches} }}\n{self._cut(size)}"

    def _cut(self, size: str) -> str:
        return f"WITH DISTINCT {self.variable} ORDER BY {_ordered(self.order)} LIMIT {size}"

    def _way(self, way: Lead, size: str) -> str:
        variable = self.variable
        match = f"MATCH {way.pattern}" if way.pattern else self.match
        equal = [f"{variable}.{name} = {value}" for name, value in way.equal]
        # All in one direction, as the index has them; what is equal has no say in the order.
        order = [(f"{variable}.{name}", self.order[0][1]) for name, _ in way.equal]
        rows = f"{where(match, [*equal, *self.bounds])} RETURN {variable}"
        cut = f"ORDER BY {_ordered([*order, *self.order])} LIMIT {size}"
        names = ", ".join(way.names)
        return f"{' '.join(way.bind)} CALL ({names}) {{ {rows} {cut} }}"


def where(match: str, bounds: Sequence[str | None]) -> str:
    """``match`` with what bounds it."""
    held = [bound for bound in bounds if bound]
    return f"{match} WHERE {' AND '.join(held)}" if held else match


def _ordered(order: Iterable[tuple[str, bool]]) -> str:
    return ", ".join(f"{name} DESC" if falling else name for name, falling in order)


def behind(names: Sequence[str], falling: Sequence[bool], given: str) -> Iterator[str]:
    """Rows behind a row with these sort values: the first criterion bounds an index."""
    text = ""
    for place in reversed(range(len(names))):
        sign = "<" if falling[place] else ">"
        past = f"{names[place]} {sign} {given}[{place}]"
        same = f"{names[place]} = {given}[{place}]"
        text = f"({past} OR ({same} AND {text}))" if text else past
    if len(names) > 1:
        yield f"{names[0]} {'<=' if falling[0] else '>='} {given}[0]"
    yield text
