"""CSV, XLSX and JSON lines to records: the row with the most known headers is the head.

Where no row names two, the first full one is, and what stands below tells what its columns hold.
Titles above it, groups of merged headers, empty and uneven rows are what exports have; a row longer
than its header loses the rest.
"""

import csv
import io
import json
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any
from xml.etree.ElementTree import ParseError

from extractors.building.columns import field_of, fields_of
from extractors.building.decoding import decode, sound
from extractors.building.document import Cell, Document, Record
from extractors.building.errors import UnreadableFileError
from extractors.building.guessing import SAMPLE, guess, headers_of, speaks
from extractors.building.unpacking import check_archive

_DELIMITERS = ",;\t|"
_HEAD = 12
_ROWS = 500_000
_CELL = 100_000
_KEYS = 400
_WRAPPED = 3
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, EOFError, OSError, TypeError,
)  # fmt: skip

Row = Sequence[str]


def read_csv(data: bytes, *, file: str) -> Document:
    """See ``readers.Reader``."""
    text = decode(data)
    csv.field_size_limit(1 << 24)
    sample = [line for line in text[:20_000].split("\n") if line.strip()][:_HEAD]
    delimiter = max(_DELIMITERS, key=lambda char: sum(line.count(char) for line in sample))
    try:
        return _document(csv.reader(io.StringIO(text), delimiter=delimiter), file=file)
    except csv.Error:
        raise UnreadableFileError("damaged") from None


