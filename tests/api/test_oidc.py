"""Tokens of an identity provider: a real one on loopback, with discovery and key rotation."""

import asyncio
import base64
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from api.bearer import TokenReader
from api.errors import SignInUnavailableError, UnauthenticatedError
from api.jwks import KEEP_SECONDS, RETRY_SECONDS, Jwks
from api.settings import Settings, read_settings
from api.signin import SignIn
from graph.model import Actor
from graph.store import Store

Private = RSAKey | ECKey | OKPKey
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1"})
NEXT = RSAKey.generate_key(2048, {"kid": "rsa-2"})
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa-1"})
EC = ECKey.generate_key("P-256", {"kid": "ec-1"})
OKP = OKPKey.generate_key("Ed25519", {"kid": "okp-1"})
SECRET = "for tests only, " * 3


class Provider:
    """An identity provider on a free port of this machine."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {}
        self.asked: list[str] = []
        self.away = False
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked.append(self.path)
                found = provider.documents.get(self.path)
                if isinstance(found, str):
                    self.send_response(302)
                    self.send_header("Location", found)
                    self.end_headers()
                    return
                self.send_response(503 if provider.away else 200 if found else 404)
                self.end_headers()
                self.wfile.write(json.dumps(found).encode())

            def log_message(self, *_: Any) -> None:
                """Nothing to standard error."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.documents["/.well-known/openid-configuration"] = {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/keys",
        }
        self.publish(RSA, EC, OKP)

    def publish(self, *keys: Private, **extra: Any) -> None:
        """These keys and no others from now on."""
        self.documents["/keys"] = {
            "keys": [{**one.as_dict(private=False), "use": "sig", **extra} for one in keys]
        }

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def provider() -> Iterator[Provider]:
    found = Provider()
    yield found
    found.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reader(provider: Provider, clock: Clock) -> TokenReader:
    settings = make_settings(provider)
    return TokenReader(settings, jwks=Jwks(settings, clock=clock))


def make_settings(provider: Provider, **given: Any) -> Settings:
    return read_settings({}, oidc_issuer=provider.url, oidc_audience="desk", **given)


def token(
    provider: Provider, key: Private = RSA, alg: str = "RS256", *, kid: Any = "", **changed: Any
) -> str:
    """A good token, then ``changed``; a claim given as ``None`` is left out."""
    now = int(time.time())
    claims = {
        "iss": provider.url,
        "aud": "desk",
        "sub": "kim",
        "exp": now + 60,
        "roles": ["agent"],
        **changed,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    header = {"alg": alg} if kid is None else {"alg": alg, "kid": kid or key.kid}
    return jwt.encode(header, kept, key, algorithms=[alg])


@pytest.mark.parametrize(
    ("key", "alg"), [(RSA, "RS256"), (RSA, "PS256"), (EC, "ES256"), (OKP, "Ed25519")]
)
async def test_a_token_of_the_provider_is_read(
    key: Private, alg: str, provider: Provider, reader: TokenReader
) -> None:
    claims = await reader.read(token(provider, key, alg, agent="agent-07"))
    assert (claims["sub"], claims["roles"], claims["agent"]) == ("kim", ["agent"], "agent-07")
    listed = token(provider, key, alg, aud=["other", "desk"])
    assert (await reader.read(listed))["sub"] == "kim"
    assert provider.asked == ["/.well-known/openid-configuration", "/keys"]


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "other"},
        {"aud": ["other"]},
        {"aud": None},
        {"sub": None},
        {"exp": None},
        pytest.param({"exp": int(time.time()) - 3_600}, id="expired"),
        pytest.param({"nbf": int(time.time()) + 3_600}, id="not yet"),
        pytest.param({"key": STRANGER}, id="a key of nobody"),
        {"kid": "rsa-9"},
        {"kid": None},
        {"kid": "ec-1"},
        {"alg": "RS512"},
        {"alg": "PS384"},
    ],
    ids=str,
)
async def test_anything_else_is_refused_alike(
    changed: dict[str, Any], provider: Provider, reader: TokenReader
) -> None:
    await refused(reader, token(provider, **changed))


async def refused(reader: TokenReader, text: str) -> None:
    with pytest.raises(UnauthenticatedError) as error:
        await reader.read(text)
    assert str(error.value) == "the token is not valid, or no longer"


def forged(provider: Provider, alg: str, signature: bytes = b"") -> str:
    claims = {"iss": provider.url, "aud": "desk", "sub": "kim", "exp": int(time.time()) + 60}
    header = {"alg": alg, "kid": "rsa-1"}
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts)


async def test_neither_none_nor_empty_nor_altered_signatures_pass(
    provider: Provider, reader: TokenReader
) -> None:
    for alg in ("none", "None", "RS256", "ES256", "HS256", ""):
        await refused(reader, forged(provider, alg))
    head, body, signature = token(provider).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    other = base64.urlsafe_b64encode(json.dumps({**claims, "roles": ["admin"]}).encode())
    await refused(reader, ".".join((head, other.rstrip(b"=").decode(), signature)))
    await refused(reader, ".".join((head, body, f"{'A' * 8}{signature[8:]}")))
    nested = base64.urlsafe_b64encode(b"[" * 10_000).decode()
    for text in (f"{nested}.a.b", "a" * 20_000, "ü.ü.ü", "...", "e30.e30.", "W10.e30.x"):
        await refused(reader, text)


