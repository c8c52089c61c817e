"""How-to: the resolution for which its words, its issue and its product all speak."""

import math
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from graph.errors import StalePolicyError
from graph.knowledge import Knowledge, ResolutionText, Step
from graph.model import Answer, Citation, Document, Language
from graph.naming import Guessing
from graph.question.lexicon import words_of
from graph.question.words import SILENT
from graph.routing import issue_evidence, mentioned
from graph.selection.asker import Asker
from graph.store import Store
from graph.text import fold, has_han, stem, tokens, words
from graph.vocabulary import GOODS, Label

WEIGHTS: Mapping[str, float] = {"text": 0.62, "resolves": 0.26, "applies-to": 0.12}
_DECAY = 0.8
_ELSEWHERE = 0.5
_UNHEARD = 1.2
"""Where nothing was trained no issue speaks, and the rest counts for some of its part."""
_TOLD = 0.79
"""Of an issue that is sure: its resolution is never as sure as one that says the words."""
_HEARD, _ALONE, _CLEAR_LEAD = 0.3, 1.5, 0.6
"""Where it is asked how, and the words lead to one far before all others, that one is told."""
_NEARLY, _ONE_OF_TWO = 0.88, 0.85
"""Of two that are nearly equal each may be the one that helps."""
_ASKING = re.compile(
    r"(?:(?:hi|hello|hey|please|pls|ok|so|and)\W+)*"
    r"(?:how (?:do|can|could|should|would) (?:i|we|you)|how to"
    r"|what (?:should|can|could|do) (?:i|we|you) do (?:when|if|about)"
    r"|what (?:to|can be) do(?:ne)? (?:when|if|about))\s"
    r"(?:(?:best|fix|solve|repair|resolve|deal with|handle|stop|get rid of)\s)*"
)
_SECOND, _LONG = 2, 4
_KNOWN = 0.8
"""An issue that is as sure as this needs no second look."""
_VALUE_OF = re.compile(r"(?:the )?[a-z]+(?: [a-z]+)? of (?:the|a|an|our|your) ")
_GOODS_ALONE = 0.5
"""Where nothing is heard but the name of a product, something else may be asked of it."""
_SLOPE, _MIDDLE = 13.0, 0.45
_ALIKE = 0.95
_REMEMBERED = 10_000
"""Steps whose tokens are kept."""
_ARROWS: Mapping[str, str] = {"resolves": "─RESOLVES─►", "applies-to": "─APPLIES_TO─►"}
_NAMED = (Label.ISSUE, *GOODS)
_COMPARABLE, _HEARD_OF_ANY = 0.65, 0.25
_MOST_GOODS = 4
_STOPS: Mapping[Language, str] = {Language.ZH: "、", Language.EN: ", "}
_WHICH_GOODS: Mapping[Language, str] = {
    Language.ZH: "要看是哪一种：{values}。请问是哪一个？",
    Language.EN: "That depends on which it is: {values}. Which one do you mean?",
}
_STOP: Mapping[Language, str] = {Language.ZH: "：", Language.EN: ": "}


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A resolution and the strength with which each path kind leads to it."""

    id: str
    strengths: Mapping[str, float]
    score: float


_FOUND_BY = (
    str(Label.RESOLUTION),
    *(f"{Label.RESOLUTION}.{field}" for field in ("id", "nameZh", "nameEn")),
    *(
        f"{Label.RESOLUTION}.{part}{language}"
        for part in ("actions", "conditions", "expected")
        for language in ("Zh", "En")
    ),
    *(f"{label}.{field}" for label in _NAMED for field in ("nameZh", "nameEn")),
    *map(str, _NAMED),
    *(f"{label}.aliases" for label in _NAMED),
    str(Label.ALIAS),
    f"{Label.ALIAS}.text",
    f"{Label.RESOLUTION}.issues",
    f"{Label.RESOLUTION}.appliesTo",
)
"""What the words of a resolution are: of its title and steps, and the names of what it resolves and
applies to. A question finds it by all of them, so whoever may not read one of them is told of none.
"""

_WALKED: Mapping[Label, tuple[str, ...]] = {
    Label.ISSUE: ("Issue", "Issue.resolutions"),
    Label.PRODUCT: (
        "Product.resolutions", "Product.category", "Category", "Category.parent",
        "Category.resolutions",
    ),
    Label.CATEGORY: (
        "Category", "Category.parent", "Category.children", "Category.products",
        "Category.resolutions", "Product", "Product.resolutions",
    ),
}  # fmt: skip
"""What evidence of a label is walked along; without all of it, it does not speak."""


async def find_resolution(
    store: Store,
    document: Document,
    *,
    knowledge: Knowledge,
    asker: Asker,
    guess: Guessing,
    how: bool,
) -> Answer | None:
    """The best resolution as an answer, or ``None`` when nothing leads to any that may be told.

    Where it is asked ``how``, what the question is about speaks for itself, in whatever words:
    ``guess`` says what the rest of it is about.

    Raises:
        StalePolicyError: the asker's rights are those of another policy.
        UnavailableError: the graph does not answer.
    """
    if not asker.everywhere(*_FOUND_BY):
        return None
    found = [
        {"id": guess.id, "strength": guess.probability}
        for guess in document.guesses
        if guess.label is Label.RESOLUTION
    ]
    if not found:
        return None
    if how:
        document = _without_asking(document, guess)
    evidence = {
        "resolutions": found,
        "issues": issue_evidence(document) if asker.everywhere(*_WALKED[Label.ISSUE]) else [],
        "products": _spoken(document, Label.PRODUCT, asker),
        "categories": _spoken(document, Label.CATEGORY, asker),
    }
    rows = await store.read("answer-resolutions", evidence=evidence)
    if not rows or rows[0]["epoch"] != asker.rights.epoch:
        raise StalePolicyError("the policy is being replaced; try again")
    texts = knowledge.texts
    paths = [path for path in map(Path._make, rows[0]["paths"]) if path.id in texts]
    # Whoever names goods does not want to hear how other goods are handled.
    goods = _names_goods(document)
    elsewhere = {path.id for path in paths if goods and texts[path.id].applies_to}
    ranked = _most_specific(rank(paths, only_applying=elsewhere), texts)
    if not ranked:
        return None
    best, sure = ranked[0], _sure_of(ranked, document, knowledge)
    several = _for_other_goods(ranked, texts) if how and not goods else []
    if len(several) > 1 and not _says_goods(document, knowledge):
        return _asked_back(several, document, knowledge)
    if how:
        fitting = [
            one for one in ranked if one.id not in elsewhere or "applies-to" in one.strengths
        ]
        sure = max(sure, _clear_lead(ranked, texts))
        if (told := _of_issue(fitting)) and told[1] > sure:
            best, sure = told
    return _tell(best, texts[best.id], document, knowledge=knowledge, sure=sure)


def _most_specific(
    ranked: Sequence[Candidate], texts: Mapping[str, ResolutionText]
) -> Sequence[Candidate]:
    """Of those that are about as good for the named goods, first what is for fewest: what is
    written for them says more of them.
    """
    if not ranked or "applies-to" not in ranked[0].strengths:
        return ranked
    same = set(texts[ranked[0].id].issues)
    alike = [
        one
        for one in ranked
        if one.score >= ranked[0].score * _ALIKE
        and one.strengths["text"] >= ranked[0].strengths["text"] * _ALIKE
        and "applies-to" in one.strengths
        and not same.isdisjoint(texts[one.id].issues)
    ]
    best = min(alike, key=lambda one: len(texts[one.id].applies_to))
    return [best, *(one for one in ranked if one is not best)]


def _sure_of(ranked: Sequence[Candidate], document: Document, knowledge: Knowledge) -> float:
    """How likely the first is what helps."""
    best = ranked[0]
    sure = confidence_of(best.score * (1.0 if _knows_issues(document) else _UNHEARD))
    same = set(knowledge.texts[best.id].issues)
    near = any(one.score >= best.score * _NEARLY for one in ranked[1:])
    if near or any(_is_named(one, document, knowledge, same) for one in ranked[1:_SECOND]):
        sure *= _ONE_OF_TWO
    if _names_goods(document) and not _is_heard(document, knowledge.texts[best.id], knowledge):
        sure *= _GOODS_ALONE
    return sure


def _is_named(one: Candidate, document: Document, knowledge: Knowledge, issues: Set[str]) -> bool:
    """Whether a word of the title of one for the same issues is said: "what settings"."""
    text = knowledge.texts[one.id]
    if issues.isdisjoint(text.issues):
        return False
    title = {stem(word) for word in words(fold(text.names[document.language])) if len(word) > _LONG}
    return not title.isdisjoint(map(stem, words(fold(document.text))))


def _for_other_goods(
    ranked: Sequence[Candidate], texts: Mapping[str, ResolutionText]
) -> list[Candidate]:
    """Those that are about as good as the first, each for goods of its own."""
    least = ranked[0].score * _COMPARABLE
    found: list[Candidate] = []
    taken: set[str] = set()
    for one in ranked:
        goods = texts[one.id].applies_to
        heard = one.strengths["text"] >= _HEARD_OF_ANY or one is ranked[0]
        if one.score >= least and heard and goods and taken.isdisjoint(goods):
            found.append(one)
        taken.update(goods)
    return found if found[:1] == [ranked[0]] else []


def _asked_back(several: Sequence[Candidate], document: Document, knowledge: Knowledge) -> Answer:
    """For which goods it is asked; as sure as it is that one of all these helps."""
    language = document.language
    goods = [
        (one, id_, _goods_called(id_, knowledge, language))
        for one in several
        for id_ in knowledge.texts[one.id].applies_to[:_MOST_GOODS]
    ]
    unsure = math.prod(1.0 - confidence_of(one.score) for one in several)
    names = _STOPS[language].join(dict.fromkeys(name for _, _, name in goods))
    return Answer(
        answer=_WHICH_GOODS[language].format(values=names),
        kind="choice",
        language=language,
        confidence=1.0 - unsure,
        citations=tuple(
            Citation(
                id=id_,
                label=_goods_label(id_, knowledge),
                path=" · ".join(_paths(one, knowledge.texts[one.id], language, knowledge)),
                excerpt=name,
                name=name,
            )
            for one, id_, name in goods
        ),
    )


def _goods_label(id_: str, knowledge: Knowledge) -> Label:
    return next((one for one in GOODS if (one, id_) in knowledge.names), Label.PRODUCT)


def _goods_called(id_: str, knowledge: Knowledge, language: Language) -> str:
    return knowledge.name(_goods_label(id_, knowledge), id_, language)


def _clear_lead(ranked: Sequence[Candidate], texts: Mapping[str, ResolutionText]) -> float:
    """How likely the first is where its words are heard, and it lies far before all others but
    those that are for the same.
    """
    best, same = ranked[0], set(texts[ranked[0].id].issues)
    rivals = (one.score for one in ranked[1:] if same.isdisjoint(texts[one.id].issues))
    leads = best.score >= _ALONE * max(rivals, default=0.0)
    return _CLEAR_LEAD if best.strengths["text"] >= _HEARD and leads else 0.0


def _without_asking(document: Document, guess: Guessing) -> Document:
    """With what it is about, as sure as the words are that do not ask: "how do I fix …" says
    nothing of it. Only of what the whole is about, too.
    """
    found = _ASKING.match(fold(document.text))
    issues = [one for one in document.guesses if one.label is Label.ISSUE]
    if found is None or not issues or issues[0].probability >= _KNOWN:
        return document
    rest = [one for one in guess(document.text[found.end() :]) if one.label is Label.ISSUE]
    if not rest or rest[0].id != issues[0].id or rest[0].probability <= issues[0].probability:
        return document
    others = (one for one in document.guesses if one.label is not Label.ISSUE)
    return replace(document, guesses=(*rest, *others))


def _of_issue(ranked: Sequence[Candidate]) -> tuple[Candidate, float] | None:
    """The resolution of the likeliest issue, and how likely it is the one: of several the one whose
    words are more like the question's.
    """
    issue = max((one.strengths.get("resolves", 0.0) for one in ranked), default=0.0)
    same = [one for one in ranked if one.strengths.get("resolves") == issue and issue]
    words = sum(one.strengths["text"] for one in same)
    if not words:
        return None
    best = max(same, key=lambda one: one.strengths["text"])
    return best, _TOLD * issue * best.strengths["text"] / words


def _knows_issues(document: Document) -> bool:
    """Whether a trained model said what the question is about, or that it cannot tell."""
    issues = [guess for guess in document.guesses if guess.label is Label.ISSUE]
    return any(guess.extractor.startswith("classifier") for guess in issues)


def _spoken(document: Document, label: Label, asker: Asker) -> list[dict[str, Any]]:
    return mentioned(document, label) if asker.everywhere(*_WALKED[label]) else []


def _is_heard(document: Document, resolution: ResolutionText, knowledge: Knowledge) -> bool:
    """Whether a word of the question beside the goods that it names is one of the resolution, or
    of the issues that it is for: "top speed of the X7?" is not heard. Han always is.
    """
    folded = fold(document.text)
    named = [(link.start, link.end) for link in document.links if link.label in GOODS]
    asked = {
        word.stem
        for word in words_of(folded)
        if word.text not in SILENT["en"]
        and not any(start < word.end and word.start < end for start, end in named)
    }
    if not asked or has_han(folded):
        return True
    said = [*resolution.names.values()]
    for step in resolution.steps[Language.EN]:
        said += [step.action, step.condition, step.expected]
    for issue in resolution.issues:
        if name := knowledge.names.get((Label.ISSUE, issue)):
            said += [*name.phrases, *name.examples]
    heard = asked & frozenset[str]().union(*map(_stems, said))
    # Of "stock level of the heater?" a level alone is something else.
    return heard == asked if _VALUE_OF.match(folded) else bool(heard)


def _names_goods(document: Document) -> bool:
    return any(link.label in GOODS for link in document.links)


def _says_goods(document: Document, knowledge: Knowledge) -> bool:
    """Whether goods are named within something longer, the 空调 of 空调滴水."""
    folded = fold(document.text)
    said = f" {' '.join(words(folded))} "
    phrases = (
        fold(phrase)
        for (label, _), name in knowledge.names.items()
        if label in GOODS
        for phrase in name.phrases
    )
    return any(one in folded if has_han(one) else f" {one} " in said for one in phrases)


class Path(NamedTuple):
    """What speaks for the resolution ``id``; the fields are those of the query, in order."""

    id: str
    path_kind: str
    evidence: str
    strength: float
    depth: int


def rank(paths: Iterable[Path], *, only_applying: Container[str] = ()) -> list[Candidate]:
    """Resolutions by score, best first. A resolution without words of the question is none.

    Those in ``only_applying`` count half unless what the question names leads to them.
    """
    strengths: dict[str, dict[str, float]] = defaultdict(dict)
    for path in paths:
        decayed = path.strength * _DECAY**path.depth
        known = strengths[path.id]
        known[path.path_kind] = max(decayed, known.get(path.path_kind, 0.0))
    found = (
        Candidate(
            id=id_,
            strengths=kinds,
            score=sum(WEIGHTS[kind] * strength for kind, strength in kinds.items())
            * (_ELSEWHERE if id_ in only_applying and "applies-to" not in kinds else 1.0),
        )
        for id_, kinds in strengths.items()
        if "text" in kinds
    )
    return sorted(found, key=lambda one: (-one.score, one.id))


def confidence_of(score: float) -> float:
    """A logistic curve through what the sample company's questions showed."""
    return 1.0 / (1.0 + math.exp(-_SLOPE * (score - _MIDDLE)))


