"""Check every named query with Neo4j's own parser: ``python tests/lint/run.py``.

Needs Node; without it, says so and passes, unless ``CI=true``.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from graph.queries import load_catalogue

FOLDER = Path(__file__).resolve().parent


def main() -> int:
    """The exit code: 0 clean, 1 findings or no means to look."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        print("cypher: not checked, Node is not on the PATH", file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    _install(npm)
    queries = load_catalogue().values()
    lines = [json.dumps({"name": query.name, "text": query.text}) for query in queries]
    command = [node, str(FOLDER / "lint.mjs")]
    done = subprocess.run(command, input="\n".join(lines), text=True, check=False)
    print(f"cypher: {len(lines)} queries checked as Cypher 5 and 25")
    return done.returncode


def _install(npm: str) -> None:
    """What the lock file names, unless that is here already."""
    lock, installed = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=FOLDER, check=True)


if __name__ == "__main__":
    sys.exit(main())
