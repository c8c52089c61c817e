"""Filters as predicates. A property may be filtered by where its reader may also see it in full,
and that reach is ANDed with the whole filter, so that no negation turns it round.
"""

from collections.abc import Iterator

from graph.errors import ForbiddenArgumentError
from graph.fields import FIELDS, Field
from graph.rights import Action, Ladder, Rights, Scope
from graph.selection.request import (
    All,
    Compare,
    Filter,
    Matches,
    Not,
    Operator,
    Related,
    Some,
)
from graph.selection.scope import arrow, predicate, slot, visible
from graph.vocabulary import Label

_BY_WORD = frozenset({"Customer.name"})
"""Sealed fields with several indexes: of the whole, and of each word."""
_SAID = FIELDS[Label.MESSAGE]["text"]
_TEXTS = {
    Operator.EQ: "{} = {}",
    Operator.IN: "{} IN {}",
    Operator.LT: "{} < {}",
    Operator.LTE: "{} <= {}",
    Operator.GT: "{} > {}",
    Operator.GTE: "{} >= {}",
    Operator.CONTAINS: "{} CONTAINS {}",
    Operator.STARTS_WITH: "{} STARTS WITH {}",
    Operator.ENDS_WITH: "{} ENDS WITH {}",
    Operator.HAS: "{1} IN {0}",
    Operator.IS_NULL: "({} IS NULL) = {}",
}


def permitted(rights: Rights, field: Field, action: Action) -> Ladder:
    """Where ``field`` may be used for ``action``.

    Raises:
        ForbiddenArgumentError: nowhere.
    """
    ladder = rights.cell(field.coordinate, action)
    if not ladder:
        raise ForbiddenArgumentError(field.coordinate, action)
    return ladder


def condition(
    variable: str, label: Label, filter_: Filter, *, rights: Rights, rows: Ladder
) -> Iterator[str]:
    """Predicates, to be ANDed, of the nodes of ``label`` that pass and may be asked about it.

    ``rows`` are those that the nodes are held to anyway.

    Raises:
        ForbiddenArgumentError: the filter names what may not be filtered by.
    """
    asked = _Filter(rights, label, rows)
    text = asked.text(variable, filter_, negated=False)
    yield from asked.guards
    yield text


def guards(variable: str, label: Label, ladder: Ladder, *, rows: Ladder) -> Iterator[str]:
    """The predicate of the rows that ``ladder`` reaches, unless it reaches all ``rows``."""
    if Scope.ANY not in ladder and not (rows and rows.keys() <= ladder.keys()):
        yield predicate(variable, label, ladder)


class _Filter:
    """One node's filter; nodes that it reaches have one of their own."""

    def __init__(self, rights: Rights, label: Label, rows: Ladder) -> None:
        self._rights, self._label, self._rows = rights, label, rows
        self.guards: dict[str, None] = {}
        self._count = 0

    def text(self, variable: str, filter_: Filter, *, negated: bool) -> str:
        match filter_:
            case All(parts=parts) | Some(parts=parts):
                texts = [self.text(variable, part, negated=negated) for part in parts]
                empty = "true" if isinstance(filter_, All) else "false"
                word = " AND " if isinstance(filter_, All) else " OR "
                return f"({word.join(texts)})" if texts else empty
            case Not(part=part):
                return f"NOT {self.text(variable, part, negated=True)}"
            case Related():
                return self._related(variable, filter_)
            case Compare():
                return self._compare(variable, filter_, negated=negated)
            case Matches():
                return self._matches(variable, filter_, negated=negated)

    def _guard(self, variable: str, field: Field) -> None:
        ladder = permitted(self._rights, field, Action.FILTER)
        self.guards |= dict.fromkeys(guards(variable, self._label, ladder, rows=self._rows))

    def _compare(self, variable: str, part: Compare, *, negated: bool) -> str:
        self._guard(variable, part.field)
        text = _comparison(variable, part)
        # What is absent compares as null, and the negation of null is null, too: never true.
        return f"coalesce({text}, false)" if negated else f"({text})"

    def _matches(self, variable: str, part: Matches, *, negated: bool) -> str:
        # Its words are those of its messages, whose rows are its own.
        self._guard(variable, _SAID)
        text = f"' ' + {variable}.search_text + ' '"
        found = f"all(word IN {slot(part.slot)} WHERE {text} CONTAINS word)"
        return f"coalesce({found}, false)" if negated else f"({found})"

    def _related(self, variable: str, part: Related) -> str:
        self._guard(variable, part.field)
        rows = self._rights.cell(str(part.label), Action.READ)
        if not rows:
            raise ForbiddenArgumentError(str(part.label), Action.READ)
        self._count += 1
        other = f"{variable}f{self._count}"
        found = [visible(other, part.label, rows) or ""]
        if part.filter:
            found += condition(other, part.label, part.filter, rights=self._rights, rows=rows)
        where = " AND ".join(filter(None, found))
        (hop,) = part.field.hops
        match = f"MATCH ({variable}){arrow(hop)}({other}:{part.label})"
        return f"EXISTS {{ {match}{f' WHERE {where}' if where else ''} }}"


def _comparison(variable: str, part: Compare) -> str:
    stored = part.field.property
    if stored is None:
        raise TypeError(f"{part.field.coordinate} is no property")
    name, given = f"{variable}.{stored.name}", slot(part.slot)
    if not stored.sealed:
        return _TEXTS[part.operator].format(name, given)
    if part.operator is Operator.IS_NULL:
        return _TEXTS[part.operator].format(f"{name}_sealed", given)
    if part.field.coordinate in _BY_WORD:
        return f"any(one IN {given} WHERE one IN {name}_index)"
    return f"{name}_index IN {given}"
