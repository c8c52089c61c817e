"""A company's tables as plain rows, for those who only want to read them."""

from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from seed.errors import InvalidSeedError
from seed.problems import Problem, Report
from seed.readers import find_files, read_file

SAMPLE = Path(str(files("seed").joinpath("company")))
"""The company that ships with the product."""


def company_rows(path: Path | None = None) -> dict[str, list[dict[str, Any]]]:
    """Rows by table, cells as written; of ``path``, or of the sample company.

    Raises:
        InvalidSeedError: a file cannot be read.
    """
    problems: list[Problem] = []
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, file in find_files(path or SAMPLE, tell=problems.append).items():
        for row in read_file(file, file=name, tell=problems.append):
            rows[row.table.name].append(dict(row.values))
    report = Report(problems=tuple(problems))
    if report.errors:
        raise InvalidSeedError(report)
    return dict(rows)
