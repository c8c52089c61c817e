"""From a bearer token to an actor; nothing else reads credentials.

HS256 tokens with the claims ``sub``, ``exp``, ``roles``, ``customer``, ``departments``, ``lines``.
Attributes come from the verified token only, never from arguments of a request.
"""

import time
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from api.errors import UnauthenticatedError
from api.settings import Settings
from graph.model import Actor
from policies.policy import ROLES

ALGORITHM = "HS256"
ISSUER = "deskgraph"
ANONYMOUS = Actor(id="anonymous")


def actor_of(authorization: str | None, settings: Settings) -> Actor:
    """Who sent this ``Authorization`` header.

    Without configured sign-in everybody on this machine is the local actor; with it, a request
    without a token is anonymous and has no role.

    Raises:
        UnauthenticatedError: a header that is no valid, current token of ours.
    """
    if not settings.signed_in:
        return local_actor(settings.local_roles)
    if not authorization:
        return ANONYMOUS
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthenticatedError("send 'Authorization: Bearer TOKEN'")
    return _actor(_claims(token, settings.token_secret))


def local_actor(roles: tuple[str, ...], *, name: str = "local", **scope: Any) -> Actor:
    """The actor of this machine's own commands and of a server without sign-in."""
    return Actor(id=name, roles=frozenset(roles), **scope)


def issue_token(actor: Actor, settings: Settings, *, seconds: int) -> str:
    """A token for ``actor``, good for ``seconds``; for development."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "sub": actor.id,
        "iat": now,
        "exp": now + seconds,
        "roles": sorted(actor.roles),
        "customer": actor.customer_id,
        "departments": sorted(actor.department_ids),
        "lines": sorted(actor.line_ids),
    }
    return jwt.encode({"alg": ALGORITHM}, claims, OctKey.import_key(settings.token_secret))


def _claims(token: str, secret: str) -> dict[str, Any]:
    registry = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": ISSUER}, exp={"essential": True}, sub={"essential": True}
    )
    try:
        decoded = jwt.decode(token, OctKey.import_key(secret), algorithms=[ALGORITHM])
        registry.validate(decoded.claims)
    except (JoseError, ValueError):
        raise UnauthenticatedError("the token is not valid, or no longer") from None
    return dict(decoded.claims)


def _actor(claims: dict[str, Any]) -> Actor:
    customer = claims.get("customer")
    if not isinstance(customer, str | None):
        raise UnauthenticatedError("the token's customer is not an id")
    return Actor(
        id=str(claims["sub"]),
        roles=_names(claims, "roles") & frozenset(ROLES),
        customer_id=customer,
        department_ids=_names(claims, "departments"),
        line_ids=_names(claims, "lines"),
    )


def _names(claims: dict[str, Any], claim: str) -> frozenset[str]:
    found = claims.get(claim) or []
    if not isinstance(found, list):
        raise UnauthenticatedError(f"the token's {claim} are not a list")
    return frozenset(map(str, found))
