"""Damage that the engine would pass over in silence and open an empty graph instead."""

import json
from pathlib import Path

from graph.errors import EngineError

_REMEDY = "restore this graph from a backup"


def check_files(database: Path) -> None:
    """Refuse a database whose schema is gone or names files that are.

    Raises:
        EngineError: what is missing or unreadable, and the remedy.
    """
    try:
        schema = json.loads((database / "schema.json").read_text(encoding="utf-8"))
        kinds = schema["types"].values()
        buckets = {bucket for kind in kinds for bucket in kind["buckets"]}
    except OSError:
        raise EngineError(f"schema.json is missing; {_REMEDY}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise EngineError(f"schema.json is damaged; {_REMEDY}") from None
    # File names are name.id.page-size.version.bucket, and a name holds no dot.
    present = {path.name.partition(".")[0] for path in database.glob("*.bucket")}
    if buckets - present:
        raise EngineError(f"the file of {min(buckets - present)} is missing; {_REMEDY}")
