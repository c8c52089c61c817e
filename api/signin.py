"""From a bearer token to an actor; nothing else reads credentials.

Attributes come from the verified token only, never from arguments of a request.
"""

from typing import Any

from api.errors import UnauthenticatedError
from api.settings import Settings
from graph.model import Actor
from policies.policy import ROLES

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
    # Imported here: a server without sign-in, and most commands, never see a token.
    from api.bearer import read_token  # noqa: PLC0415

    return _actor(read_token(token, settings.token_secret))


def local_actor(roles: tuple[str, ...], *, name: str = "local", **scope: Any) -> Actor:
    """The actor of this machine's own commands and of a server without sign-in."""
    return Actor(id=name, roles=frozenset(roles), **scope)


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
