"""What must hold within a row, or among the rows of a table, beyond the single cell."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from graph.text import fold
from seed.problems import Problem, Severity, shorten
from seed.rows import Row
from seed.tables import ALIASES, NAMES, TRIPLE_STEPS, Table

_HIERARCHIES = {"departments": "part_of", "categories": "part_of", "issues": "subtype_of"}
_CENT = 0.005


def about(row: Row, column: str, *, code: str, message: str, **more: str) -> Problem:
    """A problem of one cell."""
    return Problem(
        code=code,
        message=message,
        file=row.raw.file,
        place=row.raw.place(column),
        table=row.table.name,
        row=row.id,
        column=column,
        **more,  # type: ignore[arg-type]
    )


def check_row(row: Row) -> Iterator[Problem]:
    """What one row says by itself."""
    if NAMES[0] in row.table.by_name and not any(name in row.values for name in NAMES):
        message = f"{row.id or 'the row'} has neither name_zh nor name_en"
        yield about(row, NAMES[0], code="name_missing", message=message, allowed=" or ".join(NAMES))
    if row.table.name == "resolutions":
        yield from _steps(row)
    elif row.table.name == "orders":
        yield from _total(row)
    elif row.table.name == "tickets":
        yield from _rating(row)
    elif row.table.name == "agents":
        yield from _capacity(row)
    elif row.table.name == "calendars":
        yield from _holidays(row)


def _steps(row: Row) -> Iterator[Problem]:
    for columns in TRIPLE_STEPS:
        wanted = len(row.values.get(columns[0], ()))
        for column in columns[1:]:
            count = len(row.values.get(column, ()))
            if count not in (0, wanted):
                message = f"{column} has {count} entries, {columns[0]} {wanted}"
                yield about(
                    row,
                    column,
                    code="steps_unequal",
                    message=message,
                    found=str(count),
                    allowed=f"{wanted}, or none",
                )


def _total(row: Row) -> Iterator[Problem]:
    items, total = row.references("items"), row.values.get("total")
    if not items or total is None:
        return
    due = sum(item.properties["quantity"] * item.properties["unit_price"] for item in items)
    if abs(due - total) > _CENT:
        yield Problem(
            code="total_differs",
            message=f"the items sum to {due:.2f}, the total says {total:.2f}",
            file=row.raw.file,
            place=row.raw.place("total"),
            table=row.table.name,
            row=row.id,
            column="total",
            found=f"{total:.2f}",
            allowed=f"{due:.2f}",
            severity=Severity.WARNING,
        )


def _rating(row: Row) -> Iterator[Problem]:
    rating = row.values.get("rating")
    if rating is not None and rating not in range(1, 6):
        yield _not_allowed(row, "rating", str(rating), "1 to 5")


def _capacity(row: Row) -> Iterator[Problem]:
    capacity = row.values.get("capacity")
    if capacity is not None and capacity < 0:
        yield _not_allowed(row, "capacity", str(capacity), "0 or more")


def _holidays(row: Row) -> Iterator[Problem]:
    for day in row.values.get("holidays", ()):
        try:
            date.fromisoformat(day)
        except ValueError:
            yield _not_allowed(row, "holidays", day, "a day of the calendar, such as 2026-01-01")


def _not_allowed(row: Row, column: str, found: str, allowed: str) -> Problem:
    message = f"{column}: {found} will not do; allowed: {allowed}"
    return about(
        row, column, code="value_not_allowed", message=message, found=found, allowed=allowed
    )


def check_tables(tables: Mapping[str, Sequence[Row]]) -> Iterator[Problem]:
    """What rows say together."""
    for table, column in _HIERARCHIES.items():
        yield from _cycles(tables.get(table, ()), column)
    yield from _triage(tables.get("departments", ()))
    yield from _aliases(row for rows in tables.values() for row in rows)


def _cycles(rows: Sequence[Row], column: str) -> Iterator[Problem]:
    """Every cycle once, told at the row that comes first."""
    above = {row.id: row.references(column)[0].id for row in rows if row.references(column)}
    done: set[str] = set()
    for row in rows:
        walked: list[str] = []
        at: str | None = row.id
        while at is not None and at not in done and at not in walked:
            walked.append(at)
            at = above.get(at)
        if at in walked:
            cycle = " → ".join((*walked[walked.index(at) :], at))
            message = f"{column} leads in a circle: {cycle}"
            first = next(item for item in rows if item.id == at)
            yield about(first, column, code="cycle", message=message, found=shorten(cycle))
        done.update(walked)


def _triage(rows: Sequence[Row]) -> Iterator[Problem]:
    marked = [row for row in rows if row.values.get("triage")]
    for row in marked[1:]:
        message = f"{marked[0].id} is the triage department already ({_where(marked[0])})"
        yield about(
            row,
            "triage",
            code="triage_multiple",
            message=message,
            found="true",
            allowed="one department",
        )


def _where(row: Row) -> str:
    return f"{row.raw.file}, {row.raw.place()}"


def _aliases(rows: Iterable[Row]) -> Iterator[Problem]:
    """One alias for two nodes of a table; of two tables it is a matter of context, not a slip."""
    owners: dict[tuple[Table, str], list[tuple[Row, str]]] = defaultdict(list)
    for row in rows:
        for alias in dict.fromkeys(row.values.get(ALIASES, ())):
            owners[row.table, fold(alias)].append((row, alias))
    for found in owners.values():
        first = found[0][0]
        for row, alias in found[1:]:
            if row.id != first.id:
                yield Problem(
                    code="alias_ambiguous",
                    message=f"alias {shorten(alias)!r} stands for {first.id} too ({_where(first)})",
                    file=row.raw.file,
                    place=row.raw.place(ALIASES),
                    table=row.table.name,
                    row=row.id,
                    column=ALIASES,
                    found=shorten(alias),
                    severity=Severity.WARNING,
                )
