"""A question to an answer."""

from api.bootstrap import Platform
from api.services.asking import asked
from api.services.texts import checked
from graph.answering import answer
from graph.model import Actor, Answer
from graph.rights import Action
from graph.selection.asker import Asker

KNOWLEDGE = "Knowledge"


async def ask(platform: Platform, actor: Actor, question: str) -> Answer:
    """What the graph knows of ``question``, as far as ``actor`` may select it.

    Raises:
        ForbiddenError: the actor may not read knowledge at all.
        InputError: empty, too long, or not text.
        UnavailableError: the graph does not answer, or the policy keeps moving.
    """
    platform.rights(actor).reach(actor, Action.READ, KNOWLEDGE)
    text = checked(question, platform.settings, field="question")
    document = platform.extractor.extract(text)

    async def work(asker: Asker) -> Answer:
        asker.rights.reach(actor, Action.READ, KNOWLEDGE)
        knowledge = platform.extractor.knowledge
        return await answer(platform.store, document, knowledge=knowledge, asker=asker)

    return await asked(platform, actor, work)
