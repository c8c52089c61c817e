"""``deskgraph train``."""

from enum import StrEnum
from typing import Annotated

import typer

from api.bootstrap import Platform
from api.cli.output import As, Format, Output, Steps, progress_bar, say, say_json
from api.cli.running import run
from api.services.train import Trained, train, train_routing
from graph.model import Actor
from graph.weighing import Weighing


class What(StrEnum):
    """What can be trained."""

    ALL = "all"
    ROUTING = "routing"


def train_command(
    what: Annotated[
        What, typer.Argument(help="all, or only how the path kinds of routing are weighed")
    ] = What.ALL,
    output: Output = Format.TABLE,
    roles: As = ["editor"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """Train on solved tickets: the issue classifier, and the weights of routing; put them in force.

    Example: deskgraph train
    """

    async def work(platform: Platform, actor: Actor) -> Trained | Weighing:
        with progress_bar() as progress:
            steps = Steps(progress)
            if what is What.ROUTING:
                return await train_routing(platform, actor, progress=steps)
            return await train(platform, actor, progress=steps)

    trained = run(work, roles=roles)
    name, weights = (
        (trained.routing, trained.weights)
        if isinstance(trained, Trained)
        else (trained.name, trained.weights)
    )
    classifier = (
        {"model": trained.model, "rows": trained.rows, "issues": trained.issues}
        if isinstance(trained, Trained)
        else {}
    )
    if output is Format.JSON:
        say_json({**classifier, "routing": name, "weights": dict(weights)})
        return
    if isinstance(trained, Trained):
        say([f"{trained.model}: {trained.issues} issues from {trained.rows} texts"])
    say([f"{name}: {', '.join(f'{kind} {weight:.2f}' for kind, weight in weights.items())}"])
