"""A text to a route, without writing anything."""

from api.bootstrap import Platform
from api.services.ask import order_reach
from api.services.texts import checked
from graph.errors import UnavailableError
from graph.model import Actor, Document, Receipt
from graph.rights import Action, Reach
from graph.routing import preview
from graph.vocabulary import Label

NOBODY = Reach(everything=False, customer_id=None, department_ids=frozenset(), line_ids=frozenset())


async def preview_route(
    platform: Platform, actor: Actor, text: str, *, customer: str | None = None
) -> Receipt:
    """Where ``text`` would go now, and why.

    Raises:
        ForbiddenError: the actor may not see routes.
        InputError: empty, too long, or not text.
        UnavailableError: the graph does not answer, or holds no department yet.
    """
    platform.rights(actor).reach(actor, Action.READ, Label.ROUTE)
    text = checked(text, platform.settings, field="text")
    document = platform.extractor.extract(text, resolutions=False)
    return await receipt_for(platform, actor, document, customer=customer)


async def receipt_for(
    platform: Platform, actor: Actor, document: Document, *, customer: str | None
) -> Receipt:
    """The receipt of a document that is understood already; errors as in ``preview_route``."""
    receipt = await preview(
        platform.store,
        document,
        customer=customer,
        orders=order_reach(platform, actor) or NOBODY,
        model=platform.extractor.model,
        policy_epoch=platform.policy.epoch,
        knowledge_epoch=platform.extractor.knowledge.epoch,
    )
    if receipt is None:
        raise UnavailableError("the graph holds no department yet; load knowledge first")
    return receipt
