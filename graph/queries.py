"""The catalogue of named Cypher queries: text in ``graph/cypher``, checked once at start.

Knows nothing of drivers or engines; building Cypher from parts is ``graph/selection``'s alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from graph.errors import QueryError

_NAME = re.compile(r"^// name: (?P<name>[a-z][a-z0-9-]*)$", re.MULTILINE)
_HEADER = re.compile(r"^// (?P<key>mode|params|index|scan): ?(?P<value>.*)$", re.MULTILINE)
_COMMENT = re.compile(r"^//.*\n?", re.MULTILINE)
_PARAMETER = re.compile(r"\$(\w+)")


class Mode(StrEnum):
    """What a query may do. A store refuses to run a ``write`` inside a read transaction."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """One statement.

    ``parameters`` are exactly the names that ``text`` uses, less ``index``: a query that searches
    names its full-text index in the header, and the engine supplies that index's own name.
    ``scan`` is the reason why a full scan is right for this query, or empty.
    """

    name: str
    mode: Mode
    parameters: frozenset[str]
    text: str
    index: str | None = None
    scan: str = ""


def load_catalogue() -> Mapping[str, Query]:
    """Read every ``graph/cypher/*.cypher``.

    Raises:
        QueryError: a header is missing or wrong, parameters declared and used differ, or a
            name stands twice. The message names the file and the query.
    """
    catalogue: dict[str, Query] = {}
    folder = files("graph").joinpath("cypher")
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        for query in parse(path.read_text(encoding="utf-8"), source=path.name):
            if query.name in catalogue:
                raise QueryError(f"{path.name}: {query.name!r} is already defined; rename one")
            catalogue[query.name] = query
    return catalogue


def parse(text: str, *, source: str) -> Iterator[Query]:
    """Split one file into its queries; ``source`` only serves messages."""
    names = list(_NAME.finditer(text))
    ends = [match.start() for match in names[1:]] + [len(text)]
    for match, end in zip(names, ends, strict=True):
        yield _query(match["name"], text[match.end() : end], where=f"{source}: {match['name']!r}")


def _query(name: str, block: str, *, where: str) -> Query:
    header = {match["key"]: match["value"].strip() for match in _HEADER.finditer(block)}
    text = _COMMENT.sub("", block).strip()
    declared = frozenset(filter(None, re.split(r",\s*", header.get("params", ""))))
    index = header.get("index")
    used = frozenset(_PARAMETER.findall(text))
    expected = declared | ({"index"} if index else frozenset())
    if expected != used:
        raise QueryError(f"{where}: declares {sorted(expected)} but uses {sorted(used)}")
    return Query(
        name=name,
        mode=_mode(header, where=where),
        parameters=declared,
        text=text,
        index=index,
        scan=header.get("scan", ""),
    )


def _mode(header: Mapping[str, str], *, where: str) -> Mode:
    value = header.get("mode", "")
    try:
        return Mode(value)
    except ValueError:
        allowed = " or ".join(Mode)
        raise QueryError(f"{where}: mode is {value!r}; write '// mode: {allowed}'") from None
