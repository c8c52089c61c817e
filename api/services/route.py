"""A text to a route, without writing anything."""

from dataclasses import replace

from api.bootstrap import Platform
from api.services.asking import asked
from api.services.staffing import choice_for, missing_of, need_of
from api.services.texts import checked
from graph.errors import UnavailableError
from graph.model import Actor, Document, Receipt
from graph.ranking import InForce
from graph.rights import Action
from graph.routing import preview
from graph.selection.asker import Asker
from graph.vocabulary import Label

_STAFF = (
    "Agent", "Agent.departments", "Agent.skills", "Agent.languages", "Agent.capacity",
    "Agent.roles", "Agent.tickets", "Issue.skills", "Issue.needs", "Skill",
)  # fmt: skip
"""What the choice of an agent tells of."""


async def preview_route(
    platform: Platform, actor: Actor, text: str, *, customer: str | None = None
) -> Receipt:
    """Where ``text`` would go now, and why, by what ``actor`` may select. A customer out of their
    scope is none.

    Raises:
        ForbiddenError: the actor may not see routes, or no department.
        InputError: empty, too long, or not text.
        UnavailableError: the graph does not answer, holds no department yet, or
            the policy keeps moving.
    """
    platform.rights(actor).reach(actor, Action.READ, Label.ROUTE)
    text = checked(text, platform.settings, field="text")
    document = platform.extractor.extract(text, resolutions=False)

    async def work(asker: Asker) -> Receipt:
        asker.rights.reach(actor, Action.READ, Label.ROUTE)
        return await receipt_for(platform, document, customer=customer, asker=asker)

    return await asked(platform, actor, work)


async def receipt_for(
    platform: Platform, document: Document, *, customer: str | None, asker: Asker | None = None
) -> Receipt:
    """The receipt of a document that is understood already: the platform's own, of all that
    speaks, or what ``asker`` may be told. Errors as in ``preview_route``.
    """
    need = need_of(platform, document)
    receipt = await preview(
        platform.store,
        document,
        customer=customer,
        asker=asker,
        in_force=in_force(platform),
        missing=lambda department: missing_of(platform, need, department),
    )
    if receipt is None:
        raise UnavailableError("the graph holds no department yet; load knowledge first")
    if asker and not asker.everywhere(*_STAFF):
        return receipt
    choice = await choice_for(platform, document, receipt, customer=customer)
    return replace(receipt, choice=choice)


def in_force(platform: Platform) -> InForce:
    """What routes are decided with now."""
    return InForce(
        model=f"{platform.extractor.model} · {platform.weighing.name}",
        policy_epoch=platform.policy.epoch,
        knowledge_epoch=platform.extractor.knowledge.epoch,
        weighing=platform.weighing,
    )
