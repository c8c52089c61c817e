"""Asks over HTTP, and goes on."""

from typing import Any

from api.signin import local_actor
from graph.model import Actor
from tests.api.conftest import Client

ASK = """query ($q: String!, $id: ID) { ask(question: $q, conversationId: $id) {
  answer kind question withheld conversationId suggestions citations { id name } } }"""
BOT = local_actor(("service",), name="bot")


async def asked(client: Client, text: str, *, actor: Actor = BOT, after: Any = None) -> Any:
    given = {"q": text, "id": after and after["conversationId"]}
    return (await client.data(ASK, actor=actor, **given))["ask"]
