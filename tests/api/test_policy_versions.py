"""The policy in force is that of the graph: applied, followed, refused, listed."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.bootstrap import Platform, open_platform
from api.cli import build_app
from api.errors import InputError
from api.services.policy import apply_policy, get_version, list_versions
from api.services.status import status
from api.settings import Settings, read_settings
from api.signin import local_actor
from graph.errors import ForbiddenError
from graph.policy import Draft, save_policy
from graph.vocabulary import Label, RelationshipType
from policies.errors import PolicyTextError
from policies.policy import shipped_policy
from tests.builders import make_nodes, relate

ADMIN = local_actor(("admin",))
AGENT = local_actor(("agent",))
SHIPPED = shipped_policy()
ROW = "p, 50, role:agent,      Policy,        read,      any, full,   allow\n"
WIDER = f"{SHIPPED}{ROW}"


def make_settings(folder: Path, *, linger: float = 0.0) -> Settings:
    return read_settings(
        {},
        graph_url=f"embedded:{folder / 'graph'}",
        graph_linger_seconds=linger,
        master_key_file=folder / "master.key",
        models=folder / "models",
    )


@pytest.fixture(scope="module")
async def settings(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Settings]:
    """A graph that stays up for this module."""
    found = make_settings(tmp_path_factory.mktemp("versions"))
    async with open_platform(found):
        yield found


@pytest.fixture
async def platform(settings: Settings) -> AsyncIterator[Platform]:
    """One process among others, judging by the shipped policy."""
    async with open_platform(settings) as found:
        await save_policy(found.store, draft(SHIPPED))
        await found.refresh_policy()
        yield found


def draft(text: str, reason: str = "a test") -> Draft:
    return Draft(text=text, author="ann", reason=reason)


def may_read_policy(platform: Platform) -> bool:
    return platform.rights(AGENT).permits("Policy", "read")


async def test_four_processes_that_start_at_once_ship_one_first_version(tmp_path: Path) -> None:
    own = make_settings(tmp_path)
    found = await asyncio.gather(*(opened(own) for _ in range(4)))
    assert found == [[("policy-1", "deskgraph", "shipped with this version")]] * 4


async def opened(settings: Settings) -> list[tuple[str, str, str]]:
    async with open_platform(settings) as platform:
        assert platform.policy.epoch == platform.rights(AGENT).epoch == 1
        notes = await list_versions(platform, ADMIN)
        return [(one.id, one.author, one.reason) for one in notes]


async def test_another_process_judges_by_an_applied_policy_within_a_second(
    settings: Settings, platform: Platform
) -> None:
    async with open_platform(settings, watch=True) as watching:
        assert not may_read_policy(watching)
        done = await apply_policy(platform, ADMIN, draft(WIDER), source="mine.csv")
        assert done.written
        assert may_read_policy(platform)
        for _ in range(30):
            if may_read_policy(watching):
                break
            await asyncio.sleep(0.1)
        assert watching.rights(AGENT).epoch == done.epoch == watching.policy.epoch
        assert (await status(watching, local_actor(("service",))))["policy_epoch"] == done.epoch
        rule = watching.policy.matrix("agent").rules[-1]
        assert rule.place == f"policy-{done.epoch}:{len(WIDER.splitlines())}"


async def test_eight_processes_apply_at_once_and_all_judge_by_the_last(platform: Platform) -> None:
    before = platform.policy.epoch
    drafts = [draft(f"{SHIPPED}# number {number}\n") for number in range(8)]
    done = await asyncio.gather(
        *(apply_policy(platform, ADMIN, one, source="mine.csv") for one in drafts)
    )
    assert sorted(one.epoch for one in done) == list(range(before + 1, before + 9))
    assert platform.policy.epoch == before + 8
    assert (await get_version(platform, ADMIN)).text in {one.text for one in drafts}


async def test_nothing_is_written_of_what_has_findings_is_the_same_or_is_tried(
    platform: Platform,
) -> None:
    before = await list_versions(platform, ADMIN)
    wrong = await apply_policy(platform, ADMIN, draft("q, 1\n"), source="mine.csv")
    assert [(one.line, one.code) for one in wrong.findings] == [(1, "kind")]
    same = await apply_policy(platform, ADMIN, draft(SHIPPED), source="mine.csv")
    tried = await apply_policy(platform, ADMIN, draft(WIDER), source="mine.csv", dry_run=True)
    nothing = await apply_policy(platform, ADMIN, draft(SHIPPED), source="a.csv", dry_run=True)
    assert [one.written for one in (wrong, same, tried, nothing)] == [False] * 4
    assert [one.changes for one in (wrong, same, tried, nothing)] == [False, False, True, False]
    assert {one.epoch for one in (wrong, same, tried, nothing)} == {before[0].epoch}
    assert await list_versions(platform, ADMIN) == before
    assert not may_read_policy(platform)


async def test_only_who_may_update_the_policy_applies_one(platform: Platform) -> None:
    for role in ("auditor", "agent"):
        with pytest.raises(ForbiddenError, match="'update' on 'Policy'"):
            await apply_policy(platform, local_actor((role,)), draft(WIDER), source="mine.csv")
    with pytest.raises(ForbiddenError):
        await list_versions(platform, AGENT)
    with pytest.raises(InputError, match="reason is empty"):
        await apply_policy(platform, ADMIN, draft(WIDER, reason=" "), source="mine.csv")


async def test_a_version_that_cannot_be_read_is_not_followed_and_stops_a_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = make_settings(tmp_path)
    async with open_platform(own) as platform:
        await save_policy(platform.store, draft(SHIPPED.replace("role:agent", "role:alien")))
        with caplog.at_level(logging.ERROR):
            for _ in range(3):
                await platform.refresh()
        assert platform.policy.epoch == 1
        assert caplog.messages == ["policy 1 kept, policy-2: policy_invalid"]
        with pytest.raises(PolicyTextError, match=r"in force cannot be read .* policy-2:\d+: "):
            async with open_platform(own):
                pytest.fail("it opened")


def command(folder: Path, *words: str) -> Result:
    environ = {
        "DESKGRAPH_GRAPH_URL": f"embedded:{folder / 'graph'}",
        "DESKGRAPH_GRAPH_LINGER_SECONDS": "20",
        "DESKGRAPH_MASTER_KEY_FILE": str(folder / "master.key"),
    }
    return CliRunner().invoke(build_app(["policy", "schema"]), ["policy", *words], env=environ)


def test_the_command_applies_lists_and_explains(tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text(f"{SHIPPED}q, 1\n", encoding="utf-8")
    refused = command(tmp_path, "apply", str(mine), "--reason", "r", "-o", "json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["findings"][0]["code"] == "kind"
    assert not (tmp_path / "graph").exists()

    mine.write_text(WIDER, encoding="utf-8")
    apply = ("apply", str(mine), "--reason", "agents may look")
    assert (
        "differs from the policy in force, epoch 1" in command(tmp_path, *apply, "--dry-run").stdout
    )
    assert command(tmp_path, *apply).stdout == "mine.csv is in force, epoch 2\n"
    again = command(tmp_path, *apply)
    assert (again.exit_code, again.stdout) == (0, "mine.csv is in force already, epoch 2\n")
    assert isinstance(command(tmp_path, *apply, "--as", "auditor").exception, ForbiddenError)

    listed = json.loads(command(tmp_path, "versions", "-o", "json").stdout)
    assert [(one["epoch"], one["author"], one["reason"]) for one in listed] == [
        (2, "local", "agents may look"),
        (1, "deskgraph", "shipped with this version"),
    ]
    assert all(one["created_at"].endswith("+00:00") for one in listed)
    assert command(tmp_path, "versions").stdout.splitlines()[0].endswith("agents may look")

    who = command(tmp_path, "who", "Policy", "--graph")
    assert f"policy-2:{len(WIDER.splitlines())}" in who.stdout
    assert "agent" not in command(tmp_path, "who", "Policy").stdout
    assert command(tmp_path, "lint", "--graph").stdout == "policy-2: 0 findings\n"
    both = command(tmp_path, "matrix", "--graph", "--policy", str(mine))
    assert isinstance(both.exception, InputError)

    asyncio.run(with_ticket(tmp_path))
    words = ("Ticket.subject", "read", "--node", "Ticket:T-1")
    told = command(tmp_path, "explain", "agent", *words, "--has", "Department:billing").stdout
    assert (
        "          在范围内 · inside\n          Ticket ─ASSIGNED_TO─► Department:billing\n" in told
    )
    assert told.endswith("  full    该节点上 · at this node\n")
    (cell,) = json.loads(command(tmp_path, "who", *words, "-o", "json").stdout)[1:2]
    own = next(one for one in cell["scopes"] if one["scope"] == "own_department")
    assert (cell["node"], cell["shown"], own["inside"]) == ("Ticket:T-1", None, None)
    assert [one["id"] for one in own["leads"]] == ["billing"]
    table = command(tmp_path, "who", *words).stdout
    assert "  own_department  Ticket ─ASSIGNED_TO─► Department:billing\n" in table


async def with_ticket(folder: Path) -> None:
    """A ticket with billing, and nothing else."""
    async with open_platform(make_settings(folder, linger=20.0)) as platform:
        await make_nodes(
            platform.store, Label.DEPARTMENT, [{"id": "billing", "name_en": "Billing"}]
        )
        await make_nodes(platform.store, Label.TICKET, [{"id": "T-1", "seq": 1, "state": "open"}])
        pair = (Label.TICKET, "T-1"), (Label.DEPARTMENT, "billing")
        await relate(platform.store, RelationshipType.ASSIGNED_TO, *pair)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--node", "T-1"), "is no Type:id"),
        (("--node", "Order:o-1"), "node is no Ticket"),
        (("--node", "Ticket:T-1", "--policy", "mine.csv"), "not --policy"),
        (("--has", "Department:billing"), "give a --node"),
        (("--node", "Ticket:T-1", "--has", "Desk:1"), "none of Department:id"),
        (("--node", "Ticket:T-1", "--has", "Agent:1", "--has", "Agent:2"), "one Agent"),
    ],
)
def test_a_node_that_cannot_be_read_is_told_before_any_graph_is_opened(
    words: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    done = command(tmp_path, "who", "Ticket", *words)
    assert isinstance(done.exception, InputError)
    assert says in str(done.exception)
    assert not (tmp_path / "graph").exists()
