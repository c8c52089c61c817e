"""Everything that may go wrong in the seed room. ``code`` is stable; the text is for a person."""

from collections.abc import Mapping, Sequence

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


class HeldError(SeedError):
    """Something depends on what no file has any more. ``held``: what → by what it is held."""

    code = "seed_held"

    def __init__(self, held: Mapping[str, Sequence[str]]) -> None:
        first, why = next(iter(held.items()))
        super().__init__(f"{len(held)} cannot be removed; the first: {first}: {', '.join(why)}")
        self.held = held
