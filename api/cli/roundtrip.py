"""``deskgraph seed export`` and ``deskgraph seed diff``: knowledge back to files, and compared."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from api.bootstrap import Platform
from api.cli.output import (
    EXIT_FINDINGS,
    As,
    Format,
    Output,
    Steps,
    progress_bar,
    say,
    say_json,
    tell,
)
from api.cli.running import run
from api.services.exporting import Written, export_files
from api.services.seeding import diff_files
from graph.model import Actor
from seed.diff import Difference, Relationship
from seed.exportfile import Format as FileFormat
from seed.problems import shorten

_KNOWLEDGE = Path("knowledge")


def export_command(
    folder: Annotated[Path, typer.Argument(help="where the files are written")] = _KNOWLEDGE,
    format_: Annotated[FileFormat, typer.Option("--format", help="of the files")] = FileFormat.YAML,
    tables: Annotated[
        list[str] | None,
        typer.Option("--table", help="only this table; may be given several times"),
    ] = None,
    output: Output = Format.TABLE,
    roles: As = ["admin"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """Write the knowledge in force as files that `seed load` takes; people's data stay.

    What the roles of --as may not read in full is left out, and named. Each file is replaced
    whole or not at all; the same knowledge gives the same bytes.

    Example: deskgraph seed export knowledge
    """

    async def work(platform: Platform, actor: Actor) -> Written:
        return await export_files(
            platform, actor, folder, format_=format_, tables=tuple(tables or ())
        )

    done = run(work, roles=roles)
    for what in done.left_out:
        tell("warning", f"left out, your roles do not show it in full: {what}")
    if output is Format.JSON:
        say_json(asdict(done))
    else:
        say(f"{name:<20} {count}" for name, count in done.rows.items())
        say(f"written: {folder / name}" for name in done.written)


def diff_command(
    path: Annotated[Path, typer.Argument(help="a file or a folder")],
    output: Output = Format.TABLE,
    roles: As = ["admin"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """Show what loading files would change, value by value. Exit code 1: there are differences.

    Nodes that are in the graph only are those that `seed load --prune` would remove.

    Example: deskgraph seed diff knowledge
    """

    async def work(platform: Platform, actor: Actor) -> Difference:
        with progress_bar() as progress:
            return await diff_files(platform, actor, path, progress=Steps(progress))

    found = run(work, roles=roles)
    if output is Format.JSON:
        say_json(asdict(found))
    else:
        say(_lines(found))
    if not found.is_empty:
        raise typer.Exit(EXIT_FINDINGS)


def _lines(found: Difference) -> Iterator[str]:
    yield from (f"+ {one.table} {one.id}" for one in found.created)
    for value in found.updated:
        old, new = _said(value.old), _said(value.new)
        yield f"~ {value.table} {value.id}  {value.column}: {old} → {new}"
    yield from (f"+ {_end(one)}" for one in found.added)
    yield from (f"- {_end(one)}" for one in found.removed)
    yield from (f"? {one.table} {one.id}  is in no file" for one in found.only_in_graph)
    if found.tickets:
        yield f"~ tickets  {found.tickets} differ"
    links = f"{len(found.added)} relationships to add, {len(found.removed)} to take back"
    yield (
        f"{len(found.created)} to create, {len({(one.table, one.id) for one in found.updated})} "
        f"to update, {found.unchanged} unchanged, {links}, {len(found.only_in_graph)} in no file"
    )


def _end(one: Relationship) -> str:
    more = "".join(f" {name} {value}" for name, value in one.properties.items())
    return f"{one.table} {one.id}  {one.type} {one.label} {one.target}{more}"


def _said(value: Any) -> str:
    if isinstance(value, list):
        return shorten(" | ".join(map(str, value)))
    return "(none)" if value is None else shorten(value)
