"""Work under the rights of whoever asks, begun anew where they turn out to be replaced."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from api.bootstrap import Platform
from graph.errors import StalePolicyError
from graph.model import Actor
from graph.selection.asker import Asker, asker_of

T = TypeVar("T")


async def asked(platform: Platform, actor: Actor, work: Callable[[Asker], Awaitable[T]]) -> T:
    """What ``work`` comes to; nothing is ever told under a policy that was replaced.

    Raises:
        StalePolicyError: the policy moved twice; and whatever ``work`` raises.
    """
    try:
        return await work(asker_of(platform.rights(actor), actor))
    except StalePolicyError:
        await platform.refresh_policy()
    return await work(asker_of(platform.rights(actor), actor))
