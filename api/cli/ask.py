"""``deskgraph ask``."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from api.cli.output import As, Format, Output, say, say_json
from api.cli.running import run
from api.services.ask import ask
from api.words import answer_lines
from graph.model import Answer


def ask_command(
    question: Annotated[str, typer.Argument(help="a question, in Chinese or English")],
    output: Output = Format.TABLE,
    roles: As = ["service"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """Answer a question from the graph, with citations.

    Example: deskgraph ask "净化器Pro2的滤芯多久换一次？" -o json
    """
    answer = run(lambda platform, actor: ask(platform, actor, question), roles=roles)
    if output is Format.JSON:
        say_json(answer_json(answer))
    else:
        say(answer_lines(answer))


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer as plain values."""
    return asdict(answer)
