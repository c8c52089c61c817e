"""How processes tell each other that tickets changed: by ids, never by what is in them.

Who hears of a change reads it again under the rights of whoever is to see it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

_MOST_IDS = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """Ids of tickets; ``reload`` when more may have changed than anybody lists."""

    tickets: tuple[str, ...] = ()
    reload: bool = False


RELOAD = Changes(reload=True)
Listener: TypeAlias = Callable[[Changes], None]


class Bus(Protocol):
    """One channel for all processes over one graph."""

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hear every announcement from now on, one's own too; call the result to hear no more."""

    async def announce(self, changes: Changes) -> None:
        """Tell everybody. Never fails what was done: who may have missed it is told to reload."""

    async def close(self) -> None:
        """Hear and tell no more."""


def changed(ids: Iterable[str]) -> Changes:
    """``ids`` have changed; very many are told as a reload."""
    found = tuple(dict.fromkeys(ids))
    return Changes(tickets=found) if len(found) <= _MOST_IDS else RELOAD


class LocalBus:
    """Of one process."""

    def __init__(self) -> None:
        self._listeners: dict[object, Listener] = {}

    def listen(self, listener: Listener) -> Callable[[], None]:
        """See ``Bus``."""
        token = object()
        self._listeners[token] = listener
        return lambda: self._listeners.pop(token, None) and None

    def tell(self, changes: Changes) -> None:
        """Everybody who listens in this process."""
        for listener in list(self._listeners.values()):
            listener(changes)

    async def announce(self, changes: Changes) -> None:
        """See ``Bus``."""
        self.tell(changes)

    async def close(self) -> None:
        """See ``Bus``."""
        self._listeners.clear()
