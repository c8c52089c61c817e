"""Which pages may send requests here: those of this server and those that the settings name.

Browsers say where a request comes from; programs do not, and carry no credentials of a person.
"""

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

EVERY = "*"
_OWN = {"same-origin", "none"}


def is_foreign(headers: Mapping[str, str], allowed: Collection[str]) -> bool:
    """Whether a page that is neither ours nor allowed caused this request."""
    if EVERY in allowed:
        return False
    origin = headers.get("origin")
    if origin is not None:
        return origin not in allowed and not _is_own(origin, headers.get("host", ""))
    # An image, a script or a link elsewhere sends no origin, but is told from our own pages.
    return headers.get("sec-fetch-site", "none") not in _OWN


def _is_own(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    ports = {"http": ":80", "https": ":443"}
    default = ports.get(parts.scheme)
    if default is None:
        return False
    own = host.lower()
    return parts.netloc.lower().removesuffix(default) == own.removesuffix(default)
