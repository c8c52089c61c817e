"""The identity provider's public keys: found by discovery or a fixed address, cached, rotated."""

import asyncio
import json
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from api.errors import SignInUnavailableError, UnauthenticatedError
from api.settings import Settings, is_loopback, is_safe_url

log = logging.getLogger("deskgraph.signin")
Key = RSAKey | ECKey | OKPKey
_KINDS: Mapping[str, type[RSAKey] | type[ECKey] | type[OKPKey]] = {
    "RSA": RSAKey,
    "EC": ECKey,
    "OKP": OKPKey,
}
"""Public keys only: a shared secret in the list is no key of ours."""

RETRY_SECONDS = 30.0
KEEP_SECONDS = 600.0
TIMEOUT_SECONDS = 5.0
_LONGEST_SECONDS = 10.0
_MOST_BYTES = 1 << 20
_LEAST_BITS = 2048
_DISCOVERY = "/.well-known/openid-configuration"
_PRIVATE = frozenset({"d", "k"})


class Jwks:
    """Keys by their id. ``clock`` counts seconds; ``fetch`` gets an address as an object.

    Fetched when first needed, when older than ``KEEP_SECONDS``, and for a key id that is unknown,
    but never more often than every ``RETRY_SECONDS``, whatever tokens come.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], float] = time.monotonic,
        fetch: Callable[[str], Mapping[str, Any]] | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._fetch = fetch or _download
        self._keys: dict[str, Key] = {}
        self._read_at: float | None = None
        self._tried_at: float | None = None
        self._refreshing = asyncio.Lock()

    async def get_key(self, kid: str | None) -> Key:
        """The key with this id.

        Raises:
            UnauthenticatedError: no such key, or a token that names none.
            SignInUnavailableError: no keys could be fetched so far.
        """
        if kid is None:
            raise UnauthenticatedError("the token is not valid, or no longer")
        # Who has a key that is known does not wait for a refresh that another request began.
        if kid not in self._keys or (self._old() and not self._refreshing.locked()):
            async with self._refreshing:
                if (kid not in self._keys or self._old()) and self._may_try():
                    await self._refresh()
        if self._read_at is None:
            raise SignInUnavailableError("sign-in is not possible now; try again")
        if kid not in self._keys:
            raise UnauthenticatedError("the token is not valid, or no longer")
        return self._keys[kid]

    def _old(self) -> bool:
        return self._read_at is None or self._clock() - self._read_at >= KEEP_SECONDS

    def _may_try(self) -> bool:
        return self._tried_at is None or self._clock() - self._tried_at >= RETRY_SECONDS

    async def _refresh(self) -> None:
        self._tried_at = self._clock()
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                self._keys = await asyncio.to_thread(self._read)
        except (OSError, ValueError) as error:
            # Those we have stay good: a provider that is away must not lock everybody out.
            log.warning("keys of the identity provider not read: %s", error)
            return
        self._read_at = self._tried_at
        log.info("keys of the identity provider read: %d", len(self._keys))

    def _read(self) -> dict[str, Key]:
        found = self._fetch(self._settings.jwks_url or self._discovered()).get("keys")
        if not isinstance(found, list):
            raise ValueError("the key set has no list of keys")
        keys = [key for given in found if isinstance(given, dict) and (key := _key(given))]
        return {str(key.kid): key for key in keys}

    def _discovered(self) -> str:
        issuer = self._settings.oidc_issuer
        found = self._fetch(f"{issuer.rstrip('/')}{_DISCOVERY}")
        if found.get("issuer") != issuer:
            raise ValueError(f"discovery names another issuer than {issuer}")
        address = found.get("jwks_uri")
        if not isinstance(address, str) or not is_safe_url(address):
            raise ValueError("discovery names no https address of keys")
        return address


def _key(given: Mapping[str, Any]) -> Key | None:
    """The public signing key that ``given`` is, if it is one."""
    kind = _KINDS.get(str(given.get("kty")))
    usable = given.get("use", "sig") == "sig" and isinstance(given.get("kid"), str)
    if kind is None or not usable or _PRIVATE & given.keys():
        return None
    try:
        key = kind.import_key(dict(given))
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    short = isinstance(key, RSAKey) and key.public_key.key_size < _LEAST_BITS
    return None if short else key


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """An address is what the settings say, nothing else."""


def _download(url: str) -> Mapping[str, Any]:
    """The JSON object at ``url``.

    Raises:
        OSError: not reachable in time, or not found.
        ValueError: no JSON object, or too long.
    """
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if is_loopback(urlsplit(url).hostname or ""):
        handlers.append(urllib.request.ProxyHandler({}))
    opener = urllib.request.build_opener(*handlers)
    with opener.open(url, timeout=TIMEOUT_SECONDS) as answer:
        body = answer.read(_MOST_BYTES + 1)
    if len(body) > _MOST_BYTES:
        raise ValueError(f"{url}: more than {_MOST_BYTES} bytes")
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError(f"{url}: no JSON object")
    return found
