"""The product over HTTP, on every engine."""

import asyncio
import gzip
import json
import logging
import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any
from unittest.mock import Mock

import graphql
import pytest

from api.app import MAX_BODY
from api.bootstrap import Platform
from api.globalid import from_global, to_global
from api.logs import JsonLines
from api.services.ingest import SEALED_FIELD
from api.signin import local_actor
from graph.fields import TYPES
from graph.store import Row
from tests.api.conftest import Client
from tests.builders import run

EMAIL, PHONE = "marker.person@example.org", "13800138000"
ASK = """query ($question: String!) { ask(question: $question) {
  answer kind language confidence handover citations { id label path excerpt } } }"""
_ROUTE = """department { id nameZh nameEn } confidence runnerUp { id } margin reason model
  candidates { department { id } score contributions { pathKind weight strength points walked } }"""
PREVIEW = f"""query ($text: String!, $customer: ID) {{
  previewRoute(text: $text, customerId: $customer) {{ {_ROUTE} }} }}"""
CREATE = f"""mutation ($input: CreateTicketInput!) {{ createTicket(input: $input) {{
  ticketId route {{ {_ROUTE} }} userErrors {{ field message code }}
  ticket {{ id customer {{ id }} department {{ id }}
    messages {{ edges {{ node {{ text }} }} }} }} }} }}"""
TICKET = f"""query ($id: ID!) {{ ticket(id: $id) {{
  id state subject language createdAt assignedAt department {{ id }} customer {{ id }}
  receipt {{ {_ROUTE} }} }} }}"""
VIEWER = "{ viewer { id roles can } }"
CUSTOMER = local_actor(("customer",), name="c-1", customer_id="c-0001")


async def create(client: Client, text: str, key: str, **given: Any) -> Any:
    """The payload of ``createTicket``."""
    actor = given.pop("actor", None)
    made = await client.data(
        CREATE, actor=actor, input={"text": text, "idempotencyKey": key, **given}
    )
    return made["createTicket"]


async def tickets(platform: Platform) -> int:
    """How many there are."""
    (row,) = await run(platform.store, "MATCH (t:Ticket) RETURN count(t) AS count")
    return int(row["count"])


