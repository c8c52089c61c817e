"""A text to a route, without writing anything."""

import json
from dataclasses import dataclass, replace

from api.bootstrap import Platform
from api.plan.planning import shows_receipts
from api.services.asking import asked
from api.services.staffing import STAFF_COORDINATES, choice_for, missing_of, need_of
from api.services.texts import checked
from graph.bought import settle
from graph.errors import UnavailableError
from graph.migrations import now_ms
from graph.model import Actor, Choice, Document, Receipt
from graph.ranking import InForce
from graph.rights import Action
from graph.routing import preview, receipt_from_json
from graph.selection.asker import Asker
from graph.vocabulary import Label


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
        near = platform.extractor.knowledge.near
        said = await settle(platform.store, document, near=near, customer=customer, asker=asker)
        return await receipt_for(platform, said, customer=customer, asker=asker)

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
    if asker and not asker.everywhere(*STAFF_COORDINATES):
        return receipt
    choice = await choice_for(platform, document, receipt, customer=customer)
    return replace(receipt, choice=choice)


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """A stored receipt, and the agent who would be chosen now."""

    receipt: Receipt
    choice: Choice | None


async def explain_route(platform: Platform, actor: Actor, ticket: str) -> Explained | None:
    """Why a ticket is where it is; ``None`` where there is none, or none that ``actor`` may be
    told of.

    Raises:
        ForbiddenError: the actor may not see routes.
        UnavailableError: the graph does not answer, or the policy keeps moving.
    """

    async def work(asker: Asker) -> Explained | None:
        rights = asker.rights
        rights.reach(actor, Action.READ, Label.ROUTE)
        rows = rights.cell(Label.ROUTE, Action.READ)
        if not shows_receipts(rights, rows=rows):
            return None
        route = await asker.seen(platform.store, Label.ROUTE, [f"{ticket}/route"])
        told = [asker.read(f"{Label.TICKET}.route")]
        seen = await asker.seen(platform.store, Label.TICKET, [ticket], allowed=told)
        return await _explained(platform, ticket) if route and seen else None

    return await asked(platform, actor, work)


async def _explained(platform: Platform, ticket: str) -> Explained | None:
    rows = await platform.store.read("route-explained", ticket=ticket)
    if not rows or not rows[0]["receipt"]:
        return None
    (row,) = rows
    receipt = receipt_from_json(json.loads(row["receipt"]))
    document = platform.extractor.extract(row["text"] or "", resolutions=False)
    held = replace(receipt, department=row["department"] or receipt.department)
    waited = max(now_ms() - row["since"], 0)
    choice = await choice_for(platform, document, held, customer=row["customer"], waited=waited)
    return Explained(receipt=receipt, choice=choice)


def in_force(platform: Platform) -> InForce:
    """What routes are decided with now."""
    return InForce(
        model=f"{platform.extractor.model} · {platform.weighing.name}",
        policy_epoch=platform.policy.epoch,
        knowledge_epoch=platform.extractor.knowledge.epoch,
        weighing=platform.weighing,
    )
