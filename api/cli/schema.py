"""``deskgraph schema``."""

from api.cli.output import say
from api.schema import build_schema


def schema_command() -> None:
    """Print the GraphQL schema (SDL).

    Example: deskgraph schema > api/schema.graphql
    """
    say([build_schema().as_str()])
