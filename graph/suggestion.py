"""What to ask next: of the node just asked about, what the graph can answer to whoever asks."""

from collections.abc import Iterator, Mapping, Sequence

from graph.knowledge import Knowledge
from graph.model import About, Language
from graph.ontology import Asked, askable
from graph.question.question import Anchor
from graph.question.reading import Lead, Output, Reading, kind_of, stored_of
from graph.question.way import ways
from graph.rows import select
from graph.schema import Kind
from graph.selection.asker import Asker
from graph.store import Store
from graph.text import fold
from graph.vocabulary import Label

MOST = 3
_TRIED = 12
_PREPOSITIONS = frozenset({"of", "by", "to", "via", "from", "in"})
_OTHER: Mapping[Language, str] = {Language.ZH: "_en", Language.EN: "_zh"}
_ASKED: Mapping[tuple[bool, Language], str] = {
    (True, Language.ZH): "{node}的{name}是什么？",
    (False, Language.ZH): "{node}的{name}有哪些？",
    (True, Language.EN): "What is the {name} of {node}?",
    (False, Language.EN): "What are the {name} of {node}?",
}


async def suggest(
    store: Store,
    about: About,
    question: str,
    *,
    knowledge: Knowledge,
    asker: Asker,
    language: Language,
) -> tuple[str, ...]:
    """At most three questions, none of them the one just asked; each has an answer.

    Raises:
        StalePolicyError: the asker's rights are those of another policy.
        UnavailableError: the graph does not answer.
    """
    node = _called(about, question, knowledge, language)
    if node is None:
        return ()
    found: list[str] = []
    for reading, asked in list(_readings(about))[:_TRIED]:
        name = asked.names[language]
        if not _is_noun(name) or (asked.property or "").endswith(_OTHER[language]):
            continue
        if fold(name) in fold(question) or any(label in fold(question) for label in asked.labels):
            continue
        if await select(store, reading, asker=asker):
            form = _ASKED[reading.output is Output.VALUE, language]
            found.append(form.format(node=node, name=name))
        if len(found) == MOST:
            break
    return tuple(found)


def _called(about: About, question: str, knowledge: Knowledge, language: Language) -> str | None:
    if (about.label, about.id) in knowledge.names:
        return knowledge.name(about.label, about.id, language)
    if about.label in {Label.ORDER, Label.CUSTOMER, Label.TICKET}:
        return question[about.start : about.end]
    return None


def _readings(about: About) -> Iterator[tuple[Reading, Asked]]:
    """Properties with words of their own first, then where relationships lead."""
    key = "number_key" if about.label is Label.ORDER else "id"
    anchor = Anchor(
        label=about.label,
        key=key,
        value=about.id,
        start=about.start,
        end=about.end,
        confidence=1.0,
        found_by=(),
    )
    own = [one for one in askable() if one.holder is about.label and one.common and stored_of(one)]
    for asked in sorted(own, key=lambda one: kind_of(one) is Kind.TEXT):
        lead = Lead(anchor=anchor, steps=())
        yield _reading(about.label, Output.VALUE, lead, asked), asked
    for target in dict.fromkeys(_targets(about.label)):
        for steps in ways(about.label, target):
            if len(steps) == 1 and steps[0].common:
                lead = Lead(anchor=anchor, steps=steps)
                yield _reading(target, Output.NAMES, lead, None), steps[0]


def _is_noun(name: str) -> bool:
    """Whether a label can stand in "the … of": "known issues", not "part of"."""
    return name.rpartition(" ")[2] not in _PREPOSITIONS


def _reading(label: Label, output: Output, lead: Lead, asked: Asked | None) -> Reading:
    return Reading(label=label, output=output, leads=(lead,), asked=asked)


def _targets(label: Label) -> Sequence[Label]:
    return [asked.target for asked in askable() if asked.anchor is label and asked.target]
