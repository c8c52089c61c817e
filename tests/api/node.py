"""Node's part of the tests: packages as ``tests/protocol`` pins them, and one script run."""

import asyncio
import json
import os
from functools import cache
from typing import Any

import pytest

from tests.protocol.lint import FOLDER, node

_SECONDS = 60


@cache
def _node() -> str:
    found = node()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Node is not on the PATH")
        pytest.skip("Node is not on the PATH")
    return found


async def run_node(script: str, *arguments: str) -> Any:
    """What ``script`` prints, as JSON."""
    process = await asyncio.create_subprocess_exec(
        _node(), str(FOLDER / script), *arguments, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(process.communicate(), _SECONDS)
    assert process.returncode == 0, output
    return json.loads(output)
