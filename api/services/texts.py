"""The one rule for texts that people send."""

import re

from api.errors import InputError
from api.settings import Settings

_BINARY = re.compile("[\0\ud800-\udfff]")


def checked(text: str, settings: Settings, *, field: str, longest: int | None = None) -> str:
    """``text`` as it is, if it can be understood.

    Raises:
        InputError: empty, longer than allowed, or with characters that no text has.
    """
    if not text.strip():
        raise InputError(field, f"{field} is empty; write a sentence")
    limit = longest or settings.max_text
    if len(text) > limit:
        raise InputError(field, f"{field} has {len(text)} characters; at most {limit} are read")
    if _BINARY.search(text):
        raise InputError(field, f"{field} holds binary data; send text")
    return text
