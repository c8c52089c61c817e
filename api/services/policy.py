"""Puts another policy in force, and tells which ones were."""

from dataclasses import dataclass

from api.bootstrap import Platform
from api.errors import InputError
from graph.errors import NotFoundError
from graph.model import Actor
from graph.policy import (
    Draft,
    PolicyVersion,
    VersionNote,
    find_policy,
    find_version,
    list_policies,
    save_policy,
)
from graph.rights import Action
from policies.lint import lint
from policies.text import Finding

RESOURCE = "Policy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """What applying came to. ``epoch`` is that of the policy in force afterwards.

    With ``findings``, or where the text was in force already, nothing was ``written``; nor in a
    dry run, whose ``epoch`` is the one still in force. ``changes`` says whether the text differs.
    """

    written: bool
    changes: bool
    epoch: int
    findings: tuple[Finding, ...] = ()


async def apply_policy(
    platform: Platform, actor: Actor, draft: Draft, *, source: str, dry_run: bool = False
) -> Applied:
    """Lint ``draft`` and put it in force; this platform judges by it when the call returns.

    ``source`` is the file's name, for findings.

    Raises:
        ForbiddenError: the actor may not change the policy.
        InputError: the reason is empty.
        UnavailableError: the graph does not answer; nothing was half-written.
    """
    platform.rights(actor).reach(actor, Action.UPDATE, RESOURCE)
    if not draft.reason.strip():
        raise InputError("reason", "reason is empty; say why the policy changes")
    # Not in a thread, though it takes a tenth of a second: Casbin parses its matcher with ast, and
    # CPython 3.11 fails ("recursion depth mismatch") where two threads do that at once.
    if findings := lint(draft.text, source=source):
        return _kept(platform, findings=tuple(findings))
    if dry_run:
        changes = (await _in_force(platform)).text != draft.text
        return _kept(platform, changes=changes)
    version = await save_policy(platform.store, draft)
    await platform.refresh_policy()
    if version is None:
        return _kept(platform)
    return Applied(written=True, changes=True, epoch=version.epoch)


async def list_versions(platform: Platform, actor: Actor) -> list[VersionNote]:
    """Every version of the policy, newest first.

    Raises:
        ForbiddenError: the actor may not read the policy.
        UnavailableError: the graph does not answer.
    """
    platform.rights(actor).reach(actor, Action.READ, RESOURCE)
    return await list_policies(platform.store)


async def get_version(platform: Platform, actor: Actor) -> PolicyVersion:
    """The version in force, with its text.

    Raises:
        ForbiddenError: the actor may not read the policy.
        UnavailableError: the graph does not answer.
    """
    platform.rights(actor).reach(actor, Action.READ, RESOURCE)
    return await _in_force(platform)


async def version_text(platform: Platform, actor: Actor, epoch: int) -> str:
    """The rules of one version, as written.

    Raises:
        ForbiddenError: the actor may not read the policy.
        NotFoundError: there is no such version.
        UnavailableError: the graph does not answer.
    """
    platform.rights(actor).reach(actor, Action.READ, RESOURCE)
    version = await find_version(platform.store, epoch)
    if version is None:
        raise NotFoundError("no such version of the policy")
    return version.text


async def _in_force(platform: Platform) -> PolicyVersion:
    version = await find_policy(platform.store)
    if version is None:
        raise NotFoundError("the graph has no policy any more; open it again")
    return version


def _kept(
    platform: Platform, *, changes: bool = False, findings: tuple[Finding, ...] = ()
) -> Applied:
    return Applied(written=False, changes=changes, epoch=platform.policy.epoch, findings=findings)
