"""How commands speak: results on stdout, progress and complaints on stderr."""

import sys
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

if TYPE_CHECKING:
    from rich.progress import Progress

EXIT_FINDINGS, EXIT_USAGE, EXIT_UNAVAILABLE = 1, 2, 3


class Format(StrEnum):
    """For people or for programs."""

    TABLE = "table"
    JSON = "json"


Output = Annotated[Format, typer.Option("--output", "-o", help="table, or json for programs")]
As = Annotated[
    list[str], typer.Option("--as", help="role of the local actor; may be given several times")
]


def say(lines: Iterable[str]) -> None:
    """Lines for people."""
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say_json(value: Any) -> None:
    """One JSON document."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")
    sys.stdout.flush()


def complain(message: str) -> None:
    """One error on stderr."""
    tell("error", message)


def tell(severity: str, message: str) -> None:
    """One line on stderr, coloured where that is a terminal."""
    # Imported here and below: most commands need no colour and no bar, and start sooner.
    from rich.console import Console  # noqa: PLC0415

    style = "red" if severity == "error" else "yellow"
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"{severity}: {message}", style=style, markup=False)


def progress_bar() -> "Progress":
    """A bar on stderr; nothing at all where that is no terminal."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    )


class Steps:
    """Progress of named steps, as the loader reports them: (step, done, total or ``None``)."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._tasks: dict[str, Any] = {}

    def __call__(self, step: str, done: int, total: int | None) -> None:
        """Move a step's bar, starting it at its first report."""
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step, total=total)
        self._progress.update(self._tasks[step], completed=done, total=total)
