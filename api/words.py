"""Receipts, answers and rights as people read them, in either language."""

from collections.abc import Iterator, Mapping, Sequence

from api.receipt_words import REASONS, choice_sentence
from graph.knowledge import Knowledge
from graph.model import Answer, Candidate, Contribution, Counterfactual, Language, Receipt
from graph.rights import Scope
from graph.vocabulary import Label

SCOPES: Mapping[Scope, Mapping[Language, str]] = {
    Scope.ANY: {Language.ZH: "任何人的", Language.EN: "anybody's"},
    Scope.OWN_LINE: {
        Language.ZH: "属于本人业务线的",
        Language.EN: "of one of the actor's business lines",
    },
    Scope.OWN_DEPARTMENT: {
        Language.ZH: "属于本人部门的",
        Language.EN: "of one of the actor's departments",
    },
    Scope.OWN_CUSTOMER: {
        Language.ZH: "属于本人（客户）自己的",
        Language.EN: "the actor's own, as a customer",
    },
    Scope.ASSIGNED: {
        Language.ZH: "分派给本人处理的",
        Language.EN: "that the actor works on",
    },
    Scope.GRANTED: {
        Language.ZH: "经紧急授权开放给本人的",
        Language.EN: "granted to the actor in an emergency",
    },
}
REASONS_OF_SHOWS: Mapping[str, Mapping[Language, str]] = {
    "rule": {Language.ZH: "由该规则决定", Language.EN: "the rule decides"},
    "no-rule": {Language.ZH: "没有规则允许", Language.EN: "no rule allows it"},
    "anywhere": {
        Language.ZH: "任何范围内都可见，这里也一样",
        Language.EN: "shown in scope any, so here too",
    },
    "no-mask": {
        Language.ZH: "规则要求脱敏，但这里无法脱敏，因此不显示",
        Language.EN: "the rule masks what cannot be masked, so nothing is shown",
    },
    "unread": {
        Language.ZH: "规则允许，但这里不能完整读取该值",
        Language.EN: "allowed, but the value is not read in full here",
    },
}
_TEXT: Mapping[str, Mapping[Language, str]] = {
    "confidence": {Language.ZH: "置信度", Language.EN: "confidence"},
    "margin": {Language.ZH: "领先", Language.EN: "margin"},
    "over": {Language.ZH: "于", Language.EN: "over"},
    "model": {Language.ZH: "模型", Language.EN: "model"},
    "policy": {Language.ZH: "策略", Language.EN: "policy"},
    "knowledge": {Language.ZH: "知识", Language.EN: "knowledge"},
    "without": {
        Language.ZH: "  若无  {path}，则转 {there} ({sure:.2f})",
        Language.EN: "  without  {path}  it would go to {there} ({sure:.2f})",
    },
    "still": {
        Language.ZH: "  若无  {path}，仍转 {there} ({sure:.2f})",
        Language.EN: "  without  {path}  it would still go to {there} ({sure:.2f})",
    },
    "next": {Language.ZH: "接着问：", Language.EN: "next:"},
    "withheld": {Language.ZH: "无权读取：", Language.EN: "not for your roles:"},
    "trust": {Language.ZH: "可信度", Language.EN: "confidence"},
}
_ARROWS: Mapping[str, str] = {
    "issue-handled-by": "◄─HANDLES─",
    "similar-tickets": "◄─HANDLES─",
    "customer-continuity": "◄─HANDLES─",
    "product-supported-by": "◄─SUPPORTS─",
    "ordered-product-supported-by": "◄─SUPPORTS─",
    "customer-served-by": "◄─SERVES─",
}


