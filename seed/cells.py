"""One cell: from what is written to a value of the column's kind, or why not."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from seed.problems import HIDDEN, shorten
from seed.rows import Reference
from seed.tables import ID, LEVELS, LISTS, Column, Kind

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ITEM = re.compile(
    r"(?P<product>\S+)\s+[x×](?P<quantity>[1-9]\d{0,5})\s*@\s*(?P<price>\d{1,12}(?:\.\d{1,4})?)"
    r"(?:\s+#\s+(?P<variant>.+))?"
)
_INTEGER = re.compile(r"-?\d{1,15}")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?")
_BOOLEANS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "yes", "1", "是"), True),
    **dict.fromkeys(("false", "no", "0", "否"), False),
}
_NOTHING: Mapping[str, Any] = {}


class CellError(Exception):
    """A cell that cannot be read. ``found`` is hidden where the column is personal."""

    def __init__(self, code: str, message: str, *, found: str, allowed: str = "") -> None:
        super().__init__(message)
        self.code, self.found, self.allowed = code, found, allowed


def convert(column: Column, written: str | list[str]) -> Any:
    """The value of a cell that is not empty; ``None`` where nothing but space is written.

    Instants are milliseconds since the epoch; references and items are ``Reference``.

    Raises:
        CellError: what is wrong, for a person.
    """
    if column.kind not in LISTS:
        if type(written) is list:
            raise CellError(
                "list_unexpected",
                f"{column.name} holds one value, not a list",
                found=f"{len(written)} values",
            )
        return _single(column, str(written))
    parts = written if type(written) is list else [str(written)]
    values = [value for part in parts if (value := _single(column, part)) is not None]
    return values or None


def _single(column: Column, written: str) -> Any:
    text = written.strip()
    if not text:
        return None
    if len(text) > column.limit:
        raise _refused(column, "text_too_long", f"at most {column.limit} characters", text)
    if not text.isprintable() and _CONTROL.search(text):
        raise _refused(column, "control_character", "no control characters", text)
    value = _CONVERTERS[column.kind](column, text)
    if column.allowed and value not in column.allowed:
        raise _refused(column, "value_not_allowed", ", ".join(column.allowed), text)
    if column.pattern and not column.pattern.fullmatch(text):
        code = "id_invalid" if column.pattern is ID else "value_not_allowed"
        raise _refused(column, code, column.expected, text)
    return value


def _refused(column: Column, code: str, allowed: str, text: str) -> CellError:
    found = HIDDEN if column.seals else shorten(text)
    shown = found if column.seals else repr(found)
    message = f"{column.name}: {shown} will not do; allowed: {allowed}"
    return CellError(code, message, found=found, allowed=allowed)


def _text(_: Column, text: str) -> str:
    return text


def _integer(column: Column, text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise _refused(column, "integer_invalid", "a whole number", text)
    return int(text)


def _number(column: Column, text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise _refused(column, "number_invalid", "a number such as 1999.00", text)
    return float(text)


def _boolean(column: Column, text: str) -> bool:
    found = _BOOLEANS.get(text.lower())
    if found is None:
        raise _refused(column, "boolean_invalid", "true or false", text)
    return found


def _instant(column: Column, text: str) -> int:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise _refused(
            column, "instant_invalid", "an instant such as 2026-01-31T18:00:00+08:00", text
        ) from None
    if at.tzinfo is None:
        raise _refused(
            column, "instant_without_offset", "an offset, such as +08:00 or Z, at the end", text
        )
    return round(at.timestamp() * 1000)


def _date(column: Column, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _refused(column, "date_invalid", "a date such as 1990-01-31", text) from None


def _reference(column: Column, text: str) -> Reference:
    if column.link is None or not column.link.has_level:
        return Reference(text, _NOTHING)
    id_, colon, level = text.partition(":")
    if not colon:
        return Reference(id_, {"level": LEVELS.start})
    if not level.isdecimal() or not level.isascii() or int(level) not in LEVELS:
        allowed = f"id:level, level {LEVELS.start} to {LEVELS.stop - 1}"
        raise _refused(column, "level_invalid", allowed, text)
    return Reference(id_, {"level": int(level)})


def _item(column: Column, text: str) -> Reference:
    match = _ITEM.fullmatch(text)
    if match is None:
        raise _refused(column, "item_invalid", "such as 'product x2 @ 1999.00'", text)
    properties: dict[str, Any] = {
        "quantity": int(match["quantity"]),
        "unit_price": float(match["price"]),
    }
    if match["variant"]:
        properties["variant"] = match["variant"]
    return Reference(match["product"], properties)


_CONVERTERS: Mapping[Kind, Callable[[Column, str], Any]] = {
    Kind.TEXT: _text,
    Kind.TEXTS: _text,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: _boolean,
    Kind.INSTANT: _instant,
    Kind.DATE: _date,
    Kind.REFERENCE: _reference,
    Kind.REFERENCES: _reference,
    Kind.ITEMS: _item,
}
