"""``deskgraph policy apply`` and ``versions``: which policy is in force in the graph."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.output import EXIT_FINDINGS, As, Format, Output, say, say_json, tell
from api.errors import InputError
from graph.model import Actor
from graph.policy import Draft, PolicyVersion, VersionNote
from policies.lint import lint
from policies.text import Finding


def apply_command(
    file: Annotated[Path, typer.Argument(help="a policy file")],
    reason: Annotated[str, typer.Option("--reason", help="why it changes; kept with the version")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="check all, write nothing")] = False,
    output: Output = Format.TABLE,
    roles: As = ["admin"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """Put a policy in force; every process judges by it within a second.

    Example: deskgraph policy apply policies/policy.csv --reason "supervisors see orders"
    """
    text, source = policy_text(file)
    if findings := lint(text, source=source):
        _tell_findings(findings, source, output)
        raise typer.Exit(EXIT_FINDINGS)
    # Imported here and below: most commands on policies open no graph.
    from api.bootstrap import Platform  # noqa: PLC0415
    from api.cli.running import run  # noqa: PLC0415
    from api.services.policy import Applied, apply_policy  # noqa: PLC0415

    async def work(platform: Platform, actor: Actor) -> Applied:
        draft = Draft(text=text, author=actor.id, reason=reason)
        return await apply_policy(platform, actor, draft, source=source, dry_run=dry_run)

    done = run(work, roles=roles)
    if output is Format.JSON:
        say_json(asdict(done))
    elif not done.changes:
        say([f"{source} is in force already, epoch {done.epoch}"])
    elif dry_run:
        say([f"{source} differs from the policy in force, epoch {done.epoch}; nothing written"])
    else:
        say([f"{source} is in force, epoch {done.epoch}"])


def versions_command(
    output: Output = Format.TABLE,
    roles: As = ["auditor"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """List the versions of the policy, newest first: epoch, when, by whom, why.

    Example: deskgraph policy versions -o json
    """
    from api.cli.running import run  # noqa: PLC0415
    from api.services.policy import list_versions  # noqa: PLC0415

    found = run(list_versions, roles=roles)
    if output is Format.JSON:
        say_json([{**asdict(one), "created_at": _instant(one.created_at)} for one in found])
        return
    say(_line(one) for one in found)


def in_force() -> PolicyVersion:
    """The version in force in the configured graph, read as the local auditor."""
    from api.cli.running import run  # noqa: PLC0415
    from api.services.policy import get_version  # noqa: PLC0415

    return run(get_version, roles=["auditor"])


def policy_text(file: Path) -> tuple[str, str]:
    """Text and name of a policy file.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8-sig"), file.name
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("--policy", f"{file}: cannot be read: {error}") from None


def _tell_findings(findings: list[Finding], source: str, output: Format) -> None:
    if output is Format.JSON:
        told: list[dict[str, Any]] = [{"file": source, **asdict(one)} for one in findings]
        say_json({"written": False, "findings": told})
        return
    for one in findings:
        tell("error", f"{source}:{one.line}: {one.code}: {one.message}")
    say([f"{source}: {len(findings)} findings, nothing written"])


def _line(one: VersionNote) -> str:
    return f"{one.epoch:>5}  {_instant(one.created_at)}  {one.author}  {one.reason}"


def _instant(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")
