"""API keys of programs: made, shown once, looked up again. ``dgk_<id>_<secret>``.

The graph holds hashes only. A key found is remembered for half a second: a revoked one is refused
within a second in every process, and connections that it opened are closed.
"""

import re
import secrets
import time
from collections.abc import Callable

from api.errors import UnauthenticatedError
from graph.key import ApiKey, find_key, hashed
from graph.migrations import now_ms
from graph.model import Actor
from graph.store import Store
from policies.policy import ROLES

PREFIX = "dgk_"
KEEP_SECONDS = 0.5
_MOST_KEPT = 1_000
_FORM = re.compile(r"dgk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
_DAY_MS = 86_400_000


def make_key(
    *, name: str, author: str, roles: tuple[str, ...], days: int | None = None
) -> tuple[ApiKey, str]:
    """A new key and its text, which nobody can make again; good for ``days``, or until revoked."""
    id_, secret, now = secrets.token_hex(8), secrets.token_urlsafe(32), now_ms()
    key = ApiKey(
        id=id_,
        name=name,
        author=author,
        roles=roles,
        secret_hash=hashed(secret),
        created_at=now,
        expires_at=None if days is None else now + days * _DAY_MS,
    )
    return key, f"{PREFIX}{id_}_{secret}"


class KeyRing:
    """Finds the actor of a key. ``clock`` counts seconds."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._kept: dict[str, tuple[float, ApiKey]] = {}

    async def actor(self, text: str) -> Actor:
        """Who holds the key ``text``: an actor with its roles and nothing else.

        Raises:
            UnauthenticatedError: no such key, another secret, expired or revoked; all look alike.
            UnavailableError: the graph does not answer.
        """
        form = _FORM.fullmatch(text)
        key = await self._find(form[1]) if form else None
        if form is None or key is None or not key.opens(form[2], at=now_ms()):
            raise UnauthenticatedError("the key is not valid, or no longer")
        return Actor(id=f"key:{key.id}", roles=frozenset(key.roles) & frozenset(ROLES))

    async def _find(self, id_: str) -> ApiKey | None:
        asked = self._clock()
        read, kept = self._kept.get(id_, (0.0, None))
        if kept and asked - read < KEEP_SECONDS:
            return kept
        found = await find_key(self._store, id_)
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        if found:
            self._kept[id_] = (asked, found)
        return found
