"""Where graphql-core is handed values that are shaped already, and objects that are but attributes.

``complete_value`` and ``complete_object_value`` are private to graphql-core, whose version is
therefore pinned below 3.4; tests hold that they are still called.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetails
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.context import Context
from api.plan.shaper import Hole
from api.schema.route import RouteReceipt

_FIELD = "strawberry-definition"
Shape = Callable[[Any], Any]


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

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """An object of which attributes are selected and nothing else, all of it at once: it needs
        none of what resolvers are told. Where one is not what its type says, graphql-core tells.
        """
        shape = self._shape_of(return_type, field_details_list)
        if shape is not None:
            try:
                return shape(result)
            except (AttributeError, GraphQLError, TypeError, ValueError):
                pass
        return super().complete_object_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def _shape_of(self, type_: Any, details: Any) -> Shape | None:
        """How a value of ``type_`` is shown; ``None`` where it takes more than attributes."""
        if isinstance(type_, GraphQLNonNull):
            # What is shown of nothing fails, as it has to.
            return self._shape_of(type_.of_type, details)
        if isinstance(type_, GraphQLList):
            return _each(self._optional(type_.of_type, details))
        if is_leaf_type(type_):
            return type_.coerce_output_value
        if not isinstance(type_, GraphQLObjectType) or type_.is_type_of:
            return None
        selected, deferred, _ = self.collect_subfields(type_, details)
        shown = []
        for key, nodes in selected.items():
            field = type_.fields.get(nodes[0].node.name.value)
            source = field and field.extensions.get(_FIELD)
            if field is None or source is None or not source.is_basic_field:
                return None
            shape = self._optional(field.type, nodes)
            if shape is None:
                return None
            shown.append((key, source.python_name, shape))
        return None if deferred else _object(shown)

    def _optional(self, type_: Any, details: Any) -> Shape | None:
        shape = self._shape_of(type_, details)
        return shape if shape is None or isinstance(type_, GraphQLNonNull) else _or_none(shape)


def _object(shown: Sequence[tuple[str, str, Shape]]) -> Shape:
    return lambda value: {key: shape(getattr(value, name)) for key, name, shape in shown}


def _each(shape: Shape | None) -> Shape | None:
    return shape and (lambda values: [shape(value) for value in values])


def _or_none(shape: Shape) -> Shape:
    return lambda value: None if value is None else shape(value)


class Withholding(SchemaExtension):
    """Tells in the response's extensions what was denied and what is masked."""

    def get_results(self) -> dict[str, Any]:
        """One entry per coordinate over the whole operation."""
        context = self.execution_context.context
        shown = context.withheld.shown() if isinstance(context, Context) else None
        return {"authorization": shown} if shown else {}
