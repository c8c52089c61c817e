"""Every role, tried with the lines of the READMEs as they stand."""

import asyncio
import json
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import Platform
from api.settings import PREFIX
from policies.policy import ROLES
from tests.api.conftest import SECRET, serving

ROOT = Path(__file__).parents[2]
NAMES = ("README.md", "README.zh-CN.md")
_SECONDS = 120


def lines(name: str) -> list[str]:
    """The block that begins with ``try()``."""
    text = (ROOT / name).read_text("utf-8")
    (block,) = re.findall(r"^```sh\n(try\(\).*?)^```$", text, re.MULTILINE | re.DOTALL)
    return str(block).splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_every_role_has_a_line(name: str) -> None:
    named = [re.findall(r"--role (\w+)", line)[0] for line in lines(name)[1:]]
    assert named == list(ROLES)


async def test_every_line_answers_what_it_says(embedded_platform: Platform) -> None:
    settings = replace(embedded_platform.settings, token_secret=SECRET)
    async with serving(settings, embedded_platform) as client:
        script = "\n".join(lines(NAMES[0])).replace(
            "http://127.0.0.1:8000", str(client.http.base_url).rstrip("/")
        )
        own = Path(sys.executable).parent / "deskgraph"
        found = await run(script.replace(".venv/bin/deskgraph", str(own)))
    answers = dict(zip(ROLES, found, strict=True))
    assert not [role for role, one in answers.items() if "errors" in one], answers
    assert answers["admin"]["data"]["viewer"]["roles"]
    for role in ("agent", "auditor"):
        assert set(map(is_masked, names(answers[role]))) == {True}, role
    assert set(map(is_masked, names(answers["supervisor"]))) == {False}
    assert not any(map(is_masked, names(answers["customer"])))
    for role in ("customer", "supervisor", "specialist", "service"):
        assert not withheld(answers[role], "denied"), role
    receipts = [edge["node"]["receipt"] for edge in answers["service"]["data"]["tickets"]["edges"]]
    assert len(receipts) == 2
    assert answers["analyst"]["data"]["tickets"]["groups"]


async def run(script: str) -> list[Any]:
    """What each line of ``script`` prints, as JSON."""
    kept = {key: one for key, one in os.environ.items() if not key.startswith(PREFIX)}
    process = await asyncio.create_subprocess_exec(
        "sh", "-eu", "-c", script,
        env={**kept, f"{PREFIX}TOKEN_SECRET": SECRET}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), _SECONDS)
    assert process.returncode == 0
    return [json.loads(line) for line in output.decode().splitlines() if line]


def names(answer: Any) -> list[str]:
    """Of every customer in it."""
    return re.findall(r'"name": "([^"]+)"', json.dumps(answer, ensure_ascii=False))


def is_masked(name: str) -> bool:
    return name.endswith("**")


def withheld(answer: Any, how: str) -> list[str]:
    return list(answer.get("extensions", {}).get("authorization", {}).get(how, []))
