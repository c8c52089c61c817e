"""Knowledge and history from files, into the graph, under the actor's rights."""

from pathlib import Path

from api.bootstrap import Platform
from api.bus import RELOAD
from graph.editable import KNOWN
from graph.model import Actor
from graph.rights import Action
from seed.diff import Difference, diff
from seed.load import LoadResult, load
from seed.ports import Progress


async def load_files(
    platform: Platform,
    actor: Actor,
    path: Path,
    *,
    progress: Progress | None = None,
    dry_run: bool = False,
    prune: bool = False,
) -> LoadResult:
    """Validate and load ``path``; the platform knows what was loaded when it returns.

    Raises:
        ForbiddenError: the actor may not change knowledge, or not delete some kind of what
            ``prune`` might.
        SeedError: a file has problems, or something depends on what ``prune`` would remove;
            nothing was written. The error carries them all.
        UnavailableError: the graph went away; run again to complete.
    """
    rights = platform.rights(actor)
    rights.reach(actor, Action.UPDATE, "Knowledge")
    for label in KNOWN if prune else ():
        rights.reach(actor, Action.DELETE, label)
    result = await load(
        platform.store,
        path,
        extract=platform.extractor.extract,
        sealing=platform.vault,
        progress=progress,
        dry_run=dry_run,
        prune=prune,
    )
    await platform.refresh()
    if not dry_run:
        await platform.bus.announce(RELOAD)
    return result


async def diff_files(
    platform: Platform, actor: Actor, path: Path, *, progress: Progress | None = None
) -> Difference:
    """What loading ``path`` would change; values that the actor may not read are not told.

    Raises:
        ForbiddenError: the actor may not change knowledge.
        SeedError: a file has problems. The error carries them all.
    """
    rights = platform.rights(actor)
    rights.reach(actor, Action.UPDATE, "Knowledge")

    def shows(coordinate: str) -> bool:
        return rights.everywhere(coordinate)

    return await diff(
        platform.store,
        path,
        extract=platform.extractor.extract,
        sealing=platform.vault,
        shows=shows,
        progress=progress,
    )
