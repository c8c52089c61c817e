"""Companies in other trades, with other names, numbers and ways to write them: nothing of how
questions are understood is the sample company's own.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.bootstrap import Platform, open_platform
from api.services.golden import Summary, summed_up, try_questions, try_routes
from api.services.seeding import load_files
from api.services.train import train
from seed.golden import read_golden
from tests.api.conftest import ADMIN, settings_in

COMPANIES = Path(__file__).parents[1] / "companies"
ROUTED = {"heronway": 0.65, "tarnwick": 0.65}
"""Of their issues there are few examples in each language, and no message is like them."""


@pytest.fixture(
    scope="module", params=["ferncroft", "heronway", "lanternquay", "tarnwick", "velmora"]
)
async def company(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Platform, Path]]:
    """One company's files, and what its issues say learned; no ticket was ever solved."""
    folder = COMPANIES / request.param
    place = tmp_path_factory.mktemp(request.param)
    async with open_platform(settings_in(place, url=f"embedded:{place / 'graph'}")) as platform:
        await load_files(platform, ADMIN, folder / "files")
        await train(platform, ADMIN)
        yield platform, folder / "golden"


def told(found: Summary) -> str:
    return f"{found.right} of {found.tried}, {found.wrong_and_sure} wrong and sure, {found.ece:.3f}"


async def test_questions_to_another_company(company: tuple[Platform, Path]) -> None:
    platform, golden = company
    found = summed_up("questions", await try_questions(platform, read_golden(golden)["questions"]))
    assert found.right >= 0.9 * found.tried, told(found)
    assert found.wrong_and_sure <= 0.02 * found.tried, told(found)
    assert found.abstained_rightly >= 0.95 * found.should_abstain, told(found)
    assert found.ece <= 0.05, told(found)


async def test_messages_to_another_company(company: tuple[Platform, Path]) -> None:
    platform, golden = company
    share = ROUTED.get(golden.parent.name, 0.75)
    found = summed_up("routes", await try_routes(platform, read_golden(golden)["routes"]))
    # From eight to fourteen examples of an issue, and no history at all.
    assert found.right >= share * found.tried, told(found)
    assert found.wrong_and_sure <= 0.04 * found.tried, told(found)
