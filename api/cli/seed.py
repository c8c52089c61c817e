"""``deskgraph seed``: knowledge as files."""

import json
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
    complain,
    progress_bar,
    say,
    say_json,
    tell,
)
from api.cli.roundtrip import diff_command, export_command
from api.cli.running import run
from api.services.golden import RUNNERS, Summary, Tried, summed_up
from api.services.seeding import load_files
from graph.model import Actor
from seed.errors import HeldError, InvalidSeedError
from seed.golden import GOLDEN, read_golden
from seed.history import generate
from seed.load import LoadResult
from seed.plain import company_rows
from seed.problems import Report
from seed.validate import validate

app = typer.Typer(help="Validate, load and generate knowledge as files.", no_args_is_help=True)
_SHOWN = 50
PathArgument = Annotated[Path, typer.Argument(help="a file or a folder")]


@app.command("validate")
def validate_command(path: PathArgument, output: Output = Format.TABLE) -> None:
    """Check files without any graph: every problem with file, line and column.

    Example: deskgraph seed validate seed/company
    """
    report = validate(path)
    _tell(report, output)
    if report.errors:
        raise typer.Exit(EXIT_FINDINGS)


@app.command("load")
def load_command(
    path: PathArgument,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="check all, write nothing")] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="also remove knowledge that no file has any more")
    ] = False,
    output: Output = Format.TABLE,
    roles: As = ["admin"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """Load files into the graph; running it again changes nothing.

    With --prune, rows of the tables in the files that no file has any more are removed, unless
    tickets, orders, customers, staff or what people wrote over the API depend on one: then nothing
    is written, and all of it is told.

    Example: deskgraph seed load seed/company
    """

    async def work(platform: Platform, actor: Actor) -> LoadResult:
        with progress_bar() as progress:
            return await load_files(
                platform, actor, path, progress=Steps(progress), dry_run=dry_run, prune=prune
            )

    try:
        result = run(work, roles=roles)
    except InvalidSeedError as error:
        _tell(error.report, output)
        raise typer.Exit(EXIT_FINDINGS) from None
    except HeldError as error:
        _tell_held(error, output)
        raise typer.Exit(EXIT_FINDINGS) from None
    plain = asdict(result)
    del plain["unfiled"]
    if output is Format.JSON:
        say_json(plain)
        return
    pruned = plain.pop("pruned")
    say(f"{name:<20} {value}" for name, value in _flat(plain))
    word = "would be removed" if dry_run else "removed"
    say(f"{word}: {table} {id_}" for table, ids in pruned.items() for id_ in ids)


def _tell_held(error: HeldError, output: Format) -> None:
    if output is Format.JSON:
        say_json({"held": error.held})
    else:
        for what, why in error.held.items():
            complain(f"{what} is in no file, but held by: {', '.join(why)}")
        say(["nothing was written"])


app.command("diff")(diff_command)
app.command("export")(export_command)


@app.command("generate")
def generate_command(
    target: Annotated[Path, typer.Option("--to", help="JSONL file to write")],
    company: Annotated[
        Path | None, typer.Option("--company", help="a company's files; default: the sample")
    ] = None,
    tickets: Annotated[int, typer.Option("--tickets", min=1, help="how many")] = 5_000,
    random_seed: Annotated[int, typer.Option("--random-seed", help="same seed, same file")] = 7,
) -> None:
    """Generate a history of solved tickets for a company, deterministically.

    Example: deskgraph seed generate --to var/tickets.jsonl --tickets 20000
    """
    rows = generate(company_rows(company), tickets=tickets, random_seed=random_seed)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f"{target.name}.new")
    with aside.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    aside.replace(target)
    say([f"{target}: {tickets} tickets"])


@app.command("test")
def golden_command(
    path: Annotated[Path, typer.Argument(help="a golden file or a folder of them")] = GOLDEN,
    output: Output = Format.TABLE,
    roles: As = ["service"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """Try golden questions on the graph: every failure with file and line, then the figures.

    Example: deskgraph seed test seed/golden -o json
    """
    golden = read_golden(path)
    tried = run(lambda platform, _: _try(platform, golden), roles=roles)
    wrong = [one for entries in tried.values() for one in entries if not one.right]
    sums = [summed_up(kind, entries) for kind, entries in tried.items()]
    if output is Format.JSON:
        say_json({"failures": [asdict(one) for one in wrong], "figures": [s.plain for s in sums]})
    else:
        for one in wrong:
            complain(f"{one.file}:{one.line}: {one.said} ({one.confidence:.2f}) {one.why}")
        say([_figures(one) for one in sums])
    if wrong:
        raise typer.Exit(EXIT_FINDINGS)


async def _try(platform: Platform, golden: dict[str, list[Any]]) -> dict[str, list[Tried]]:
    return {kind: await RUNNERS[kind](platform, entries) for kind, entries in golden.items()}


def _figures(one: Summary) -> str:
    return (
        f"{one.kind}: {one.right} of {one.tried} right, {one.abstained_rightly} of "
        f"{one.should_abstain} abstained rightly, {one.sure_share:.0%} of right answers at 0.8 or "
        f"more, {one.wrong_and_sure} wrong there, calibration error {one.ece:.3f}"
    )


def _tell(report: Report, output: Format) -> None:
    if output is Format.JSON:
        say_json({"problems": [asdict(one) for one in report.problems], "rows": report.rows})
        return
    for problem in report.problems[:_SHOWN]:
        place = f"{problem.file}: {problem.place}" if problem.place else problem.file
        tell(problem.severity, f"{place}: {problem.message}")
    if (more := len(report.problems) - _SHOWN) > 0:
        complain(f"and {more} more; -o json shows all")
    rows = sum(report.rows.values())
    say([f"{rows} rows, {len(report.errors)} errors, {len(report.warnings)} warnings"])


def _flat(plain: dict[str, Any]) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in plain.items():
        rows += value.items() if isinstance(value, dict) else [(name, value)]
    return rows
