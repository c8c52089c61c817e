"""What is asked of the graph, without any value: the shape that a compiled query is kept under.

Values travel beside it, in one map of parameters; a *slot* is a value's name there. Everything is
frozen and hashable, and knows neither GraphQL nor rights.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from graph.fields import Field
from graph.vocabulary import Label


class Operator(StrEnum):
    """How a property is compared. Absent values match only ``is_null`` and what is negated."""

    EQ = "eq"
    IN = "in"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    CONTAINS = "contains"
    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"
    HAS = "has"
    """Of a list: one of its elements."""
    IS_NULL = "isNull"


@dataclass(frozen=True, kw_only=True, slots=True)
class Compare:
    """``field`` compared with the value in ``slot``. Of a sealed field the value is a list of blind
    indexes, any of which will do.
    """

    field: Field
    operator: Operator
    slot: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Related:
    """Whether some node that ``field`` leads to, seen by the asker, passes ``filter``.

    ``label`` is the node's; ``filter`` is ``None`` where any node will do.
    """

    field: Field
    label: Label
    filter: "Filter | None" = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Matches:
    """Whether every word in ``slot`` occurs in what was said in a ticket. See ``words_of``."""

    slot: str


def words_of(slot: str, tokens: Collection[str]) -> Mapping[str, Any]:
    """The values of a ``Matches`` with this slot: its words, and the same as a query of the index.

    ``tokens`` are those of ``graph.text``, which hold nothing that the index takes for its own.
    """
    return {
        slot: [f" {token} " for token in tokens],
        index_slot(slot): " ".join(f"+{token}" for token in tokens),
    }


def index_slot(slot: str) -> str:
    """Where the query of the index stands."""
    return f"{slot}_index"


@dataclass(frozen=True, kw_only=True, slots=True)
class All:
    """Every part; true of no parts."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Some:
    """Some part; false of no parts."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Not:
    """What ``part`` is not."""

    part: "Filter"


Filter: TypeAlias = Compare | Related | Matches | All | Some | Not


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """One criterion. Only properties that every node of the label has can be ordered by."""

    field: Field
    descending: bool = False


class Measure(StrEnum):
    """What is worked out over the rows of a group; absent values do not count."""

    MIN = "min"
    MAX = "max"
    AVG = "avg"


@dataclass(frozen=True, kw_only=True, slots=True)
class Grouping:
    """The rows of a list in groups of equal ``by``, the largest first, at most ``size`` (a slot).

    A property groups by its value, an instant by its day (UTC), a relationship by each node it
    leads to, which is shown as selected. Rows without a value are a group, too.
    """

    size: str
    by: tuple["Field | Branch", ...] = ()
    measures: tuple[tuple[Measure, Field], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A part of a list. ``size`` and ``after`` are slots: how many, and the sort values of the row
    behind which the page begins, in the order of the list.

    ``backwards`` walks the order from its end; rows come nearest first. ``total`` asks how many
    rows there are in all. Without ``order`` the label's own order holds. ``groups`` are of all
    rows that pass ``filter``; where only they are asked for, ``rows`` is false and none is read.
    """

    size: str
    after: str | None = None
    backwards: bool = False
    order: tuple[Order, ...] = ()
    filter: Filter | None = None
    total: bool = False
    rows: bool = True
    groups: tuple[Grouping, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """Nodes that a relationship field leads to, by label; a ``page`` of them where it has many, all
    of them (see ``MOST_SAID``) where the field shows what its relationships say.
    """

    field: Field
    nodes: tuple["Selected", ...]
    page: Page | None = None


MOST_SAID = 200
"""How many relationships of a node are told of, those to the first nodes by id."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A node's own id, by which a later query goes on from it. Shown to nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moves:
    """What the asker may do to a ticket by name, as ``[state, actions]``: for those who see the
    state. Which of the actions the state allows is said in ``graph/states.py``.
    """

    coordinate: str = f"{Label.TICKET}.allowedTransitions"


Part: TypeAlias = "Field | Branch | Anchor | Moves"


@dataclass(frozen=True, kw_only=True, slots=True)
class Selected:
    """Which parts of a node of ``label``: property fields and branches, none twice alike."""

    label: Label
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One root: a page of all nodes of a label, or those whose ids stand in the slot ``ids``, where
    they pass ``filter``.
    """

    nodes: Selected
    page: Page | None = None
    ids: str | None = None
    filter: Filter | None = None
