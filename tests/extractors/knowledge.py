"""A small snapshot of knowledge, as the graph would give it."""

from graph.knowledge import Knowledge, Name, ResolutionText, Step
from graph.vocabulary import Label

L = Label


def make_name(
    label: Label,
    id_: str,
    name_zh: str | None = None,
    name_en: str | None = None,
    *,
    aliases: tuple[str, ...] = (),
    examples: tuple[str, ...] = (),
) -> Name:
    return Name(
        label=label, id=id_, name_zh=name_zh, name_en=name_en, aliases=aliases, examples=examples
    )


NAMES = (
    make_name(L.CATEGORY, "air-conditioners", "空调", "Air Conditioners", aliases=("AC", "冷气机")),
    make_name(L.CATEGORY, "purifiers", "净化器", "Air Purifiers", aliases=("滤清机",)),
    make_name(L.PRODUCT, "pro-2", "空气净化器 Pro 2", "Purifier Pro 2", aliases=("净化器Pro2",)),
    make_name(L.PRODUCT, "pro-3", "空气净化器 Pro 3", "Purifier Pro 3", aliases=("the pro",)),
    make_name(L.PRODUCT, "pro-4", "空气净化器 Pro 4", "Purifier Pro 4", aliases=("the pro",)),
    make_name(L.PRODUCT, "turbo", "大风量烘干机", "Turbo 20 L"),
    make_name(
        L.ISSUE,
        "no-cooling",
        "不制冷",
        "Not cooling",
        examples=("空调吹出来的是热风", "it blows warm air"),
    ),
    make_name(
        L.ISSUE,
        "double-charge",
        "重复扣款",
        "Charged twice",
        examples=("同一单扣了两次钱", "my card was charged two times"),
    ),
    make_name(L.DEPARTMENT, "billing", "账务部", "Billing"),
    make_name(L.SKILL, "hvac", "暖通", "Hvac"),
)
RESOLUTIONS = (
    ResolutionText(
        id="r-1",
        names={"zh": "清洗空调滤网", "en": "Clean the filter"},
        steps={
            "zh": (Step(action="取下滤网冲洗", condition="", expected="出风变冷"),),
            "en": (Step(action="Rinse the filter", condition="", expected="cold air"),),
        },
        issues=("no-cooling",),
        applies_to=("air-conditioners",),
    ),
    ResolutionText(
        id="r-2",
        names={"zh": "退回重复的扣款", "en": "Refund a double charge"},
        steps={
            "zh": (Step(action="提交退款申请", condition="", expected="三天内到账"),),
            "en": (Step(action="Ask for a refund", condition="", expected="paid in 3 days"),),
        },
        issues=("double-charge",),
        applies_to=(),
    ),
)
KNOWLEDGE = Knowledge(
    epoch=3, names={(name.label, name.id): name for name in NAMES}, resolutions=RESOLUTIONS
)
