"""What is installed: our five rooms with their data, and nothing happens at import."""

import os
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("api", "extractors", "graph", "policies", "seed")
DATA = {
    ".cypher": 5,
    ".ttl": 2,
    ".csv": 4,
    ".conf": 1,
    ".yaml": 6,
    ".html": 3,
    ".css": 1,
    ".js": 5,
    ".graphql": 1,
}
IMPORT_ALL = """
import builtins, pkgutil, importlib, socket, sys, threading

def refuse(*args, **kwargs):
    raise AssertionError("something reached for the network at import")

socket.socket.connect = socket.socket.connect_ex = socket.socket.bind = refuse
socket.getaddrinfo = socket.create_connection = refuse
opened = builtins.open

def reading(file, mode="r", *args, **kwargs):
    if set(mode) & set("wax+"):
        raise AssertionError(f"{file} was opened for writing at import")
    return opened(file, mode, *args, **kwargs)

builtins.open = reading
before = threading.active_count()
for room in sys.argv[1:]:
    package = importlib.import_module(room)
    for found in pkgutil.walk_packages(package.__path__, f"{room}."):
        importlib.import_module(found.name)
        print(found.name)
assert threading.active_count() == before, "a thread was started at import"
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a wheel built here, without a network."""
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (path,) = target.glob("deskgraph-*.whl")
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_top_level_names_are_our_rooms(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {name for name in tops if not name.endswith(".dist-info")} == set(ROOMS)


def test_every_data_file_is_in_the_wheel(wheel: set[str]) -> None:
    counts = Counter(Path(name).suffix for name in wheel)
    assert {suffix: counts[suffix] >= least for suffix, least in DATA.items()} == dict.fromkeys(
        DATA, True
    )
    kept = {
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.suffix in {".py", *DATA} and "node_modules" not in path.parts
    }
    assert kept <= wheel


def test_the_wheel_brings_no_foreign_files(wheel: set[str]) -> None:
    unwanted = ("node_modules", "tests/", "var/", ".pyc", ".key", ".env")
    assert [name for name in wheel if any(part in name for part in unwanted)] == []


def test_no_installed_distribution_has_our_names() -> None:
    """Our rooms come from this checkout, whatever else is installed."""
    program = f"import {', '.join(ROOMS)}\nfor one in ({', '.join(ROOMS)}): print(one.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert [Path(line).parent for line in done.stdout.split()] == [ROOT / room for room in ROOMS]


def test_importing_every_module_does_nothing_else(tmp_path: Path) -> None:
    """No network, no file written, no thread, and no need of the environment."""
    kept = {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if "SYSTEMROOT" in os.environ else {}
    done = subprocess.run(
        [sys.executable, "-B", "-W", "ignore", "-c", IMPORT_ALL, *ROOMS],
        cwd=tmp_path,
        env={**kept, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stderr == ""
    assert len(done.stdout.split()) > 50
    assert list(tmp_path.iterdir()) == []
