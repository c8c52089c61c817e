"""Every setting in one table. Read once, checked before anything starts.

The environment wins over a ``.env`` file in the working folder; both over the default.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "DESKGRAPH_"
MIN_SECRET = 32
CLAIMS = ("roles", "customer", "departments", "lines", "agent")
"""What a token may say of an actor, besides ``sub``."""


class SettingsError(Exception):
    """A setting cannot be used. The message names it, what was found, and what is allowed."""

    code = "settings_invalid"


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One row: name without prefix, default as text, how to read it, help; ``secret`` is never
    shown."""

    name: str
    default: str
    read: Callable[[str], Any]
    help: str
    secret: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _environment(text: str) -> str:
    if text not in {"development", "production"}:
        raise ValueError("development or production")
    return text


def _level(text: str) -> str:
    if text.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("DEBUG, INFO, WARNING or ERROR")
    return text.upper()


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise ValueError("a port from 0 (any free one) to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ValueError("a whole number from 1")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise ValueError("seconds from 0 to 86400")
    return seconds


def _safe_url(text: str) -> str:
    if text and not is_safe_url(text):
        raise ValueError("an https address, or http on this machine")
    return text


def _redis_url(text: str) -> str:
    if text and urlsplit(text).scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("redis://HOST:PORT/NUMBER, rediss://HOST:PORT/NUMBER or unix://PATH")
    return text


def _claims(text: str) -> Mapping[str, str]:
    pairs = [word.partition("=") for word in _words(text)]
    if any(name not in CLAIMS or not theirs for name, _, theirs in pairs):
        raise ValueError(f"NAME=CLAIM, with commas between; names: {', '.join(CLAIMS)}")
    return {name: theirs for name, _, theirs in pairs}


SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="ENVIRONMENT",
        default="development",
        read=_environment,
        help="`production` refuses to start with anything unsafe",
    ),
    Setting(
        name="GRAPH_URL",
        default="embedded:./var/graph",
        read=str,
        help="`embedded:FOLDER`, or `neo4j://HOST:PORT` and its encrypted forms",
    ),
    Setting(name="GRAPH_USER", default="", read=str, help="user of a Neo4j server"),
    Setting(name="GRAPH_PASSWORD", default="", read=str, help="its password", secret=True),
    Setting(name="GRAPH_DATABASE", default="", read=str, help="its database, if not the default"),
    Setting(
        name="GRAPH_LINGER_SECONDS",
        default="30",
        read=_seconds,
        help="how long the embedded graph stays when its last user has left",
    ),
    Setting(name="HOST", default="127.0.0.1", read=str, help="address to serve on"),
    Setting(name="PORT", default="8000", read=_port, help="port to serve on; 0 takes a free one"),
    Setting(
        name="WORKERS",
        default="1",
        read=_count,
        help="processes that serve; several need DESKGRAPH_REDIS_URL",
    ),
    Setting(
        name="REDIS_URL",
        default="",
        read=_redis_url,
        help="Redis by which several processes tell each other what changed: "
        "`redis://HOST:PORT/NUMBER`, `rediss://…`, or `unix://PATH`",
        secret=True,
    ),
    Setting(
        name="TOKEN_SECRET",
        default="",
        read=str,
        help=f"signs bearer tokens (HS256), at least {MIN_SECRET} characters; "
        "without it or an identity provider the server stays on loopback",
        secret=True,
    ),
    Setting(
        name="OIDC_ISSUER",
        default="",
        read=_safe_url,
        help="identity provider whose tokens are accepted (RS256, PS256, ES256, Ed25519)",
    ),
    Setting(
        name="OIDC_AUDIENCE",
        default="",
        read=str,
        help="audience that its tokens must name; required with the issuer",
    ),
    Setting(
        name="OIDC_CLAIMS",
        default="",
        read=_claims,
        help="its names of our claims, such as `roles=realm_access.roles,agent=employee_id`; "
        f"ours: {', '.join(CLAIMS)}",
    ),
    Setting(
        name="JWKS_URL",
        default="",
        read=_safe_url,
        help="where its keys are, if its discovery document does not say",
    ),
    Setting(
        name="LOCAL_ROLES",
        default="service",
        read=_words,
        help="roles of requests while no sign-in is configured (loopback, development)",
    ),
    Setting(
        name="CORS_ORIGINS",
        default="http://localhost:3000,http://localhost:5173,http://127.0.0.1:5173",
        read=_words,
        help="origins of front ends that may call from a browser",
    ),
    Setting(
        name="MASTER_KEY_FILE",
        default="./var/keys/master.key",
        read=Path,
        help="32 bytes in base64, mode 0600; in development made when absent",
    ),
    Setting(name="MODELS", default="./var/models", read=Path, help="folder of trained models"),
    Setting(
        name="MAX_TEXT",
        default="20000",
        read=_count,
        help="longest question or message, in characters",
    ),
    Setting(
        name="REQUEST_SECONDS",
        default="30",
        read=_seconds,
        help="longest a request may take; 0 is without limit",
    ),
    Setting(name="LOG_LEVEL", default="INFO", read=_level, help="DEBUG, INFO, WARNING or ERROR"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The table's values, typed. See ``SETTINGS`` for what each means."""

    environment: str
    graph_url: str
    graph_user: str
    graph_password: str
    graph_database: str
    graph_linger_seconds: float
    host: str
    port: int
    workers: int
    redis_url: str
    token_secret: str
    oidc_issuer: str
    oidc_audience: str
    oidc_claims: Mapping[str, str]
    jwks_url: str
    local_roles: tuple[str, ...]
    cors_origins: tuple[str, ...]
    master_key_file: Path
    models: Path
    max_text: int
    request_seconds: float
    log_level: str

    @property
    def production(self) -> bool:
        """Whether unsafe settings are refused."""
        return self.environment == "production"

    @property
    def signed_in(self) -> bool:
        """Whether callers have to show a token or a key."""
        return bool(self.token_secret or self.oidc_issuer)


def read_settings(environ: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Read and check all settings; ``given`` values (typed) win over the environment.

    Raises:
        SettingsError: an unknown name with our prefix, a value of the wrong form, or a
            combination that is not safe to run.
    """
    found = {**_env_file(Path(".env")), **os.environ} if environ is None else dict(environ)
    known = {f"{PREFIX}{setting.name}" for setting in SETTINGS}
    theirs = {name for name in found if name.startswith(PREFIX)}
    if unknown := sorted(theirs - known - _ELSEWHERE):
        raise SettingsError(f"{unknown[0]} is not a setting; known: {', '.join(sorted(known))}")
    values = {setting.name.lower(): _read(setting, found) for setting in SETTINGS}
    settings = Settings(**{**values, **given})
    verify(settings)
    return settings


_ELSEWHERE = {
    "DESKGRAPH_DATA",
    "DESKGRAPH_NEO4J_CACHE",
    "DESKGRAPH_TEST_NEO4J_URL",
    "DESKGRAPH_TEST_NEO4J_USER",
    "DESKGRAPH_TEST_NEO4J_PASSWORD",
}
"""Names with our prefix that belong to tests and benchmarks."""


def verify(settings: Settings) -> None:
    """Refuse what is not safe.

    Raises:
        SettingsError: names the setting and the remedy.
    """
    if settings.token_secret and len(settings.token_secret) < MIN_SECRET:
        raise SettingsError(
            f"{PREFIX}TOKEN_SECRET has {len(settings.token_secret)} characters; "
            f"use at least {MIN_SECRET} random ones"
        )
    _verify_issuer(settings)
    if not settings.signed_in and not is_loopback(settings.host):
        raise SettingsError(
            f"{PREFIX}HOST is {settings.host!r}, but no sign-in is configured: "
            f"serve on 127.0.0.1, or set {PREFIX}OIDC_ISSUER or {PREFIX}TOKEN_SECRET"
        )
    if settings.workers > 1 and not settings.redis_url:
        raise SettingsError(
            f"{PREFIX}WORKERS is {settings.workers}, but {PREFIX}REDIS_URL is empty: several "
            "processes hear of each other's changes through Redis; name one, or serve with 1 worker"
        )
    if settings.production:
        _verify_production(settings)


def _verify_issuer(settings: Settings) -> None:
    if settings.oidc_issuer and not settings.oidc_audience:
        raise SettingsError(
            f"{PREFIX}OIDC_AUDIENCE is empty; name the audience of this service's tokens, "
            "or tokens for others would open it"
        )
    for name in ("oidc_audience", "oidc_claims", "jwks_url"):
        if getattr(settings, name) and not settings.oidc_issuer:
            raise SettingsError(f"{PREFIX}{name.upper()} is set without {PREFIX}OIDC_ISSUER")


def _verify_production(settings: Settings) -> None:
    unsafe = {
        "TOKEN_SECRET": not settings.signed_in and "is empty; production needs sign-in",
        "OIDC_ISSUER": bool(settings.oidc_issuer and settings.token_secret)
        and f"is set together with {PREFIX}TOKEN_SECRET; production has one way in: unset one",
        "CORS_ORIGINS": "*" in settings.cors_origins and "allows any origin; name them",
        "MASTER_KEY_FILE": not settings.master_key_file.is_file()
        and "does not exist; production never makes a key by itself",
        "GRAPH_PASSWORD": not settings.graph_url.startswith("embedded:")
        and not settings.graph_password
        and "is empty; production never opens a graph without a password",
    }
    for name, reason in unsafe.items():
        if reason:
            raise SettingsError(f"{PREFIX}{name} {reason}")


def is_safe_url(url: str) -> bool:
    """https with a host, or http on this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _read(setting: Setting, found: Mapping[str, str]) -> Any:
    name = f"{PREFIX}{setting.name}"
    text = found.get(name, setting.default)
    try:
        return setting.read(text)
    except ValueError as error:
        shown = "‹hidden›" if setting.secret else repr(text)
        raise SettingsError(f"{name} is {shown}; allowed: {error}") from None


def _env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    pairs = (
        line.partition("=")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    )
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
