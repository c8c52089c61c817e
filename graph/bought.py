"""What a customer has bought settles what an ambiguous name in their words stands for.

"The dryer" of who owns one dryer is that one. It is looked up only where a name is ambiguous.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from graph.errors import ForbiddenError
from graph.knowledge import Near, Node
from graph.model import Document, Link
from graph.nearness import is_ambiguous, settled
from graph.ontology import step_of
from graph.question.lexicon import Kind, lexicon
from graph.selection.asker import Asker
from graph.selection.walk import Start, Trail, Walk, compile_walk
from graph.store import Store
from graph.text import fold
from graph.vocabulary import Label, RelationshipType

_T = RelationshipType
_LATEST = 50
_CUSTOMER = "customer"


async def settle(
    store: Store,
    document: Document,
    *,
    near: Near,
    customer: str | None,
    asker: Asker | None,
    spoken_of: Sequence[Node] = (),
) -> Document:
    """``document``, its ambiguous names settled by what was ``spoken_of`` before, or what
    ``customer`` has bought, as far as ``asker`` may select it; without an asker by all of it.

    Raises:
        StalePolicyError: the asker's rights are those of another policy.
        UnavailableError: the graph does not answer.
    """
    if is_ambiguous(document.links):
        document = replace(document, links=tuple(_of_their_kind(document)))
    if spoken_of:
        document = replace(document, links=settled(document.links, near, known=spoken_of))
    if customer is None or not is_ambiguous(document.links):
        return document
    known = await _bought(store, customer, asker)
    return replace(document, links=settled(document.links, near, known=known))


def _of_their_kind(document: Document) -> Iterator[Link]:
    """Of a mention of several nodes those of the kind that is said right after it: 扫地机器人技能
    is no product.
    """
    classes = [hit for hit in lexicon().find(fold(document.text)) if hit.kind is Kind.CLASS]
    for link in document.links:
        said = {hit.said for hit in classes if 0 <= hit.start - link.end <= 1}
        same = [one for one in document.links if (one.start, one.end) == (link.start, link.end)]
        if link.label in said or not any(one.label in said for one in same):
            yield link


async def _bought(store: Store, customer: str, asker: Asker | None) -> list[Node]:
    if asker is None:
        rows = await store.read("customer-products", customer=customer, latest=_LATEST)
        return [(Label.PRODUCT, row["id"]) for row in rows]
    start = Start(label=Label.CUSTOMER, key="id", slot=_CUSTOMER)
    steps = (step_of(Label.CUSTOMER, _T.PLACED), step_of(Label.ORDER, _T.CONTAINS))
    walk = Walk(
        label=Label.PRODUCT,
        trails=(Trail(label=Label.CUSTOMER, start=start, steps=steps),),
    )
    try:
        query = compile_walk(walk, asker)
    except ForbiddenError:
        return []
    rows = await asker.select(store, query, **{_CUSTOMER: customer})
    return [(Label.PRODUCT, id_) for id_, *_ in rows]
