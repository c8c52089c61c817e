"""Every setting can be given, and what is unsafe is refused by name."""

from pathlib import Path

import pytest

from api.settings import MIN_SECRET, PREFIX, SETTINGS, Settings, SettingsError, read_settings

SECRET = "nobody may read this, " * 3
GIVEN = {
    "ENVIRONMENT": ("development", "development"),
    "GRAPH_URL": ("neo4j://db.example:7687", "neo4j://db.example:7687"),
    "GRAPH_USER": ("reader", "reader"),
    "GRAPH_PASSWORD": ("p", "p"),
    "GRAPH_DATABASE": ("desk", "desk"),
    "GRAPH_LINGER_SECONDS": ("1.5", 1.5),
    "HOST": ("::1", "::1"),
    "PORT": ("0", 0),
    "TOKEN_SECRET": (SECRET, SECRET),
    "OIDC_ISSUER": ("https://id.example/realm", "https://id.example/realm"),
    "OIDC_AUDIENCE": ("desk", "desk"),
    "OIDC_CLAIMS": ("roles=realm.roles, agent=emp", {"roles": "realm.roles", "agent": "emp"}),
    "JWKS_URL": ("http://127.0.0.1:9/keys", "http://127.0.0.1:9/keys"),
    "LOCAL_ROLES": ("agent, editor", ("agent", "editor")),
    "CORS_ORIGINS": ("https://a.example,", ("https://a.example",)),
    "MASTER_KEY_FILE": ("k/master.key", Path("k/master.key")),
    "MODELS": ("m", Path("m")),
    "MAX_TEXT": ("10", 10),
    "REQUEST_SECONDS": ("2.5", 2.5),
    "WORKERS": ("4", 4),
    "REDIS_URL": ("rediss://cache.example:6379/1", "rediss://cache.example:6379/1"),
    "LOG_LEVEL": ("debug", "DEBUG"),
}


def production(tmp_path: Path, **changed: str) -> dict[str, str]:
    """A safe production environment, then ``changed``."""
    key = tmp_path / "master.key"
    key.touch()
    safe = {
        "ENVIRONMENT": "production",
        "GRAPH_URL": "neo4j+s://db.example:7687",
        "GRAPH_PASSWORD": "p",
        "TOKEN_SECRET": SECRET,
        "MASTER_KEY_FILE": str(key),
        "HOST": "0.0.0.0",
    }
    return {f"{PREFIX}{name}": value for name, value in {**safe, **changed}.items()}


def test_every_setting_is_read_from_its_name() -> None:
    assert GIVEN.keys() == {setting.name for setting in SETTINGS}
    settings = read_settings({f"{PREFIX}{name}": text for name, (text, _) in GIVEN.items()})
    found = {name: getattr(settings, name.lower()) for name in GIVEN}
    assert found == {name: value for name, (_, value) in GIVEN.items()}


def test_defaults_are_for_one_person_on_one_machine() -> None:
    settings = read_settings({})
    assert (settings.environment, settings.host, settings.local_roles) == (
        "development",
        "127.0.0.1",
        ("service",),
    )
    assert not settings.signed_in
    assert not settings.production


def test_an_unknown_name_is_refused_and_other_prefixes_are_none_of_ours() -> None:
    with pytest.raises(SettingsError, match="DESKGRAPH_TOKEN is not a setting; known: "):
        read_settings({f"{PREFIX}TOKEN": "x"})
    assert read_settings({"TOKEN": "x"}) == read_settings({})


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("ENVIRONMENT", "staging", "development or production"),
        ("PORT", "65536", "a port from 0"),
        ("PORT", "-1", "a port from 0"),
        ("MAX_TEXT", "0", "a whole number from 1"),
        ("GRAPH_LINGER_SECONDS", "soon", "seconds from 0 to 86400"),
        ("GRAPH_LINGER_SECONDS", "nan", "seconds from 0 to 86400"),
        ("LOG_LEVEL", "loud", "DEBUG, INFO, WARNING or ERROR"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(name: str, value: str, allowed: str) -> None:
    with pytest.raises(SettingsError, match=f"{PREFIX}{name} is '{value}'; allowed: {allowed}"):
        read_settings({f"{PREFIX}{name}": value})


def test_a_short_secret_is_refused_without_being_told() -> None:
    short = SECRET[: MIN_SECRET - 1]
    with pytest.raises(SettingsError, match="TOKEN_SECRET has 31 characters") as error:
        read_settings({f"{PREFIX}TOKEN_SECRET": short})
    assert short not in str(error.value)
    assert read_settings({f"{PREFIX}TOKEN_SECRET": SECRET[:MIN_SECRET]}).signed_in


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "desk.example", ""])
def test_without_sign_in_only_loopback_is_served(host: str) -> None:
    with pytest.raises(SettingsError, match="but no sign-in is configured"):
        read_settings({f"{PREFIX}HOST": host})
    signed = {f"{PREFIX}HOST": host, f"{PREFIX}TOKEN_SECRET": SECRET}
    assert read_settings(signed).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback_needs_no_sign_in(host: str) -> None:
    assert read_settings({f"{PREFIX}HOST": host}).host == host


