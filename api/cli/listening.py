"""The address that a server is reached at."""

import socket

from api.errors import InputError
from api.settings import Settings

_BACKLOG = 2048


def listen(settings: Settings) -> socket.socket:
    """A bound socket, so that a taken port is known before anything is started.

    Raises:
        InputError: the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        place = f"{settings.host}:{settings.port}"
        raise InputError("--port", f"{place} cannot be used: {error.strerror}") from None
    listener.listen(_BACKLOG)
    return listener


def where(listener: socket.socket, settings: Settings) -> str:
    """The line that tells where to go."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"Deskgraph: http://{host}:{listener.getsockname()[1]}/  (GraphQL at /graphql)"
