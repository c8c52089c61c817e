"""The GraphQL schema: types by noun, and what a client is told when something fails."""

import logging
from contextlib import nullcontext
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from api.errors import INTERNAL, client_code, client_message
from api.schema.documents import Documents
from api.schema.execution import Execution, Withholding
from api.schema.limits import Limits
from api.schema.mutation import Mutation
from api.schema.query import Query
from api.schema.scalars import SCALARS
from api.schema.subscription import Subscription
from api.schema.wording import reworded

log = logging.getLogger("deskgraph.graphql")


class _Runner(SchemaExtensionsRunner):
    """Our extensions act ``on_operation`` alone."""

    def _nothing(self) -> Any:
        return nullcontext()

    parsing = validation = executing = _nothing


class DeskgraphSchema(strawberry.Schema):
    """Logs what failed by code and path only: never a value that somebody sent."""

    def create_extensions_runner(
        self, execution_context: ExecutionContext, extensions: list[SchemaExtension]
    ) -> SchemaExtensionsRunner:
        """One that enters nothing where none of our extensions has anything to do."""
        return _Runner(execution_context=execution_context, extensions=extensions)

    def process_errors(
        self,
        errors: list[GraphQLError],
        execution_context: ExecutionContext | None = None,  # noqa: ARG002 - strawberry passes it
    ) -> None:
        """One line per error; the stack only of what nobody foresaw."""
        for error in errors:
            cause = _cause(error)
            code = client_code(cause) if cause else "GRAPHQL_VALIDATION_FAILED"
            unforeseen = cause if code == INTERNAL else None
            log.log(
                logging.ERROR if unforeseen else logging.INFO,
                "request failed",
                extra={"code": code, "path": error.path, "kind": type(cause).__name__},
                exc_info=unforeseen,
            )


def build_schema() -> DeskgraphSchema:
    """The schema with its limits. Called once: strawberry types belong to one schema."""
    known = Documents.memory()
    return DeskgraphSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        config=StrawberryConfig(disable_field_suggestions=True, scalar_map=SCALARS),
        execution_context_class=Execution,
        extensions=[
            Withholding,
            Limits,
            lambda: Documents(known),
        ],
    )


def _cause(error: GraphQLError) -> Exception | None:
    """What of ours failed: graphql-core wraps the errors of its own, too."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def formatted(error: GraphQLError, *, request_id: str) -> dict[str, object]:
    """An error as the response carries it: our words, a stable code, the request's id."""
    cause = _cause(error)
    shown: dict[str, object] = dict(error.formatted)
    code = client_code(cause) if cause else "GRAPHQL_VALIDATION_FAILED"
    shown["message"] = client_message(cause) if cause else reworded(error.message)
    shown["extensions"] = {"code": code, "requestId": request_id}
    return shown
