"""Golden questions asked of the sample company, with a history to learn from."""

from collections.abc import AsyncIterator

from api.bootstrap import Platform, open_platform
from api.cli.running import actor_with
from api.services.golden import summed_up, try_questions, try_routes
from api.services.route import receipt_for
from api.services.seeding import load_files
from api.services.train import train
from seed.golden import GOLDEN, GoldenRoute, read_golden
from seed.plain import SAMPLE, company_rows
from tests.bench.engines import Ground
from tests.bench.value import Value

TICKETS = 5_000
SURE_ISSUE = 0.3
"""How likely an issue is at least that its skills are asked for."""


async def golden(place: Ground) -> AsyncIterator[Value]:
    """How many are right, and how well confidence tells; the held-out part in the note."""
    actor = actor_with(("admin", "service"))
    async with open_platform(place.settings()) as platform:
        await load_files(platform, actor, SAMPLE)
        await load_files(platform, actor, place.history(TICKETS, random_seed=7))
        await train(platform, actor)
        files = read_golden(GOLDEN)
        tried = await try_questions(platform, files["questions"])
        routes = summed_up("routes", await try_routes(platform, files["routes"]))
        unfit = await _unfit(platform, files["routes"])
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
    note = f"to triage rightly {routes.abstained_rightly} of {routes.should_abstain}"
    yield Value(
        name="routes_right", value=routes.right / routes.tried, rows=routes.tried, note=note
    )
    yield Value(name="routes_ece", value=routes.ece, rows=routes.tried)
    yield Value(name="agents_unfit", value=unfit, rows=routes.tried)


async def _unfit(platform: Platform, routes: list[GoldenRoute]) -> int:
    """How many agents were chosen against the company's own files: another department, a skill
    that the issue requires, or the language is missing, or more tickets than they take.
    """
    rows = company_rows()
    agents = {one["id"]: one for one in rows["agents"]}
    requires = {one["id"]: one.get("requires") or [] for one in rows["issues"]}
    unfit = 0
    for entry in routes:
        document = platform.extractor.extract(entry.text, resolutions=False)
        receipt = await receipt_for(platform, document, customer=None)
        if receipt.choice is None or receipt.choice.agent is None:
            continue
        agent = agents[receipt.choice.agent]
        skills = dict(map(_levelled, agent.get("skills") or []))
        best = document.guesses[0]
        needed = requires[best.id] if best.probability >= SURE_ISSUE else []
        unfit += not (
            receipt.department in agent["member_of"]
            and document.language in agent["languages"]
            and receipt.choice.open < int(agent["capacity"])
            and all(skills.get(name, 0) >= level for name, level in map(_levelled, needed))
        )
    return unfit


def _levelled(text: str) -> tuple[str, int]:
    name, _, level = text.partition(":")
    return name, int(level or 1)
