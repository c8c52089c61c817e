"""``deskgraph serve``."""

from typing import Annotated, Any

import typer
import uvicorn

from api.app import create_app
from api.bootstrap import Platform
from api.cli.listening import listen, where
from api.logs import configure_logs
from api.settings import Settings, read_settings

_GRACE_SECONDS = 10


def serve(
    host: Annotated[str | None, typer.Option("--host", help="instead of DESKGRAPH_HOST")] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="instead of DESKGRAPH_PORT")
    ] = None,
) -> None:
    """Serve the GraphQL API until interrupted.

    Example: deskgraph serve --port 8080
    """
    given: dict[str, Any] = {"host": host, "port": port}
    settings = read_settings(**{key: value for key, value in given.items() if value is not None})
    listener = listen(settings)
    configure_logs(settings.log_level)
    typer.echo(where(listener, settings), err=True)
    server_for(settings).run(sockets=[listener])


def server_for(settings: Settings, platform: Platform | None = None) -> uvicorn.Server:
    """A configured server; with ``platform``, on one that is open already."""
    config = uvicorn.Config(
        create_app(settings, platform=platform),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    return uvicorn.Server(config)
