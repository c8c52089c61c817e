"""What ``compose.yaml`` and ``Dockerfile`` run, run without Docker: the same commands in the same
environment, on a real Neo4j and a real Redis. Only places differ: hosts, ports, folders.
"""

import base64
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from api.bearer import issue_token
from api.settings import PREFIX, SETTINGS, read_settings
from api.signin import local_actor
from tests.conftest import WIPE, Engine
from tests.redis_server import RedisServer

ROOT = Path(__file__).parents[2]
COMPOSE: Mapping[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: Mapping[str, Any] = COMPOSE["services"]
OURS = ("server", "load", "train")
GIVEN = {
    "DESKGRAPH_GRAPH_PASSWORD": "of this test only",
    "DESKGRAPH_TOKEN_SECRET": "of this test only, " * 2,
    "DESKGRAPH_WORKERS": "2",
}
_SECONDS = 60
_VARIABLE = re.compile(r"\$\{(\w+)(:[-?])?([^}]*)\}")


def dockerfile() -> Mapping[str, list[str]]:
    """Arguments by instruction, of the last stage."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            found = {}
        if word.isupper():
            found.setdefault(word, []).append(rest.strip())
    return found


def filled(value: str, given: Mapping[str, str] = GIVEN) -> str:
    """``value`` with its variables, as Compose fills them in."""

    def one(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if kind == ":?" and not given.get(name):
            raise KeyError(f"{name}: {rest}")
        return given.get(name) or (rest if kind == ":-" else "")

    return _VARIABLE.sub(one, value)


class Places:
    """Where things are here, that are elsewhere in containers."""

    def __init__(self, folder: Path, engine: Engine, redis: int) -> None:
        self.port, self.redis = _free_port(), redis
        self._known = {
            "neo4j://neo4j:7687": engine.url,
            "redis:6379": f"127.0.0.1:{redis}",
            "0.0.0.0": "127.0.0.1",
            "8000": str(self.port),
            "/run/secrets/master_key": str(folder / "master.key"),
            "/data/models": str(folder / "models"),
            "/knowledge": str(ROOT / "seed" / "company"),
        }

    def here(self, value: str) -> str:
        """``value`` with every place as it is here."""
        for there, own in self._known.items():
            value = value.replace(there, own)
        return value


@pytest.fixture(scope="module")
async def places(neo4j_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("compose")
    key = folder / "master.key"
    key.write_text(base64.b64encode(os.urandom(32)).decode())
    key.chmod(0o600)
    with redis_of_the_file(folder) as port:
        store = await neo4j_engine.open()
        await store.write(WIPE)
        yield Places(folder, neo4j_engine, port)
        await store.write(WIPE)
        await store.close()


@contextmanager
def redis_of_the_file(folder: Path) -> Iterator[int]:
    """The command of the service ``redis``, on a free port; healthy by the check of the file."""
    RedisServer(folder)  # skips where there is none
    port = _free_port()
    command = [*SERVICES["redis"]["command"], "--port", str(port)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    kind, *check = SERVICES["redis"]["healthcheck"]["test"]
    assert kind == "CMD"
    try:
        _until(lambda: _runs([*check[:1], "-p", str(port), *check[1:]]))
        yield port
    finally:
        process.terminate()
        process.wait(_SECONDS)


def environment(name: str, places: Places) -> dict[str, str]:
    """Of a service: what the image says, then what the file says."""
    pairs = dict(pair.split("=", 1) for pair in " ".join(dockerfile()["ENV"]).split())
    pairs.pop("PATH")
    pairs |= {key: filled(str(one)) for key, one in SERVICES[name]["environment"].items()}
    kept = {key: one for key, one in os.environ.items() if not key.startswith(PREFIX)}
    kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return {**kept, **{key: places.here(one) for key, one in pairs.items()}}


def command(name: str, places: Places) -> list[str]:
    entry = json.loads(dockerfile()["ENTRYPOINT"][-1])
    own = SERVICES[name].get("command") or json.loads(dockerfile()["CMD"][-1])
    return [places.here(word) for word in (*entry, *own)]


def test_knowledge_is_loaded_the_model_trained_and_two_workers_serve(
    places: Places, tmp_path: Path
) -> None:
    for name in ("load", "train"):
        done = subprocess.run(
            command(name, places), env=environment(name, places), cwd=tmp_path,
            capture_output=True, text=True, check=False, timeout=_SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    environ = environment("server", places)
    said = tmp_path / "server.log"
    with said.open("wb") as file:
        process = subprocess.Popen(
            command("server", places), env=environ, cwd=tmp_path, stderr=file
        )

    def serves() -> bool:
        assert process.poll() is None, said.read_text("utf-8")
        return _healthy(places)

    try:
        _until(serves)
        assert len(_workers(process.pid)) == 2
        settings = read_settings({key: one for key, one in environ.items() if PREFIX in key})
        assert settings.production
        token = issue_token(local_actor(("editor",)), settings, seconds=60)
        asked = {"query": "{ departments { totalCount } }"}
        url = f"http://127.0.0.1:{places.port}"
        headers = {"authorization": f"Bearer {token}"}
        answer = httpx.post(f"{url}/graphql", json=asked, headers=headers).json()
        assert answer["data"]["departments"]["totalCount"] == 8
        assert httpx.get(f"{url}/examples/desk.html").status_code == 404
        workers = _workers(process.pid)
        process.send_signal(signal.SIGHUP)
        _until(lambda: len(now := _workers(process.pid)) == 2 and not workers & now)
        assert _healthy(places)
    finally:
        process.send_signal(getattr(signal, dockerfile()["STOPSIGNAL"][-1]))
        assert process.wait(_SECONDS) in {0, -signal.SIGTERM}


def test_the_image_is_built_of_what_is_there_and_runs_as_nobody() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE):
        assert all((ROOT / one).exists() for one in line.split()), line
    shown = {one[1:] for one in (ROOT / ".dockerignore").read_text().split() if one[0] == "!"}
    copied = set(" ".join(re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE)).split())
    assert shown == copied
    assert "--require-hashes" in text
    assert dockerfile()["USER"] == ["deskgraph"]
    assert all(SERVICES[name]["read_only"] for name in OURS)


def test_every_setting_in_the_files_is_one() -> None:
    known = {f"{PREFIX}{one.name}" for one in SETTINGS}
    for name in OURS:
        named = {key for key in SERVICES[name]["environment"] if key.startswith(PREFIX)}
        assert named <= known
    text = " ".join(dockerfile()["ENV"])
    assert set(re.findall(rf"{PREFIX}\w+", text)) <= known


@pytest.mark.parametrize("missing", ["DESKGRAPH_GRAPH_PASSWORD"])
def test_what_has_no_default_must_be_given(missing: str) -> None:
    given = {key: one for key, one in GIVEN.items() if key != missing}
    values = SERVICES["server"]["environment"].values()
    with pytest.raises(KeyError, match=missing):
        _ = [filled(str(one), given) for one in values]


def _healthy(places: Places) -> bool:
    """By the check of the image, word for word but for the port."""
    check = dockerfile()["HEALTHCHECK"][-1].partition("CMD ")[2]
    words = [places.here(word) for word in json.loads(check)]
    return _runs([sys.executable, *words[1:]])


def _runs(words: Sequence[str]) -> bool:
    done = subprocess.run(words, capture_output=True, check=False, timeout=_SECONDS)
    return done.returncode == 0


def _workers(process: int) -> set[str]:
    """The processes that it has begun, but for the one in which Python tracks what to tidy."""
    found = set()
    for child in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split():
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.add(child)
    return found


def _until(holds: Any) -> None:
    ends = time.monotonic() + _SECONDS
    while not holds():
        assert time.monotonic() < ends, "it never came to be"
        time.sleep(0.1)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
