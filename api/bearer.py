"""Bearer tokens, verified: the claims ``sub``, ``roles``, ``customer``, ``departments``, ``lines``
and ``agent`` under our names.

Two ways, each with algorithms and keys of its own, so neither can be mistaken for the other: HS256
under the shared secret, for development and small desks; public-key signatures of the identity
provider, whose issuer and audience are required.
"""

import base64
import binascii
import json
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from api.errors import UnauthenticatedError
from api.jwks import Jwks
from api.settings import CLAIMS, Settings
from graph.model import Actor

ALGORITHM = "HS256"
PUBLIC_ALGORITHMS = ("RS256", "PS256", "ES256", "Ed25519")
ISSUER = "deskgraph"
LEEWAY_SECONDS = 30
"""How far the identity provider's clock may be from ours."""

_MOST_CHARACTERS = 16_384
_KEPT = 1_000


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
        "agent": actor.agent_id,
    }
    return jwt.encode({"alg": ALGORITHM}, claims, OctKey.import_key(settings.token_secret))


class TokenReader:
    """Reads tokens by the settings of sign-in."""

    def __init__(self, settings: Settings, *, jwks: Jwks | None = None) -> None:
        self._settings = settings
        self._jwks = jwks or (Jwks(settings) if settings.oidc_issuer else None)

    async def read(self, token: str) -> Mapping[str, Any]:
        """The claims of a valid, current token, under our names; ``exp`` is when it ends for us.

        Raises:
            UnauthenticatedError: it is none; the reason is not told.
            SignInUnavailableError: the identity provider's keys cannot be fetched.
        """
        try:
            header = _header(token)
            algorithm = header.get("alg")
            if algorithm == ALGORITHM and self._settings.token_secret:
                return _read_shared(token, self._settings.token_secret)
            if algorithm in PUBLIC_ALGORITHMS and self._jwks:
                return await self._read_public(token, header, self._jwks)
        except (JoseError, ValueError, TypeError, RecursionError):
            pass
        raise UnauthenticatedError("the token is not valid, or no longer")

    async def _read_public(
        self, token: str, header: Mapping[str, Any], jwks: Jwks
    ) -> Mapping[str, Any]:
        key = await jwks.get_key(str(header["kid"]) if "kid" in header else None)
        if key.alg not in (None, header["alg"]):
            raise ValueError("a key of another algorithm")
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._settings.oidc_issuer},
            aud={"essential": True, "value": self._settings.oidc_audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        decoded = jwt.decode(token, key, algorithms=list(PUBLIC_ALGORITHMS))
        registry.validate(decoded.claims)
        names = self._settings.oidc_claims
        ours = {name: _at(decoded.claims, names.get(name, name)) for name in CLAIMS}
        until = decoded.claims["exp"] + LEEWAY_SECONDS
        return {"sub": decoded.claims["sub"], "exp": until, **ours}


def _read_shared(token: str, secret: str) -> Mapping[str, Any]:
    registry = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": ISSUER}, exp={"essential": True}, sub={"essential": True}
    )
    claims = _signed(token, secret)
    registry.validate(claims)
    return dict(claims)


@lru_cache(maxsize=_KEPT)
def _signed(token: str, secret: str) -> dict[str, Any]:
    """The claims under a signature that is ours. Whether they are still good is asked each time."""
    key = OctKey.import_key(secret)
    return dict(jwt.decode(token, key, algorithms=[ALGORITHM]).claims)


def _header(token: str) -> Mapping[str, Any]:
    """The header as it claims to be; only chooses the way, decides nothing."""
    if len(token) > _MOST_CHARACTERS:
        raise ValueError("longer than any token")
    first = token.partition(".")[0].encode("ascii")
    try:
        found = json.loads(base64.urlsafe_b64decode(first + b"=" * (-len(first) % 4)))
    except binascii.Error:
        raise ValueError("no base64") from None
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """The claim called ``path``, or reached by its dots: ``realm_access.roles``."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found
