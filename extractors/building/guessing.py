"""Which fields the columns of an export hold where its headers alone do not tell.

Addresses, dates and ids show in the values; of the columns of words the longest is what was said, a
shorter one of ever new words its subject. A column of few words that come again stays open: whether
they are products or departments only all documents together can tell (see ``unnamed``).
"""

from collections.abc import Sequence

from extractors.building.columns import ASIDE, hint_of
from extractors.building.shapes import Shape, column_of
from extractors.building.work import OPEN

SAMPLE = 400
"""Rows by which columns are judged."""
_KINDS = frozenset({"product", "department", "issue"})
_SHORT = frozenset({*_KINDS, "customer"})
_CATALOGUE = frozenset(
    {"product_zh", "product_en", "aliases", "goods_category", "handles", "supports"}
)
_VALUES = frozenset({Shape.EMAIL, Shape.DATE, Shape.NUMBER})
"""Shapes that no field of words can have."""
_NEW = 0.6
_EVER_NEW = 0.8
_UNIQUE = 0.95
_FEW = 6
_LEAST_PAIRS = 3
_LONGEST_KIND = 7.0
_LONGEST_SUBJECT = 12.0
_SHORTEST_TEXT = 3.0


class _Table:
    """Headers, the fields decided so far, and what the columns look like."""

    def __init__(
        self, headers: Sequence[str], fields: Sequence[str], rows: Sequence[Sequence[str]]
    ):
        self.headers, self.fields, self.rows = headers, list(fields), rows
        self.columns = [
            column_of([row[place] for row in rows if place < len(row)])
            for place in range(len(headers))
        ]
        self.hints = [hint_of(header) for header in headers]

    def has(self, field: str) -> bool:
        return field in self.fields

    def put(self, place: int, field: str) -> None:
        if not self.has(field):
            self.fields[place] = field

    def left(self, *shapes: Shape) -> list[int]:
        """Places that nothing is decided of, of these shapes."""
        return [
            place
            for place, column in enumerate(self.columns)
            if not self.fields[place] and column.shape in shapes
        ]


def guess(
    headers: Sequence[str], rows: Sequence[Sequence[str]], *, fields: Sequence[str]
) -> list[str]:
    """The field of each column; ``fields`` are those that headers name, '' where none.

    Catalogues name their columns or are none. Without anything that a ticket has, ``fields`` stay.
    """
    if _CATALOGUE & {*fields}:
        return list(fields)
    table = _Table(headers, fields, rows)
    _contradict(table)
    _addresses(table)
    _people(table)
    _said(table)
    _open(table)
    return table.fields if _speaks(table) else list(fields)


def speaks(fields: Sequence[str]) -> bool:
    """Whether a table says anything: what was said, or two things at least."""
    return "text" in fields or sum(bool(one) and not one.startswith(OPEN) for one in fields) > 1


