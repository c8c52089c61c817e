"""The page for trying queries. Works without internet: GraphiQL's own files, or a plain page."""

from importlib.resources import files
from pathlib import Path

BUILT = Path(str(files("api").joinpath("explorer/node_modules")))
"""Where set-up puts GraphiQL's published files; absent without Node."""

_NEEDED = (
    "react/umd/react.production.min.js",
    "react-dom/umd/react-dom.production.min.js",
    "graphiql/graphiql.min.js",
    "graphiql/graphiql.min.css",
)


def page() -> str:
    """The HTML to serve now."""
    built = all((BUILT / name).is_file() for name in _NEEDED)
    name = "graphiql.html" if built else "plain.html"
    return files("api").joinpath(f"explorer/{name}").read_text(encoding="utf-8")
