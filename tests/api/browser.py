"""A real Chromium, driven by its DevTools protocol."""

import asyncio
import base64
import itertools
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

_SECONDS = 20
_UNTIL = """new Promise((done, fail) => {
  const began = performance.now()
  const look = () => {
    let found
    try { found = (%s) } catch { found = null }
    if (found) done(typeof found === 'object' || found)
    else if (performance.now() - began < 15000) requestAnimationFrame(look)
    else fail(new Error(`it never came to be: ${document.body.innerText}`))
  }
  look()
})"""


class Page:
    """One tab. ``complaints`` are what the page failed at or was refused."""

    def __init__(self, socket: ClientConnection, session: str) -> None:
        self._socket, self._session = socket, session
        self._numbers = itertools.count(1)
        self.complaints: list[str] = []

    async def call(self, method: str, **parameters: Any) -> Any:
        """The result of one command."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        await self._socket.send(json.dumps({**message, "sessionId": self._session}))
        async with asyncio.timeout(_SECONDS):
            while True:
                found = json.loads(await self._socket.recv())
                if found.get("id") == number:
                    assert "error" not in found, found
                    return found["result"]
                self._note(found)

    async def open(self, url: str, *, language: str = "en") -> None:
        """Go there, as somebody who reads ``language``."""
        for domain in ("Page", "Runtime", "Log"):
            await self.call(f"{domain}.enable")
        agent = (await self.call("Browser.getVersion"))["userAgent"]
        await self.call("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=language)
        await self.call("Page.navigate", url=url)

    async def evaluate(self, script: str) -> Any:
        """The value of ``script`` in the page, awaited."""
        found = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def until(self, script: str) -> Any:
        """What ``script`` is once it is true; of elements only that they are there."""
        return await self.evaluate(_UNTIL % script)

    async def picture(self, *, width: int = 1280, height: int = 900) -> bytes:
        """What a person sees now, as PNG."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await self.call("Emulation.setDeviceMetricsOverride", **size)
        return base64.b64decode((await self.call("Page.captureScreenshot"))["data"])

    def _note(self, event: Any) -> None:
        if event.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(event["params"]["exceptionDetails"]))
        if event.get("method") == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
            self.complaints.append(event["params"]["entry"]["text"])


@asynccontextmanager
async def browsing() -> AsyncIterator[Page]:
    """A tab of a Chromium of its own, which ends with the block."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        reason = "Chromium is not on the PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    profile = tempfile.mkdtemp(prefix="deskgraph-browser-")
    process = await asyncio.create_subprocess_exec(
        program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--disable-background-networking", "--remote-debugging-port=0",
        f"--user-data-dir={profile}", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        address = await _address(process)
        async with connect(address, max_size=None, compression=None, proxy=None) as socket:
            yield await _tab(socket)
    finally:
        process.terminate()
        await process.wait()
        shutil.rmtree(profile, ignore_errors=True)


async def _tab(socket: ClientConnection) -> Page:
    await socket.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
    targets = json.loads(await socket.recv())["result"]["targetInfos"]
    own = next(one["targetId"] for one in targets if one["type"] == "page")
    parameters = {"targetId": own, "flatten": True}
    await socket.send(
        json.dumps({"id": 2, "method": "Target.attachToTarget", "params": parameters})
    )
    while True:
        found = json.loads(await socket.recv())
        if found.get("id") == 2:
            return Page(socket, found["result"]["sessionId"])


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr
    async with asyncio.timeout(_SECONDS):
        async for line in process.stderr:
            if b"DevTools listening on " in line:
                return line.decode().split("listening on ")[1].strip()
    raise AssertionError("Chromium did not start")
