"""Only a current token of ours makes somebody an actor."""

import base64
import json
import time
from typing import Any, cast

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from api.bearer import issue_token
from api.errors import UnauthenticatedError
from api.settings import Settings, read_settings
from api.signin import ANONYMOUS, SignIn
from graph.model import Actor
from graph.store import Store
from policies.policy import load_policy

SECRET = "for tests only, " * 3
SIGNED = read_settings({}, token_secret=SECRET)
AGENT = Actor(
    id="dev:agent",
    roles=frozenset({"agent"}),
    customer_id="c-1",
    department_ids=frozenset({"billing", "logistics"}),
    line_ids=frozenset({"web-shop"}),
)


async def actor_of(header: str | None, settings: Settings) -> Actor:
    """Who sent this ``Authorization`` header; a token alone needs no graph."""
    sign_in = SignIn(settings, cast("Store", None), epoch=lambda: 0)
    return await sign_in.actor({"authorization": header} if header is not None else {})


def token(secret: str = SECRET, alg: str = "HS256", **changed: Any) -> str:
    """A good token, then ``changed``; a claim given as ``None`` is left out."""
    now = int(time.time())
    claims = {"iss": "deskgraph", "sub": "kim", "exp": now + 60, "roles": ["agent"], **changed}
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": alg}, kept, OctKey.import_key(secret), algorithms=[alg])


def unsigned(**header: str) -> str:
    """A token that claims to need no signature."""
    claims = {"iss": "deskgraph", "sub": "kim", "exp": int(time.time()) + 60, "roles": ["admin"]}
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in (header, claims)
    ]
    return ".".join((*parts, ""))


async def test_an_issued_token_gives_the_actor_back() -> None:
    issued = issue_token(AGENT, SIGNED, seconds=60)
    assert await actor_of(f"Bearer {issued}", SIGNED) == AGENT
    assert await actor_of(f"bearer {issued}", SIGNED) == AGENT


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(f"Bearer {token('another one, ' * 4)}", id="signature"),
        pytest.param(f"Bearer {token(exp=int(time.time()) - 60)}", id="expired"),
        pytest.param(f"Bearer {token(exp=None)}", id="never expires"),
        pytest.param(f"Bearer {token(iss='elsewhere')}", id="issuer"),
        pytest.param(f"Bearer {token(iss=None)}", id="no issuer"),
        pytest.param(f"Bearer {token(sub=None)}", id="nobody"),
        pytest.param(f"Bearer {token(nbf=int(time.time()) + 600)}", id="not yet"),
        pytest.param(f"Bearer {token(alg='HS512')}", id="other algorithm"),
        pytest.param(f"Bearer {unsigned(alg='none', typ='JWT')}", id="alg none"),
        pytest.param(f"Bearer {unsigned(alg='HS256')}", id="empty signature"),
        pytest.param(f"Bearer {token()[:-4]}AAAA", id="altered"),
        pytest.param("Bearer garbage", id="garbage"),
        pytest.param("Bearer a.b.c", id="three parts of garbage"),
        pytest.param("Bearer ünïcode.ü.ü", id="not ASCII"),
        pytest.param("Bearer", id="no token"),
        pytest.param(f"Basic {token()}", id="scheme"),
        pytest.param(token(), id="no scheme"),
    ],
)
async def test_anything_else_is_refused_without_being_repeated(header: str) -> None:
    with pytest.raises(UnauthenticatedError) as error:
        await actor_of(header, SIGNED)
    assert str(error.value) in {
        "the token is not valid, or no longer",
        "send 'Authorization: Bearer TOKEN'",
    }


async def test_unknown_roles_are_dropped() -> None:
    actor = await actor_of(f"Bearer {token(roles=['agent', 'root', 'role:admin', 7])}", SIGNED)
    assert actor.roles == {"agent"}


@pytest.mark.parametrize("header", [None, ""])
async def test_without_a_token_one_is_anonymous_and_may_do_nothing(header: str | None) -> None:
    assert await actor_of(header, SIGNED) == ANONYMOUS
    assert load_policy().rights(ANONYMOUS.roles).cells == {}


async def test_without_sign_in_everybody_is_the_local_actor_and_tokens_are_not_read() -> None:
    local = read_settings({}, local_roles=("agent",))
    expected = Actor(id="local", roles=frozenset({"agent"}))
    assert await actor_of(None, local) == expected
    assert await actor_of("Bearer garbage", local) == expected


@pytest.mark.parametrize(
    "claims",
    [
        {"roles": 7},
        {"roles": "admin"},
        {"customer": 7},
        {"customer": ["c-1"]},
        {"departments": {"billing": True}},
        {"lines": "web-shop"},
    ],
)
async def test_claims_of_another_shape_are_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(UnauthenticatedError, match=next(iter(claims))):
        await actor_of(f"Bearer {token(**claims)}", SIGNED)
