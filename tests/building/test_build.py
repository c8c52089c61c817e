"""``deskgraph build`` as people run it: differences, reviews, kills, no network, and answers."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.bootstrap import open_platform
from api.cli import build_app
from api.services.ask import ask
from api.services.build import CACHE, build
from api.services.seeding import load_files
from api.settings import read_settings
from api.signin import local_actor
from extractors.building.readers import read_document
from seed.plain import company_rows
from seed.tablefile import EVIDENCE
from seed.validate import validate
from tests.bench.building import write_documents
from tests.building.material import write
from tests.conftest import WIPE, Engine

RAW = Path(__file__).parents[2] / "seed" / "raw"
ADMIN = local_actor(("admin", "service"))
LEAK = "# Pump manual\n\n## Pump leaks\n\n### New seal\n\n1. Close the valve.\n2. Fit a seal.\n"
NOISE = (
    "# Fan manual\n\n## Fan rattles\n\n### Tighten it\n\n1. Switch it off.\n2. Turn the screw.\n"
)


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is proposed from the sample company's raw texts."""
    out = tmp_path_factory.mktemp("build") / "out"
    build([RAW], out)
    return out


def evidence(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / EVIDENCE).read_text("utf-8").splitlines()]


def content(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}


def test_everything_proposed_stands_in_its_source(proposed: Path) -> None:
    texts = {
        path.relative_to(RAW).as_posix(): read_document(path.read_bytes(), file=path.name).text
        for path in RAW.rglob("*")
        if path.is_file()
    }
    told = evidence(proposed)
    assert all(texts[one["file"]][one["start"] : one["end"]] == one["text"] for one in told)
    assert all(0 < one["confidence"] <= 1 and one["text"] for one in told)
    said = {(one["table"], one["id"]) for one in told}
    found = {(table, row["id"]) for table, rows in company_rows(proposed).items() for row in rows}
    assert found == said


def test_every_relationship_has_a_place_that_says_it(proposed: Path) -> None:
    said = {(one["id"], one["field"], one["value"]) for one in evidence(proposed)}
    columns = ("handles", "supports", "resolves", "applies_to", "affects", "subtype_of", "part_of")
    asked = [
        (row["id"], column, target)
        for rows in company_rows(proposed).values()
        for row in rows
        for column in columns
        if column in row
        for target in (row[column] if isinstance(row[column], list) else [row[column]])
    ]
    assert asked
    assert [one for one in asked if one not in said] == []


def test_what_is_proposed_validates(proposed: Path) -> None:
    assert validate(proposed).problems == ()


def test_a_second_run_proposes_nothing(proposed: Path, tmp_path: Path) -> None:
    before = content(proposed)
    built = build([RAW], proposed)
    assert (built.new, built.changed, built.written) == ({}, {}, ())
    assert content(proposed) == before
    assert build([RAW], tmp_path / "other", known=proposed).written == ()


def test_the_same_material_gives_the_same_bytes(proposed: Path, tmp_path: Path) -> None:
    build([RAW], tmp_path)
    assert content(tmp_path) == content(proposed)


def test_many_documents_propose_the_same_twice(tmp_path: Path) -> None:
    write_documents(tmp_path / "raw", count=150)
    assert build([tmp_path / "raw"], tmp_path / "out").new
    assert build([tmp_path / "raw"], tmp_path / "out").written == ()


def test_new_material_gives_the_difference(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"a.md": LEAK})
    build([raw], tmp_path / "out")
    write(raw, {"b.md": NOISE})
    built = build([raw], tmp_path / "out")
    assert built.new == {"issues": 1, "resolutions": 1}
    assert {row["id"] for row in company_rows(tmp_path / "out")["issues"]} == {
        "pump-leaks",
        "fan-rattles",
    }


def test_what_a_reviewer_changed_or_took_out_stays_so(tmp_path: Path) -> None:
    raw, out = write(tmp_path / "raw", {"a.md": LEAK, "b.md": NOISE}), tmp_path / "out"
    build([raw], out)
    (out / "issues.yaml").write_text(
        "issues:\n- id: pump-leaks\n  name_en: Pump leaks\n  name_zh: 水泵漏水\n", "utf-8"
    )
    assert build([raw], out).written == ()
    assert [row["name_zh"] for row in company_rows(out)["issues"]] == ["水泵漏水"]


def test_a_run_that_was_killed_is_completed_by_the_next(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{n:03}.md": LEAK.replace("Pump", f"Pump {n}").replace("New", f"New {n}")
        for n in range(300)
    }
    raw, out, whole = write(tmp_path / "raw", files), tmp_path / "out", tmp_path / "whole"
    build([raw], whole)
    command = [
        str(Path(sys.executable).with_name("deskgraph")),
        "build",
        str(raw),
        "--out",
        str(out),
    ]
    for wait in (0.05, 0.1, 0.2, 0.3):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 30
        while not (out / CACHE).exists() and time.monotonic() < until and process.poll() is None:
            os.sched_yield()
        try:
            process.wait(wait)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        for path in out.glob("*.yaml"):
            assert path.read_bytes() == (whole / path.name).read_bytes()
    build([raw], out)
    assert content(out) == content(whole)


def test_nothing_is_asked_of_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert build([RAW], tmp_path).new


def test_the_command_tells_what_it_did_and_what_it_could_not_read(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"a.md": LEAK, "b.pdf": b"%PDF-1.4 broken"})
    command, run = build_app(["build", "seed"]), CliRunner()
    words = ["build", str(raw), "--out", str(tmp_path / "out"), "-o", "json"]
    done = run.invoke(command, words)
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert told["new"] == {"issues": 1, "resolutions": 1}
    assert [(one["file"], one["reason"]) for one in told["unread"]] == [("b.pdf", "damaged")]
    assert done.stderr == ""


def test_nothing_personal_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        build_app(["build", "seed"]), ["build", str(RAW), "--out", str(tmp_path)]
    )
    assert done.exit_code == 0
    assert "example." not in done.output
    assert "Vanterpool" not in done.output


async def test_the_built_graph_answers_and_leads_to_the_source(
    engine: Engine, proposed: Path, tmp_path: Path
) -> None:
    store = await engine.open()
    await store.write(WIPE)
    settings = replace(
        read_settings({}, master_key_file=tmp_path / "key", models=tmp_path / "models"),
        graph_url=engine.url,
        graph_user=engine.user or "",
        graph_password=engine.password or "",
        graph_linger_seconds=0.0,
    )
    async with open_platform(settings) as platform:
        await load_files(platform, ADMIN, proposed)
        found = await ask(platform, ADMIN, "净化器Pro2的滤芯多久换一次？")
        who = await ask(platform, ADMIN, "Which department handles a refund not received?")
    await store.write(WIPE)
    await store.close()
    assert "每 6 个月更换一次" in found.answer
    assert "Returns and Refunds" in who.answer
    cited = {one.id for one in found.citations}
    places = [one for one in evidence(proposed) if one["id"] in cited and "6 个月" in one["text"]]
    assert places[0]["file"] == "manuals/air-purifier-pro-2.zh.md"
