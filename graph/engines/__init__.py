"""From a URL to a store: the only module that knows which engines there are.

``embedded:PATH`` runs an engine beside this process; the others name a Neo4j server.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from graph.errors import EngineError, UnavailableError
from graph.queries import Query
from graph.store import SchemaItem, Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """All that an opener may need. ``url`` carries no credentials: they stand beside it."""

    url: str
    catalogue: Mapping[str, Query]
    items: Sequence[SchemaItem]
    user: str | None
    password: str | None
    database: str | None
    linger_seconds: float


Opener: TypeAlias = Callable[[Opening], Awaitable[Store]]


async def _embedded(opening: Opening) -> Store:
    # Imported here: whoever uses a server never loads the code that starts one.
    from graph.engines.embedded import open_embedded  # noqa: PLC0415

    return await open_embedded(opening)


async def _neo4j(opening: Opening) -> Store:
    from graph.engines.bolt import open_neo4j  # noqa: PLC0415

    return await open_neo4j(opening)


ENGINES: Mapping[str, Opener] = {
    "embedded": _embedded,
    "neo4j": _neo4j,
    "neo4j+s": _neo4j,
    "neo4j+ssc": _neo4j,
    "bolt": _neo4j,
    "bolt+s": _neo4j,
    "bolt+ssc": _neo4j,
}


async def open_store(
    url: str,
    *,
    catalogue: Mapping[str, Query],
    items: Sequence[SchemaItem] = (),
    user: str | None = None,
    password: str | None = None,
    database: str | None = None,
    linger_seconds: float = 30.0,
) -> Store:
    """Open the graph at ``url`` and ask it one question, so that a bad address shows here.

    ``items`` is the schema that queries with an ``// index:`` header search in; it is not
    applied (see ``Store.apply``). ``user`` and ``password`` win over those in the URL.
    ``linger_seconds`` is how long the embedded engine stays when its last user has left.

    Raises:
        EngineError: the scheme is unknown, the folder unusable or the credentials refused.
        UnavailableError: the server does not answer.
    """
    scheme = url.partition(":")[0].lower()
    opener = ENGINES.get(scheme)
    if opener is None:
        raise EngineError(f"graph URL: scheme {scheme!r} is unknown; use one of {sorted(ENGINES)}")
    _quieten_driver()
    bare, found_user, found_password = (url, None, None) if scheme == "embedded" else _split(url)
    opening = Opening(
        url=bare,
        catalogue=catalogue,
        items=tuple(items),
        user=user or found_user,
        password=password or found_password,
        database=database,
        linger_seconds=linger_seconds,
    )
    try:
        return await opener(opening)
    except UnavailableError as error:
        raise UnavailableError(f"{bare}: {error}") from None


def _split(url: str) -> tuple[str, str | None, str | None]:
    """Take ``user:password@`` out of a URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise EngineError("graph URL: not a URL; write scheme://host:port") from None
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    host = parts.netloc.rpartition("@")[2]
    if not host:
        raise EngineError(f"graph URL: no host; write {parts.scheme}://host:port")
    return parts._replace(netloc=host).geturl(), user, password


def _quieten_driver() -> None:
    # At DEBUG the driver logs whole messages, parameter values included; above it, what our own
    # errors say anyway.
    logger = logging.getLogger("neo4j")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.CRITICAL)
