"""A route receipt in sentences, for whoever has to trust it, in either language.

What a reader may not see is named by ``Naming`` as they may be told of it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from graph.model import Candidate, Choice, Contribution, Counterfactual, Language, Receipt
from graph.vocabulary import Label

Naming = Callable[[str, Language], str]
"""What a node (``Label:id``) is called in a language."""
_ZH, _EN = Language.ZH, Language.EN
_WAYS: Mapping[str, Mapping[Language, str]] = {
    "issue-handled-by": {
        _ZH: "说的是{what}，由{who}处理",
        _EN: "it is about {what}, which {who} handles",
    },
    "similar-tickets": {
        _ZH: "相似的工单（{what}）今天由{who}处理",
        _EN: "similar tickets ({what}) are handled by {who} today",
    },
    "product-supported-by": {
        _ZH: "提到{what}，由{who}支持",
        _EN: "it mentions {what}, which {who} supports",
    },
    "ordered-product-supported-by": {
        _ZH: "订单里有{what}，由{who}支持",
        _EN: "the order has {what}, which {who} supports",
    },
    "customer-continuity": {
        _ZH: "该客户以前的工单（{what}）今天由{who}处理",
        _EN: "earlier tickets of the customer ({what}) are handled by {who} today",
    },
    "customer-served-by": {
        _ZH: "该客户由{who}服务",
        _EN: "{who} serves the customer",
    },
    "department-named": {
        _ZH: "正文点名了{who}",
        _EN: "the text names {who}",
    },
}
"""By path kind; a test keeps them equal to ``graph.weighing.WEIGHTS``."""
REASONS: Mapping[str, Mapping[Language, str]] = {
    "no-evidence": {
        Language.ZH: "没有任何线索，请人工分派",
        Language.EN: "nothing in the text leads anywhere; a person decides",
    },
    "no-issue": {
        Language.ZH: "看不出是什么问题，请人工分派",
        Language.EN: "the issue is not clear; a person decides",
    },
    "low-confidence": {
        Language.ZH: "把握不足，请人工分派",
        Language.EN: "not sure enough; a person decides",
    },
    "narrow-margin": {
        Language.ZH: "两个部门不相上下，请人工分派",
        Language.EN: "two departments are too close; a person decides",
    },
}
_HELD: Mapping[str, Mapping[Language, str]] = {
    "HANDLES": {_ZH: "如果{who}不处理{what}", _EN: "If {who} did not handle {what}"},
    "SUPPORTS": {_ZH: "如果{who}不支持{what}", _EN: "If {who} did not support {what}"},
    "SERVES": {_ZH: "如果{who}不服务该客户", _EN: "If {who} did not serve the customer"},
}
NOBODY: Mapping[str, Mapping[Language, str]] = {
    "no-agents": {_ZH: "该部门没有登记客服", _EN: "the department has no agents"},
    "no-right": {
        _ZH: "没有人有权查看所需的字段",
        _EN: "nobody may read the fields that it needs",
    },
    "no-skill": {_ZH: "没有人具备必需的技能", _EN: "nobody has the required skills"},
    "no-language": {_ZH: "没有人会这种语言", _EN: "nobody speaks the language"},
    "off-shift": {_ZH: "合适的人都不在班", _EN: "nobody suitable is on shift"},
    "all-full": {_ZH: "合适的人都已接满", _EN: "everybody suitable is at capacity"},
    "waits-for-skill": {
        _ZH: "在等具备所希望技能的人",
        _EN: "it waits for somebody with the skills wished for",
    },
}
"""Why no agent was chosen."""
_SAID: Mapping[str, Mapping[Language, str]] = {
    "goes": {
        _ZH: "转给{who}：把握 {sure:.0%}，{points:.2f} 分。",
        _EN: "Goes to {who}: {sure:.0%} sure, {points:.2f} points.",
    },
    "triage": {
        _ZH: "转给{who}，由人来分派：{why}。",
        _EN: "Goes to {who}, where a person decides: {why}.",
    },
    "second": {
        _ZH: "其次是{who}，少 {margin:.2f} 分。",
        _EN: "{who} comes second, {margin:.2f} points behind.",
    },
    "points": {_ZH: "{points:+.2f}：{way}。", _EN: "{points:+.2f}: {way}."},
    "else": {
        _ZH: "{if_}，就会转给{who}（把握 {sure:.0%}）。",
        _EN: "{if_}, it would go to {who} ({sure:.0%} sure).",
    },
    "still": {
        _ZH: "{if_}，仍会转给{who}（把握 {sure:.0%}）。",
        _EN: "{if_}, it would still go to {who} ({sure:.0%} sure).",
    },
    "barred": {
        _ZH: "{who}不在候选之列：其中没有人可以完整查看 {fields}。",
        _EN: "{who} is no candidate: nobody there may read {fields} in full.",
    },
    "agent": {_ZH: "由 {agent} 跟进：{why}。", _EN: "{agent} works on it: {why}."},
    "nobody": {_ZH: "暂时没有人跟进：{why}。", _EN: "Nobody works on it yet: {why}."},
}
_TRAITS: Mapping[str, Mapping[Language, str]] = {
    "required": {_ZH: "{skill} {level} 级（必需）", _EN: "{skill} level {level} (required)"},
    "optional": {_ZH: "{skill} {level} 级", _EN: "{skill} level {level}"},
    "knows": {_ZH: "以前跟进过该客户", _EN: "knows the customer"},
    "open": {_ZH: "手上 {open} 件，最多 {most} 件", _EN: "{open} of {most} open"},
    "until": {_ZH: "值班到 {until}", _EN: "on shift until {until}"},
}
_SPOKEN: Mapping[str, Mapping[Language, str]] = {
    "zh": {_ZH: "会中文", _EN: "speaks Chinese"},
    "en": {_ZH: "会英文", _EN: "speaks English"},
}
_STOPS: Mapping[Language, str] = {_ZH: "、", _EN: ", "}


def receipt_sentences(receipt: Receipt, language: Language, naming: Naming) -> Iterator[str]:
    """The decision, what spoke for it, what would have changed it, and who works on it."""

    def called(department: str) -> str:
        return naming(f"{Label.DEPARTMENT}:{department}", language)

    said = {name: texts[language] for name, texts in _SAID.items()}
    best = receipt.candidates[0] if receipt.candidates else None
    if receipt.reason:
        yield said["triage"].format(
            who=called(receipt.department), why=REASONS[receipt.reason][language].partition("；")[0]
        )
    elif best:
        yield said["goes"].format(
            who=called(receipt.department), sure=receipt.confidence, points=best.score
        )
    if receipt.runner_up and not receipt.reason:
        yield said["second"].format(who=called(receipt.runner_up), margin=receipt.margin)
    if best:
        for one in best.contributions:
            way = _way(one, best, language, naming)
            yield said["points"].format(points=one.points, way=way)
    for other in receipt.counterfactuals:
        yield _else(other, language, naming)
    for barred in receipt.barred:
        yield said["barred"].format(
            who=called(barred.department), fields=_STOPS[language].join(barred.missing)
        )
    if receipt.choice:
        yield choice_sentence(receipt.choice, language, naming)


def choice_sentence(choice: Choice, language: Language, naming: Naming) -> str:
    """Who works on it and why they, or why nobody."""
    if choice.agent is None:
        why = NOBODY[choice.reason or "no-agents"][language]
        return _SAID["nobody"][language].format(why=why)
    agent = naming(f"{Label.AGENT}:{choice.agent}", language)
    traits = _STOPS[language].join(_traits(choice, language, naming))
    return _SAID["agent"][language].format(agent=agent, why=traits)


def _way(one: Contribution, best: Candidate, language: Language, naming: Naming) -> str:
    *evidence, _ = one.walked
    names = dict.fromkeys(naming(node, language) for node in evidence)
    what = _STOPS[language].join(_quoted(name, language) for name in names)
    who = naming(f"{Label.DEPARTMENT}:{best.department}", language)
    return _WAYS[one.path_kind][language].format(what=what, who=who)


def _else(other: Counterfactual, language: Language, naming: Naming) -> str:
    names = dict.fromkeys(naming(node, language) for node in other.nodes)
    what = _STOPS[language].join(_quoted(name, language) for name in names)
    who = naming(f"{Label.DEPARTMENT}:{other.holder}", language)
    if_ = _HELD[other.type][language].format(who=who, what=what)
    how = "still" if other.department == other.holder else "else"
    there = naming(f"{Label.DEPARTMENT}:{other.department}", language)
    return _SAID[how][language].format(if_=if_, who=there, sure=other.confidence)


def _traits(choice: Choice, language: Language, naming: Naming) -> Iterator[str]:
    for kind, skills in (("required", choice.required), ("optional", choice.optional)):
        for one in skills:
            skill = naming(f"{Label.SKILL}:{one.skill}", language)
            yield _TRAITS[kind][language].format(skill=skill, level=one.level)
    if spoken := _SPOKEN.get(choice.language or ""):
        yield spoken[language]
    if choice.knows:
        yield _TRAITS["knows"][language]
    if choice.capacity is not None:
        yield _TRAITS["open"][language].format(open=choice.open, most=choice.capacity)
    if choice.until_at is not None:
        until = datetime.fromtimestamp(choice.until_at / 1000, UTC)
        yield _TRAITS["until"][language].format(until=f"{until:%Y-%m-%d %H:%M} UTC")


def _quoted(name: str, language: Language) -> str:
    return f"“{name}”" if language is _ZH else f'"{name}"'