async def test_a_public_key_is_never_a_shared_secret(provider: Provider) -> None:
    both = TokenReader(make_settings(provider, token_secret=SECRET))
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"rsa-1"}').rstrip(b"=")
    claims = {"iss": "deskgraph", "sub": "kim", "exp": int(time.time()) + 60, "roles": ["admin"]}
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
    mac = hmac.digest(RSA.as_pem(private=False), header + b"." + body, "sha256")
    confused = b".".join((header, body, base64.urlsafe_b64encode(mac).rstrip(b"="))).decode()
    await refused(both, confused)
    await refused(TokenReader(make_settings(provider)), confused)
    await both.read(token(provider))


async def test_a_shared_secret_in_the_key_set_is_no_key(
    provider: Provider, reader: TokenReader
) -> None:
    secret = OctKey.import_key(SECRET, {"kid": "oct-1"})
    provider.documents["/keys"]["keys"].append(secret.as_dict())
    text = jwt.encode(
        {"alg": "HS256", "kid": "oct-1"},
        {"iss": provider.url, "aud": "desk", "sub": "kim", "exp": int(time.time()) + 60},
        secret,
    )
    await refused(reader, text)
    await reader.read(token(provider))


async def test_a_key_for_encryption_or_of_another_algorithm_verifies_nothing(
    provider: Provider, reader: TokenReader, clock: Clock
) -> None:
    provider.publish(RSA, use="enc")
    await refused(reader, token(provider))
    clock.now += RETRY_SECONDS
    provider.publish(RSA, alg="PS256")
    await refused(reader, token(provider))
    await reader.read(token(provider, alg="PS256"))


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
async def test_a_short_key_verifies_nothing(provider: Provider, reader: TokenReader) -> None:
    short = RSAKey.generate_key(1024, {"kid": "short"})
    text = token(provider, short)
    provider.publish(short, RSA)
    await refused(reader, text)
    await reader.read(token(provider))


async def test_rotation_is_noticed_but_strange_keys_ask_only_every_thirty_seconds(
    provider: Provider, reader: TokenReader, clock: Clock
) -> None:
    await reader.read(token(provider))
    provider.publish(NEXT)
    for _ in range(5):
        await refused(reader, token(provider, NEXT))
    assert provider.asked.count("/keys") == 1
    clock.now += RETRY_SECONDS
    texts = [token(provider, NEXT) for _ in range(8)]
    await asyncio.gather(*map(reader.read, texts))
    assert provider.asked.count("/keys") == 2
    await refused(reader, token(provider, RSA))


async def test_a_provider_that_is_away_locks_out_nobody_whose_key_is_known(
    provider: Provider, reader: TokenReader, clock: Clock
) -> None:
    provider.away = True
    with pytest.raises(SignInUnavailableError):
        await reader.read(token(provider))
    provider.away = False
    with pytest.raises(SignInUnavailableError):
        await reader.read(token(provider))
    clock.now += RETRY_SECONDS
    await reader.read(token(provider))
    provider.away = True
    clock.now += KEEP_SECONDS
    await reader.read(token(provider))
    assert provider.asked.count("/keys") == 1
    provider.away = False
    provider.publish(NEXT)
    clock.now += RETRY_SECONDS
    await refused(reader, token(provider))


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://elsewhere.example", "jwks_uri": "{url}/keys"},
        {"issuer": "{url}", "jwks_uri": "http://keys.example/keys"},
        {"issuer": "{url}", "jwks_uri": "file:///etc/passwd"},
        {"issuer": "{url}", "jwks_uri": 7},
        {"issuer": "{url}", "jwks_uri": "{url}/moved"},
        {"issuer": "{url}", "jwks_uri": "{url}/list"},
        {"issuer": "{url}", "jwks_uri": "{url}/absent"},
    ],
    ids=str,
)
async def test_a_discovery_that_leads_elsewhere_is_not_followed(
    discovery: dict[str, Any], provider: Provider, reader: TokenReader
) -> None:
    provider.documents["/.well-known/openid-configuration"] = {
        name: value.replace("{url}", provider.url) if isinstance(value, str) else value
        for name, value in discovery.items()
    }
    provider.documents["/moved"] = f"{provider.url}/keys"
    provider.documents["/list"] = [1]
    with pytest.raises(SignInUnavailableError):
        await reader.read(token(provider))
    assert "/keys" not in provider.asked


async def test_a_fixed_address_needs_no_discovery_and_claims_have_their_names(
    provider: Provider,
) -> None:
    settings = make_settings(
        provider,
        jwks_url=f"{provider.url}/keys",
        oidc_claims={"roles": "realm_access.roles", "agent": "https://desk/agent"},
    )
    sign_in = SignIn(settings, cast("Store", None), epoch=lambda: 0)
    claims: dict[str, Any] = {
        "roles": ["admin"],
        "realm_access": {"roles": ["supervisor", "other"]},
        "departments": ["billing"],
        "lines": ["home"],
        "customer": "c-1",
        "https://desk/agent": "agent-07",
    }
    text = token(provider, **claims)
    actor = await sign_in.actor({"authorization": f"Bearer {text}"})
    assert provider.asked == ["/keys"]
    assert actor == Actor(
        id="kim",
        roles=frozenset({"supervisor"}),
        customer_id="c-1",
        department_ids=frozenset({"billing"}),
        line_ids=frozenset({"home"}),
        agent_id="agent-07",
    )
