"""Everything that may go wrong in the seed room. ``code`` is stable; the text is for a person."""

from seed.problems import Report


class SeedError(Exception):
    """Base of the room."""

    code = "seed_error"


class InvalidSeedError(SeedError):
    """The files have errors, so nothing was written. ``report`` holds every one of them."""

    code = "seed_invalid"

    def __init__(self, report: Report) -> None:
        first = report.errors[0]
        super().__init__(f"{len(report.errors)} errors; the first: {first.file}: {first.message}")
        self.report = report