def refusal(body: Any) -> tuple[str, str]:
    """Code and message of the only error."""
    (error,) = body["errors"]
    assert set(error["extensions"]) == {"code", "requestId"}
    return error["extensions"]["code"], error["message"]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Every line that our loggers write, as it is written."""
    found: list[str] = []
    formatter = JsonLines()

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(formatter.format(record))

    handler = Kept()
    logging.getLogger("deskgraph").addHandler(handler)
    with caplog.at_level(logging.DEBUG, logger="deskgraph"):
        yield found
    logging.getLogger("deskgraph").removeHandler(handler)


async def test_the_viewer_is_the_local_actor_with_its_rights(client: Client) -> None:
    found = await client.data(VIEWER)
    assert found["viewer"] == {
        "id": "local",
        "roles": ["service"],
        "can": sorted(
            [
                *(f"{label}:read" for label in ("Knowledge", "Schema", *TYPES)),
                *(f"{label}:aggregate" for label in TYPES),
                *(f"Ticket:{action}" for action in ("assign", "create", "triage")),
                *(
                    f"{one}:{action}"
                    for one in ("Customer", "Order")
                    for action in ("create", "update")
                ),
                *(f"Identity:{action}" for action in ("create", "delete", "update")),
            ]
        ),
    }


@pytest.mark.parametrize(
    ("question", "kind", "says", "cites"),
    [
        ("空调由哪个部门负责？", "fact", "上门维修部", "field-service"),
        ("Which department handles air conditioners?", "fact", "Field Service", "field-service"),
        ("What is the status of order W-2025-000318?", "status", "delivered", "o-0001"),
        ("空调不制冷怎么办？", "how-to", "过滤网", "r-001"),
        ("My fridge is too warm, what can I do?", "how-to", "4 °C", None),
    ],
)
async def test_an_answer_says_where_it_comes_from(
    question: str, kind: str, says: str, cites: str | None, client: Client
) -> None:
    answer = (await client.data(ASK, question=question))["ask"]
    assert (answer["kind"], answer["handover"]) == (kind, False)
    assert says in answer["answer"]
    assert answer["citations"]
    found = [from_global(one["id"]) for one in answer["citations"]]
    assert cites is None or cites in [one[1] for one in found if one]
    assert [one[0] for one in found if one] == [one["label"] for one in answer["citations"]]
    assert all(all(one.values()) for one in answer["citations"])
    assert 0.5 <= answer["confidence"] <= 1


@pytest.mark.parametrize(
    ("question", "language"), [("今天天气怎么样？", "zh"), ("What is the meaning of life?", "en")]
)
async def test_what_is_not_known_is_not_answered(
    question: str, language: str, client: Client
) -> None:
    answer = (await client.data(ASK, question=question))["ask"]
    assert (answer["kind"], answer["language"], answer["confidence"]) == ("none", language, 0)
    assert (answer["citations"], answer["handover"]) == ([], True)


@pytest.mark.parametrize(
    ("text", "department"),
    [
        ("空调不制冷，还漏水，能不能派人来修？", "field-service"),
        ("I was charged twice for my order and want the money back.", "billing"),
    ],
)
async def test_contributions_add_up_to_the_score(
    text: str, department: str, client: Client
) -> None:
    route = (await client.data(PREVIEW, text=text))["previewRoute"]
    assert route["department"]["id"] == route["candidates"][0]["department"]["id"]
    assert route["department"]["id"] == to_global("Department", department)
    assert route["department"]["nameZh"]
    assert 0.5 < route["confidence"] <= 1.0
    for candidate in route["candidates"]:
        parts = candidate["contributions"]
        assert sum(one["points"] for one in parts) == pytest.approx(candidate["score"])
        assert all(one["points"] == pytest.approx(one["weight"] * one["strength"]) for one in parts)
        assert all(one["walked"] for one in parts)


async def test_a_preview_writes_nothing(client: Client, platform: Platform) -> None:
    before = await tickets(platform)
    await client.data(PREVIEW, text="空调不制冷", customer="c-0001")
    assert await tickets(platform) == before


async def test_a_ticket_is_read_with_the_route_it_was_given(client: Client) -> None:
    made = await create(client, "空调不制冷，请派人来修", "read", customerId="c-0001")
    assert made["userErrors"] == []
    ticket = (await client.data(TICKET, id=made["ticketId"]))["ticket"]
    assert ticket["id"] == made["ticket"]["id"] == to_global("Ticket", made["ticketId"])
    assert (ticket["customer"]["id"], ticket["language"]) == (to_global("Customer", "c-0001"), "zh")
    assert ticket["receipt"] == made["route"]
    assert ticket["department"]["id"] == made["route"]["department"]["id"]
    assert ticket["createdAt"].endswith("+00:00")


async def test_the_same_key_makes_one_ticket(client: Client, platform: Platform) -> None:
    made = await create(client, "The dishwasher leaks", "replay")
    before = await tickets(platform)
    again = await create(client, "The dishwasher leaks", "replay")
    assert again["ticketId"] == made["ticketId"]
    assert again["userErrors"] == []
    other = await create(client, "The dishwasher does not leak", "replay")
    assert other["ticketId"] is None
    (error,) = other["userErrors"]
    assert (error["field"], error["code"]) == ("idempotencyKey", "CONFLICT")
    assert await tickets(platform) == before


async def test_an_absent_ticket_is_null(client: Client) -> None:
    assert await client.data(TICKET, id="T-nowhere") == {"ticket": None}


@pytest.mark.parametrize("text", ["", " \n\t", "secret\0marker", "secret" * 4_000])
async def test_an_unusable_text_is_named_and_not_repeated(text: str, client: Client) -> None:
    for query, field in ((ASK, "question"), (PREVIEW, "text")):
        variables: dict[str, Any] = {field: text}
        code, message = refusal(await client.ask(query, **variables))
        assert code == "BAD_USER_INPUT"
        assert message.startswith(f"{field} ")
        assert "secret" not in message
    (error,) = (await create(client, text, "unusable"))["userErrors"]
    assert (error["field"], error["code"]) == ("text", "BAD_USER_INPUT")
    assert "secret" not in error["message"]


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_an_unusable_key_is_refused(key: str, client: Client) -> None:
    (error,) = (await create(client, "The fridge hums", key))["userErrors"]
    assert (error["field"], error["code"]) == ("idempotencyKey", "BAD_USER_INPUT")


async def test_an_unknown_customer_is_not_found(client: Client, platform: Platform) -> None:
    before = await tickets(platform)
    (error,) = (await create(client, "Hum", "who", customerId="c-9999"))["userErrors"]
    assert (error["field"], error["code"]) == ("customerId", "NOT_FOUND")
    assert await tickets(platform) == before


async def test_nobody_may_do_nothing(signed: Client, platform: Platform) -> None:
    before = await tickets(platform)
    given = {"text": "The fridge hums", "idempotencyKey": "anonymous"}
    for query, variables in (
        (ASK, {"question": "空调由哪个部门负责？"}),
        (PREVIEW, {"text": "The fridge hums"}),
        (TICKET, {"id": "T-nowhere"}),
        (CREATE, {"input": given}),
    ):
        code, _ = refusal(await signed.ask(query, **variables))
        assert code == "FORBIDDEN"
    assert await tickets(platform) == before
    assert (await signed.data(VIEWER))["viewer"] == {"id": "anonymous", "roles": [], "can": []}


async def test_a_bad_token_is_refused_before_anything_is_read(signed: Client) -> None:
    headers = {"authorization": "Bearer garbage"}
    response = await signed.http.post("/graphql", json={"query": VIEWER}, headers=headers)
    assert response.status_code == 401
    assert refusal(response.json())[0] == "UNAUTHENTICATED"
    assert response.json()["errors"][0]["extensions"]["requestId"]


async def test_a_customer_sees_their_own_tickets_only(signed: Client) -> None:
    own = await create(signed, "My fridge is too warm", "own", actor=CUSTOMER)
    assert own["ticket"]["customer"] == {"id": to_global("Customer", "c-0001")}
    service = local_actor(("service",))
    other = await create(signed, "The oven smokes", "other", actor=service, customerId="c-0002")
    nobodys = await create(signed, "The oven smokes", "nobodys", actor=service)
    found = await signed.data(TICKET, actor=CUSTOMER, id=own["ticketId"])
    assert found["ticket"]["id"] == own["ticket"]["id"]
    for id_ in (other["ticketId"], nobodys["ticketId"]):
        assert await signed.data(TICKET, actor=CUSTOMER, id=id_) == {"ticket": None}


async def test_a_customer_writes_for_nobody_else(signed: Client, platform: Platform) -> None:
    before = await tickets(platform)
    given = {"text": "Hum", "idempotencyKey": "else", "customerId": "c-0002"}
    body = await signed.ask(CREATE, actor=CUSTOMER, input=given)
    assert refusal(body)[0] == "FORBIDDEN"
    assert await tickets(platform) == before


async def test_a_customer_is_told_of_their_own_orders_only(signed: Client) -> None:
    (question, buyer) = ("What is the status of order W-2025-000318?", "c-0236")
    kinds = []
    for id_ in (buyer, "c-0001"):
        actor = local_actor(("customer",), name=id_, customer_id=id_)
        kinds.append((await signed.data(ASK, actor=actor, question=question))["ask"]["kind"])
    assert kinds == ["status", "none"]


async def _stream() -> AsyncIterator[bytes]:
    for _ in range(32):
        yield b" " * (MAX_BODY // 16)


async def test_a_large_body_is_refused(client: Client) -> None:
    headers = {"content-type": "application/json"}
    declared = await client.http.post("/graphql", content=b" " * (2 * MAX_BODY), headers=headers)
    counted = await client.http.post("/graphql", content=_stream(), headers=headers)
    for response in (declared, counted):
        assert response.status_code == 413
        assert refusal(response.json())[0] == "BAD_USER_INPUT"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1"])
async def test_another_host_name_is_refused_without_sign_in(host: str, client: Client) -> None:
    response = await client.http.post("/graphql", json={"query": VIEWER}, headers={"host": host})
    assert response.status_code == 400
    assert "viewer" not in response.text


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [("http://localhost:3000", "http://localhost:3000"), ("https://evil.example", None)],
)
async def test_only_named_origins_may_read(
    origin: str, allowed: str | None, client: Client
) -> None:
    headers = {"origin": origin}
    response = await client.http.post("/graphql", json={"query": VIEWER}, headers=headers)
    assert response.headers.get("access-control-allow-origin") == allowed
    assert response.status_code == (200 if allowed else 403)
    asked = await client.http.options(
        "/graphql", headers={**headers, "access-control-request-method": "POST"}
    )
    assert asked.headers.get("access-control-allow-origin") == allowed


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"query": 7}',
        pytest.param(b"7", id="number"),
        pytest.param(gzip.compress(b"{}", mtime=0), id="gzip"),
    ],
)
async def test_a_malformed_body_is_refused(content: bytes, client: Client) -> None:
    headers = {"content-type": "application/json"}
    response = await client.http.post("/graphql", content=content, headers=headers)
    assert response.status_code == 400
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("{ viewr { id } }", id="unknown field"),
        pytest.param("{ viewer { id", id="syntax"),
    ],
)
async def test_a_query_beyond_the_schema_is_refused(query: str, client: Client) -> None:
    code, message = refusal(await client.ask(query))
    assert code == "GRAPHQL_VALIDATION_FAILED"
    assert "Did you mean" not in message
    assert "Traceback" not in message


async def test_a_query_is_validated_once_however_often_it_is_sent(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    validated = Mock(wraps=graphql.validate)
    monkeypatch.setattr("strawberry.schema.schema.validate", validated)
    query = f"{{ q{secrets.token_hex(8)}: viewer {{ id }} }}"
    for _ in range(3):
        await client.data(query)
    assert validated.call_count == 1


async def test_the_request_id_leads_from_header_and_error_to_the_log(
    client: Client, lines: list[str]
) -> None:
    response = await client.send(ASK, question="")
    id_ = response.headers["x-request-id"]
    assert response.json()["errors"][0]["extensions"]["requestId"] == id_
    found = [json.loads(line) for line in lines]
    assert {line["message"] for line in found if line.get("request_id") == id_} == {
        "request",
        "request failed",
    }


async def message_of(platform: Platform, ticket: str) -> Row:
    """The stored message with the key it was sealed under."""
    text = """MATCH (t:Ticket {id: $id})-[:HAS_MESSAGE]->(m:Message)
    OPTIONAL MATCH (c:Customer)-[:RAISED]->(t)
    RETURN m.text AS text, m.text_sealed AS sealed, t.subject AS subject,
           coalesce(c.data_key, t.data_key) AS data_key"""
    (row,) = await run(platform.store, text, id=ticket)
    return row


@pytest.mark.parametrize("customer", [None, "c-0001"])
async def test_personal_values_are_sealed_in_the_graph_and_absent_from_answers_and_logs(
    customer: str | None, client: Client, platform: Platform, lines: list[str]
) -> None:
    text = f"The fridge hums. Write to {EMAIL} or call {PHONE}, please."
    made = await create(client, text, f"marked-{customer}", customerId=customer)
    await client.data(ASK, question=text)
    await client.ask(PREVIEW, text=f"{text}\0")
    row = await message_of(platform, made["ticketId"])
    owner = f"Customer:{customer}" if customer else f"Ticket:{made['ticketId']}"
    opened = platform.vault.sealer.unseal(
        row["sealed"], owner=owner, field=SEALED_FIELD, data_key=row["data_key"]
    )
    assert opened == text
    for shown in (row["text"], row["subject"], json.dumps(made), *lines):
        assert EMAIL not in shown
        assert PHONE not in shown
    assert not [line for line in lines if "hums" in line or "fridge" in line]
    assert len(lines) >= 3


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("😀🔥👩‍🔧", id="emoji"),
        pytest.param("الثلاجة لا تبرد \u202e منذ يومين", id="right to left"),
        pytest.param("我的 fridge 不制冷 since yesterday, 求 refund", id="mixed"),
        pytest.param("空调不制冷。" * 3_333, id="20,000 characters"),
        pytest.param("x" * 20_000, id="one long word"),
        pytest.param("a\u0301" * 500 + "\ufeff\u200b", id="combining"),
        pytest.param('AND OR NOT ( " * ? ~ ^ : \\ / [ TO ]', id="search syntax"),
    ],
)
async def test_any_text_becomes_a_ticket(text: str, client: Client, platform: Platform) -> None:
    made = await create(client, text, f"odd-{hash(text)}")
    assert made["userErrors"] == []
    assert made["route"]["department"]["id"]
    assert (made["route"]["reason"] is None) == (made["route"]["margin"] > 0) or made["ticket"]
    assert (await client.data(ASK, question=text))["ask"]["answer"]
    assert made["ticket"]["messages"]["edges"][0]["node"]["text"]


async def test_what_leads_nowhere_goes_to_triage(client: Client, platform: Platform) -> None:
    route = (await client.data(PREVIEW, text="😀🔥👩‍🔧"))["previewRoute"]
    assert route["reason"] in {"no-evidence", "no-issue", "low-confidence"}
    (row,) = await run(
        platform.store, "MATCH (d:Department) WHERE d.triage = true RETURN d.id AS id"
    )
    assert route["department"]["id"] == to_global("Department", row["id"])


async def test_health_ready_and_the_page(client: Client, platform: Platform) -> None:
    assert (await client.http.get("/healthz")).json() == {"status": "ok"}
    ready = (await client.http.get("/readyz")).json()
    assert ready["status"] == "ok"
    assert ready["model"] == platform.extractor.model
    assert (await client.http.get("/")).headers["content-type"].startswith("text/html")


async def test_a_client_reuses_a_connection_as_long_as_it_keeps_it(client: Client) -> None:
    url = client.http.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    for pause in (0.0, 5.5):  # httpx gives an idle connection up after 5 s
        await asyncio.sleep(pause)
        writer.write(f"GET /healthz HTTP/1.1\r\nHost: {url.netloc.decode()}\r\n\r\n".encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        assert head.startswith(b"HTTP/1.1 200 ")
        await reader.readuntil(b"}")
    writer.close()
