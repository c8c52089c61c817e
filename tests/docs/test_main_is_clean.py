"""What is committed holds no package host, no path of somebody's machine, and no secret."""

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "package-lock.json")
# Written apart, so that this file passes its own test.
HOSTS = re.compile(
    "|".join(("py" + "pi(?!nyin)", "python" + "hosted", "npm" + "js", r"maven\.(?:org|apache)"))
)
PATHS = re.compile(r"(?<![\w.])/(?:work|root|home|Users)/\w|[A-Z]:\\\\?Users")
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|\bgh[pousr]_[A-Za-z0-9]{30,}"
    r"|eyJ[\w-]{10,}\.eyJ"
    r"|(?i:secret|token|passw(?:or)?d|api.?key)\W{1,4}[A-Za-z0-9+/_-]{32,}"
)


@cache
def texts() -> dict[str, str]:
    """Every tracked file that is text."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    found = {}
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        content = path.read_bytes() if path.is_file() else b""
        if b"\0" not in content:
            found[name] = content.decode("utf-8", errors="replace")
    return found


def lines(pattern: re.Pattern[str], *, without: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts().items()
        if not name.endswith((*without, Path(__file__).name))
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_package_host_is_named() -> None:
    assert lines(HOSTS) == []


def test_no_path_of_a_machine_is_named() -> None:
    assert lines(PATHS) == []


def test_no_secret_is_kept() -> None:
    assert lines(SECRETS, without=LOCKS) == []


def test_the_lock_of_python_packages_names_hashes_and_no_addresses() -> None:
    lock = texts()["requirements.lock"]
    assert "://" not in lock
    packages = re.findall(r"^[a-z0-9].*==", lock, re.MULTILINE)
    assert len(packages) > 50
    assert not re.search(r"^[a-z0-9].*==[^\\]*$", lock, re.MULTILINE), "a package without a hash"


@pytest.mark.parametrize("name", ["api/explorer/package-lock.json", "tests/lint/package-lock.json"])
def test_the_locks_of_node_packages_name_hashes_and_no_addresses(name: str) -> None:
    packages = json.loads(texts()[name])["packages"]
    installed = {path: one for path, one in packages.items() if path}
    assert installed
    assert all("resolved" not in one and "integrity" in one for one in installed.values())


def test_no_built_or_private_file_is_tracked() -> None:
    unwanted = re.compile(
        r"(^|/)(node_modules|__pycache__|var|dist|\.venv|\.env)(/|$)|\.pyc$|\.key$"
    )
    assert [name for name in texts() if unwanted.search(name)] == []
