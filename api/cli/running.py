"""Runs a service against the configured graph as a named local actor."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from api.bootstrap import Platform, open_platform
from api.errors import InputError
from api.settings import read_settings
from api.signin import local_actor
from graph.model import Actor
from policies.policy import ROLES

T = TypeVar("T")


def run(
    work: Callable[[Platform, Actor], Awaitable[T]], *, roles: Sequence[str], **settings: Any
) -> T:
    """Open the platform, do ``work`` as the local actor with ``roles``, close it.

    Raises:
        InputError: a role that does not exist; and whatever opening or ``work`` raises.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    actor = actor_with(roles)

    async def opened() -> T:
        async with open_platform(read_settings(**settings)) as platform:
            return await work(platform, actor)

    return asyncio.run(opened())


def actor_with(roles: Sequence[str]) -> Actor:
    """The local actor with ``roles``, given as ``agent`` or ``role:agent``."""
    bare = tuple(role.removeprefix("role:") for role in roles)
    if unknown := sorted(set(bare) - set(ROLES)):
        raise InputError("--as", f"--as: no role {unknown[0]!r}; known: {', '.join(ROLES)}")
    return local_actor(bare)
