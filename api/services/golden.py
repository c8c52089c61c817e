"""Golden files tried on a graph: what was right, what was not, and how well confidence tells."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from api.bootstrap import Platform
from api.services.ask import ask
from api.services.route import preview_route
from graph.errors import GraphError
from graph.model import Actor, Answer, Receipt
from seed.golden import GoldenQuestion, GoldenRoute

SURE = 0.8
_BINS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """One entry and what came of it; ``why`` is empty where it was right."""

    file: str
    line: int
    said: str
    confidence: float
    abstained: bool
    should_abstain: bool
    held_out: bool
    why: str

    @property
    def right(self) -> bool:
        """Whether it was what it should be."""
        return not self.why


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Of one kind of file. ``sure_share`` is the part of right answers at 0.8 or more; ``ece`` the
    expected calibration error over what was answered (ten equal bins, Naeini et al. 2015).
    """

    kind: str
    tried: int
    right: int
    abstained_rightly: int
    should_abstain: int
    sure_share: float
    wrong_and_sure: int
    ece: float

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


Runner = Callable[[Platform, Sequence[Any]], Awaitable[list[Tried]]]


async def try_questions(platform: Platform, entries: Sequence[GoldenQuestion]) -> list[Tried]:
    """Ask every question, and what follows it in the same conversation."""
    tried: list[Tried] = []
    for entry in entries:
        actor = Actor(
            id=f"golden:{entry.role}", roles=frozenset({entry.role}), customer_id=entry.customer
        )
        conversation = None
        for question in (entry, *entry.then):
            try:
                found = await ask(
                    platform,
                    actor,
                    question.ask,
                    conversation=conversation,
                    at=_noon(question.today or entry.today),
                )
            except GraphError as error:
                tried.append(_tried(question, None, f"{error.code}"))
                continue
            conversation = found.conversation
            tried.append(_tried(question, found, what_is_wrong(question, found)))
    return tried


async def try_routes(platform: Platform, entries: Sequence[GoldenRoute]) -> list[Tried]:
    """Route every text as the platform would; nothing is written."""
    actor = Actor(id="golden:service", roles=frozenset({"service"}))
    tried: list[Tried] = []
    for entry in entries:
        receipt, why = None, ""
        try:
            receipt = await preview_route(platform, actor, entry.text, customer=entry.customer)
        except GraphError as error:
            why = error.code
        tried.append(
            Tried(
                file=entry.file,
                line=entry.line,
                said=entry.text,
                confidence=receipt.confidence if receipt else 0.0,
                abstained=receipt is None or receipt.reason is not None,
                should_abstain=entry.triage,
                held_out=False,
                why=why or (misrouted(entry, receipt) if receipt else ""),
            )
        )
    return tried


def misrouted(entry: GoldenRoute, receipt: Receipt) -> str:
    """Empty where the route is right."""
    if entry.triage:
        return "" if receipt.reason else f"routed to {receipt.department}"
    if receipt.reason:
        first = receipt.candidates[0].department if receipt.candidates else "nobody"
        return f"left to triage ({receipt.reason}; {first} comes first)"
    return "" if receipt.department in entry.department else f"routed to {receipt.department}"


def _noon(day: date | None) -> int | None:
    """In milliseconds since the epoch; of UTC, which is that day in nearly every zone."""
    if day is None:
        return None
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp() * 1000)


def _tried(question: GoldenQuestion, found: Answer | None, why: str) -> Tried:
    return Tried(
        file=question.file,
        line=question.line,
        said=question.ask,
        confidence=found.confidence if found else 0.0,
        abstained=found is None or found.kind == "none",
        should_abstain=question.kind == "none",
        held_out=question.held_out,
        why=why,
    )


def what_is_wrong(question: GoldenQuestion, found: Answer) -> str:
    """Empty where the answer is right. One fact more or less makes a list; both are told alike."""
    if question.kind == "none":
        return "" if found.kind == "none" else f"answered with {found.kind}: {_short(found)}"
    if found.kind == "none":
        return "abstained"
    if _told(found.kind) != _told(question.kind):
        return f"{found.kind} instead of {question.kind}: {_short(found)}"
    text = found.answer.replace(",", "")
    if missing := [one for one in question.values if one not in text and one not in found.answer]:
        return f"does not say {missing[0]!r}: {_short(found)}"
    cited = {one.id for one in found.citations}
    if missing := [one for one in question.nodes if one not in cited]:
        return f"does not cite {missing[0]}: {_short(found)}"
    if wrong := [one for one in question.never if one in found.answer]:
        return f"says {wrong[0]!r}: {_short(found)}"
    return ""


def _told(kind: str) -> str:
    return "fact" if kind in {"fact", "list"} else kind


def _short(found: Answer) -> str:
    return " ".join(found.answer.split())[:100]


def summed_up(kind: str, tried: Sequence[Tried]) -> Summary:
    """The figures of what was tried."""
    right = [one for one in tried if one.right]
    told = [one for one in right if not one.abstained]
    wrong = [one for one in tried if not one.right and not one.abstained]
    return Summary(
        kind=kind,
        tried=len(tried),
        right=len(right),
        abstained_rightly=sum(one.should_abstain for one in right),
        should_abstain=sum(one.should_abstain for one in tried),
        sure_share=sum(one.confidence >= SURE for one in told) / len(told) if told else 0.0,
        wrong_and_sure=sum(one.confidence >= SURE for one in wrong),
        ece=calibration_error((one.confidence, one.right) for one in tried if not one.abstained),
    )


def calibration_error(judged: Iterable[tuple[float, bool]]) -> float:
    """How far confidence lies from how often it was right, weighed over ten equal bins."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in judged:
        bins.setdefault(min(int(confidence * _BINS), _BINS - 1), []).append((confidence, right))
    count = sum(map(len, bins.values()))
    return sum(
        abs(sum(confidence - right for confidence, right in members)) for members in bins.values()
    ) / (count or 1)


RUNNERS: Mapping[str, Runner] = {"questions": try_questions, "routes": try_routes}
"""By kind of golden file: what is tried, and how."""
