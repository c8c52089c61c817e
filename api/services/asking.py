"""Work under the rights of whoever asks, begun anew where they turn out to be replaced."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from api.bootstrap import Platform
from graph.errors import StalePolicyError, UnavailableError
from graph.model import Actor
from graph.selection.asker import Asker, asker_of

T = TypeVar("T")
_TRIES = 5
"""As for pages: see ``api.services.reading``."""


async def asked(platform: Platform, actor: Actor, work: Callable[[Asker], Awaitable[T]]) -> T:
    """What ``work`` comes to; nothing is ever told under a policy that was replaced.

    Raises:
        UnavailableError: the policy moves under our hands; and whatever ``work`` raises.
    """
    for _ in range(_TRIES):
        try:
            return await work(asker_of(platform.rights(actor), actor))
        except StalePolicyError:
            await platform.refresh_policy()
    raise UnavailableError("the policy is being replaced; try again")
