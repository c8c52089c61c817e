"""A message to a ticket: understood, routed, sealed and written once."""

import asyncio
from dataclasses import dataclass

import orjson

from api.bootstrap import Platform
from api.services.asking import asked
from api.services.changes import check_key
from api.services.route import receipt_for
from api.services.staffing import took
from api.services.texts import checked
from graph.bought import settle
from graph.errors import ForbiddenError, NotFoundError
from graph.intake import Arrival, Sealed
from graph.model import Actor, Receipt
from graph.rights import Action
from graph.selection.asker import Asker
from graph.vocabulary import Label

SEALED_FIELD = "Message.text"
_OPERATION = "createTicket"
NO_CUSTOMER = "no such customer"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewMessage:
    """What arrives. ``idempotency_key`` is the caller's; the same key never makes two tickets."""

    text: str
    idempotency_key: str
    customer: str | None = None
    channel: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ingested:
    """The ticket's id and, unless it existed already, the receipt of its route."""

    id: str
    receipt: Receipt


async def ingest(platform: Platform, actor: Actor, message: NewMessage) -> Ingested:
    """Create a ticket from a message; durable when it returns.

    Raises:
        ForbiddenError: the actor may not create tickets, or not for this customer.
        InputError: text or key cannot be used.
        NotFoundError: no such customer.
        ConflictError: the key was used with another body.
        UnavailableError: the graph does not answer; repeat with the same key.
    """
    checked(message.text, platform.settings, field="text")
    check_key(message.idempotency_key)
    return await take_in(platform, actor, message)


async def take_in(platform: Platform, actor: Actor, message: NewMessage) -> Ingested:
    """``ingest`` for text that need not come from a form: an empty mail is a ticket, too."""
    customer = await _customer(platform, actor, message)
    text = message.text
    document = await settle(
        platform.store,
        platform.extractor.extract(text, resolutions=False),
        near=platform.extractor.knowledge.near,
        customer=customer,
        asker=None,
    )
    number = platform.intake.number()
    sealed, receipt = await asyncio.gather(
        _sealed(platform, text, customer=customer, ticket=number.id),
        receipt_for(platform, document, customer=customer),
    )
    body = orjson.dumps([text, message.customer, message.channel])
    arrival = Arrival(
        document=document,
        sealed=sealed,
        request=f"{actor.id}|{_OPERATION}|{message.idempotency_key}",
        fingerprint=platform.vault.sealer.fingerprint(body),
        source=f"message:{message.channel or 'api'}",
        customer=customer,
        channel=message.channel,
    )
    created = await platform.intake.create(arrival, number=number, receipt=receipt)
    if created == number.id:
        took(platform, receipt)
        await platform.announce([created])
    return Ingested(id=created, receipt=receipt)


async def _customer(platform: Platform, actor: Actor, message: NewMessage) -> str | None:
    """Whose ticket it becomes. A customer that the actor does not see is as good as absent."""
    reach = platform.rights(actor).reach(actor, Action.CREATE, Label.TICKET)
    if not reach.everything:
        if actor.customer_id is None or message.customer not in {None, actor.customer_id}:
            raise ForbiddenError("your roles allow tickets for your own customer only")
        return actor.customer_id
    if message.customer is None:
        return None
    wanted = message.customer

    async def seen(asker: Asker) -> bool:
        return bool(await asker.seen(platform.store, Label.CUSTOMER, [wanted]))

    if not await asked(platform, actor, seen):
        raise NotFoundError(NO_CUSTOMER)
    return wanted


async def _sealed(platform: Platform, text: str, *, customer: str | None, ticket: str) -> Sealed:
    """The original under the customer's key, or under one of the ticket's own."""
    vault = platform.vault
    if customer is None:
        owner = f"{Label.TICKET}:{ticket}"
        key = vault.new_data_key(owner)
        value = vault.seal_text(text, owner=owner, field=SEALED_FIELD, data_key=key)
        return Sealed(text=value, data_key=key)
    rows = await platform.store.read("customer-key-get", id=customer)
    if not rows or not rows[0]["data_key"]:
        raise NotFoundError(NO_CUSTOMER)
    owner = f"{Label.CUSTOMER}:{customer}"
    key = rows[0]["data_key"]
    return Sealed(text=vault.seal_text(text, owner=owner, field=SEALED_FIELD, data_key=key))
