"""GraphQL over HTTP: what the specification asks, and what pages elsewhere may not do."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.bootstrap import Platform
from tests.api.conftest import Client, serving
from tests.api.node import run_node

VIEWER = "{ viewer { id } }"
RESPONSE = "application/graphql-response+json"
FORMS = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]


async def test_every_audit_of_graphql_http_passes(client: Client) -> None:
    found = await run_node("audit.mjs", f"{client.http.base_url}/graphql")
    assert found == {"count": 61, "failed": []}


async def test_the_server_introspects_as_the_schema_file_says_and_documents_fit(
    client: Client,
) -> None:
    root = Path(__file__).parents[2]
    names = ("api/schema.graphql", "README.md", "README.zh-CN.md")
    files = [str(root / name) for name in names]
    found = await run_node("inspect.mjs", f"{client.http.base_url}/graphql", *files)
    assert (found["changes"], found["invalid"]) == ([], [])
    assert found["documents"] >= 4


@pytest.mark.parametrize(
    ("accept", "media", "status"),
    [
        ("*/*", "application/json", 200),
        ("application/json", "application/json", 200),
        (RESPONSE, RESPONSE, 400),
        (f"application/json;q=0.5, {RESPONSE};q=0.9", RESPONSE, 400),
        (f"{RESPONSE};q=0, */*", "application/json", 200),
        (f"{RESPONSE};q=much, text/html", "application/json", 200),
    ],
)
async def test_the_answer_has_the_media_type_that_is_asked_for(
    accept: str, media: str, status: int, client: Client
) -> None:
    headers = {"accept": accept}
    done = await client.http.post("/graphql", json={"query": VIEWER}, headers=headers)
    wrong = await client.http.post("/graphql", json={"query": "{ nobody }"}, headers=headers)
    for response in (done, wrong):
        assert response.headers["content-type"] == f"{media}; charset=utf-8"
        assert response.headers["x-content-type-options"] == "nosniff"
    assert (done.status_code, wrong.status_code) == (200, status)
    assert "data" not in wrong.json()


async def refused(response: httpx.Response, status: int, code: str) -> None:
    body = response.json()
    assert response.status_code == status
    assert "data" not in body
    (error,) = body["errors"]
    assert error["extensions"]["code"] == code
    assert "Traceback" not in response.text


@pytest.mark.parametrize("media", [*FORMS, "application/json; charset=utf-16", ""])
async def test_what_a_form_can_send_is_refused(media: str, client: Client) -> None:
    content = f'{{"query": "{VIEWER}"}}'
    headers = {"content-type": media}
    response = await client.http.post("/graphql", content=content, headers=headers)
    await refused(response, 415, "BAD_USER_INPUT")


async def test_a_batch_is_refused(client: Client) -> None:
    response = await client.http.post("/graphql", json=[{"query": VIEWER}] * 10)
    await refused(response, 400, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": ""},
        {"query": None},
        {"query": VIEWER, "variables": "x"},
        {"query": VIEWER, "extensions": []},
        {"query": VIEWER, "operationName": 7},
        {"query": VIEWER, "operationName": "Other"},
        {"query": "fragment F on Query { __typename }"},
    ],
)
async def test_parameters_of_the_wrong_form_are_refused(
    body: dict[str, Any], client: Client
) -> None:
    await refused(await client.http.post("/graphql", json=body), 400, "BAD_USER_INPUT")


async def test_a_query_may_be_sent_by_get_and_nothing_else(client: Client) -> None:
    good = await client.http.get("/graphql", params={"query": VIEWER, "variables": "{}"})
    assert good.json()["data"]["viewer"]
    writing = 'mutation { createTicket(input: {text: "x", idempotencyKey: "get"}) { ticketId } }'
    response = await client.http.get("/graphql", params={"query": writing})
    await refused(response, 405, "BAD_USER_INPUT")
    assert response.headers["allow"] == "POST"
    for method in ("PUT", "DELETE", "PATCH"):
        response = await client.http.request(method, "/graphql", json={"query": VIEWER})
        await refused(response, 405, "BAD_USER_INPUT")
        assert response.headers["allow"] == "GET, POST"
    wrong = await client.http.get("/graphql", params={"query": VIEWER, "variables": "{"})
    await refused(wrong, 400, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
        ({"origin": "http://localhost:3000.evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://localhost:3000", "sec-fetch-site": "cross-site"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({}, 200),
    ],
)
async def test_pages_elsewhere_may_not_call(
    headers: dict[str, str], status: int, client: Client
) -> None:
    for response in (
        await client.http.post("/graphql", json={"query": VIEWER}, headers=headers),
        await client.http.get("/graphql", params={"query": VIEWER}, headers=headers),
    ):
        assert response.status_code == status
        if status == 403:
            await refused(response, 403, "FORBIDDEN")


async def test_pages_of_this_server_may_call(client: Client) -> None:
    own = str(client.http.base_url).rstrip("/")
    headers = {"origin": own}
    response = await client.http.post("/graphql", json={"query": VIEWER}, headers=headers)
    assert response.status_code == 200


async def test_a_request_beyond_its_time_is_stopped(platform: Platform) -> None:
    settings = replace(platform.settings, request_seconds=0.001)
    query = "{ tickets(first: 100) { totalCount edges { node { subject customer { name } } } } }"
    async with serving(settings, platform) as hurried:
        response = await hurried.http.post("/graphql", json={"query": query})
        await refused(response, 503, "UNAVAILABLE")
        assert "0.001 seconds" in response.text
    async with serving(platform.settings, platform) as patient:
        assert await patient.data(query)