def read_xlsx(data: bytes, *, file: str) -> Document:
    """See ``readers.Reader``. Every sheet with a header that is known."""
    from openpyxl import load_workbook  # noqa: PLC0415 - half a second, and most have no workbook

    check_archive(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        try:
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = [list(_cells(sheet)) for sheet in book.worksheets]
        except _BROKEN:
            raise UnreadableFileError("damaged") from None
    written = _Written()
    records: list[Record] = []
    for rows in sheets:
        records += _records(rows, written)
    if not records:
        raise UnreadableFileError("no_header")
    return Document(file=file, text=written.text, records=tuple(records))


def read_jsonl(data: bytes, *, file: str) -> Document:
    """See ``readers.Reader``. Lines that are no objects are passed over; one list is taken too."""
    text = decode(data)
    objects = list(islice(_objects(text), _ROWS))
    if not objects:
        raise UnreadableFileError("damaged")
    written = _Written()
    fields = _fields_of_keys(objects[:SAMPLE])
    if _is_wrapped(text) and not {"text", "subject"} & {*fields.values()}:
        raise UnreadableFileError("no_header")  # data of a program, of which nothing is said
    records = []
    for one in objects:
        flat = dict(_flat(one))
        named = {key: fields[key] if key in fields else field_of(key) for key in flat}
        records.append(
            written.record([(named[key], value) for key, value in flat.items() if named[key]])
        )
    return Document(file=file, text=written.text, records=tuple(filter(None, records)))


def _fields_of_keys(objects: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """The field of each key that some objects have."""
    flats = [dict(_flat(one)) for one in objects]
    keys = list(dict.fromkeys(key for flat in flats for key in flat))[:_KEYS]
    rows = [[flat.get(key, "") for key in keys] for flat in flats]
    fields = guess(keys, rows, fields=[field_of(key) for key in keys])
    return dict(zip(keys, fields, strict=True))


def _cells(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()
    for row in islice(sheet.iter_rows(values_only=True), _ROWS):
        if any(cell is not None for cell in row):
            yield [_plain(cell) for cell in row[:200]]


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _document(rows: Iterable[Row], *, file: str) -> Document:
    written = _Written()
    records = _records(islice(rows, _ROWS), written)
    if not records:
        raise UnreadableFileError("no_header")
    return Document(file=file, text=written.text, records=tuple(records))


def _records(rows: Iterable[Row], written: "_Written") -> list[Record]:
    source = iter(rows)
    head = list(islice(source, _HEAD + SAMPLE))
    at, named = _header(head[:_HEAD])
    headers = head[at] if named else ()
    if not named:
        at, headers = headers_of(head[:_HEAD])
        named = fields_of(headers)
    sample = [[cell[:_CELL] for cell in row] for row in head[at + 1 :]]
    fields = guess(headers, sample, fields=named) if len(headers) <= _KEYS else named
    if not speaks(fields):
        return []
    found: list[Record] = []
    for row in chain(head[at + 1 :], source):
        if list(row) == list(headers) or (any(named) and fields_of(row) == named):
            continue  # a header that pages of an export repeat
        pairs = [
            (field, cell)
            for field, cell in zip(fields, row, strict=False)
            if field and cell.strip()
        ]
        if record := written.record(pairs):
            found.append(record)
    return found


def _header(head: Sequence[Row]) -> tuple[int, list[str]]:
    """The place of the header and its fields; (-1, []) where no row names two."""
    best, at, fields = 1, -1, list[str]()
    for place, row in enumerate(head):
        named = fields_of(row)
        if place and len(row) > 1:
            named = _with_groups(head[place - 1], row, named)
        count = sum(map(bool, named))
        if count > best:
            best, at, fields = count, place, named
    return at, fields


def _with_groups(above: Row, row: Row, named: list[str]) -> list[str]:
    """Fields of a second header row: its own, else what the row above says of this very cell."""
    found = list(named)
    for index, name in enumerate(named):
        group = above[index] if index < len(above) else ""
        upper = field_of(group)
        if not name and not row[index].strip() and upper and upper not in found:
            found[index] = upper
    return found


class _Written:
    """The document's text as it grows: a line for each record, its cells apart by tabs."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def record(self, pairs: Sequence[tuple[str, str]]) -> Record:
        found: dict[str, Cell] = {}
        for field, value in pairs:
            words = sound(value.strip().replace("\r\n", "\n")[:_CELL])
            if words and field not in found:
                found[field] = Cell(text=words, start=self._length)
                self._put(words + "\t")
        self._put("\n")
        return found

    def _put(self, words: str) -> None:
        self._parts.append(words)
        self._length += len(words)


def _objects(text: str) -> Iterator[Mapping[str, Any]]:
    if text.lstrip().startswith("[") or _is_wrapped(text):
        try:
            yield from _listed(json.loads(text))
        except (ValueError, RecursionError):
            pass
        else:
            return
    for line in text.split("\n"):
        try:
            one = json.loads(line) if line.strip() else None
        except (ValueError, RecursionError):
            continue
        if isinstance(one, dict):
            yield one


def _is_wrapped(text: str) -> bool:
    """Whether this is one object, and not one in each line."""
    first, _, rest = text.strip().partition("\n")
    return first.startswith("{") and (not rest or not first.rstrip().endswith("}"))


def _listed(whole: Any, *, depth: int = 0) -> Sequence[Mapping[str, Any]]:
    """The most objects that stand side by side: a list, by their ids, or within what wraps them."""
    parts = list(whole.values()) if isinstance(whole, dict) else whole
    if not isinstance(parts, list):
        return []
    own = [one for one in parts if isinstance(one, dict)]
    if isinstance(whole, list):
        return own
    if len(own) < len(parts) or len(own) < 2:
        own = [whole]
    inner = [_listed(one, depth=depth + 1) for one in parts] if depth < _WRAPPED else []
    return max((own, *inner), key=len)


def _flat(one: Mapping[str, Any], *, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Texts and numbers of an object; of objects within it, those whose key names a field."""
    for key, value in one.items():
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, bool | int | float):
            yield key, str(value)
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            yield key, " | ".join(value)
        elif isinstance(value, list):
            yield from _turns(value)
        elif isinstance(value, dict) and depth < 3:
            yield from _flat(value, depth=depth + 1)


def _turns(turns: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """A conversation: what the customer says is the text, what the others say the solution."""
    said: dict[str, list[str]] = {"text": [], "reply": []}
    for turn in turns[:200]:
        if not isinstance(turn, dict):
            continue
        words = next((turn[k] for k in ("text", "content", "message", "body") if k in turn), None)
        who = next((turn[k] for k in ("role", "from", "sender", "author") if k in turn), "")
        if isinstance(words, str):
            is_ours = str(who).lower() in ("agent", "assistant", "staff", "bot", "客服", "坐席")
            said["reply" if is_ours else "text"].append(words)
    yield from ((key, "\n".join(parts)) for key, parts in said.items() if parts)
