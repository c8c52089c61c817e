"""From credentials to an actor; nothing else reads them.

Attributes come from the verified token or the graph only, never from arguments of a request.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from api.errors import UnauthenticatedError
from api.keyring import PREFIX, KeyRing
from api.session import Session
from api.settings import Settings
from graph.key import Places, find_places
from graph.model import Actor
from graph.store import Store
from policies.policy import ROLES

ANONYMOUS = Actor(id="anonymous")
_MOST_PLACES = 10_000


class SignIn:
    """Says who sent a request.

    ``epoch`` tells the knowledge epoch: where an agent works is remembered until it moves.
    """

    def __init__(self, settings: Settings, store: Store, *, epoch: Callable[[], int]) -> None:
        self._settings = settings
        self._store = store
        self._epoch = epoch
        self._keys = KeyRing(store)
        self._places: dict[str, Places] = {}
        self._places_epoch = -1
        self._tokens: Any = None
        if settings.signed_in:
            # Imported here: a server without sign-in, and most commands, never see a token.
            from api.bearer import TokenReader  # noqa: PLC0415

            self._tokens = TokenReader(settings)

    async def actor(self, headers: Mapping[str, str]) -> Actor:
        """Who sent these headers: ``authorization: Bearer`` token or key, or ``x-api-key``.

        Without configured sign-in everybody on this machine is the local actor; with it, a request
        without credentials is anonymous and has no role.

        Raises:
            UnauthenticatedError: credentials that are not valid, current and ours.
            SignInUnavailableError: the keys that sign tokens cannot be fetched.
            UnavailableError: the graph does not answer.
        """
        if not self._settings.signed_in:
            return local_actor(self._settings.local_roles)
        authorization, key = headers.get("authorization"), headers.get("x-api-key")
        if authorization and key:
            raise UnauthenticatedError("send either Authorization or X-API-Key")
        if key:
            return await self._keys.actor(key)
        if not authorization:
            return ANONYMOUS
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise UnauthenticatedError("send 'Authorization: Bearer TOKEN'")
        if token.startswith(PREFIX):
            return await self._keys.actor(token)
        return await self._placed(_actor(await self._tokens.read(token)))

    async def session(self, headers: Mapping[str, str]) -> Session:
        """Who opens a connection that stays open; see ``actor``.

        Raises:
            UnauthenticatedError, SignInUnavailableError, UnavailableError: as ``actor``.
        """
        epoch = self._epoch()
        actor = await self.actor(headers)
        authorization, key = headers.get("authorization"), headers.get("x-api-key")
        expires_at = None
        if self._settings.signed_in and authorization:
            expires_at = await self._expiry(authorization)
        return Session(
            actor=actor, authorization=authorization, key=key, expires_at=expires_at, epoch=epoch
        )

    async def holds(self, session: Session, *, now: float) -> bool:
        """Whether the credentials of ``session`` are still good and still mean the same actor.

        A token is believed until it expires; where its agent works is looked up again when
        knowledge moved, and a key every time, in the graph once in a while.

        Raises:
            UnauthenticatedError: they are good no more.
            SignInUnavailableError, UnavailableError: nobody can say now.
        """
        if not self._settings.signed_in:
            return True
        if session.expires_at is not None and now >= session.expires_at:
            return False
        if session.expires_at is not None and self._epoch() == session.epoch:
            return True
        shown = {"authorization": session.authorization, "x-api-key": session.key}
        headers = {name: value for name, value in shown.items() if value}
        return await self.actor(headers) == session.actor

    async def _expiry(self, authorization: str) -> float | None:
        token = authorization.partition(" ")[2]
        if token.startswith(PREFIX):
            return None
        return float((await self._tokens.read(token))["exp"])

    async def _placed(self, actor: Actor) -> Actor:
        """An agent whose token names no department works where the graph says."""
        if actor.agent_id is None or actor.department_ids:
            return actor
        found = await self._find_places(actor.agent_id)
        lines = actor.line_ids | found.line_ids
        return replace(actor, department_ids=found.department_ids, line_ids=lines)

    async def _find_places(self, agent_id: str) -> Places:
        epoch = self._epoch()
        if epoch != self._places_epoch or len(self._places) >= _MOST_PLACES:
            self._places, self._places_epoch = {}, epoch
        if agent_id not in self._places:
            found = await find_places(self._store, agent_id)
            if epoch != self._places_epoch:
                return found
            self._places[agent_id] = found
        return self._places[agent_id]


def local_actor(roles: tuple[str, ...], *, name: str = "local", **scope: Any) -> Actor:
    """The actor of this machine's own commands and of a server without sign-in."""
    return Actor(id=name, roles=frozenset(roles), **scope)


def _actor(claims: Mapping[str, Any]) -> Actor:
    return Actor(
        id=str(claims["sub"]),
        roles=_names(claims, "roles") & frozenset(ROLES),
        customer_id=_id(claims, "customer"),
        department_ids=_names(claims, "departments"),
        line_ids=_names(claims, "lines"),
        agent_id=_id(claims, "agent"),
    )


def _id(claims: Mapping[str, Any], claim: str) -> str | None:
    found = claims.get(claim)
    if not isinstance(found, str | None):
        raise UnauthenticatedError(f"the token's {claim} is not an id")
    return found or None


def _names(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    found = claims.get(claim) or []
    if not isinstance(found, list):
        raise UnauthenticatedError(f"the token's {claim} are not a list")
    return frozenset(map(str, found))
