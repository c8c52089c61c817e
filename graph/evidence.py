"""What speaks for a route: all there is, or what the asker of a preview may select of it.

Two rules. The route of a ticket is the platform's: everything speaks, whoever wrote the ticket,
and its receipt is shown only to those who may see routes. A preview is the asker's: a row that
they may not select, or a field walked from it that they may not read, is as if it were not there,
in the scores as in what the receipt names.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from graph.errors import ForbiddenError
from graph.ontology import step_of
from graph.rights import Action, Ladder, Scope
from graph.selection.asker import Asker, common
from graph.selection.walk import Start, Trail, Walk, compile_walk
from graph.store import Store
from graph.vocabulary import Label, RelationshipType

Evidence = Mapping[str, Any]
_LOOKED_AT = 100
"""How many similar or earlier tickets are looked at to find those that the asker sees."""
_ISSUE = ("Issue", "Issue.parent", "Issue.departments")
_CATEGORY = ("Category", "Category.parent", "Category.departments")
_PRODUCT = ("Product.departments", "Product.category", *_CATEGORY)
_ALIAS = ("Alias", "Alias.text")
_NAMED = ("nameZh", "nameEn", "aliases")
NEEDED: Mapping[str, tuple[str, ...]] = {
    "issues": _ISSUE,
    "products": (*_PRODUCT, *_ALIAS, *(f"Product.{one}" for one in _NAMED)),
    "categories": (*_CATEGORY, *_ALIAS, *(f"Category.{one}" for one in _NAMED)),
    "orders": ("Product", *_PRODUCT),
    "customer": _ISSUE,
    "search": _ISSUE,
    "departments": (*_ALIAS, *(f"Department.{one}" for one in _NAMED)),
}
"""What each kind of evidence is walked along in every row; what is walked in rows of people and
work is bounded row by row below.
"""


async def heard(store: Store, evidence: Evidence, *, asker: Asker, similar: int) -> Evidence:
    """``evidence`` without what ``asker`` may not be told of; ``similar`` is how many tickets vote.

    Raises:
        ForbiddenError: the asker sees no department, so there is nothing to show.
        StalePolicyError: the asker's rights are those of another policy.
        UnavailableError: the graph does not answer.
    """
    if not asker.rows(Label.DEPARTMENT):
        raise ForbiddenError(f"your roles show no {Label.DEPARTMENT}")
    found = {
        name: rows if name not in NEEDED or asker.everywhere(*NEEDED[name]) else []
        for name, rows in evidence.items()
    }
    seen = await asker.seen(store, Label.PRODUCT, [one["id"] for one in found["products"]])
    found["products"] = [one for one in found["products"] if one["id"] in seen]
    found["orders"] = [
        one for one in found["orders"] if await _reaches_products(store, one["id"], asker)
    ]
    return {**found, **await _tickets(store, found, asker=asker, similar=similar)}


async def _reaches_products(store: Store, key: str, asker: Asker) -> bool:
    if asker.everywhere("Order", "Order.id", "Order.number", "Order.products"):
        return True
    contains = step_of(Label.ORDER, RelationshipType.CONTAINS)
    start = Start(label=Label.ORDER, key="number_key", slot="key", found_by=("number", "id"))
    trail = Trail(label=Label.ORDER, start=start, steps=(contains,))
    try:
        query = compile_walk(Walk(label=Label.PRODUCT, trails=(trail,)), asker)
        return bool(await asker.select(store, query, key=key))
    except ForbiddenError:
        return False


async def _tickets(store: Store, found: Evidence, *, asker: Asker, similar: int) -> Evidence:
    """The customer and the words, or, where not all tickets may vote, those that do."""
    customers = await asker.seen(
        store, Label.CUSTOMER, found["customer"], allowed=[asker.read("Customer.tickets")]
    )
    voting = [asker.read(f"{Label.TICKET}.{field}") for field in ("id", "issues")]
    # Similar tickets are found by what was said in them, and by being solved.
    told = asker.rights.cell(f"{Label.MESSAGE}.text", Action.FILTER)
    found_by = [*voting, told, asker.read(f"{Label.TICKET}.state")]
    served = await asker.seen(
        store, Label.CUSTOMER, found["served"], allowed=[asker.read("Customer.departments")]
    )
    earlier = await _voting(
        store, "route-earlier", [{"customer": one} for one in customers], voting, asker=asker
    )
    searched = [{"search": one, "terms": found["terms"]} for one in found["search"]]
    chosen = await _voting(store, "route-similar", searched, found_by, asker=asker)
    return {
        "customer": sorted(customers),
        "served": sorted(served),
        "earlier": earlier,
        "search": found["search"] if chosen is None else [],
        "similar": chosen[:similar] if chosen else [],
    }


async def _voting(
    store: Store,
    name: str,
    questions: Sequence[Mapping[str, Any]],
    allowed: Sequence[Ladder],
    *,
    asker: Asker,
) -> list[str] | None:
    """Which of the tickets that the query called ``name`` finds may vote, in its order; ``None``
    for all.
    """
    if Scope.ANY in common([asker.rows(Label.TICKET), *allowed]):
        return None
    ids = [
        row["id"]
        for values in questions
        for row in await store.read(name, most=_LOOKED_AT, **values)
    ]
    seen = await asker.seen(store, Label.TICKET, ids, allowed=allowed)
    return [one for one in ids if one in seen]
