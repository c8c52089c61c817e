"""What scanners of GraphQL servers look for, each looked for by ourselves: everything but queries
by GET, which read only, carry no cookie, and are refused to pages elsewhere.
"""

from typing import Any

import pytest

from tests.api.conftest import Client
from tests.api.test_http import refusal

TYPENAME = "{ __typename }"
CIRCULAR = "{ __schema { types { fields { type { fields { type { name } } } } } } }"


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("{" + " ".join(f"a{n}: __typename" for n in range(101)) + "}", id="aliases"),
        pytest.param("{ __typename " + "@aa" * 10 + " }", id="directives"),
        pytest.param("{ __typename " + "@include(if: true) " * 10 + "}", id="known directives"),
        pytest.param("{ " + "__typename " * 500 + "}", id="repeated fields"),
        pytest.param(
            "{ __schema " + "{ types { fields { type " * 6 + "{ name" + "}" * 20, id="deep"
        ),
        pytest.param("{ ...A } fragment A on Query { ...A }", id="circular fragment"),
    ],
)
async def test_documents_that_only_cost_are_refused(query: str, client: Client) -> None:
    assert refusal(await client.ask(query))[0] == "TOO_COMPLEX"


async def test_operations_are_not_batched(client: Client) -> None:
    response = await client.http.post("/graphql", json=[{"query": TYPENAME}] * 10)
    assert response.status_code == 400


async def test_introspection_is_for_roles(signed: Client) -> None:
    assert refusal(await signed.ask(CIRCULAR))[0] == "FORBIDDEN"


@pytest.mark.parametrize(
    "query", ["{ ticke }", "{ viewer { i } }", "{ aks(question: 1) { answer } }"]
)
async def test_fields_are_not_suggested(query: str, client: Client) -> None:
    _, message = refusal(await client.ask(query))
    for name in ("ticket'", "tickets", "'id'", "'ask'"):
        assert name not in message


async def test_changes_by_get_and_by_forms_are_refused(client: Client) -> None:
    writing = "mutation { __typename }"
    for response in (
        await client.http.get("/graphql", params={"query": writing}),
        await client.http.post("/graphql", data={"query": writing}),
        await client.http.post("/graphql", data={"query": TYPENAME}),
        await client.http.post("/graphql", files={"operations": b"{}", "map": b"{}"}),
        await client.http.post("/graphql", params={"query": TYPENAME}),
    ):
        assert response.status_code in {400, 405, 415}
        assert "data" not in response.json()


@pytest.mark.parametrize("path", ["/graphiql", "/playground", "/console", "/graphql/console"])
async def test_there_are_no_other_doors(path: str, client: Client) -> None:
    assert (await client.http.get(path)).status_code == 404


async def test_a_browser_that_visits_the_endpoint_finds_no_page(client: Client) -> None:
    response = await client.http.get("/graphql", headers={"accept": "text/html"})
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize("header", ["x-apollo-tracing", "apollo-tracing"])
async def test_nothing_is_traced_for_clients(header: str, client: Client) -> None:
    body: Any = (
        await client.http.post("/graphql", json={"query": TYPENAME}, headers={header: "1"})
    ).json()
    assert body == {"data": {"__typename": "Query"}}
