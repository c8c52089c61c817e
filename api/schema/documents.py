"""Documents that were parsed and found valid before: by their text, which is cheaper to compare
than what it was parsed to.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import DocumentNode, GraphQLError, parse
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

from api.plan.cache import Lru

_KEPT = 500


@dataclass(slots=True)
class Document:
    """One text, parsed; ``errors`` once it was validated."""

    parsed: DocumentNode
    errors: list[GraphQLError] | None = None


class Documents(SchemaExtension):
    """Parses and validates every text once. ``known`` outlives the request."""

    def __init__(self, known: Lru[Document]) -> None:
        self._known = known

    @staticmethod
    def memory() -> Lru[Document]:
        """What one schema remembers; the rules of another may differ."""
        return Lru(_KEPT)

    def on_operation(self) -> Iterator[None]:
        """Before strawberry would do either, which costs more than it takes to remember. A text
        that cannot be parsed is not remembered; errors are.
        """
        execution, document = self.execution_context, self._document()
        if document.errors is None:
            document.errors = validate_document(
                execution.schema._schema, document.parsed, execution.validation_rules
            )
        execution.graphql_document = document.parsed
        execution.pre_execution_errors = document.errors
        yield

    def _document(self) -> Document:
        text = self.execution_context.query or ""
        options = self.execution_context.parse_options
        return self._known.get(text, lambda: Document(parse(text, **options)))
