"""Makes, lists and revokes the API keys of programs."""

from dataclasses import dataclass, field

from api.bootstrap import Platform
from api.errors import InputError
from api.keyring import make_key
from graph.key import ApiKey, create_key, list_keys, revoke_key
from graph.model import Actor
from graph.rights import Action
from policies.policy import ROLES

RESOURCE = "Policy"
"""A key gives rights, so it takes the right to change them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewKey:
    """``text`` is told this once and stored nowhere."""

    key: ApiKey
    text: str = field(repr=False)


async def create_api_key(
    platform: Platform, actor: Actor, *, name: str, roles: tuple[str, ...], days: int | None = None
) -> NewKey:
    """A new key with ``roles`` (bare names), good for ``days`` or until revoked.

    Raises:
        ForbiddenError: the actor may not change the policy.
        InputError: no name, no role, or a role that does not exist.
        UnavailableError: the graph does not answer; no key was made.
    """
    platform.rights(actor).reach(actor, Action.UPDATE, RESOURCE)
    if not name.strip():
        raise InputError("name", "name is empty; say what the key is for")
    if unknown := sorted(set(roles) - set(ROLES)) or ([] if roles else [""]):
        raise InputError("role", f"no role {unknown[0]!r}; known: {', '.join(ROLES)}")
    key, text = make_key(name=name.strip(), author=actor.id, roles=roles, days=days)
    await create_key(platform.store, key)
    return NewKey(key=key, text=text)


async def list_api_keys(platform: Platform, actor: Actor) -> list[ApiKey]:
    """Every key ever made, newest first.

    Raises:
        ForbiddenError: the actor may not read the policy.
        UnavailableError: the graph does not answer.
    """
    platform.rights(actor).reach(actor, Action.READ, RESOURCE)
    return await list_keys(platform.store)


async def revoke_api_key(platform: Platform, actor: Actor, id_: str) -> int:
    """End a key; every process refuses it within a second. The instant of the revocation.

    Raises:
        ForbiddenError: the actor may not change the policy.
        NotFoundError: no such key.
        UnavailableError: the graph does not answer.
    """
    platform.rights(actor).reach(actor, Action.UPDATE, RESOURCE)
    return await revoke_key(platform.store, id_)
