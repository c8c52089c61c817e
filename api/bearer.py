"""Bearer tokens: HS256, with the claims ``sub``, ``exp``, ``roles``, ``customer``, ``departments``,
``lines``.
"""

import time
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from api.errors import UnauthenticatedError
from api.settings import Settings
from graph.model import Actor

ALGORITHM = "HS256"
ISSUER = "deskgraph"


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


def read_token(token: str, secret: str) -> dict[str, Any]:
    """The claims of a valid, current token of ours.

    Raises:
        UnauthenticatedError: it is none.
    """
    registry = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": ISSUER}, exp={"essential": True}, sub={"essential": True}
    )
    try:
        decoded = jwt.decode(token, OctKey.import_key(secret), algorithms=[ALGORITHM])
        registry.validate(decoded.claims)
    except (JoseError, ValueError):
        raise UnauthenticatedError("the token is not valid, or no longer") from None
    return dict(decoded.claims)
