"""Who asks, as far as selections need it: rights, and the values of the scopes.

What answers and previews are made of is selected through this and nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graph.errors import ForbiddenError, StalePolicyError
from graph.fields import Field, leading
from graph.model import Actor
from graph.queries import Query
from graph.rights import Action, Ladder, Rights, Scope, Show, settled
from graph.scopes import scope_values
from graph.selection.compiler import compile_request
from graph.selection.reading import read_request
from graph.selection.request import Anchor, Request, Selected
from graph.selection.scope import covers, predicate
from graph.store import Store
from graph.vocabulary import Label, RelationshipType

_IDS = "ids"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """``given`` has the values of every scope."""

    rights: Rights
    given: Mapping[str, Any]

    def rows(self, label: Label) -> Ladder:
        """Which rows of ``label`` are seen."""
        return self.rights.cell(str(label), Action.READ)

    def everywhere(self, *coordinates: str) -> bool:
        """Whether each is read in full in every row: of a type, whether all its rows are seen."""
        return self.rights.everywhere(*coordinates)

    def guard(self, variable: str, field: Field) -> str | None:
        """The predicate of the rows, among those seen, in which ``field`` is read in full.

        ``None`` where that is all of them.

        Raises:
            ForbiddenError: in none.
        """
        ladder = full(self.rights.cell(field.coordinate, Action.READ))
        if not ladder:
            raise ForbiddenError(f"your roles do not allow 'read' on {field.coordinate!r}")
        if Scope.ANY in ladder or covers(ladder, self.rows(field.type), Show.FULL):
            return None
        return predicate(variable, field.type, ladder)

    async def select(self, store: Store, query: Query, **values: Any) -> list[Any]:
        """The ``rows`` of a query that returns them with the epoch of the policy.

        Raises:
            StalePolicyError: the rights are those of another policy; nothing may be told.
            UnavailableError: the graph does not answer.
        """
        (row,) = await store.read(query, given={**self.given, **values})
        return list(self._current(row["rows"], row["epoch"]))

    async def seen(
        self, store: Store, label: Label, ids: Iterable[str], *, allowed: Iterable[Ladder] = ()
    ) -> frozenset[str]:
        """Which nodes of ``ids`` are seen and lie where each of ``allowed`` shows all.

        Asks nothing where that is all of them or none; errors as in ``select``.
        """
        wanted = sorted(set(ids))
        if not wanted:
            return frozenset()
        rows = common([self.rows(label), *allowed])
        if Scope.ANY in rows:
            return frozenset(wanted)
        if not rows:
            return frozenset()
        request = Request(nodes=Selected(label=label, parts=(Anchor(),)), ids=_IDS)
        narrowed = replace(self.rights, cells={(str(label), Action.READ): rows})
        compiled = compile_request(request, narrowed)
        row = await read_request(store, compiled, {**self.given, _IDS: wanted})
        return frozenset(id_ for (id_,) in self._current(row["nodes"], row["epoch"]))

    def read(self, coordinate: str) -> Ladder:
        """Where a coordinate is read."""
        return self.rights.cell(coordinate, Action.READ)

    def way(
        self, anchor: Label, type_: RelationshipType, target: Label, *, inverse: bool
    ) -> tuple[Field, bool]:
        """The field that tells of a relationship of ``anchor`` to ``target``, and whether it is one
        of ``target``: to whoever reads of their own orders what is in them, that says which of
        these a product is in, too. What leads there is not to be read by whoever sees all.

        Raises:
            ForbiddenError: there is none, so nobody can select it.
        """
        field = walked(anchor, type_, target, inverse=inverse)
        if full(self.read(field.coordinate)):
            return field, False
        back = leading(target, type_, anchor, inverse=not inverse)
        own = full(self.read(back.coordinate)) if back else {}
        return (back, True) if back and own and Scope.ANY not in own else (field, False)

    def _current(self, rows: Any, epoch: int) -> Any:
        if epoch != self.rights.epoch:
            raise StalePolicyError("the policy is being replaced; try again")
        return rows


def asker_of(rights: Rights, actor: Actor) -> Asker:
    """``actor`` with what their roles may do."""
    values = {str(scope): ids for scope, ids in scope_values(actor).items()}
    return Asker(rights=rights, given=values)


def full(ladder: Ladder) -> Ladder:
    """The steps that show everything: an answer never tells half a value."""
    return {scope: show for scope, show in ladder.items() if show is Show.FULL}


def common(ladders: Iterable[Ladder]) -> Ladder:
    """The scopes in which every ladder shows all. Rows that lie in one scope of one ladder and in
    another of the next are left out: never too many.
    """
    shown = [full(ladder) for ladder in ladders]
    if all(Scope.ANY in ladder for ladder in shown):
        return {Scope.ANY: Show.FULL}
    return settled(
        {
            scope: Show.FULL
            for scope in Scope
            if all(scope in ladder or Scope.ANY in ladder for ladder in shown)
        }
    )


def walked(
    anchor: Label, type_: RelationshipType, target: Label, *, inverse: bool = False
) -> Field:
    """The field that leads from ``anchor`` along a relationship to ``target``.

    Raises:
        ForbiddenError: there is none, so nobody can select it.
    """
    field = leading(anchor, type_, target, inverse=inverse)
    if field is None:
        raise ForbiddenError(f"{anchor} has no field along {type_}")
    return field