def headers_of(sample: Sequence[Sequence[str]]) -> tuple[int, Sequence[str]]:
    """The place of the first row that is as wide as most and holds words only, and its cells.

    Place -1 with empty headers where that row holds values already; no headers where none is wide.
    """
    widths = sorted(sum(bool(cell.strip()) for cell in row) for row in sample)
    usual = max(2, widths[len(widths) // 2] * 0.6) if widths else 2
    for place, row in enumerate(sample):
        cells = [cell.strip() for cell in row if cell.strip()]
        if len(cells) >= usual:
            shapes = {column_of([cell]).shape for cell in cells}
            if shapes & {Shape.EMAIL, Shape.PHONE, Shape.DATE, Shape.NUMBER}:
                return place - 1, [""] * len(row)
            return (place, row) if 2 * len({*cells}) > len(cells) else (-1, ())
    return -1, ()


def _contradict(table: _Table) -> None:
    """A header that names words above values that are none names nothing."""
    for place, field in enumerate(table.fields):
        if field in _SHORT and table.columns[place].shape in _VALUES:
            table.fields[place] = ""


def _addresses(table: _Table) -> None:
    for shape, field in (
        (Shape.EMAIL, "email"),
        (Shape.PHONE, "phone"),
        (Shape.CONTACT, "customer"),
    ):
        for place in table.left(shape):
            if table.hints[place] != ASIDE:
                table.put(place, field)
    for place in table.left(Shape.NUMBER, Shape.CODE, Shape.WORDS):
        column = table.columns[place]
        if table.hints[place] == "phone" and column.dialled >= _NEW:
            table.put(place, "phone")
    for place in table.left(Shape.CODE, Shape.NUMBER):
        column = table.columns[place]
        if column.distinct >= _UNIQUE and table.hints[place] in ("", "ticket"):
            table.put(place, "ticket")


def _people(table: _Table) -> None:
    """Names of whoever can be reached: by the header, or beside an address and looking so."""
    places = [place for place in table.left(Shape.WORDS) if _is_name(table, place)]
    for place in sorted(
        places, key=lambda one: (table.hints[one] == "", -table.columns[one].distinct)
    ):
        table.put(place, "customer")


def _is_name(table: _Table, place: int) -> bool:
    column = table.columns[place]
    if table.hints[place] == "customer":
        return column.size <= _LONGEST_KIND and column.sentences < 0.5
    can_reach = table.has("email") or table.has("phone")
    if table.hints[place] or not can_reach:
        return False
    return (column.names >= 0.9 and column.distinct >= 0.4) or _is_of_address(table, place)


def _is_of_address(table: _Table, place: int) -> bool:
    """Whether each value goes with one address, and each address with one value."""
    at = next(table.fields.index(field) for field in ("email", "phone") if table.has(field))
    pairs = {
        (row[place].strip(), row[at].strip())
        for row in table.rows
        if len(row) > max(place, at) and row[place].strip() and row[at].strip()
    }
    firsts, seconds = {one for one, _ in pairs}, {other for _, other in pairs}
    return len(pairs) == len(firsts) == len(seconds) >= _LEAST_PAIRS


def _said(table: _Table) -> None:
    """What was said, what was answered, and the subject."""
    places = [place for place in table.left(Shape.WORDS) if _is_free(table, place)]
    answers = [place for place in places if table.hints[place] == "solution"]
    for place in answers:
        table.put(place, "solution")
    said = [place for place in places if place not in answers]
    if not table.has("text") and said:
        best = max(said, key=lambda one: _length(table, one))
        column = table.columns[best]
        is_long = column.size >= _SHORTEST_TEXT or column.sentences >= 0.5
        if is_long and (table.hints[best] == "text" or column.spoken >= 0.5):
            table.put(best, "text")
            said.remove(best)
    short = [one for one in said if _is_short(table, one)]
    for place in sorted(
        short, key=lambda one: (table.hints[one] != "subject", -table.columns[one].size)
    ):
        table.put(place, "subject")


def _is_short(table: _Table, place: int) -> bool:
    """Whether it may be a subject: called so, or beside a text and without a number each."""
    column = table.columns[place]
    is_likely = table.has("text") and column.numbered < _EVER_NEW
    return column.size <= _LONGEST_SUBJECT and (table.hints[place] == "subject" or is_likely)


def _is_free(table: _Table, place: int) -> bool:
    """Whether a column holds ever new words: not those that few things are called by."""
    column, hint = table.columns[place], table.hints[place]
    if hint == ASIDE or (hint in _SHORT and column.size <= _LONGEST_KIND):
        return False
    if hint in ("text", "subject", "solution"):
        return True
    return column.distinct >= _EVER_NEW and (len(column.values) >= _FEW or column.sentences >= 0.5)


def _length(table: _Table, place: int) -> float:
    weight = {"text": 2.0, "subject": 0.3}.get(table.hints[place], 1.0)
    return table.columns[place].size * weight


def _open(table: _Table) -> None:
    """Short words that come again, or whose header speaks for a kind of thing."""
    for place in table.left(Shape.WORDS, Shape.CODE):
        hint, column = table.hints[place], table.columns[place]
        is_kind = hint in _KINDS or (not hint and column.distinct < _EVER_NEW)
        if is_kind and not (hint and table.has(hint)) and column.size <= _LONGEST_KIND:
            table.fields[place] = f"{OPEN}{hint}:{table.headers[place].strip()[:40]}"


def _speaks(table: _Table) -> bool:
    """Whether this is of tickets: what was said, or what is called a subject and who or when."""
    if table.has("text") or table.has("issue"):
        return True
    shapes = {column.shape for column in table.columns}
    return table.has("subject") and bool(
        shapes & {Shape.EMAIL, Shape.PHONE, Shape.CONTACT, Shape.DATE}
    )
