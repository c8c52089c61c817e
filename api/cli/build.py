"""``deskgraph build``: raw files to proposed seed files."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api.cli.output import (
    EXIT_FINDINGS,
    Format,
    Output,
    Steps,
    progress_bar,
    say,
    say_json,
    tell,
)
from api.services.build import Built, build


def build_command(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="files or folders: csv, xlsx, jsonl, eml, mbox, md, txt, html, pdf, docx, …"
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="folder for the proposed seed files")],
    known: Annotated[
        Path | None, typer.Option("--known", help="seed files that are known already")
    ] = None,
    output: Output = Format.TABLE,
) -> None:
    """Propose customers, products, issues, departments and resolutions from raw files.

    What --known or the folder of --out has already is not proposed again, nor what was proposed
    before and taken out. Where everything is said stands in evidence.jsonl. Nothing is loaded:
    review the files, then `seed validate` and `seed load`. Exit code 1: some files gave nothing.

    Example: deskgraph build seed/raw --out var/proposed
    """
    with progress_bar() as progress:
        built = build(paths, out, known=known, progress=Steps(progress))
    if output is Format.JSON:
        say_json(asdict(built))
    else:
        _tell(built)
    if built.unread:
        raise typer.Exit(EXIT_FINDINGS)


def _tell(built: Built) -> None:
    for one in built.unread:
        tell("warning", f"{one.file}: {one.message}")
    tables = sorted({*built.new, *built.changed})
    say(
        f"{table:<14} {built.new.get(table, 0):>6} new  {built.changed.get(table, 0):>6} changed"
        for table in tables
    )
    say([f"{built.files} files read, {len(built.unread)} of them in vain"])
    say(f"written: {name}" for name in built.written)
