"""Executes one operation and shows its result as clients get it, over HTTP and WebSocket alike."""

import asyncio
from collections.abc import Iterable
from typing import Any

from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api.context import Context
from api.errors import InputError, MethodError, TimeLimitError
from api.logs import request_id
from api.operation import Operation
from api.schema import DeskgraphSchema, formatted


async def execute(
    schema: DeskgraphSchema,
    operation: Operation,
    context: Context,
    *,
    allowed: Iterable[OperationType],
) -> ExecutionResult:
    """The result of a query or a mutation, within the time that a request may take.

    Raises:
        InputError: the document has no such operation, or it is a subscription.
        MethodError: it is a mutation where only queries are allowed.
        TimeLimitError: it took too long.
    """
    seconds = context.platform.settings.request_seconds
    try:
        async with asyncio.timeout(seconds or None):
            return await schema.execute(
                operation.query,
                variable_values=operation.variables,
                context_value=context,
                operation_name=operation.name,
                allowed_operation_types=allowed,
            )
    except TimeoutError:
        raise TimeLimitError(seconds) from None
    except MissingQueryError:
        raise InputError("query", "query is empty") from None
    except CannotGetOperationTypeError:
        raise InputError("operationName", "operationName names no operation here") from None
    except InvalidOperationTypeError as error:
        if error.operation_type is OperationType.SUBSCRIPTION:
            raise InputError("query", "subscriptions are served over WebSocket") from None
        raise MethodError("mutations are sent by POST", allow="POST") from None


def answer_of(result: ExecutionResult) -> dict[str, Any]:
    """Errors in our words; no ``data`` where nothing was executed."""
    shown: dict[str, Any] = {}
    if result.errors:
        id_ = request_id.get()
        shown["errors"] = [formatted(error, request_id=id_) for error in result.errors]
    if result.data is not None or not result.errors or any(one.path for one in result.errors):
        shown["data"] = result.data
    if result.extensions:
        shown["extensions"] = result.extensions
    return shown
