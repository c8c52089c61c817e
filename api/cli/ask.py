"""``deskgraph ask``."""

from dataclasses import asdict, replace
from typing import Annotated, Any

import typer

from api.bootstrap import Platform
from api.cli.output import As, Format, Output, say, say_json
from api.cli.running import run
from api.services.ask import ask
from api.services.conversing import suggestions
from api.words import answer_lines
from graph.model import Actor, Answer


def ask_command(
    question: Annotated[str, typer.Argument(help="a question, in Chinese or English")],
    conversation: Annotated[
        str | None, typer.Option("--conversation", help="the id that came with the answer before")
    ] = None,
    output: Output = Format.TABLE,
    roles: As = ["service"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """Answer a question from the graph, with citations and what to ask next.

    Example: deskgraph ask "净化器Pro2的滤芯多久换一次？" -o json
    """
    answer = run(
        lambda platform, actor: _asked(platform, actor, question, conversation), roles=roles
    )
    if output is Format.JSON:
        say_json(answer_json(answer))
    else:
        say(answer_lines(answer))


async def _asked(
    platform: Platform, actor: Actor, question: str, conversation: str | None
) -> Answer:
    found = await ask(platform, actor, question, conversation=conversation)
    return replace(found, suggestions=await suggestions(platform, actor, found))


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer as plain values, without what only a conversation needs."""
    plain = asdict(answer)
    del plain["listed"]
    del plain["amount"]
    for citation in plain["citations"]:
        del citation["starts"]
    return plain
