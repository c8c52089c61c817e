"""The values that travel between rooms. Frozen, no I/O."""

from dataclasses import dataclass, field
from enum import StrEnum

from graph.vocabulary import Label


class Language(StrEnum):
    """The languages people are answered in."""

    EN = "en"
    ZH = "zh"


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who acts. ``roles`` are bare names (``agent``); empty means no right at all.

    The other attributes bound the scopes: ``own_customer``, ``own_department``, ``own_line``,
    ``assigned`` (``agent_id``) and ``granted`` (ids of tickets and customers, break glass).
    """

    id: str
    roles: frozenset[str] = frozenset()
    customer_id: str | None = None
    department_ids: frozenset[str] = frozenset()
    line_ids: frozenset[str] = frozenset()
    agent_id: str | None = None
    granted_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A mention in the text that stands for a node.

    ``start`` and ``end`` count code points of the original text; ``confidence`` is within 0..1;
    ``extractor`` is a versioned name (``gazetteer.v1``).
    """

    label: Label
    id: str
    start: int
    end: int
    text: str
    confidence: float
    extractor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A found identifier: its kind (``email``, ``order``), normal form, span and tier.

    ``personal`` marks are redacted wherever the text is stored.
    """

    kind: str
    value: str
    start: int
    end: int
    personal: bool
    extractor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """A class that the whole text may have, with a calibrated probability within 0..1."""

    label: Label
    id: str
    probability: float
    extractor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """What was understood of one text.

    ``redacted`` is the text with personal marks replaced; ``search_text`` is ``redacted`` as the
    graph's full-text index stores it; ``terms`` are its rarest tokens, rarest first, among as many
    texts as ``trained_on``.
    """

    text: str
    redacted: str
    search_text: str
    language: Language
    links: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()
    guesses: tuple[Guess, ...] = ()
    terms: tuple[str, ...] = ()
    trained_on: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Contribution:
    """One path kind's part in a candidate's score: ``points = weight * strength``.

    ``walked`` are the nodes on the strongest paths, as ``Label:id``, evidence first.
    """

    path_kind: str
    weight: float
    strength: float
    walked: tuple[str, ...]

    @property
    def points(self) -> float:
        """What this path kind adds to the score."""
        return self.weight * self.strength


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A department that evidence leads to. ``score`` is the sum of its contributions."""

    department: str
    score: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counterfactual:
    """Where a ticket would go if ``holder`` did not have its relationships ``type`` to ``nodes``
    (``Label:id``), and with what confidence; ``reason`` where that is triage.
    """

    type: str
    nodes: tuple[str, ...]
    holder: str
    department: str
    confidence: float
    reason: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Skilled:
    """A skill by id, and its level from 1."""

    skill: str
    level: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Who of the department shall work a ticket: ``agent``, or nobody and the ``reason``.

    ``required`` are the skills that the agent has to have, ``optional`` those that were wished
    for, as far as the agent has them. ``open`` of ``capacity`` tickets were theirs already;
    ``until_at`` is when their shift ends. ``knows`` says that they worked for the customer before.
    """

    agent: str | None = None
    reason: str | None = None
    required: tuple[Skilled, ...] = ()
    optional: tuple[Skilled, ...] = ()
    open: int = 0
    capacity: int | None = None
    until_at: int | None = None
    language: str | None = None
    knows: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Barred:
    """A department that is no candidate, because nobody of it may read ``missing`` coordinates."""

    department: str
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """Why a ticket goes where it goes.

    ``department`` is the chosen one: the first candidate, or the triage department when
    ``reason`` says why nobody was sure enough. ``confidence`` is how likely the first candidate is
    right; ``margin`` its score less the second's. ``barred`` are departments that evidence led to
    in vain; ``choice`` is the agent, once one was looked for.
    """

    department: str
    confidence: float
    runner_up: str | None
    margin: float
    reason: str | None
    candidates: tuple[Candidate, ...]
    model: str
    policy_epoch: int
    knowledge_epoch: int
    counterfactuals: tuple[Counterfactual, ...] = ()
    barred: tuple[Barred, ...] = ()
    choice: Choice | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """Where a statement comes from: a node, the path that led to it, and its words.

    ``name`` is what the node is called, where it may be told. ``starts``: the path starts there,
    and it is not what was found.
    """

    id: str
    label: Label
    path: str
    excerpt: str
    name: str = ""
    starts: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """The node that a question asks about, and where in its text it is named."""

    label: Label
    id: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Among:
    """Nodes of one label, by id, that are asked about and no others; none where they are more than
    are kept.
    """

    label: Label
    ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What is known of a question. ``kind`` is one of ``ANSWER_KINDS``; ``none`` abstains.

    ``handover`` is true when a person should take over. ``withheld`` are the coordinates that the
    question asks for and that the asker's roles read nowhere: of the question and the roles alone.
    ``question`` is what was understood, made whole; ``about`` is the node that it names, ``also``
    are others; ``listed`` are all that a list or a count is of; ``amount`` is what was counted or
    summed up.
    """

    answer: str
    kind: str
    language: Language
    confidence: float
    citations: tuple[Citation, ...] = field(default=())
    handover: bool = False
    withheld: tuple[str, ...] = ()
    about: About | None = None
    also: tuple[About, ...] = ()
    listed: Among | None = None
    amount: float | None = None
    question: str = ""
    conversation: str | None = None
    suggestions: tuple[str, ...] = ()


ANSWER_KINDS = (
    "fact", "count", "list", "comparison", "status", "how-to", "choice", "none"
)  # fmt: skip
"""What answers are: ``choice`` asks back which one is meant."""
