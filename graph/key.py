"""API keys as the graph keeps them, and the places an agent works in: what sign-in asks of it.

Of a key's secret only the SHA-256 lies here: it is 32 random bytes, which nobody guesses.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

from graph.errors import NotFoundError
from graph.migrations import now_ms
from graph.store import Row, Store


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiKey:
    """One key. Instants are milliseconds since the epoch; absent ones are ``None``."""

    id: str
    name: str
    author: str
    roles: tuple[str, ...]
    secret_hash: str = field(repr=False)
    created_at: int
    expires_at: int | None = None
    revoked_at: int | None = None

    def opens(self, secret: str, *, at: int) -> bool:
        """Whether ``secret`` is this key's, and the key is good at the instant ``at``."""
        ours = hmac.compare_digest(hashed(secret), self.secret_hash)
        return ours and self.good(at=at)

    def good(self, *, at: int) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """The departments of an agent and the business lines of those."""

    department_ids: frozenset[str]
    line_ids: frozenset[str]


def hashed(secret: str) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def create_key(store: Store, key: ApiKey) -> None:
    """Write a new key.

    Raises:
        ConstraintViolationError: the id is taken.
        UnavailableError: the graph does not answer.
    """
    await store.write(
        "key-create",
        id=key.id,
        name=key.name,
        author=key.author,
        roles=list(key.roles),
        secret_hash=key.secret_hash,
        now=key.created_at,
        expires_at=key.expires_at,
    )


async def find_key(store: Store, id_: str) -> ApiKey | None:
    """The key, good or not.

    Raises:
        UnavailableError: the graph does not answer.
    """
    rows = await store.read("key-get", id=id_)
    return _key(rows[0]) if rows else None


async def list_keys(store: Store) -> list[ApiKey]:
    """Every key ever made, newest first.

    Raises:
        UnavailableError: the graph does not answer.
    """
    return [_key(row) for row in await store.read("key-list")]


async def revoke_key(store: Store, id_: str) -> int:
    """End a key for good; the instant of the first revocation. Idempotent.

    Raises:
        NotFoundError: no such key.
        UnavailableError: the graph does not answer.
    """
    rows = await store.write("key-revoke", id=id_, now=now_ms())
    if not rows:
        raise NotFoundError(f"no key {id_!r}")
    return int(rows[0]["revoked_at"])


async def find_places(store: Store, agent_id: str) -> Places:
    """Where the agent works; empty for one that the graph does not know.

    Raises:
        UnavailableError: the graph does not answer.
    """
    rows = await store.read("agent-places", id=agent_id)
    return Places(
        department_ids=frozenset(row["department"] for row in rows),
        line_ids=frozenset(line for row in rows for line in row["lines"]),
    )


def _key(row: Row) -> ApiKey:
    values: dict[str, Any] = {**row, "roles": tuple(row["roles"])}
    return ApiKey(**values)
