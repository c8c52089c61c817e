"""English words by their stems (Snowball, Porter2); Han tokens are what they are."""

from functools import cache, lru_cache
from typing import Any

import snowballstemmer

_REMEMBERED = 1 << 16


@cache
def _stemmer() -> Any:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=_REMEMBERED)
def stem(token: str) -> str:
    """The stem of a folded token; anything but an English word stays."""
    return str(_stemmer().stemWord(token)) if token.isascii() and token.isalpha() else token
