"""Ways from one label to another along the ontology's relationships, at most three of them."""

from collections.abc import Iterator, Mapping
from functools import cache

from graph.fields import FIELDS
from graph.ontology import Asked, askable
from graph.vocabulary import Label, RelationshipType

MOST_STEPS = 3
Way = tuple[Asked, ...]


@cache
def ways(source: Label, target: Label) -> tuple[Way, ...]:
    """Every way, short ones first; none visits a label twice, but for a single step to the same,
    or one up where it ends, nor goes to and fro along one relationship.
    """
    found = list(_ways(source, target, (source,), None))
    up = [one for one in _steps().get(target, ()) if one.target is target and not one.inverse]
    if source is not target:
        found += [(*way, step) for way in found if len(way) < MOST_STEPS for step in up]
    return tuple(sorted(found, key=len))


def _ways(
    here: Label, target: Label, seen: tuple[Label, ...], before: RelationshipType | None
) -> Iterator[Way]:
    for step in _steps().get(here, ()):
        if step.type is before:
            continue
        if step.target is target:
            yield (step,)
        elif step.target and step.target not in seen and len(seen) < MOST_STEPS:
            for rest in _ways(step.target, target, (*seen, step.target), step.type):
                yield (step, *rest)


@cache
def _steps() -> Mapping[Label, tuple[Asked, ...]]:
    """By label, where its fields lead."""
    return {
        label: tuple(
            asked
            for asked in askable()
            if asked.anchor is label and asked.type and not asked.property and _is_field(asked)
        )
        for label in FIELDS
    }


def _is_field(asked: Asked) -> bool:
    return any(
        (hop.type, hop.inverse) == (asked.type, asked.inverse) and asked.target in field.targets
        for field in FIELDS[asked.anchor].values()
        for hop in field.hops
    )
