"""``deskgraph train``."""

from api.bootstrap import Platform
from api.cli.output import As, Format, Output, Steps, progress_bar, say, say_json
from api.cli.running import run
from api.services.train import Trained, train
from graph.model import Actor


def train_command(
    output: Output = Format.TABLE,
    roles: As = ["editor"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """Train the issue classifier on solved tickets and put it in force.

    Example: deskgraph train
    """

    async def work(platform: Platform, actor: Actor) -> Trained:
        with progress_bar() as progress:
            steps = Steps(progress)
            return await train(
                platform, actor, progress=lambda done: steps("read tickets", done, None)
            )

    trained = run(work, roles=roles)
    if output is Format.JSON:
        say_json({"model": trained.model, "rows": trained.rows, "issues": trained.issues})
    else:
        say([f"{trained.model}: {trained.issues} issues from {trained.rows} texts"])