def _tell(
    candidate: Candidate,
    resolution: ResolutionText,
    document: Document,
    *,
    knowledge: Knowledge,
    sure: float,
) -> Answer:
    language = document.language
    steps = resolution.steps[language] or resolution.steps[_other(language)]
    title = resolution.names[language] or resolution.names[_other(language)]
    asked = set(tokens(fold(document.text)))
    best = max(steps, key=lambda step: len(asked & _said(step)), default=None)
    issues = resolution.issues if len(resolution.issues) == 1 else ()
    lines = [f"{title}{_STOP[language].rstrip()}"]
    lines += [f"{place}. {_sentence(step, language)}" for place, step in enumerate(steps, 1)]
    return Answer(
        answer="\n".join(lines),
        kind="how-to",
        language=language,
        confidence=sure,
        citations=(
            Citation(
                id=resolution.id,
                label=Label.RESOLUTION,
                path=" · ".join(_paths(candidate, resolution, language, knowledge)),
                excerpt=_sentence(best, language) if best else title,
                name=title,
            ),
            *(_issue_told(issue, resolution, language, knowledge) for issue in issues),
        ),
    )


def _issue_told(
    issue: str, resolution: ResolutionText, language: Language, knowledge: Knowledge
) -> Citation:
    """What the resolution is for: who goes on asks about it."""
    name = knowledge.name(Label.ISSUE, issue, language)
    path = f"{resolution.id} {_ARROWS['resolves']} {name}"
    return Citation(id=issue, label=Label.ISSUE, path=path, excerpt=name, name=name)


def _paths(
    candidate: Candidate, resolution: ResolutionText, language: Language, knowledge: Knowledge
) -> Iterator[str]:
    yield resolution.id
    for issue in resolution.issues:
        yield f"{_ARROWS['resolves']} {knowledge.name(Label.ISSUE, issue, language)}"
    for goods in resolution.applies_to if "applies-to" in candidate.strengths else ():
        yield f"{_ARROWS['applies-to']} {_goods_called(goods, knowledge, language)}"


def _sentence(step: Step, language: Language) -> str:
    brackets = "（{}）" if language is Language.ZH else " ({})"
    condition = brackets.format(step.condition) if step.condition else ""
    expected = f" → {step.expected}" if step.expected else ""
    return f"{step.action}{condition}{expected}"


@lru_cache(maxsize=_REMEMBERED)
def _stems(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in words_of(fold(text)))


@lru_cache(maxsize=_REMEMBERED)
def _said(step: Step) -> frozenset[str]:
    return frozenset(tokens(fold(f"{step.action} {step.condition} {step.expected}")))


def _other(language: Language) -> Language:
    return Language.EN if language is Language.ZH else Language.ZH
