"""A question to an answer."""

from api.bootstrap import Platform
from api.services.texts import checked
from graph.answering import answer
from graph.errors import ForbiddenError
from graph.model import Actor, Answer
from graph.rights import Action, Reach
from graph.vocabulary import Label

KNOWLEDGE = "Knowledge"


async def ask(platform: Platform, actor: Actor, question: str) -> Answer:
    """What the graph knows of ``question``, as far as ``actor`` may know it.

    Raises:
        ForbiddenError: the actor may not read knowledge at all.
        InputError: empty, too long, or not text.
        UnavailableError: the graph does not answer.
    """
    rights = platform.rights(actor)
    rights.reach(actor, Action.READ, KNOWLEDGE)
    text = checked(question, platform.settings, field="question")
    document = platform.extractor.extract(text)
    return await answer(
        platform.store,
        document,
        knowledge=platform.extractor.knowledge,
        orders=order_reach(platform, actor),
    )


def order_reach(platform: Platform, actor: Actor) -> Reach | None:
    """Whose orders the actor may be told of, ``None`` for nobody's."""
    try:
        return platform.rights(actor).reach(actor, Action.READ, Label.ORDER)
    except ForbiddenError:
        return None
