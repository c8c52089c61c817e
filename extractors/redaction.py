"""Personal identifiers out of stored text: each becomes ``[kind]``."""

from collections.abc import Sequence

from graph.model import Mark


def redact(text: str, marks: Sequence[Mark]) -> str:
    """``text`` with every personal mark replaced; marks are in order and do not overlap."""
    parts: list[str] = []
    last = 0
    for mark in marks:
        if mark.personal:
            parts += (text[last : mark.start], f"[{mark.kind}]")
            last = mark.end
    return "".join((*parts, text[last:])) if parts else text
