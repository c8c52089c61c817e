"""A process that uses a graph: opens it, says so, writes on request, ends when told.

Run by the tests as a program; a user killed by force must be another process.
"""

import asyncio
import sys

from graph.engines import open_store
from graph.queries import Mode, Query

ADD = Query(
    name="add",
    mode=Mode.WRITE,
    parameters=frozenset({"id"}),
    text="MERGE (n:Thing {id: $id}) RETURN n.id AS id",
)


async def main(url: str, name: str) -> None:
    """Answer each line of input with one line of output."""
    store = await open_store(url, catalogue={}, linger_seconds=0)
    print("open", flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        rows = await store.write(ADD, id=name)
        print(rows[0]["id"], flush=True)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
