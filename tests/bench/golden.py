"""Golden questions asked of the sample company, with a history to learn from."""

from collections.abc import AsyncIterator

from api.bootstrap import open_platform
from api.cli.running import actor_with
from api.services.golden import summed_up, try_questions
from api.services.seeding import load_files
from api.services.train import train
from seed.golden import GOLDEN, read_golden
from seed.plain import SAMPLE
from tests.bench.engines import Ground
from tests.bench.value import Value

TICKETS = 5_000


async def golden(place: Ground) -> AsyncIterator[Value]:
    """How many are right, and how well confidence tells; the held-out part in the note."""
    actor = actor_with(("admin", "service"))
    async with open_platform(place.settings()) as platform:
        await load_files(platform, actor, SAMPLE)
        await load_files(platform, actor, place.history(TICKETS, random_seed=7))
        await train(platform, actor)
        tried = await try_questions(platform, read_golden(GOLDEN)["questions"])
    found = summed_up("questions", tried)
    held_out = summed_up("questions", [one for one in tried if one.held_out])
    note = (
        f"held out: {held_out.right} of {held_out.tried}, error {held_out.ece:.3f}; abstained "
        f"rightly {found.abstained_rightly} of {found.should_abstain}"
    )
    rows = found.tried
    yield Value(name="golden_right", value=found.right / found.tried, rows=rows, note=note)
    yield Value(name="golden_sure", value=found.sure_share, rows=rows)
    yield Value(name="golden_wrong", value=found.wrong_and_sure, rows=rows)
    yield Value(name="golden_ece", value=found.ece, rows=rows)
