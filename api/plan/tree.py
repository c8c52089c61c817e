"""What an outline is made of: what to ask of the graph, and how the answer is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from graphql import FieldNode, GraphQLField

from graph.fields import Field
from graph.selection.request import Anchor, Branch, Measure, Moves, Page, Selected
from graph.vocabulary import Label


@dataclass(kw_only=True, slots=True)
class Parts:
    """What is asked of a node of ``label``; several selections of one list share it."""

    label: Label
    fields: list["Field | Stub | Anchor | Moves"] = field(default_factory=list)

    def add(self, part: "Field | Stub | Anchor | Moves") -> int:
        """The place of ``part``; a value has one place however often it is selected."""
        if not isinstance(part, Stub) and part in self.fields:
            return self.fields.index(part)
        self.fields.append(part)
        return len(self.fields) - 1

    def selected(self, pages: Sequence[Page]) -> Selected:
        """The same with the pages of one request."""
        parts = tuple(
            part.branch(pages) if isinstance(part, Stub) else part for part in self.fields
        )
        return Selected(label=self.label, parts=parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stub:
    """A branch whose page is yet to come."""

    field: Field
    nodes: tuple[Parts, ...]
    page: int | None = None

    def branch(self, pages: Sequence[Page]) -> Branch:
        """The branch with its page."""
        page = None if self.page is None else pages[self.page]
        return Branch(
            field=self.field, nodes=tuple(one.selected(pages) for one in self.nodes), page=page
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One field of a node under its response key, and the ``place`` of its part: -1 where there
    is none, or where arguments decide it.

    ``field`` is ``None`` for ``__typename``, ``typename`` what that says where no node does.
    ``nodes`` are the shapes behind a relationship, in a ``connection`` where it has many;
    ``receipt`` are the field nodes of a ticket's receipt, ``later`` the number of the query that
    reads the field from the node at ``place``; ``moves`` says its
    allowed transitions, ``said`` what of each of its relationships is shown.
    """

    key: str
    place: int = -1
    field: Field | None = None
    nodes: tuple["Node", ...] = ()
    connection: "Connection | None" = None
    receipt: tuple[FieldNode, ...] = ()
    moves: bool = False
    typename: str = ""
    later: int = -1
    said: tuple["Wrapped", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A node's fields in the order of the response."""

    label: Label
    shown: tuple[Shown, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrapped:
    """A field of a connection, an edge, a page's info or a group; ``nodes`` only of ``node``,
    ``shown`` of a group's key and measures. ``place`` is that of a grouping in its page.
    """

    key: str
    name: str
    type: str
    inner: tuple["Wrapped", ...] = ()
    nodes: tuple[Node, ...] = ()
    shown: tuple[Shown, ...] = ()
    place: int = -1


@dataclass(frozen=True, kw_only=True, slots=True)
class Connection:
    """A page: its number among those of the outline, and its fields."""

    page: int
    fields: tuple[Wrapped, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Grouped:
    """A grouping of list ``of``: what of its keys is shown, by field, and what is measured. Both
    fill as it is read.
    """

    of: int
    keys: dict[str, Stub] = field(default_factory=dict)
    measures: list[tuple[Measure, Field]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Argued:
    """A list that takes arguments: which nodes it lists, and the list it lies in, if any; or a
    grouping of such a list; or, ``told``, what the relationships of a node say, which takes none.
    ``total`` and ``rows`` say what of a list is asked for.

    ``coordinate`` is that of its field; at the root, of its type; of a grouping empty.
    """

    definition: GraphQLField
    node: FieldNode
    labels: tuple[Label, ...]
    within: int | None
    depth: int
    coordinate: str = ""
    total: bool = False
    rows: bool = False
    grouping: Grouped | None = None
    told: bool = False

    @property
    def owner(self) -> str:
        """The type whose field it is."""
        return self.coordinate.partition(".")[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Later:
    """A list that is too much for the query it belongs to, and is read from its nodes' ids."""

    parts: Parts
    node: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """A root field. ``lists`` are numbered as the pages are; ``parts`` hold the whole request."""

    parts: Parts
    lists: tuple[Argued, ...]
    receipts: bool
    node: Node | None = None
    connection: Connection | None = None
    later: tuple[Later, ...] = ()
