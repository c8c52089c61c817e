"""Raw files to proposed seed files: read, find, propose, write; no graph, no network.

What a document says is kept beside the output under the digest of its content, so that whoever
stops us loses one document, and a second run reads only what is new.
"""

import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Self

import orjson

from api.errors import InputError
from extractors.building.errors import UnreadableFileError
from extractors.building.fact import Fact, from_plain, to_plain
from extractors.building.finding import find_facts
from extractors.building.known import VERSION, Known, Proposed, Rows
from extractors.building.proposing import propose
from extractors.building.readers import READERS, read_document
from seed.plain import company_rows
from seed.tablefile import EVIDENCE, file_of, replace_file, write_tables

CACHE = ".build"
_DIGEST = 64
_TRANSIENT = frozenset({"too_slow", "not_read"})
Progress = Callable[[str, int, int | None], None]
Said = tuple[str, Fact]


@dataclass(frozen=True, kw_only=True, slots=True)
class Unread:
    """A file that gave nothing, and why."""

    file: str
    reason: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """What a run read, proposed and wrote. Counts are by table."""

    files: int
    unread: tuple[Unread, ...]
    new: Mapping[str, int]
    changed: Mapping[str, int]
    written: tuple[str, ...]


def build(
    paths: Sequence[Path],
    out: Path,
    *,
    known: Path | None = None,
    progress: Progress = lambda *_: None,
) -> Built:
    """Propose what raw files say and neither ``known`` nor ``out`` has, into ``out``.

    Raises:
        InputError: a path that is not there, or of no format that is read.
        InvalidSeedError: the knowledge in ``known`` or ``out`` cannot be read.
    """
    files = find_raw(paths, apart=out)
    there = _rows(out)
    before = _before(known, out, there)
    unread: list[Unread] = []
    facts = list(_facts(files, out / CACHE, unread=unread, progress=progress))
    progress("propose", 0, 1)
    proposed = propose(facts, before)
    progress("propose", 1, 1)
    written = _write(out, proposed, there) if proposed else []
    return Built(
        files=len(files),
        unread=tuple(unread),
        new=dict(Counter(one.table for one in proposed if one.is_new)),
        changed=dict(Counter(one.table for one in proposed if not one.is_new)),
        written=tuple(written),
    )


def find_raw(paths: Sequence[Path], *, apart: Path) -> dict[str, Path]:
    """Name → file, in order; hidden files, other formats and the output are passed over.

    Raises:
        InputError: see ``build``.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise InputError("PATH", f"{path}: there is no such file or folder")
        if path.is_file() and path.suffix.lower() not in READERS:
            allowed = ", ".join(sorted(READERS))
            raise InputError("PATH", f"{path}: this format is not read; allowed: {allowed}")
        before = f"{path.name}/" if len(paths) > 1 and path.is_dir() else ""
        for file in _walk(path, apart=apart.resolve()):
            name = file.name if path.is_file() else file.relative_to(path).as_posix()
            found.setdefault(before + name, file)
    return found


def _walk(path: Path, *, apart: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and (Path(folder) / name).resolve() != apart
        )
        for name in sorted(names):
            is_hidden = name.startswith((".", "~$"))
            if not is_hidden and PurePath(name).suffix.lower() in READERS:
                yield Path(folder) / name


def _facts(
    files: Mapping[str, Path], cache: Path, *, unread: list[Unread], progress: Progress
) -> Iterator[Said]:
    with Remembered(cache) as remembered:
        for done, (name, path) in enumerate(files.items()):
            progress("read", done, len(files))
            try:
                facts = _facts_of(path, name, remembered)
            except UnreadableFileError as error:
                unread.append(Unread(file=name, reason=error.reason, message=str(error)))
            else:
                yield from ((name, fact) for fact in facts)
    progress("read", len(files), len(files))


def _facts_of(path: Path, name: str, remembered: "Remembered") -> list[Fact]:
    try:
        data = path.read_bytes()
    except OSError:
        raise UnreadableFileError("not_read") from None
    digest = hashlib.sha256(f"{VERSION} {path.suffix.lower()}\n".encode() + data).hexdigest()
    plain = remembered.get(digest)
    if plain is None:
        plain = _read(data, name)
        if plain["reason"] not in _TRANSIENT:
            remembered.keep(digest, plain)
    if plain["reason"]:
        raise UnreadableFileError(plain["reason"])
    return [from_plain(one) for one in plain["facts"]]


class Remembered:
    """What documents were found to say, by digests of their content: one line each.

    A line that a kill has cut off is not taken, and nothing is ever written onto its end.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "facts.jsonl"
        lines = self._path.read_bytes().split(b"\n") if self._path.is_file() else []
        self._lines = {line[:_DIGEST]: line[_DIGEST:] for line in lines}

    def __enter__(self) -> Self:
        self._file = self._path.open("ab")
        self._file.write(b"\n")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def get(self, digest: str) -> dict[str, Any] | None:
        """What was kept, or ``None``."""
        line = self._lines.get(digest.encode())
        if line is None:
            return None
        try:
            plain: dict[str, Any] = orjson.loads(line)
        except orjson.JSONDecodeError:
            return None
        return plain

    def keep(self, digest: str, plain: Mapping[str, Any]) -> None:
        """Write one line; whoever stops us loses a document."""
        self._file.write(digest.encode() + orjson.dumps(plain) + b"\n")
        self._file.flush()


