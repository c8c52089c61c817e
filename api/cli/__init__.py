"""The command line: one file per command, one mapping from errors to exit codes.

Exit codes: 0 done, 1 findings (something to mend in what was given), 2 usage, 3 unavailable.
"""

import sys

import typer

from api.cli import ask, demo, evaluate, route, schema, seed, serve, status, token, train
from api.cli.output import EXIT_FINDINGS, EXIT_UNAVAILABLE, EXIT_USAGE, complain
from api.errors import DOMAIN, ApiError, InputError, client_code
from api.settings import SettingsError

app = typer.Typer(
    name="deskgraph",
    help="A customer-service platform around a knowledge graph. 智能客服中台",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command(name="demo")(demo.demo)
app.command(name="serve")(serve.serve)
app.command(name="ask")(ask.ask_command)
app.command(name="route")(route.route_command)
app.add_typer(seed.app, name="seed")
app.command(name="train")(train.train_command)
app.add_typer(evaluate.app, name="evaluate")
app.command(name="status")(status.status_command)
app.command(name="token")(token.token_command)
app.command(name="schema")(schema.schema_command)


def main() -> None:
    """The ``deskgraph`` command."""
    try:
        app()
    except DOMAIN as error:
        complain(str(error))
        sys.exit(_exit_code(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _exit_code(error: Exception) -> int:
    if isinstance(error, SettingsError | InputError):
        return EXIT_USAGE
    if client_code(error) == "UNAVAILABLE":
        return EXIT_UNAVAILABLE
    return EXIT_USAGE if isinstance(error, ApiError) else EXIT_FINDINGS
