"""Scopes as predicates: which rows of a label an actor's values lead to."""

from collections.abc import Iterable

from graph.fields import Hop
from graph.rights import Ladder, Scope, Show
from graph.scopes import SCOPES, Walk
from graph.vocabulary import Label

GIVEN = "given"
"""The one parameter of a compiled query: a map with a value for every slot."""


def slot(name: str) -> str:
    """A value of the parameter map."""
    return f"${GIVEN}.{name}"


def arrow(hop: Hop, variable: str = "") -> str:
    """``-[:RAISED]->``, or the other way round."""
    return f"<-[{variable}:{hop.type}]-" if hop.inverse else f"-[{variable}:{hop.type}]->"


def predicate(variable: str, label: Label, scopes: Iterable[Scope]) -> str:
    """True of rows in any of ``scopes``, which are all narrower than ``any``."""
    walks = [
        _reaches(variable, walk, scope)
        for scope in sorted(scopes)
        for walk in SCOPES[label].get(scope, ())
    ]
    return f"({' OR '.join(walks)})" if walks else "false"


def _reaches(variable: str, walk: Walk, scope: Scope) -> str:
    if not walk.hops:
        return f"{variable}.{walk.key} IN {slot(scope)}"
    pattern, end = f"({variable})", ""
    for place, step in enumerate(walk.hops):
        end = f"{variable}_{scope}{place}"
        pattern += f"{arrow(step)}({end}:{step.label})"
    return f"EXISTS {{ MATCH {pattern} WHERE {end}.{walk.key} IN {slot(scope)} }}"


def visible(variable: str, label: Label, ladder: Ladder) -> str | None:
    """The predicate of the rows that ``ladder`` shows; ``None`` where it shows all."""
    if Scope.ANY in ladder:
        return None
    return predicate(variable, label, ladder)


def covers(ladder: Ladder, rows: Ladder, show: Show) -> bool:
    """Whether ``ladder`` shows a value as ``show`` in every row that ``rows`` lets through.

    Rows may lie in several scopes, and the strongest show counts.
    """
    if any(step.strength > show.strength for step in ladder.values()):
        return False
    if ladder.get(Scope.ANY) is show:
        return all(step is show for step in ladder.values())
    return Scope.ANY not in rows and all(ladder.get(scope) is show for scope in rows)
