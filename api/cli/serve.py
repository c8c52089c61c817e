"""``deskgraph serve``."""

import os
from typing import Annotated, Any

import typer
import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors.multiprocess import Multiprocess

from api.app import MAX_BODY, create_app
from api.bootstrap import Platform
from api.cli.listening import listen, where
from api.logs import configure_logs
from api.settings import PREFIX, Settings, read_settings

_GRACE_SECONDS = 10
_READY_SECONDS = 60
_IDLE_SECONDS = 75
"""How long a connection without a request is kept: longer than clients (5 s) and balancers (60 s)
keep theirs, or one sends its next request just as it is closed here, and sees it reset.
"""


def serve(
    host: Annotated[str | None, typer.Option("--host", help="instead of DESKGRAPH_HOST")] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="instead of DESKGRAPH_PORT")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="instead of DESKGRAPH_WORKERS")
    ] = None,
) -> None:
    """Serve the GraphQL API until interrupted.

    Example: deskgraph serve --port 8080
    """
    options: dict[str, Any] = {"host": host, "port": port, "workers": workers}
    given = {key: value for key, value in options.items() if value is not None}
    settings = read_settings(**given)
    listener = listen(settings)
    configure_logs(settings.log_level)
    typer.echo(where(listener, settings), err=True)
    if settings.workers == 1:
        server_for(settings).run(sockets=[listener])
        return
    # Every worker reads the settings anew.
    os.environ.update({f"{PREFIX}{key.upper()}": str(value) for key, value in given.items()})
    config = _config("api.cli.serve:worker", factory=True, workers=settings.workers)
    Multiprocess(config, sockets=[listener]).run()


def worker() -> Starlette:
    """The application of one of several workers."""
    settings = read_settings()
    configure_logs(settings.log_level)
    return create_app(settings)


def server_for(settings: Settings, platform: Platform | None = None) -> uvicorn.Server:
    """A configured server; with ``platform``, on one that is open already."""
    return uvicorn.Server(_config(create_app(settings, platform=platform)))


def _config(app: Starlette | str, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        # A worker that takes the place of another loads its words and rehearses first.
        timeout_worker_healthcheck=_READY_SECONDS,
        ws_max_size=MAX_BODY,
        # Events are short and sent to many: packing them costs more than it saves.
        ws_per_message_deflate=False,
        **more,
    )
