"""A store that remembers what was asked of the graph behind it."""

from dataclasses import dataclass, field
from typing import Any

from graph.queries import Query
from graph.store import Rows, Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    name: str
    text: str
    given: Any


@dataclass
class Recorder:
    """Hands everything on; ``seen`` are the compiled reads, in order."""

    store: Store
    seen: list[Seen] = field(default_factory=list)

    async def read(self, query: str | Query, /, **parameters: Any) -> Rows:
        if isinstance(query, Query) and query.name.startswith("request-"):
            found = Seen(name=query.name, text=query.text, given=parameters.get("given"))
            self.seen.append(found)
        return await self.store.read(query, **parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)
