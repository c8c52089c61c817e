"""The page of tickets served by strawberry as its documentation has it, without authorization.

``python -m tests.bench.peers.plain ROWS.json`` prints its port and serves until it is ended.
"""

import base64
import json
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import strawberry
import uvicorn
from strawberry.asgi import GraphQL


def _opaque(text: str) -> strawberry.ID:
    return strawberry.ID(base64.urlsafe_b64encode(text.encode()).decode())


@strawberry.type
class Department:
    id: strawberry.ID


@strawberry.type
class Customer:
    id: strawberry.ID


@strawberry.type
class Channel:
    id: strawberry.ID


@strawberry.type
class Agent:
    id: strawberry.ID


@strawberry.type
class Ticket:
    id: strawberry.ID
    seq: float | None
    state: str | None
    subject: str | None
    language: str | None
    created_at: datetime | None
    assigned_at: datetime | None
    solved_at: datetime | None
    version: int | None
    reopened_count: int | None
    rating: int | None
    department: Department | None
    customer: Customer | None
    channel: Channel | None
    agent: Agent | None


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Edge:
    cursor: str
    node: Ticket | None


@strawberry.type
class Connection:
    edges: list[Edge]
    page_info: PageInfo


ROWS: list[dict[str, Any]] = []


def _instant(at: int | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at / 1000, UTC)


def _ticket(row: dict[str, Any]) -> Ticket:
    return Ticket(
        id=_opaque(f"Ticket:{row['id']}"),
        seq=row["seq"],
        state=row["state"],
        subject=row["subject"],
        language=row["language"],
        created_at=_instant(row["createdAt"]),
        assigned_at=_instant(row["assignedAt"]),
        solved_at=_instant(row["solvedAt"]),
        version=row["version"],
        reopened_count=row["reopenedCount"],
        rating=row["rating"],
        department=Department(id=_opaque(f"Department:{row['department']['id']}")),
        customer=Customer(id=_opaque(f"Customer:{row['customer']['id']}")),
        channel=Channel(id=_opaque(f"Channel:{row['channel']['id']}")),
        agent=Agent(id=_opaque(f"Agent:{row['agent']['id']}")),
    )


@strawberry.type
class Query:
    @strawberry.field
    def tickets(self, first: int) -> Connection:
        edges = [
            Edge(cursor=_opaque(f"Ticket:{row['seq']}"), node=_ticket(row)) for row in ROWS[:first]
        ]
        end = edges[-1].cursor if edges else None
        info = PageInfo(has_next_page=len(ROWS) > first, end_cursor=end)
        return Connection(edges=edges, page_info=info)


def main() -> None:
    """Serve on a free port of loopback."""
    ROWS.extend(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    listener = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(GraphQL(strawberry.Schema(Query)), log_level="warning", ws="none")
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
