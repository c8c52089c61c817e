"""API keys over HTTP: made once, scoped to roles, refused within a second of their revocation."""

import base64
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from api.bearer import issue_token
from api.bootstrap import Platform, open_platform
from api.cli import build_app
from api.errors import InputError, UnauthenticatedError
from api.keyring import KEEP_SECONDS, KeyRing, make_key
from api.services.keys import create_api_key, list_api_keys, revoke_api_key
from api.settings import read_settings
from api.signin import SignIn, local_actor
from graph.errors import ForbiddenError, NotFoundError
from graph.key import ApiKey, Places, create_key, find_key, find_places, revoke_key
from graph.model import Actor
from graph.vocabulary import Label, RelationshipType
from tests.api.conftest import SECRET, Client, serving
from tests.builders import make_nodes, relate

ADMIN = local_actor(("admin",))
VIEWER = "{ viewer { id roles } }"


@pytest.fixture(scope="module")
async def platform(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    """A graph of its own with two departments and an agent."""
    folder = tmp_path_factory.mktemp("keys")
    settings = read_settings(
        {},
        graph_url=f"embedded:{folder / 'graph'}",
        graph_linger_seconds=0.0,
        master_key_file=folder / "master.key",
        models=folder / "models",
        token_secret=SECRET,
    )
    async with open_platform(settings) as found:
        store = found.store
        await make_nodes(store, Label.BUSINESS_LINE, [{"id": "home"}])
        await make_nodes(store, Label.DEPARTMENT, [{"id": "billing"}, {"id": "service"}])
        await make_nodes(store, Label.AGENT, [{"id": "agent-07"}])
        for department in ("billing", "service"):
            await relate(
                store,
                RelationshipType.MEMBER_OF,
                (Label.AGENT, "agent-07"),
                (Label.DEPARTMENT, department),
            )
        await relate(
            store,
            RelationshipType.BELONGS_TO,
            (Label.DEPARTMENT, "service"),
            (Label.BUSINESS_LINE, "home"),
        )
        yield found


@pytest.fixture(scope="module")
async def server(platform: Platform) -> AsyncIterator[Client]:
    async with serving(platform.settings, platform) as found:
        yield found


async def ask(server: Client, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await server.http.post("/graphql", json={"query": VIEWER}, headers=named)


async def viewer(server: Client, **headers: str) -> Any:
    answer = await ask(server, **headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]["viewer"]


async def made(platform: Platform, *roles: str, days: int | None = None) -> tuple[str, str]:
    """Id and text of a new key."""
    found = await create_api_key(platform, ADMIN, name="web-shop", roles=roles, days=days)
    return found.key.id, found.text


async def test_a_key_opens_by_either_header_with_its_roles_only(
    platform: Platform, server: Client
) -> None:
    id_, text = await made(platform, "analyst", "service")
    expected = {"id": f"key:{id_}", "roles": ["analyst", "service"]}
    for headers in ({"x_api_key": text}, {"authorization": f"Bearer {text}"}):
        found = await viewer(server, **headers)
        assert {**found, "roles": sorted(found["roles"])} == expected
    assert (await viewer(server))["roles"] == []


async def test_a_revoked_key_is_refused_within_a_second(platform: Platform, server: Client) -> None:
    id_, text = await made(platform, "service")
    await viewer(server, x_api_key=text)
    first = await revoke_api_key(platform, ADMIN, id_)
    revoked = time.monotonic()
    while (answer := await ask(server, x_api_key=text)).status_code == 200:
        assert time.monotonic() - revoked < KEEP_SECONDS + 0.5
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["message"] == "the key is not valid, or no longer"
    assert await revoke_api_key(platform, ADMIN, id_) == first
    with pytest.raises(NotFoundError):
        await revoke_api_key(platform, ADMIN, "0" * 16)


async def test_wrong_secrets_unknown_ids_and_other_forms_are_refused_alike(
    platform: Platform, server: Client
) -> None:
    id_, text = await made(platform, "service")
    _, other = await made(platform, "service")
    secret, others = text.removeprefix(f"dgk_{id_}_"), other[21:]
    assert len(secret) == len(others) == 43
    wrong = (
        f"dgk_{id_}_{others}",
        f"dgk_{'0' * 16}_{secret}",
        f"dgk_{id_}_",
        f"dgk_{id_}_{secret}A",
        f"dgk_{id_.upper()}x_{secret}",
        "dgk_",
        secret,
    )
    for key in wrong:
        assert (await ask(server, x_api_key=key)).status_code == 401, key
    for key in wrong[:-1]:
        assert (await ask(server, authorization=f"Bearer {key}")).status_code == 401, key
    both = await ask(server, x_api_key=text, authorization=f"Bearer {text}")
    assert both.status_code == 401
    assert (await ask(server, x_api_key=text)).status_code == 200


async def test_an_expired_key_is_refused(platform: Platform) -> None:
    ring = KeyRing(platform.store)
    for days, opens in ((1, True), (0, False), (-1, False)):
        key, text = make_key(name="n", author="ann", roles=("service",), days=days)
        await create_key(platform.store, key)
        if opens:
            assert (await ring.actor(text)).roles == {"service"}
        else:
            with pytest.raises(UnauthenticatedError):
                await ring.actor(text)


async def test_only_the_hash_is_stored_and_shown_nowhere(platform: Platform) -> None:
    found = await create_api_key(platform, ADMIN, name=" shop ", roles=("service",), days=90)
    secret = found.text.removeprefix(f"dgk_{found.key.id}_")
    stored = await find_key(platform.store, found.key.id)
    assert stored == found.key
    assert isinstance(stored, ApiKey)
    assert (stored.name, stored.author, stored.revoked_at) == ("shop", "local", None)
    assert stored.expires_at == stored.created_at + 90 * 86_400_000
    assert stored.secret_hash not in repr(found)
    assert secret not in f"{found!r} {stored.secret_hash}"
    assert stored in await list_api_keys(platform, ADMIN)


async def test_keys_take_the_right_to_change_the_policy(platform: Platform) -> None:
    agent = local_actor(("agent",))
    with pytest.raises(ForbiddenError):
        await create_api_key(platform, agent, name="n", roles=("service",))
    with pytest.raises(ForbiddenError):
        await list_api_keys(platform, agent)
    with pytest.raises(ForbiddenError):
        await revoke_api_key(platform, local_actor(("auditor",)), "0" * 16)
    for name, roles in (("", ("service",)), ("n", ()), ("n", ("root",))):
        with pytest.raises(InputError):
            await create_api_key(platform, ADMIN, name=name, roles=roles)


async def test_a_key_of_a_role_that_is_gone_has_none(platform: Platform) -> None:
    key, text = make_key(name="n", author="ann", roles=("former",))
    await create_key(platform.store, key)
    assert (await KeyRing(platform.store).actor(text)).roles == frozenset()
    await revoke_key(platform.store, key.id)
    with pytest.raises(UnauthenticatedError):
        await KeyRing(platform.store).actor(text)


async def test_an_agent_works_where_the_graph_says_until_knowledge_moves(
    platform: Platform,
) -> None:
    epoch = 1
    sign_in = SignIn(platform.settings, platform.store, epoch=lambda: epoch)
    agent = Actor(id="kim", roles=frozenset({"agent"}), agent_id="agent-07")
    found = await sign_in.actor(bearer(agent, platform))
    assert found.department_ids == {"billing", "service"}
    assert found.line_ids == {"home"}
    told = replace(agent, department_ids=frozenset({"billing"}))
    assert await sign_in.actor(bearer(told, platform)) == told
    stranger = replace(agent, agent_id="agent-99")
    assert await sign_in.actor(bearer(stranger, platform)) == stranger

    await make_nodes(platform.store, Label.DEPARTMENT, [{"id": "new"}])
    ends = (Label.AGENT, "agent-07"), (Label.DEPARTMENT, "new")
    await relate(platform.store, RelationshipType.MEMBER_OF, *ends)
    assert (await sign_in.actor(bearer(agent, platform))).department_ids == found.department_ids
    epoch = 2
    moved = await sign_in.actor(bearer(agent, platform))
    assert moved.department_ids == {"billing", "service", "new"}
    places = await find_places(platform.store, "agent-99")
    assert places == Places(department_ids=frozenset(), line_ids=frozenset())


def bearer(actor: Actor, platform: Platform) -> dict[str, str]:
    return {"authorization": f"Bearer {issue_token(actor, platform.settings, seconds=60)}"}


async def test_a_graph_that_is_away_is_told_as_such(tmp_path: Path, platform: Platform) -> None:
    async with open_platform(
        replace(
            platform.settings,
            graph_url=f"embedded:{tmp_path / 'graph'}",
            master_key_file=tmp_path / "master.key",
        )
    ) as other:
        _, text = make_key(name="n", author="ann", roles=("service",))
        async with serving(other.settings, other) as server:
            await other.store.close()
            answer = await ask(server, x_api_key=text)
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"


def command(folder: Path, *words: str, **environ: str) -> Result:
    ours = {
        "DESKGRAPH_GRAPH_URL": f"embedded:{folder / 'graph'}",
        "DESKGRAPH_GRAPH_LINGER_SECONDS": "20",
        "DESKGRAPH_MASTER_KEY_FILE": str(folder / "master.key"),
    }
    return CliRunner().invoke(build_app(["keys", "token"]), list(words), env={**ours, **environ})


def test_the_commands_make_list_and_revoke(tmp_path: Path) -> None:
    create = ("keys", "create", "--role", "role:service", "--name", "web-shop")
    text = command(tmp_path, *create).stdout.strip()
    made = json.loads(command(tmp_path, *create, "--expires", "9", "-o", "json").stdout)
    assert made["key"].startswith(f"dgk_{made['id']}_")
    assert (made["roles"], made["author"], made["state"]) == (["service"], "local", "good")
    id_ = text.split("_")[1]
    assert command(tmp_path, "keys", "revoke", id_).stdout.startswith(f"{id_} revoked 2")
    listed = command(tmp_path, "keys", "list", "-o", "json").stdout
    states = {one["id"]: one["state"] for one in json.loads(listed)}
    assert states == {id_: "revoked", made["id"]: "good"}
    lines = command(tmp_path, "keys", "list").stdout
    assert "hash" not in listed
    assert text not in f"{listed}{lines}"
    assert f"{id_}  revoked  service  web-shop  local  -" in lines
    forbidden = command(tmp_path, *create, "--as", "auditor")
    assert isinstance(forbidden.exception, ForbiddenError)
    unknown = command(tmp_path, "keys", "create", "--role", "boss", "--name", "n")
    assert isinstance(unknown.exception, InputError)
    assert "no role 'boss'" in str(unknown.exception)


def test_a_development_token_names_the_agent(tmp_path: Path) -> None:
    words = ("token", "--role", "agent", "--agent", "agent-07", "-o", "json")
    done = command(tmp_path, *words, DESKGRAPH_TOKEN_SECRET=SECRET)
    body = json.loads(done.stdout)["token"].split(".")[1]
    claims = json.loads(_decoded(body))
    assert (claims["agent"], claims["departments"]) == ("agent-07", [])
    assert isinstance(command(tmp_path, *words).exception, InputError)
    issuer = {"DESKGRAPH_OIDC_ISSUER": "https://id.example", "DESKGRAPH_OIDC_AUDIENCE": "d"}
    assert isinstance(command(tmp_path, *words, **issuer).exception, InputError)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