def receipt_lines(receipt: Receipt, knowledge: Knowledge, language: Language) -> Iterator[str]:
    """The receipt: the decision, what spoke for the best candidate, and what was in force."""
    yield _decision(receipt, knowledge, language)
    if receipt.reason:
        yield f"  ! {REASONS[receipt.reason][language]}{_likeliest(receipt, knowledge, language)}"
    for candidate in receipt.candidates[:1]:
        yield from _contributions(candidate, knowledge, language)
    if receipt.choice:

        def naming(node: str, spoken: Language) -> str:
            return _node(node, knowledge, spoken)

        yield f"  {choice_sentence(receipt.choice, language, naming)}"
    for other in receipt.counterfactuals:
        yield _otherwise(other, knowledge, language)
    yield (
        f"  {_TEXT['model'][language]} {receipt.model}"
        f" · {_TEXT['policy'][language]} {receipt.policy_epoch}"
        f" · {_TEXT['knowledge'][language]} {receipt.knowledge_epoch}"
    )


def answer_lines(answer: Answer) -> Iterator[str]:
    """The answer, its numbered citations, what it leaves out, and what to ask next."""
    yield answer.answer
    if answer.citations:
        yield f"{_TEXT['trust'][answer.language]} {answer.confidence:.2f}"
    for place, citation in enumerate(answer.citations, 1):
        yield f"  [{place}] {citation.label} {citation.id}: “{citation.excerpt}”"
        yield f"      {citation.path}"
    if answer.withheld:
        yield f"{_TEXT['withheld'][answer.language]} {', '.join(answer.withheld)}"
    if answer.suggestions:
        yield f"{_TEXT['next'][answer.language]} {' · '.join(answer.suggestions)}"


def both_names(label: Label, id_: str, knowledge: Knowledge) -> str:
    """A node by both its names: ``上门维修部 Field Service``."""
    name = knowledge.names.get((label, id_))
    parts = [name.name_zh, name.name_en] if name else []
    return " ".join(filter(None, parts)) or id_


def _decision(receipt: Receipt, knowledge: Knowledge, language: Language) -> str:
    line = (
        f"→ {both_names(Label.DEPARTMENT, receipt.department, knowledge)}"
        f"    {_TEXT['confidence'][language]} {receipt.confidence:.2f}"
    )
    if receipt.runner_up is None or receipt.reason:
        return line
    second = knowledge.name(Label.DEPARTMENT, receipt.runner_up, language)
    over = f"{_TEXT['over'][language]} {second}"
    return f"{line}    {_TEXT['margin'][language]} {receipt.margin:.2f} {over}"


def _likeliest(receipt: Receipt, knowledge: Knowledge, language: Language) -> str:
    named = [
        f"{knowledge.name(Label.DEPARTMENT, one.department, language)} {one.score:.2f}"
        for one in receipt.candidates[:2]
    ]
    return f" ({', '.join(named)})" if named else ""


def _contributions(candidate: Candidate, knowledge: Knowledge, language: Language) -> Iterator[str]:
    width = max(map(len, _ARROWS))
    for one in candidate.contributions:
        walked = _walked(one, knowledge, language)
        yield f"  {one.points:+.2f}  {one.path_kind:<{width}}  {walked}"


def _walked(contribution: Contribution, knowledge: Knowledge, language: Language) -> str:
    *evidence, department = [_node(node, knowledge, language) for node in contribution.walked]
    arrow = _ARROWS.get(contribution.path_kind, "─►")
    return f"{_joined(evidence)} {arrow} {department}"


def _otherwise(other: Counterfactual, knowledge: Knowledge, language: Language) -> str:
    holder = knowledge.name(Label.DEPARTMENT, other.holder, language)
    there = knowledge.name(Label.DEPARTMENT, other.department, language)
    nodes = _joined([_node(node, knowledge, language) for node in other.nodes])
    path = f"{holder} ─{other.type}─► {nodes}"
    how = "still" if other.department == other.holder else "without"
    return _TEXT[how][language].format(path=path, there=there, sure=other.confidence)


def _joined(names: Sequence[str]) -> str:
    return " · ".join(dict.fromkeys(names))


def _node(node: str, knowledge: Knowledge, language: Language) -> str:
    label, _, id_ = node.partition(":")
    return knowledge.name(Label(label), id_, language)
