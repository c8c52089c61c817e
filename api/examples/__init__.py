"""Runnable pages over the GraphQL API: plain HTML and JavaScript, served as they are."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PAGES = Path(str(files("api").joinpath("examples")))
_KINDS = {"", ".html", ".css", ".js"}
# Nothing but their own files, and nothing of theirs within another page.
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}


class Examples(StaticFiles):
    """The pages, with a strict policy of what they may load."""

    def __init__(self) -> None:
        super().__init__(directory=PAGES)

    def lookup_path(self, path: str) -> tuple[str, Any]:
        """Pages only: the Python beside them is not served."""
        return super().lookup_path(path) if Path(path).suffix in _KINDS else ("", None)

    def file_response(self, *args: Any, **given: Any) -> Response:
        """As the file is, with the headers."""
        response = super().file_response(*args, **given)
        response.headers.update(_HEADERS)
        return response

    async def get_response(self, path: str, scope: Scope) -> Response:
        """``/examples/`` is the desk."""
        return await super().get_response("desk.html" if path == "." else path, scope)
