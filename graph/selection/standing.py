"""Where one node stands: in which scopes it lies, and whose they are.

The predicates are those by which every other request finds its rows; here they are not a condition
but the answer.
"""

from dataclasses import dataclass

from graph.errors import ForbiddenError
from graph.queries import Mode, Query
from graph.rights import Action, Rights, Scope
from graph.scopes import SCOPES, Walk
from graph.selection.compiler import Compiled, Shape
from graph.selection.scope import GIVEN, arrow, predicate, slot, visible
from graph.vocabulary import Label

NODE, MOST = "node", "most"
"""Slots: the node's id, and how many ends of one walk are told at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """A walk of ``scope`` from a row of ``label``, and the label at its end."""

    scope: Scope
    label: Label
    walk: Walk

    @property
    def target(self) -> Label:
        """What it ends at; the row itself where nothing is walked."""
        return self.walk.hops[-1].label if self.walk.hops else self.label

    @property
    def path(self) -> str:
        """``Ticket ─ASSIGNED_TO─► Department``."""
        shown = str(self.label)
        for step in self.walk.hops:
            way = f"◄─{step.type}─" if step.inverse else f"─{step.type}─►"
            shown += f" {way} {step.label}"
        return shown


def ways_of(label: Label) -> tuple[Way, ...]:
    """Every walk of every scope of ``label``, in the order of ``compile_ends``."""
    return tuple(
        Way(scope=scope, label=label, walk=walk)
        for scope in narrow_scopes(label)
        for walk in SCOPES[label][scope]
    )


def narrow_scopes(label: Label) -> tuple[Scope, ...]:
    """The scopes that rows of ``label`` can be in, without ``any``."""
    return tuple(scope for scope in Scope if scope in SCOPES[label])


def compile_ends(label: Label, rights: Rights) -> Compiled:
    """Where each walk from a node ends, as far as ``rights`` show the nodes on the way.

    ``nodes`` is empty where the node is absent or not shown, else it has one list of ids for each
    of ``ways_of``. Slots: ``NODE``, ``MOST`` and the asker's scopes.

    Raises:
        ForbiddenError: nobody with these rights sees any node of ``label``.
    """
    rows = rights.cell(str(label), Action.READ)
    if not rows:
        raise ForbiddenError(f"your roles show no {label}")
    ends = ", ".join(_ends(way, place, rights) for place, way in enumerate(ways_of(label)))
    return _compiled(label, f"[{ends}]", bound=visible("n", label, rows))


def compile_inside(label: Label) -> Compiled:
    """In which of ``narrow_scopes`` a node lies, for whose values the slots of the scopes hold.

    ``nodes`` is empty where the node is absent, else it has one boolean for each scope. Says
    nothing of what the asker may see: only for a node that ``compile_ends`` has shown.
    """
    inside = ", ".join(
        f"CASE WHEN {predicate('n', label, [scope])} THEN true ELSE false END"
        for scope in narrow_scopes(label)
    )
    return _compiled(label, f"[{inside}]", bound=None)


def _ends(way: Way, place: int, rights: Rights) -> str:
    if not way.walk.hops:
        return f"[n.{way.walk.key}]"
    pattern, end, bounds = "(n)", "n", []
    for hop, step in enumerate(way.walk.hops):
        end = f"e{place}_{hop}"
        pattern += f"{arrow(step)}({end}:{step.label})"
        bounds.append(visible(end, step.label, rights.cell(str(step.label), Action.READ)))
    held = " AND ".join(bound for bound in bounds if bound)
    condition = f" WHERE {held}" if held else ""
    return (
        f"COLLECT {{ MATCH {pattern}{condition} WITH DISTINCT {end} "
        f"ORDER BY {end}.id LIMIT {slot(MOST)} RETURN {end}.{way.walk.key} }}"
    )


def _compiled(label: Label, shown: str, *, bound: str | None) -> Compiled:
    lines = [
        f"UNWIND [{slot(NODE)}] AS key",
        f"MATCH (n:{label} {{id: key}}){f' WHERE {bound}' if bound else ''}",
        f"WITH {shown} AS node",
        "WITH collect(node) AS nodes",
        "MATCH (epoch:Epoch {id: 'policy'})",
        "RETURN epoch.value AS epoch, nodes",
    ]
    query = Query(
        name=f"standing-{label.lower()}",
        mode=Mode.READ,
        parameters=frozenset({GIVEN}),
        text="\n".join(lines),
    )
    return Compiled(query=query, shape=Shape(label=label, columns=()), denied=(), masked=())
