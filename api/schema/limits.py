"""What a document may be at most, as a table; checked before it is parsed."""

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter

from strawberry.extensions import SchemaExtension

from api.context import Context
from api.errors import TooComplexError
from api.schema.scan import Sketch, sketch
from graph.errors import ForbiddenError
from graph.rights import SCHEMA, Action

MOST_CHARACTERS, MOST_TOKENS = 16_384, 1_000
LIMITS: Mapping[str, tuple[int, str]] = {
    "nesting": (40, "brackets within each other"),
    "aliases": (30, "aliases"),
    "directives": (4, "directives in one place"),
    "repeated": (12, "fields or spreads of the same name in one selection"),
    "fragments": (20, "fragments"),
    "depth": (16, "levels of fields"),
    "fields": (1_000, "fields, each fragment counted where it is spread"),
}
"""By figure of a ``Sketch``: at most how many, of what."""

_figures: Mapping[str, Callable[[Sketch], int]] = {name: attrgetter(name) for name in LIMITS}


def check_document(text: str) -> Sketch:
    """The figures of ``text``.

    Raises:
        TooComplexError: it is larger, deeper or more repetitive than any honest document.
    """
    if len(text) > MOST_CHARACTERS:
        raise TooComplexError("query", f"a document has at most {MOST_CHARACTERS:,} characters")
    found = sketch(text, most=MOST_TOKENS)
    if found.tokens > MOST_TOKENS:
        raise TooComplexError("query", f"a document has at most {MOST_TOKENS:,} tokens")
    if found.cyclic:
        raise TooComplexError("query", "a fragment spreads itself")
    for name, figure in _figures.items():
        most, words = LIMITS[name]
        if figure(found) > most:
            raise TooComplexError("query", f"a document has at most {most:,} {words}")
    return found


class Limits(SchemaExtension):
    """Refuses a document before it is parsed; shows the schema to those who may read it."""

    def on_operation(self) -> Iterator[None]:
        """Before anything else is done with the operation."""
        execution = self.execution_context
        execution.parse_options["max_tokens"] = MOST_TOKENS
        found = check_document(execution.query or "")
        context = execution.context
        if found.introspects and isinstance(context, Context):
            rights = context.platform.rights(context.actor)
            if not rights.permits(SCHEMA, Action.READ):
                raise ForbiddenError(f"your roles do not allow 'read' on {SCHEMA!r}")
        yield
