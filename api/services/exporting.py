"""Knowledge from the graph into files, under the actor's rights."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.bootstrap import Platform
from api.errors import InputError
from api.services.reading import read
from graph.errors import UnavailableError
from graph.model import Actor
from graph.rights import Action, Rights
from graph.selection.compiler import Compiled, compile_request
from graph.selection.request import Request
from graph.store import Row
from seed.errors import SeedError
from seed.export import EVERYTHING, chosen, export
from seed.exportfile import Format, names_of, write_export
from seed.readers import find_files


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What an export wrote: rows by table, files that changed, and what it left out."""

    rows: dict[str, int]
    written: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Planned:
    compiled: Compiled


async def export_files(
    platform: Platform, actor: Actor, folder: Path, *, format_: Format, tables: Sequence[str] = ()
) -> Written:
    """Write what the actor may read of knowledge into ``folder``.

    Raises:
        ForbiddenError: the actor may not read knowledge.
        UnavailableError: the graph does not answer, or its policy was replaced meanwhile.
        InputError: a table that is not exported, or a folder with knowledge that would stay.
    """
    platform.rights(actor).reach(actor, Action.READ, "Knowledge")
    try:
        names = chosen(tables)
    except SeedError as error:
        raise InputError("--table", f"--table: {error}") from None
    _check(folder, format_)

    async def ask(request: Request) -> tuple[Compiled, Row]:
        def planned(rights: Rights) -> _Planned:
            return _Planned(compile_request(request, rights))

        plan, row = await read(platform, actor, planned, EVERYTHING)
        return plan.compiled, row

    rights = platform.rights(actor)
    found = await export(platform.store, rights, ask, tables=names)
    if platform.rights(actor).epoch != rights.epoch:
        raise UnavailableError("the policy was replaced meanwhile; nothing was written, try again")
    return Written(
        rows={name: len(rows) for name, rows in found.tables.items()},
        written=tuple(write_export(folder, found.tables, format_=format_)),
        left_out=found.left_out,
    )


def _check(folder: Path, format_: Format) -> None:
    """Files of other formats or names would say the same twice when the folder is loaded."""
    if folder.exists() and not folder.is_dir():
        raise InputError("FOLDER", "FOLDER: this is a file; name a folder")
    if not folder.is_dir():
        return
    strangers = sorted(set(find_files(folder, tell=lambda _: None)) - names_of(format_))
    if strangers:
        raise InputError(
            "FOLDER",
            f"FOLDER holds {strangers[0]!r}, which this export does not replace; "
            "name a folder without other knowledge files",
        )
