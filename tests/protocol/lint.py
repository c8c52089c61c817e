"""Lint the schema by graphql-eslint's rules: ``python -m tests.protocol.lint``.

Needs Node; without it, says so and passes, unless ``CI=true``.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def node() -> str | None:
    """Node, with what the lock file names installed; ``None`` where it is not on the PATH."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        return None
    lock, installed = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=FOLDER, check=True)
    return found


def main() -> int:
    """The exit code: 0 clean, 1 findings or no means to look."""
    found = node()
    if found is None:
        print("schema: not checked, Node is not on the PATH", file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    eslint, config = FOLDER / "node_modules/eslint/bin/eslint.js", FOLDER / "eslint.config.mjs"
    command = [found, str(eslint), "--config", str(config), "api/schema.graphql"]
    done = subprocess.run(command, cwd=FOLDER.parents[1], check=False)
    print("schema: checked by graphql-eslint")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
