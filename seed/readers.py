"""From a file or a folder to raw rows: one reader per format, all rows alike."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from seed.delimited import read_csv
from seed.encoding import UnreadableError
from seed.headers import Tell
from seed.jsonl import read_jsonl
from seed.problems import Problem
from seed.rows import RawRow
from seed.tablefile import EVIDENCE
from seed.yamlfile import read_yaml

_CONTEXT, _HEAD = b'"@context"', 1 << 20


class Reader(Protocol):
    """Yields a file's rows and tells its problems; never holds more than a YAML file."""

    def __call__(self, path: Path, *, file: str, tell: Tell) -> Iterator[RawRow]:
        """``file`` is the name people know it by."""


def _read_xlsx(path: Path, *, file: str, tell: Tell) -> Iterator[RawRow]:
    # openpyxl takes half a second to import, and most folders hold no workbook.
    from seed.workbook import read_xlsx  # noqa: PLC0415

    return read_xlsx(path, file=file, tell=tell)


def _read_rdf(path: Path, *, file: str, tell: Tell) -> Iterator[RawRow]:
    from seed.rdffile import read_rdf  # noqa: PLC0415 - see above

    return read_rdf(path, file=file, tell=tell)


READERS: Mapping[str, Reader] = {
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xlsx": _read_xlsx,
    ".jsonl": read_jsonl,
    ".ttl": _read_rdf,
    ".jsonld": _read_rdf,
    ".json": _read_rdf,
}


def find_files(path: Path, *, tell: Tell) -> Mapping[str, Path]:
    """Name → file: ``path`` itself, or what a folder holds at any depth, in order of names.

    Files of other formats, JSON without a context, hidden files and the evidence of proposals are
    passed over in a folder, and told when named.
    """
    if path.is_dir():
        found = {
            file.relative_to(path).as_posix(): file
            for file in sorted(path.rglob("*"))
            if _is_ours(file.relative_to(path)) and file.is_file() and _is_linked(file)
        }
        if not found:
            tell(_problem("file_missing", "the folder holds no seed file", file=path.name))
        return found
    if not path.exists():
        tell(_problem("file_missing", "there is no such file or folder", file=path.name))
        return {}
    if path.suffix.lower() not in READERS:
        tell(_problem("file_format_unknown", "this format is not read", file=path.name))
        return {}
    return {path.name: path}


def read_file(path: Path, *, file: str, tell: Callable[[Problem], None]) -> Iterator[RawRow]:
    """Yield the rows of one file; whatever is wrong with it goes to ``tell``."""

    def named(problem: Problem) -> None:
        tell(replace(problem, file=file))

    try:
        yield from READERS[path.suffix.lower()](path, file=file, tell=named)
    except UnreadableError as error:
        named(error.problem)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or type(error).__name__}"
        named(Problem(code="file_unreadable", message=message))
    except UnicodeDecodeError:
        named(Problem(code="encoding_unknown", message="the file changed while it was read"))


def _is_ours(path: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in path.parts)
    return not hidden and path.name != EVIDENCE and path.suffix.lower() in READERS


def _is_linked(path: Path) -> bool:
    """JSON may be anything; with a context it is JSON-LD."""
    if path.suffix.lower() != ".json":
        return True
    try:
        with path.open("rb") as file:
            return _CONTEXT in file.read(_HEAD)
    except OSError:
        return True  # whoever reads it says why it cannot be read


def _problem(code: str, message: str, *, file: str) -> Problem:
    return Problem(code=code, message=message, file=file, allowed=", ".join(READERS))
