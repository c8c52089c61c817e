"""``deskgraph demo``: the main job on the embedded graph, from nothing to serving."""

import asyncio
import logging
import socket
import sys
from importlib import import_module
from types import ModuleType
from typing import Annotated, Any

import typer

from api.bootstrap import open_platform
from api.cli.listening import listen
from api.cli.running import actor_with
from api.settings import Settings, read_settings


def demo(
    once: Annotated[bool, typer.Option("--once", help="stop after the showcases")] = False,
    tickets: Annotated[
        int, typer.Option("--tickets", min=100, max=1_000_000, help="history to generate")
    ] = 5_000,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="instead of DESKGRAPH_PORT")
    ] = None,
) -> None:
    """Load the sample company, learn from its history, ask, route, and serve.

    Example: deskgraph demo --once
    """
    given: dict[str, Any] = {} if port is None else {"port": port}
    settings = read_settings(**given)
    listener = None if once else listen(settings)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")

    asyncio.run(_work(settings, listener, tickets=tickets))


async def _work(settings: Settings, listener: socket.socket | None, *, tickets: int) -> None:
    async with open_platform(settings, watch=bool(listener), meanwhile=_read_ahead) as platform:
        showcase, actor = _showcase(), actor_with(("admin", "service"))
        await showcase.prepare(platform, actor, tickets=tickets)
        await showcase.show(platform, actor)
        if listener:
            await showcase.serve(platform, listener)


def _read_ahead() -> None:
    _showcase().read_ahead()


def _showcase() -> ModuleType:
    return import_module("api.cli.showcase")