def test_safe_production_starts(tmp_path: Path) -> None:
    assert read_settings(production(tmp_path)).production
    provider = production(
        tmp_path, TOKEN_SECRET="", OIDC_ISSUER="https://id.example", OIDC_AUDIENCE="desk"
    )
    assert read_settings(provider).signed_in
    embedded = production(tmp_path, GRAPH_URL="embedded:./g", GRAPH_PASSWORD="")
    assert read_settings(embedded).production


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"TOKEN_SECRET": "", "HOST": "127.0.0.1"}, "TOKEN_SECRET is empty"),
        (
            {"OIDC_ISSUER": "https://id.example", "OIDC_AUDIENCE": "desk"},
            "OIDC_ISSUER is set together with DESKGRAPH_TOKEN_SECRET",
        ),
        ({"CORS_ORIGINS": "https://a.example,*"}, "CORS_ORIGINS allows any origin"),
        ({"MASTER_KEY_FILE": "/nowhere/master.key"}, "MASTER_KEY_FILE does not exist"),
        ({"GRAPH_PASSWORD": ""}, "GRAPH_PASSWORD is empty"),
    ],
)
def test_production_refuses_what_is_unsafe(
    changed: dict[str, str], says: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=says) as error:
        read_settings(production(tmp_path, **changed))
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"OIDC_ISSUER": "https://id.example"}, "OIDC_AUDIENCE is empty"),
        ({"OIDC_AUDIENCE": "desk"}, "OIDC_AUDIENCE is set without DESKGRAPH_OIDC_ISSUER"),
        ({"JWKS_URL": "https://id.example/k"}, "JWKS_URL is set without DESKGRAPH_OIDC_ISSUER"),
        ({"OIDC_CLAIMS": "roles=r"}, "OIDC_CLAIMS is set without DESKGRAPH_OIDC_ISSUER"),
        ({"OIDC_CLAIMS": "sub=email"}, "NAME=CLAIM, with commas between; names: roles, "),
        ({"OIDC_ISSUER": "http://id.example"}, "allowed: an https address, or http on this"),
        ({"JWKS_URL": "file:///etc/keys"}, "allowed: an https address, or http on this"),
        ({"JWKS_URL": "https://[::1"}, "allowed: an https address, or http on this"),
    ],
)
def test_an_identity_provider_is_whole_and_encrypted(given: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read_settings({f"{PREFIX}{name}": value for name, value in given.items()})


def test_secrets_are_those_that_would_be_worth_stealing() -> None:
    assert {setting.name for setting in SETTINGS if setting.secret} == {
        "GRAPH_PASSWORD",
        "REDIS_URL",
        "TOKEN_SECRET",
    }


def in_folder(folder: Path, monkeypatch: pytest.MonkeyPatch, **environ: str) -> Settings:
    """The settings of a process in ``folder`` with these variables and no others of ours."""
    monkeypatch.chdir(folder)
    for setting in SETTINGS:
        monkeypatch.delenv(f"{PREFIX}{setting.name}", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(f"{PREFIX}{name}", value)
    return read_settings()


def test_the_env_file_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"# ours\n\n{PREFIX}PORT=8100\n {PREFIX}HOST = \"::1\"\n{PREFIX}MODELS='m = n'\n"
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    settings = in_folder(tmp_path, monkeypatch, PORT="8200")
    assert (settings.port, settings.host, settings.models) == (8200, "::1", Path("m = n"))


def test_an_unknown_name_in_the_env_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(f"{PREFIX}PROT=1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="DESKGRAPH_PROT is not a setting"):
        in_folder(tmp_path, monkeypatch)


def test_given_values_win_and_are_checked_too() -> None:
    assert read_settings({f"{PREFIX}PORT": "1"}, port=2).port == 2
    with pytest.raises(SettingsError, match="HOST"):
        read_settings({}, host="0.0.0.0")
