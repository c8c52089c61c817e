"""``deskgraph policy``: who may do what, checked, tested and explained.

Needs a graph only with ``--graph``, and for the versions in it (``api/cli/version.py``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.output import EXIT_FINDINGS, Format, Output, say, say_json, tell
from api.cli.standing import (
    NodeOption,
    TheirsOption,
    asked,
    plain_shown,
    plain_standing,
    shown_lines,
    standing_lines,
)
from api.cli.version import apply_command, in_force, policy_text, versions_command
from api.errors import InputError
from api.words import REASONS_OF_SHOWS, SCOPES
from graph.fields import TIERS
from graph.model import Language
from graph.rights import Scope, Show
from policies.casefile import read_cases
from policies.cases import failing
from policies.explain import Cell, Step, explain, matrix, who
from policies.lint import lint
from policies.objects import OBJECTS, SUBJECTS, actions_of, scopes_of
from policies.policy import ROLES, Policy, load_policy, shipped_policy

if TYPE_CHECKING:
    from api.services.access import Standing

app = typer.Typer(help="Check, test and explain who may do what.", no_args_is_help=True)
app.command("apply")(apply_command)
app.command("versions")(versions_command)

PolicyOption = Annotated[
    Path | None, typer.Option("--policy", help="a policy file; default: the shipped one")
]
GraphOption = Annotated[
    bool, typer.Option("--graph", help="the version in force in the graph, read as an auditor")
]
Coordinate = Annotated[str, typer.Argument(help="Type, Type.field, or a resource")]


@app.command("lint")
def lint_command(
    file: Annotated[
        Path | None, typer.Argument(help="a policy file; default: the shipped one")
    ] = None,
    graph: GraphOption = False,
    output: Output = Format.TABLE,
) -> None:
    """Find everything to mend in a policy: misspelt, useless, too wide, decided by line order.

    Example: deskgraph policy lint policies/policy.csv
    """
    text, source = _text(file, graph)
    findings = lint(text, source=source)
    if output is Format.JSON:
        say_json({"findings": [{"file": source, **asdict(one)} for one in findings]})
    else:
        for one in findings:
            tell("error", f"{source}:{one.line}: {one.code}: {one.message}")
        say([f"{source}: {len(findings)} findings"])
    if findings:
        raise typer.Exit(EXIT_FINDINGS)


@app.command("test")
def cases_command(
    policy: PolicyOption = None,
    graph: GraphOption = False,
    cases: Annotated[
        Path | None, typer.Option("--cases", help="a folder of cases; default: the shipped ones")
    ] = None,
    output: Output = Format.TABLE,
) -> None:
    """Run the cases: who must be shown what, and who must not.

    Example: deskgraph policy test --policy policies/policy.csv --cases policies/cases
    """
    if cases is not None and not cases.is_dir():
        raise InputError("--cases", f"--cases: {cases} is no folder")
    read = read_cases(cases or Path(str(files("policies").joinpath("cases"))))
    failures = list(failing(_policy(policy, graph), read))
    if output is Format.JSON:
        told = [{"message": one.message, "found": one.found, "rule": one.rule} for one in failures]
        say_json({"cases": len(read), "failures": told})
    else:
        for one in failures:
            tell("error", one.message)
        say([f"{len(read)} cases, {len(failures)} failures"])
    if failures:
        raise typer.Exit(EXIT_FINDINGS)


@app.command("matrix")
def matrix_command(
    roles: Annotated[
        list[str] | None, typer.Option("--role", help="a role; may be repeated; default: all")
    ] = None,
    types: Annotated[
        list[str] | None,
        typer.Option("--type", help="a type or resource; may be repeated; default: all"),
    ] = None,
    policy: PolicyOption = None,
    graph: GraphOption = False,
    output: Output = Format.TABLE,
) -> None:
    """List what roles may do: coordinate, action, what is shown in which rows, by which line.

    Example: deskgraph policy matrix --role agent --type Customer
    """
    roles, types = [_role(one) for one in roles or ROLES], types or list(SUBJECTS)
    for one in types:
        _known("--type", one, SUBJECTS)
    _tell_cells(matrix(_policy(policy, graph), roles, types), output)


@app.command("explain")
def explain_command(
    role: Annotated[str, typer.Argument(help="a role")],
    coordinate: Coordinate,
    action: Annotated[str, typer.Argument(help="read, filter, update, …")],
    scope: Annotated[str | None, typer.Option("--scope", help="one scope; default: all")] = None,
    policy: PolicyOption = None,
    graph: GraphOption = False,
    node: NodeOption = None,
    theirs: TheirsOption = None,
    output: Output = Format.TABLE,
) -> None:
    """Say what one role is shown in each scope, by which rule; of a node, where it stands.

    Example: deskgraph policy explain supervisor Customer.name read
    """
    _about(coordinate, action)
    role = _role(role)
    if scope is not None:
        _known("--scope", scope, scopes_of(coordinate))
    _refuse_both(node, policy)
    found = asked(coordinate, action, node=node, theirs=theirs or [], role=role)
    cell = found.cells[0] if found else explain(_policy(policy, graph), role, coordinate, action)
    standing = found.standing if found else None
    steps = [step for step in cell.steps if scope in (None, step.scope)]
    if output is Format.JSON:
        say_json(_plain_at(replace(cell, steps=tuple(steps)), standing))
        return
    tier = f" (tier {TIERS[coordinate]})" if coordinate in TIERS else ""
    say([f"{cell.role} {action} {coordinate}{tier}"])
    say(line for one in steps for line in (*_lines(one), *standing_lines(standing, one.scope)))
    say(shown_lines(cell, standing))


@app.command("who")
def who_command(
    coordinate: Coordinate,
    action: Annotated[str, typer.Argument(help="read, filter, update, …")] = "read",
    policy: PolicyOption = None,
    graph: GraphOption = False,
    node: NodeOption = None,
    theirs: TheirsOption = None,
    output: Output = Format.TABLE,
) -> None:
    """List the roles that may do something, in which rows, by which line; of a node, whose it is.

    Example: deskgraph policy who Customer.name read
    """
    _about(coordinate, action)
    _refuse_both(node, policy)
    found = asked(coordinate, action, node=node, theirs=theirs or [])
    if found is None:
        _tell_cells(who(_policy(policy, graph), coordinate, action), output)
        return
    if output is Format.JSON:
        say_json([_plain_at(cell, found.standing) for cell in found.cells])
        return
    _tell_cells(found.cells, output)
    for scope in scopes_of(coordinate):
        say(standing_lines(found.standing, scope, named=True))


def _refuse_both(node: str | None, policy: Path | None) -> None:
    if node is not None and policy is not None:
        raise InputError("--node", "--node: nodes are judged by the policy in force, not --policy")


def _tell_cells(cells: Iterable[Cell], output: Format) -> None:
    if output is Format.JSON:
        say_json([_plain(cell) for cell in cells])
        return
    rows = [
        (cell.role, cell.coordinate, cell.action, ", ".join(map(_short, _adding(cell))))
        for cell in cells
    ]
    widths = [max((len(row[place]) for row in rows), default=0) for place in range(3)]
    for *names, shown in rows:
        say(["  ".join((*map(str.ljust, names, widths), shown))])


def _adding(cell: Cell) -> list[Step]:
    """The steps that show something, and more than any does."""
    anywhere = next(step.show for step in cell.steps if step.scope is Scope.ANY)
    least = {Scope.ANY: Show.NONE}
    return [
        step for step in cell.steps if step.show.strength > least.get(step.scope, anywhere).strength
    ]


def _short(step: Step) -> str:
    place = f" ({step.rule.place})" if step.rule else ""
    return f"{step.show} {step.scope}{place}" + ("" if step.rows else " in rows not shown")


def _lines(step: Step) -> list[str]:
    words, reasons = SCOPES[step.scope], REASONS_OF_SHOWS[step.reason]
    lines = [
        f"  {step.show:<6}  {step.scope:<14}  {words[Language.ZH]} · {words[Language.EN]}",
        f"{'':10}{reasons[Language.ZH]} · {reasons[Language.EN]}",
    ]
    if step.rule:
        heirs = f"  ← {' ← '.join(step.through)}" if len(step.through) > 1 else ""
        lines.append(f"{'':10}{step.rule.place}: p, {', '.join(step.rule.cells)}{heirs}")
    return lines


def _plain_at(cell: Cell, standing: "Standing | None") -> dict[str, Any]:
    told = [{**_plain_step(one), **plain_standing(standing, one.scope)} for one in cell.steps]
    return {**_plain(cell), **plain_shown(cell, standing), "scopes": told}


def _plain(cell: Cell) -> dict[str, Any]:
    return {
        "role": cell.role,
        "coordinate": cell.coordinate,
        "tier": TIERS.get(cell.coordinate),
        "action": cell.action,
        "scopes": [_plain_step(step) for step in cell.steps],
    }


def _plain_step(step: Step) -> dict[str, Any]:
    return {
        "scope": step.scope,
        "rows": {str(language): words for language, words in SCOPES[step.scope].items()},
        "rows_shown": step.rows,
        "show": step.show,
        "reason": step.reason,
        "rule": {**asdict(step.rule), "place": step.rule.place} if step.rule else None,
        "through": step.through,
    }


def _text(file: Path | None, graph: bool) -> tuple[str, str]:
    """Text and name of a policy."""
    if graph and file is not None:
        raise InputError("--graph", f"--graph: give either {file} or --graph")
    if graph:
        version = in_force()
        return version.text, version.id
    return (shipped_policy(), "policy.csv") if file is None else policy_text(file)


def _policy(file: Path | None, graph: bool) -> Policy:
    text, source = _text(file, graph)
    return load_policy(text, source=source)


def _role(role: str) -> str:
    bare = role.removeprefix("role:")
    _known("role", bare, ROLES)
    return bare


def _about(coordinate: str, action: str) -> None:
    label = coordinate.partition(".")[0]
    near = [one for one in OBJECTS if one.partition(".")[0] == label]
    _known("coordinate", coordinate, OBJECTS, near or SUBJECTS)
    _known("action", action, sorted(actions_of(coordinate)))


def _known(what: str, given: str, known: Sequence[str], shown: Sequence[str] | None = None) -> None:
    if given not in known:
        raise InputError(what, f"{what}: no {given!r}; known: {', '.join(shown or known)}")
