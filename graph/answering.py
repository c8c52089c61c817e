"""Answers by traversal: a fact, a count, or the resolution that fits; otherwise none.

Abstaining is an answer too: below ``MIN_CONFIDENCE`` nothing is claimed and a person takes over.
"""

from collections.abc import Mapping

from graph import migrations
from graph.facts import find_fact
from graph.knowledge import Knowledge
from graph.model import Answer, Document, Language
from graph.resolutions import find_resolution
from graph.selection.asker import Asker
from graph.store import Store

MIN_CONFIDENCE = 0.5
_SURE = 0.9
_ABSTAINED: Mapping[Language, str] = {
    Language.ZH: "没有找到可靠的答案，可以转交人工客服。",
    Language.EN: "No reliable answer was found; a person can take over.",
}


async def answer(
    store: Store,
    document: Document,
    *,
    knowledge: Knowledge,
    asker: Asker,
    now_ms: int | None = None,
) -> Answer:
    """What the graph knows of the question, in the question's language.

    What the asker may not select is answered as if it were not there.

    Raises:
        StalePolicyError: the asker's rights are those of another policy.
        UnavailableError: the graph does not answer.
    """
    now_ms = now_ms or migrations.now_ms()
    found_fact = await find_fact(store, document, knowledge=knowledge, asker=asker, now_ms=now_ms)
    fact = found_fact.answer
    if fact and fact.confidence >= _SURE:
        return fact
    how_to = await find_resolution(store, document, knowledge=knowledge, asker=asker)
    found = [one for one in (fact, how_to) if one and one.confidence >= MIN_CONFIDENCE]
    return max(found, key=lambda one: one.confidence, default=_none(document.language))


def _none(language: Language) -> Answer:
    text = _ABSTAINED[language]
    return Answer(answer=text, kind="none", language=language, confidence=0.0, handover=True)
