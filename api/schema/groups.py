"""``groups`` of every list: what rows are counted by, and what is measured over them."""

from collections.abc import Iterator, Mapping
from typing import Any

from api.plan.arguments import DEFAULT_SIZE, LARGEST
from api.plan.grouping import enum_name
from api.schema.filters import scalar_of
from api.schema.making import Typed, arguments, enum_type, object_type, shell
from graph.fields import FIELDS, GROUPABLE, MEASURABLE, Field
from graph.selection.grouping import FEWEST
from graph.selection.request import Measure
from graph.vocabulary import Label

_MEASURES: Mapping[Measure, str] = {
    Measure.MIN: "The least, or earliest. 最小值",
    Measure.MAX: "The greatest, or latest. 最大值",
    Measure.AVG: "The mean. 平均值",
}
_TEXT = (
    "All rows that pass the filter, counted in groups, the largest first. Whoever may count rows "
    f"without reading them learns of no group below {FEWEST}. 分组统计"
)


def group_field(
    label: Label, texts: Mapping[str, str], nodes: Mapping[Label, type]
) -> Mapping[str, Typed]:
    """The field ``groups`` of the lists of ``label``."""
    group, key = shell(f"{label}Group"), shell(f"{label}GroupKey")
    keys = {
        field.name: Typed(of=_key(field, nodes), text=texts[field.name]) for field in _by(label)
    }
    object_type(key, "What the rows of a group have in common; null for the rest. 分组键", keys)
    fields = {
        "count": Typed(of=int, text="How many rows. 数量"),
        "key": Typed(of=key, text="By what it was asked for. 分组键"),
        **dict(_measures(label, texts)),
    }
    object_type(group, "Rows that have the same key. 分组", fields)
    values = {enum_name(name): (name, texts[name]) for name in GROUPABLE[label]}
    by = enum_type(f"{label}GroupBy", "What rows can be grouped by. 分组依据", values)
    own = arguments(
        {
            "by": Typed(
                of=list[by] | None,  # type: ignore[valid-type]
                text="By what, instants by their day (UTC); all rows together without. 分组依据",
            ),
            "first": Typed(
                of=int | None,
                text=f"How many groups, 1 to {LARGEST}; {DEFAULT_SIZE} by default. 前几组",
            ),
        }
    )
    return {"groups": Typed(of=list[group] | None, text=_TEXT, arguments=own)}  # type: ignore[valid-type]


def _by(label: Label) -> Iterator[Field]:
    for name in GROUPABLE[label]:
        yield FIELDS[label][name]


def _key(field: Field, nodes: Mapping[Label, type]) -> Any:
    return (scalar_of(field) if field.property else nodes[field.targets[0]]) | None


def _measures(label: Label, texts: Mapping[str, str]) -> Iterator[tuple[str, Typed]]:
    for measure, text in _MEASURES.items():
        fields = [FIELDS[label][name] for name in MEASURABLE[label][measure]]
        if fields:
            of = shell(f"{label}Group{measure.capitalize()}")
            values = {
                one.name: Typed(
                    of=(float if measure is Measure.AVG else scalar_of(one)) | None,
                    text=texts[one.name],
                )
                for one in fields
            }
            object_type(of, text, values)
            yield str(measure), Typed(of=of, text=text)
