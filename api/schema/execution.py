"""Where graphql-core is handed values that are shaped already.

``complete_value`` is private to graphql-core, whose version is therefore pinned below 3.4; a test
holds that it is still called.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLObjectType
from graphql.execution.collect_fields import FieldDetails
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.context import Context
from api.plan.shaper import Hole
from api.schema.route import RouteReceipt


@dataclass(frozen=True, slots=True)
class Projected:
    """A value as the response has it, but for the receipts that go into its holes."""

    value: Any
    receipts: Sequence[tuple[Hole, RouteReceipt]] = ()


class Execution(StrawberryGraphQLCoreExecutionContext):
    """Leaves projected values as they are; everything in them may be null."""

    def complete_value(
        self,
        return_type: Any,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """The shaped value; receipts are completed by graphql-core."""
        if type(result) is not Projected:
            return super().complete_value(
                return_type, field_details_list, info, path, result, position_context
            )
        for hole, receipt in result.receipts:
            type_ = self.schema.type_map[RouteReceipt.__name__]
            if not isinstance(type_, GraphQLObjectType):
                raise TypeError(f"{type_} is no object type")
            details = [FieldDetails(node, None) for node in hole.nodes]
            hole.into[hole.key] = super().complete_value(
                type_, details, info, path.add_key(hole.key), receipt, position_context
            )
        return result.value


class Withholding(SchemaExtension):
    """Tells in the response's extensions what was denied and what is masked."""

    def get_results(self) -> dict[str, Any]:
        """One entry per coordinate over the whole operation."""
        context = self.execution_context.context
        shown = context.withheld.shown() if isinstance(context, Context) else None
        return {"authorization": shown} if shown else {}
