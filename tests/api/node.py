"""Node's part of the tests: packages as ``tests/protocol`` pins them, and one script run."""

import asyncio
import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "protocol"
_SECONDS = 60


@cache
def _node() -> str:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Node is not on the PATH")
        pytest.skip("Node is not on the PATH")
    lock, installed = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=FOLDER, check=True)
    return node


async def run_node(script: str, *arguments: str) -> Any:
    """What ``script`` prints, as JSON."""
    process = await asyncio.create_subprocess_exec(
        _node(), str(FOLDER / script), *arguments, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(process.communicate(), _SECONDS)
    assert process.returncode == 0, output
    return json.loads(output)
