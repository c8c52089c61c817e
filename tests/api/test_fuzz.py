"""Documents made up from the schema: whatever they say, nothing of ours goes wrong."""

from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import from_schema, nodes

from api.errors import CLIENT_CODES
from api.signin import local_actor
from policies.policy import ROLES
from tests.api.conftest import Client

EXAMPLES = 40
SCHEMA = Path(__file__).parents[2] / "api" / "schema.graphql"
KNOWN = {*CLIENT_CODES.values(), "GRAPHQL_VALIDATION_FAILED"}
_INSTANTS = ("2026-01-31T08:00:00Z", "0001-01-01T00:00:00+14:00", "2026-13-01", "", "\0")
_SCALARS: dict[str, Any] = {
    "DateTime": st.sampled_from(_INSTANTS).map(nodes.String),
    "Long": st.integers(-(2**60), 2**60).map(nodes.Int),
}


@cache
def documents() -> list[str]:
    """The same for every engine."""
    found: list[str] = []

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(from_schema(SCHEMA.read_text("utf-8"), custom_scalars=_SCALARS))
    def collect(document: str) -> None:
        found.append(document)

    collect()
    return found


async def test_no_document_is_answered_by_an_internal_error(signed: Client) -> None:
    actors = [
        local_actor(
            (role,),
            customer_id="c-0001",
            department_ids=frozenset({"billing"}),
            agent_id="agent-07",
        )
        for role in ROLES
    ]
    codes: set[str] = set()
    for document, actor in zip(documents(), cycle(actors), strict=False):
        response = await signed.send(document, actor=actor)
        assert response.status_code in {200, 400}, (response.status_code, document)
        for error in response.json().get("errors", ()):
            codes.add(error["extensions"]["code"])
            assert error["extensions"]["code"] in KNOWN, (error, document)
    assert "BAD_USER_INPUT" in codes
