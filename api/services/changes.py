"""What every change through the API passes: its idempotency key, and the policy in force."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import orjson

from api.bootstrap import Platform
from api.errors import InputError
from graph.change import Author, Claim
from graph.errors import StalePolicyError
from graph.model import Actor

T = TypeVar("T")
_MAX_KEY = 200
_TRIES = 3


def check_key(key: str) -> None:
    """Whether an idempotency key can be used.

    Raises:
        InputError: it is empty or too long.
    """
    if not 1 <= len(key) <= _MAX_KEY:
        raise InputError("idempotencyKey", f"idempotencyKey needs 1 to {_MAX_KEY} characters")


def claim_of(
    platform: Platform, actor: Actor, operation: str, *, key: str | None, body: Mapping[str, Any]
) -> Claim | None:
    """The claim of a request with this body; ``None`` where it brings no key.

    Raises:
        InputError: the key is empty or too long.
    """
    if key is None:
        return None
    check_key(key)
    content = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    return Claim(
        id=f"{actor.id}|{operation}|{key}",
        fingerprint=platform.vault.sealer.fingerprint(content),
    )


async def authored(platform: Platform, actor: Actor, work: Callable[[Author], Awaitable[T]]) -> T:
    """``work`` under the policy in force; judged anew when that has moved meanwhile.

    Raises:
        StalePolicyError: it keeps moving; nothing was written.
        and whatever ``work`` raises.
    """
    for _ in range(_TRIES):
        try:
            return await work(Author(actor=actor, rights=platform.rights(actor)))
        except StalePolicyError as error:
            stale = error
            await platform.refresh_policy()
    raise stale
