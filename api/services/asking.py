"""Work under the rights of whoever asks, begun anew where they turn out to be replaced."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from api.bootstrap import Platform
from api.services.reading import whole
from graph.model import Actor
from graph.selection.asker import Asker, asker_of

T = TypeVar("T")


async def asked(platform: Platform, actor: Actor, work: Callable[[Asker], Awaitable[T]]) -> T:
    """What ``work`` comes to; nothing is ever told under a policy that was replaced.

    Raises:
        UnavailableError: the policy moves under our hands; and whatever ``work`` raises.
    """

    async def anew() -> T:
        return await work(asker_of(platform.rights(actor), actor))

    return await whole(platform, anew)
