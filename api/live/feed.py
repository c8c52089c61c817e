"""What a group still has to read: ids of changed tickets, each once, or everything."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

MOST_WAITING = 1_000
BATCH = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """Ids in the order they changed; without any, everything is to be read again."""

    ids: tuple[str, ...]


class Feed:
    """Filled by the bus, emptied by a subscription. Too many ids become a reload."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}
        self._reload = False
        self._filled = asyncio.Event()

    def changed(self, ids: Iterable[str]) -> None:
        """These tickets are to be read again."""
        self._ids.update(dict.fromkeys(ids))
        if len(self._ids) > MOST_WAITING:
            self.reload()
        elif self._ids:
            self._filled.set()

    def reload(self) -> None:
        """Everything is to be read again."""
        self._ids.clear()
        self._reload = True
        self._filled.set()

    async def take(self) -> Batch:
        """What came first, as soon as there is something."""
        while not (self._reload or self._ids):
            self._filled.clear()
            await self._filled.wait()
        if self._reload:
            self._reload = False
            return Batch(())
        ids = tuple(self._ids)[:BATCH]
        for id_ in ids:
            del self._ids[id_]
        return Batch(ids)
