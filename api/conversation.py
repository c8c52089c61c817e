"""A conversation's id: what was said so far, closed to readers and good for one actor only.

It is all there is of a conversation: no worker remembers anything, and every worker can go on.
"""

import zlib
from typing import Any

import orjson

from api.errors import InputError
from graph.conversation import Conversation, Named, Turn
from graph.model import Actor, Among
from graph.vocabulary import Label
from policies.errors import SealError
from policies.sealing import Sealer

_PURPOSE = "conversation"
GOOD_FOR_MS = 2 * 60 * 60 * 1000
_LONGEST = 16_384
_LARGEST = 65_536
FIELD = "conversationId"


def write_conversation(
    sealer: Sealer, actor: Actor, conversation: Conversation, *, now_ms: int
) -> str:
    """The id with which ``actor`` goes on."""
    content = orjson.dumps([actor.id, now_ms, conversation.turns])
    return sealer.close(zlib.compress(content, 9), purpose=_PURPOSE)


def read_conversation(sealer: Sealer, actor: Actor, token: str, *, now_ms: int) -> Conversation:
    """The conversation that ``actor`` was given this id of.

    Raises:
        InputError: not ours, altered, too old, or somebody else's: all alike.
    """
    try:
        if len(token) > _LONGEST:
            raise SealError("longer than any that is given out")
        content = sealer.reopen(token, purpose=_PURPOSE)
        owner, at, turns = orjson.loads(_inflated(content))
    except (SealError, zlib.error, ValueError):
        raise _unknown() from None
    if owner != actor.id or now_ms - at > GOOD_FOR_MS:
        raise _unknown()
    return Conversation(turns=tuple(map(_turn, turns)))


def _inflated(content: bytes) -> bytes:
    inflating = zlib.decompressobj()
    return inflating.decompress(content, _LARGEST)


def _unknown() -> InputError:
    return InputError(FIELD, f"{FIELD} is no conversation of yours, or too old; begin a new one")


def _turn(plain: dict[str, Any]) -> Turn:
    about = plain.pop("about")
    found = plain.pop("found")
    listed = plain.pop("listed", None)
    also = plain.pop("also", ())
    return Turn(
        about=_named(about) if about else None,
        found=tuple(map(_named, found)),
        also=tuple(map(_named, also)),
        listed=Among(label=Label(listed["label"]), ids=tuple(listed["ids"])) if listed else None,
        **plain,
    )


def _named(plain: dict[str, Any]) -> Named:
    return Named(label=Label(plain["label"]), id=plain["id"], text=plain["text"])
