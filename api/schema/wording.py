"""The parser's and the validator's words without what the client sent and without suggestions.

graphql-core quotes values, and names of the schema that look alike; a client knows what it sent,
and whoever may not read the schema shall not guess it.
"""

import re
from collections.abc import Sequence

_NAME = r"[_A-Za-z][_0-9A-Za-z]{0,63}"
_CUTS: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern, re.DOTALL), kept)
    for pattern, kept in (
        (r" Did you mean .*$", ""),
        (r"(cannot represent [a-z0-9 -]*value): .*$", r"\1"),
        (r"[,;] found: .*$", ""),
        (r", found .*$", ""),
        (r"Value '.*' does not exist in", "The value does not exist in"),
        (rf"unknown field '(?!{_NAME}')[^']*'", "an unknown field"),
        (r"((?:Block)?String) [\"'].*$", r"\1"),
        (r"\bgot: .*$", "got another"),
    )
)


def reworded(message: str) -> str:
    """``message`` without values, and without names that were not sent."""
    for pattern, kept in _CUTS:
        message = pattern.sub(kept, message)
    return message
