"""What ``deskgraph demo`` does once the graph is open: load, learn, ask, route, serve."""

import itertools
import json
import socket
import time
from pathlib import Path

from api.bootstrap import Platform
from api.cli.listening import where
from api.cli.output import Steps, progress_bar, say
from api.cli.serve import server_for
from api.logs import configure_logs
from api.services.ask import ask
from api.services.ingest import NewMessage, ingest
from api.services.seeding import load_files
from api.services.status import status
from api.services.train import start_trainer, train
from api.settings import Settings
from api.words import answer_lines, receipt_lines
from graph.model import Actor, Language
from graph.ontology import askable
from seed.history import generate
from seed.plain import SAMPLE, company_rows

RANDOM_SEED = 7
QUESTIONS = (
    "净化器Pro2的滤芯多久换一次？",
    "My air conditioner smells bad, what can I do?",
    "空调由哪个部门负责？",
    "What is the status of order W-2026-001234?",
)
MESSAGES = (
    ("空调不制冷，还漏水，能不能派人来修？", Language.ZH),
    ("I was charged twice for my order and want the money back.", Language.EN),
)


def read_ahead() -> None:
    """What the first question needs."""
    askable()


async def prepare(platform: Platform, actor: Actor, *, tickets: int) -> None:
    """Load and train unless this graph was prepared before; interrupted work is completed."""
    started = time.perf_counter()
    found = await status(platform, actor)
    if found["nodes"].get("Ticket", 0) >= tickets and platform.extractor.classifier:
        say([f"Graph: {_counts(found)} (kept from before)"])
        return
    # Its libraries take seconds to import, which pass while the graph is loaded.
    trainer = await start_trainer(platform.settings.models)
    with progress_bar() as progress:
        steps = Steps(progress)
        await load_files(platform, actor, SAMPLE, progress=steps)
        history = _history(platform.settings, tickets)
        await load_files(platform, actor, history, progress=steps)
        await train(platform, actor, trainer=trainer)
    found = await status(platform, actor)
    say([f"Graph: {_counts(found)} in {time.perf_counter() - started:.1f} s"])


def _history(settings: Settings, tickets: int) -> Path:
    target = settings.models.parent / "demo" / "tickets.jsonl"
    target.parent.mkdir(parents=True, exist_ok=True)
    rows = generate(company_rows(SAMPLE), tickets=tickets, random_seed=RANDOM_SEED)
    with target.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    return target


def _counts(found: dict[str, dict[str, int]]) -> str:
    return ", ".join(f"{count:,} {label}" for label, count in found["nodes"].items())


async def show(platform: Platform, actor: Actor) -> None:
    """A few questions and tickets, in both languages, with what speaks for each answer."""
    for question in QUESTIONS:
        answer = await ask(platform, actor, question)
        say(["", f"$ deskgraph ask {json.dumps(question, ensure_ascii=False)}"])
        say(answer_lines(answer))
    for (text, language), place in zip(MESSAGES, itertools.count(1), strict=False):
        message = NewMessage(text=text, idempotency_key=f"demo-{place}", channel="web-chat")
        made = await ingest(platform, actor, message)
        say(["", f"$ createTicket {json.dumps(text, ensure_ascii=False)}  → {made.id}"])
        say(receipt_lines(made.receipt, platform.extractor.knowledge, language))


async def serve(platform: Platform, listener: socket.socket) -> None:
    """Serve on a platform that is open already, until interrupted."""
    say(["", where(listener, platform.settings), "Ctrl-C stops it."])
    configure_logs("WARNING")
    await server_for(platform.settings, platform).serve(sockets=[listener])
