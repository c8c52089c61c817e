"""The arguments of ``groups``: what a list's rows are counted by."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from api.errors import InputError
from api.plan.tree import Argued, Grouped
from graph.fields import FIELDS, Field
from graph.selection.request import Branch, Grouping, Page, Selected

_MOST_KEYS = 4


def enum_name(field: str) -> str:
    """``createdAt`` as ``CREATED_AT``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", field).upper()


def read_grouping(
    one: Argued, grouped: Grouped, values: Mapping[str, Any], pages: Sequence[Page], *, size: str
) -> Grouping:
    """The grouping that ``values`` ask for, without them; ``pages`` are those of its keys' lists.

    Raises:
        InputError: a key stands twice, or there are too many.
    """
    name = one.node.name.value
    asked = [str(getattr(key, "value", key)) for key in values.get("by") or ()]
    if len(set(asked)) < len(asked):
        raise InputError("by", f"{name}.by: each field once")
    if len(asked) > _MOST_KEYS:
        raise InputError("by", f"{name}.by: at most {_MOST_KEYS} fields")
    (label,) = one.labels
    by = tuple(_key(FIELDS[label][key], grouped, pages) for key in asked)
    return Grouping(size=size, by=by, measures=tuple(grouped.measures))


def _key(field: Field, grouped: Grouped, pages: Sequence[Page]) -> Field | Branch:
    if field.property:
        return field
    if stub := grouped.keys.get(field.name):
        return stub.branch(pages)
    # Grouped by, but not shown.
    return Branch(field=field, nodes=(Selected(label=field.targets[0], parts=()),))
