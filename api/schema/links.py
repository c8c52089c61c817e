"""What relationships say, beside the node that each leads to: lines of orders, levels of skills."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.plan.outline import end_of
from api.schema.filters import scalar_of
from api.schema.making import Typed, object_type, shell
from graph.fields import SAID, Field, camel
from graph.vocabulary import Label


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A type in words: of itself, of each field of the graph that has it, and of its own."""

    text: str
    of: Mapping[str, str]
    fields: Mapping[str, str]


LINKS: Mapping[str, Link] = {
    "OrderLine": Link(
        text="A product of an order. 订单行",
        of={"Order.items": "What it contains: how many, and at which price. 订单行"},
        fields={
            "product": "The product. 产品",
            "quantity": "How many. 数量",
            "unitPrice": "Price of one. 单价",
            "variant": "Which variant. 规格",
        },
    ),
    "LeveledSkill": Link(
        text="A skill and its level. 技能等级",
        of={
            "Agent.skillLevels": "What they can do, and how well. 技能等级",
            "Issue.skillLevels": "What it takes, and how well. 技能等级",
        },
        fields={"skill": "The skill. 技能", "level": "From 1 to 5. 等级"},
    ),
}


def said_fields(nodes: Mapping[Label, type]) -> Mapping[str, Typed]:
    """By coordinate. Makes the types."""
    fields = {one.coordinate: one for of in SAID.values() for one in of.values()}
    found = {}
    for name, link in LINKS.items():
        type_ = shell(name)
        own = fields[next(iter(link.of))]
        object_type(type_, link.text, _fields(own, link, nodes))
        for coordinate, text in link.of.items():
            found[coordinate] = Typed(of=list[type_] | None, text=text)  # type: ignore[valid-type]
    return found


def _fields(one: Field, link: Link, nodes: Mapping[Label, type]) -> Mapping[str, Typed]:
    (label,) = one.targets
    end = end_of(one)
    found = {end: Typed(of=nodes[label] | None, text=link.fields[end])}
    for item in one.said:
        name = camel(item.name)
        stored = Field(type=one.type, name=name, tier=item.tier, property=item)
        found[name] = Typed(of=scalar_of(stored) | None, text=link.fields[name])
    return found
