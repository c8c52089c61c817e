"""The versions of the policy, as the graph keeps them: text, who wrote it, why, and when.

A version never changes. The one in force is that of the policy epoch, ``policy-<epoch>``; writing
one moves the epoch in the same transaction. What a text means is the policies' to say.
"""

from dataclasses import dataclass

from graph.errors import EngineError
from graph.migrations import now_ms
from graph.store import Store, Transaction

KNOWLEDGE, POLICY = "knowledge", "policy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Epochs:
    """Both counters as they are now; 0 where nothing was written yet."""

    knowledge: int
    policy: int


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionNote:
    """Who wrote a version, why, and when; without its text."""

    id: str
    epoch: int
    author: str
    reason: str
    created_at: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyVersion(VersionNote):
    """A version with its text. ``id`` is ``policy-<epoch>``."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A version that is not written yet."""

    text: str
    author: str
    reason: str


class _UnchangedError(Exception):
    """Rolls a transaction back that would have written what is there."""


async def read_epochs(store: Store) -> Epochs:
    """Both epochs in one read.

    Raises:
        UnavailableError: the graph does not answer.
    """
    rows = await store.read("epoch-list", ids=[KNOWLEDGE, POLICY])
    found = {row["id"]: int(row["value"]) for row in rows}
    return Epochs(knowledge=found.get(KNOWLEDGE, 0), policy=found.get(POLICY, 0))


async def find_policy(store: Store) -> PolicyVersion | None:
    """The version in force, or ``None`` in a graph that never had one.

    Raises:
        EngineError: the epoch has moved, and its version is not there.
        UnavailableError: the graph does not answer.
    """
    epoch = (await read_epochs(store)).policy
    while True:
        if found := await find_version(store, epoch):
            return found
        newest = await store.read("policy-list")
        if not newest:
            return None
        # Another process may have written one between these reads.
        before, epoch = epoch, (await read_epochs(store)).policy
        if epoch == before:
            raise EngineError(
                f"the policy epoch is {epoch}, but there is no version {version_id(epoch)} "
                f"(the newest is {newest[0]['id']}); restore the graph from a backup"
            )


async def find_version(store: Store, epoch: int) -> PolicyVersion | None:
    """The version of ``epoch``, or ``None``.

    Raises:
        UnavailableError: the graph does not answer.
    """
    rows = await store.read("policy-get", id=version_id(epoch))
    return PolicyVersion(**rows[0]) if rows else None


async def get_policy(store: Store, first: Draft) -> PolicyVersion:
    """The version in force; ``first`` becomes it where the graph never had one.

    Several processes may start at once: one writes, all get the same.

    Raises:
        EngineError, UnavailableError: as ``find_policy``.
    """
    if found := await find_policy(store):
        return found
    await _write(store, first, first=True)
    written = await find_policy(store)
    if written is None:
        raise EngineError("the first policy was written and is not there; open the graph again")
    return written


async def list_policies(store: Store) -> list[VersionNote]:
    """Every version, newest first.

    Raises:
        UnavailableError: the graph does not answer.
    """
    return [VersionNote(**row) for row in await store.read("policy-list")]


async def save_policy(store: Store, draft: Draft) -> PolicyVersion | None:
    """Put ``draft`` in force; ``None`` when its text is in force already and nothing was written.

    Concurrent calls get consecutive epochs.

    Raises:
        UnavailableError: the graph does not answer; nothing was half-written.
    """
    return await _write(store, draft, first=False)


def version_id(epoch: int) -> str:
    """``policy-3``."""
    return f"{POLICY}-{epoch}"


async def _write(store: Store, draft: Draft, *, first: bool) -> PolicyVersion | None:
    """``first`` writes only where there is no version at all."""

    async def work(transaction: Transaction) -> PolicyVersion:
        # Moving the epoch comes first: its node is the lock that puts writers in a row.
        (moved,) = await transaction.run("epoch-move", id=POLICY)
        epoch = int(moved["value"])
        former = await transaction.run("policy-get", id=version_id(epoch - 1))
        if first and await transaction.run("policy-list"):
            raise _UnchangedError
        if former and former[0]["text"] == draft.text:
            raise _UnchangedError
        version = PolicyVersion(
            id=version_id(epoch),
            epoch=epoch,
            author=draft.author,
            reason=draft.reason,
            created_at=now_ms(),
            text=draft.text,
        )
        await transaction.run(
            "policy-create",
            id=version.id,
            text=version.text,
            author=version.author,
            reason=version.reason,
            now=version.created_at,
            epoch=epoch,
        )
        return version

    try:
        return await store.transaction(work)
    except _UnchangedError:
        return None
