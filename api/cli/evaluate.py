"""``deskgraph evaluate``."""

import asyncio
import csv
import gzip
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.output import Format, Output, Steps, progress_bar, say, say_json
from api.cli.running import actor_with
from api.errors import InputError
from api.services.evaluate import Labelled, evaluate_routing
from api.settings import read_settings

app = typer.Typer(help="Measure the product on labelled data.", no_args_is_help=True)


@app.callback()
def _evaluate() -> None:
    """Keeps ``routing`` a command of its own while it is the only one."""


@app.command("routing")
def routing_command(
    train: Annotated[Path, typer.Option("--train", help="CSV or gzipped CSV to learn from")],
    test: Annotated[Path, typer.Option("--test", help="CSV or gzipped CSV to be judged on")],
    text: Annotated[str, typer.Option("--text", help="column with the text")],
    label: Annotated[str, typer.Option("--label", help="column with the department")],
    where: Annotated[
        list[str] | None, typer.Option("--where", help="COLUMN=VALUE; keeps matching rows only")
    ] = None,
    precision: Annotated[
        float, typer.Option("--precision", min=0.5, max=1.0, help="what the threshold aims at")
    ] = 0.93,
    output: Output = Format.TABLE,
) -> None:
    """Route labelled texts through intake and graph; compare with a bare classifier.

    Uses a temporary embedded graph, or the empty Neo4j graph of DESKGRAPH_GRAPH_URL.

    Example: deskgraph evaluate routing --train train.csv.gz --test dev.csv.gz --text text
    --label queue -o json
    """
    kept = dict(_condition(one) for one in where or ())
    train_rows = read_labelled(train, text=text, label=label, where=kept)
    test_rows = read_labelled(test, text=text, label=label, where=kept)
    settings = read_settings()
    with progress_bar() as progress:
        figures = asyncio.run(
            evaluate_routing(
                settings,
                actor_with(("admin", "service")),
                train_rows=train_rows,
                test_rows=test_rows,
                precision=precision,
                progress=Steps(progress),
            )
        )
    if output is Format.JSON:
        say_json(figures)
    else:
        say(f"{name:<20} {value}" for name, value in figures.items())


def read_labelled(file: Path, *, text: str, label: str, where: dict[str, str]) -> list[Labelled]:
    """Rows of ``file`` whose ``where`` columns have the given values.

    Raises:
        InputError: the file cannot be read, a column is missing, or no row is left.
    """
    csv.field_size_limit(sys.maxsize)
    opened = gzip.open if file.suffix == ".gz" else open
    try:
        with opened(file, "rt", encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            for name in (text, label, *where):
                if name not in (reader.fieldnames or ()):
                    found = ", ".join(reader.fieldnames or ()) or "none"
                    raise InputError("file", f"{file}: no column {name!r}; found: {found}")
            rows = [
                Labelled(text=row[text] or "", label=row[label])
                for row in reader
                if row[label] and all(row[name] == value for name, value in where.items())
            ]
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise InputError("file", f"{file}: cannot be read: {error}") from None
    if not rows:
        raise InputError("file", f"{file}: no row left; check --label and --where")
    return rows


def _condition(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise InputError("--where", f"--where is {text!r}; write COLUMN=VALUE")
    return name, value
