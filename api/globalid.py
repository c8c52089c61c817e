"""Global ids: base64url of ``Type:id``, as in the Relay specification; opaque to clients."""

import base64
import binascii
from functools import lru_cache

from graph.fields import TYPES
from graph.vocabulary import Label

_LONGEST = 200
_LABELS = {str(label): label for label in TYPES}


@lru_cache(maxsize=20_000)
def to_global(label: str, id_: str) -> str:
    """The id that a client sees of a node."""
    return base64.urlsafe_b64encode(f"{label}:{id_}".encode()).rstrip(b"=").decode()


def from_global(value: str) -> tuple[Label, str] | None:
    """Label and id of a node that might exist; ``None`` for what is no global id."""
    return _short(value) if len(value) <= _LONGEST else _read(value)


def _read(value: str) -> tuple[Label, str] | None:
    try:
        padded = value.encode("ascii") + b"=" * (-len(value) % 4)
        label, _, id_ = base64.b64decode(padded, b"-_", validate=True).decode().partition(":")
    except (UnicodeError, binascii.Error):
        return None
    return (_LABELS[label], id_) if label in _LABELS and id_ else None


_short = lru_cache(maxsize=20_000)(_read)
"""Of ids as long as ours are: what somebody makes up must not fill the memory."""


def own_id(label: Label, value: str) -> str | None:
    """The id of a node of ``label``, given as global id or as it is; ``None`` for another type."""
    found = from_global(value)
    if found is None:
        return value
    return found[1] if found[0] is label else None
