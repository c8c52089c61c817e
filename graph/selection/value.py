"""One property as it may be shown: in full, masked, or by row either or neither.

A sealed value in full is ``[key, sealed, owner]``, which is opened outside; masked it is the hint
that was stored with it, so that masked reading never touches a key.
"""

from graph.fields import Field
from graph.rights import Ladder, Scope, Show
from graph.schema import Property
from graph.selection.scope import covers, predicate
from graph.vocabulary import Label

_OWNER = {Label.IDENTITY: "<-[:IDENTIFIED_BY]-"}
"""Labels whose sealed values belong to the customer that this leads to."""


def value(variable: str, field: Field, *, ladder: Ladder, rows: Ladder) -> str:
    """The expression of ``field``, whose ``ladder`` is not empty, in rows that ``rows`` show."""
    if field.property is None:
        raise TypeError(f"{field.coordinate} is no property")
    for show in (Show.FULL, Show.MASKED):
        if covers(ladder, rows, show):
            return _shown(variable, field.property, field, show)
    return _by_row(variable, field.property, field, ladder)


def guarded(variable: str, field: Field, expression: str, *, ladder: Ladder, rows: Ladder) -> str:
    """``expression`` where ``ladder`` shows the field, else null."""
    if Scope.ANY in ladder or covers(ladder, rows, Show.FULL):
        return expression
    return f"CASE WHEN {predicate(variable, field.type, ladder)} THEN {expression} END"


def _by_row(variable: str, stored: Property, field: Field, ladder: Ladder) -> str:
    cases: list[str] = []
    for show in (Show.FULL, Show.MASKED):
        scopes = [scope for scope, step in ladder.items() if step is show]
        if Scope.ANY in scopes:
            return f"CASE {' '.join(cases)} ELSE {_shown(variable, stored, field, show)} END"
        if scopes:
            shown = _shown(variable, stored, field, show)
            cases.append(f"WHEN {predicate(variable, field.type, scopes)} THEN {shown}")
    return f"CASE {' '.join(cases)} END"


def _shown(variable: str, stored: Property, field: Field, show: Show) -> str:
    name = f"{variable}.{stored.name}"
    if not stored.sealed:
        return name if show is Show.FULL else _masked(name)
    if show is Show.MASKED:
        return f"{name}_hint"
    if way := _OWNER.get(field.type):
        owner = f"{variable}_owner"
        return (
            f"head(COLLECT {{ MATCH ({variable}){way}({owner}:{Label.CUSTOMER}) "
            f"RETURN [{owner}.data_key, {name}_sealed, {owner}.id] AS sealed "
            f"ORDER BY {owner}.id LIMIT 1 }})"
        )
    return f"[{variable}.data_key, {name}_sealed, {variable}.id]"


def _masked(name: str) -> str:
    """The first character; the raw value never leaves the graph."""
    return f"CASE WHEN {name} IS NULL THEN null ELSE left({name}, 1) + '***' END"
