"""``deskgraph route``: one text, or a file of them."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from api.bootstrap import Platform
from api.cli.output import EXIT_FINDINGS, As, Format, Output, complain, progress_bar, say, say_json
from api.cli.running import run
from api.errors import InputError
from api.services.route import preview_route
from api.words import receipt_lines
from graph.model import Actor, Receipt
from graph.routing import receipt_to_json

COLUMNS = ("id", "text")


def route_command(
    text: Annotated[str | None, typer.Option("--text", help="one text to route")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="a CSV file with the columns id,text")
    ] = None,
    output: Output = Format.TABLE,
    roles: As = ["service"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """Show where a text would be routed, and why; writes nothing.

    Example: deskgraph route --text "空调不制冷，还漏水，能不能派人来修？"
    """
    if (text is None) == (file is None):
        raise InputError("--text", "give either --text or --file")
    if file is not None:
        _route_file(file, output, roles)
    elif text is not None:
        _route_text(text, output, roles)


def _route_text(text: str, output: Format, roles: list[str]) -> None:
    async def work(platform: Platform, actor: Actor) -> None:
        receipt = await preview_route(platform, actor, text)
        if output is Format.JSON:
            say_json(receipt_to_json(receipt))
        else:
            extractor = platform.extractor
            say(receipt_lines(receipt, extractor.knowledge, extractor.extract(text).language))

    run(work, roles=roles)


def _route_file(file: Path, output: Format, roles: list[str]) -> None:
    rows = list(read_texts(file))

    async def work(platform: Platform, actor: Actor) -> int:
        failed = 0
        with progress_bar() as progress:
            for row in progress.track(rows, description="route"):
                try:
                    receipt = await preview_route(platform, actor, row["text"])
                except InputError as error:
                    complain(f"{file}: {row['id']}: {error}")
                    failed += 1
                else:
                    _tell(row["id"], receipt, output)
        return failed

    if run(work, roles=roles):
        raise typer.Exit(EXIT_FINDINGS)


def _tell(id_: str, receipt: Receipt, output: Format) -> None:
    if output is Format.JSON:
        say_json({"id": id_, **receipt_to_json(receipt)})
    else:
        reason = f"\t{receipt.reason}" if receipt.reason else ""
        say([f"{id_}\t{receipt.department}\t{receipt.confidence:.2f}{reason}"])


def read_texts(file: Path) -> Iterator[dict[str, Any]]:
    """Rows of ``id`` and ``text``.

    Raises:
        InputError: no such file, not text in UTF-8, or a column is missing.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                found = ", ".join(reader.fieldnames or ()) or "none"
                raise InputError("--file", f"{file}: no column {missing[0]!r}; found: {found}")
            yield from ({name: row[name] or "" for name in COLUMNS} for row in reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError("--file", f"{file}: cannot be read: {error}") from None
