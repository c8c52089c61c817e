"""A bounded memory that forgets what was not asked for longest."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

V = TypeVar("V")
_KEPT = 1_000


class Lru(Generic[V]):
    """At most ``size`` values by key; ``hits`` and ``misses`` are counted for people."""

    def __init__(self, size: int) -> None:
        self._kept: OrderedDict[Hashable, V] = OrderedDict()
        self._size = size
        self.hits = self.misses = 0

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of ``key``, made now if it is not there; what raises is not kept."""
        if key in self._kept:
            self.hits += 1
            self._kept.move_to_end(key)
            return self._kept[key]
        self.misses += 1
        made = self._kept[key] = make()
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return made


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """What one process remembers of documents (``Outline``) and of what was compiled (``Plan``)."""

    outlines: Lru[Any] = field(default_factory=lambda: Lru(_KEPT))
    plans: Lru[Any] = field(default_factory=lambda: Lru(_KEPT))
