"""How many tickets agents have open."""

from graph.busy import Busy
from graph.store import Store
from graph.vocabulary import Label
from tests.builders import make_nodes


async def tickets(store: Store, *agents: str, department: str = "d", first: int = 1) -> None:
    rows = [
        {
            "id": f"{department}-{seq}",
            "seq": seq,
            "state": "assigned",
            "department_id": department,
            "agent_id": agent,
        }
        for seq, agent in enumerate(agents, start=first)
    ]
    await make_nodes(store, Label.TICKET, rows)


async def test_open_tickets_are_counted_by_agent_and_our_own_added(store: Store) -> None:
    await tickets(store, "a", "b", "a")
    await tickets(store, "a", department="e", first=9)
    counts = Busy(store)
    counts.took("a")
    assert await counts.open() == {"a": 3, "b": 1}
    counts.took("b")
    counts.took("c")
    assert await counts.open() == {"a": 3, "b": 2, "c": 1}