def _read(data: bytes, name: str) -> dict[str, Any]:
    try:
        document = read_document(data, file=name)
    except UnreadableFileError as error:
        return {"reason": error.reason, "facts": []}
    return {"reason": "", "facts": [to_plain(fact) for fact in find_facts(document)]}


def _rows(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Rows of a folder by table; none where there is no seed file yet."""
    holds = folder.is_dir() and any(
        path.is_file() and not path.name.startswith(".") and path.name != EVIDENCE
        for path in folder.iterdir()
    )
    return company_rows(folder) if holds else {}


def _before(
    known: Path | None, out: Path, there: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Known:
    """What ``known`` and the output have, the output's rows before the others of the same id."""
    if known is not None and not known.exists():
        raise InputError("--known", f"{known}: there is no such file or folder")
    found: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for rows in (_rows_of(known) if known else {}, there):
        for table, listed in rows.items():
            found[table].update({str(row["id"]): row for row in listed if row.get("id")})
    told = {(one["table"], one["id"]) for one in _evidence(out)}
    return Known(
        rows={table: list(rows.values()) for table, rows in found.items()},
        rejected=frozenset(pair for pair in told if pair[1] not in found.get(pair[0], {})),
    )


def _rows_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    return _rows(path) if path.is_dir() else company_rows(path)


def _write(out: Path, proposed: Sequence[Proposed], there: Rows) -> list[str]:
    """Each table's file anew where something is proposed for it; evidence last."""
    tables: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for one in proposed:
        tables[one.table][str(one.row["id"])] = one.row
    for table, rows in tables.items():
        own = _rows_of(out / file_of(table)) if (out / file_of(table)).is_file() else {}
        elsewhere = {str(row["id"]) for row in there.get(table, ())} - {
            str(row["id"]) for row in own.get(table, ())
        }
        for id_ in elsewhere & rows.keys():  # a file that a person made: theirs to change
            del rows[id_]
        for row in own.get(table, ()):
            rows.setdefault(str(row["id"]), row)
    written = write_tables(out, {table: rows.values() for table, rows in tables.items()})
    if replace_file(out / EVIDENCE, _evidence_lines(out, proposed)):
        written.append(EVIDENCE)
    return written


def _evidence(out: Path) -> list[dict[str, Any]]:
    path = out / EVIDENCE
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [orjson.loads(line) for line in lines if line.strip()]


def _evidence_lines(out: Path, proposed: Iterable[Proposed]) -> str:
    lines = {orjson.dumps(one).decode() for one in _evidence(out)}
    for one in proposed:
        for evidence in one.evidence:
            plain = {"table": one.table, "id": one.row["id"], **evidence.plain}
            plain["extractor"] = VERSION
            lines.add(orjson.dumps(plain).decode())
    return "".join(f"{line}\n" for line in sorted(lines))
