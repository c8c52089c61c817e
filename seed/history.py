"""A made-up past: ticket history for any company in the format of ``seed/company``.

Pure: no files, no clock, no order of hashing. The same company, count and seed give the same rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from random import Random
from typing import Any

from seed.cast import Cast, Topic, make_cast
from seed.wording import Brief, compose

START_MS = int(datetime(2025, 5, 1, tzinfo=UTC).timestamp() * 1000)
END_MS = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp() * 1000) - 1
_DAY_MS = 86_400_000
_MINUTE_MS = 60_000

_MISLABELLED = 0.04
_MULTIPLE = 0.08
_OPEN_TAIL = 0.03  # the newest share of tickets, most of which are still open


@dataclass(frozen=True, kw_only=True, slots=True)
class _Scene:
    """One ticket before it is written down."""

    at_ms: int
    language: str
    channel: str
    customer: str | None
    order: str | None
    product: str | None
    issues: tuple[str, ...]
    label: Topic
    text: str


def generate(
    company: Mapping[str, Sequence[Mapping[str, Any]]], *, tickets: int, random_seed: int
) -> Iterator[dict[str, Any]]:
    """Yield ``tickets`` rows of the table ``tickets``, oldest first, from 2025-05-01 to 2026-10-31.

    ``company`` holds its tables as plain rows, lists already split. Instants are ISO 8601 in UTC.
    The first of ``issues`` is the main one; in about 4 % of the rows it is not what the text says,
    as in any real archive. A company without a handled leaf issue yields nothing.
    """
    cast = make_cast(company)
    if not cast.topics:
        return
    rng = Random(random_seed)  # noqa: S311 - sample data, not secrets
    weights = _weights(rng, len(cast.topics))
    at_ms = START_MS - 1
    for number in range(tickets):
        at_ms = max(at_ms + 1, _moment(rng, (number + rng.random()) / tickets))
        scene = _stage(rng, cast, at_ms=at_ms, weights=weights)
        is_late = number >= tickets * (1 - _OPEN_TAIL)
        yield _row(rng, cast, scene=scene, number=number + 1, is_late=is_late)


def _weights(rng: Random, count: int) -> list[float]:
    """Cumulative: a few issues are frequent, most are not, none is rare."""
    ranks = list(range(count))
    rng.shuffle(ranks)
    return list(accumulate(1 / (rank + 16) for rank in ranks))


def _moment(rng: Random, share: float) -> int:
    """The instant at a share of the period; nights (16–24 UTC in Shanghai) are nearly empty."""
    at_ms = START_MS + int(share * (END_MS - START_MS))
    day, within = divmod(at_ms, _DAY_MS)
    place = within / _DAY_MS
    hours = place / 0.92 * 16 if place < 0.92 else 16 + (place - 0.92) / 0.08 * 8
    return min(END_MS, day * _DAY_MS + int(hours * 3_600_000) + int(rng.random() * 1000))


def _stage(rng: Random, cast: Cast, *, at_ms: int, weights: Sequence[float]) -> _Scene:
    language = "zh" if rng.random() < 0.5 else "en"
    topics = rng.choices(cast.topics, cum_weights=weights, k=2)
    topic, other = topics
    customer, order, product = _occasion(rng, cast, topic=topic, language=language, at_ms=at_ms)
    is_multiple = other is not topic and rng.random() < _MULTIPLE
    is_mislabelled = not is_multiple and rng.random() < _MISLABELLED
    channel = _pick(rng, cast.channels)
    return _Scene(
        at_ms=at_ms,
        language=language,
        channel=channel,
        customer=customer,
        order=order,
        product=product,
        issues=(topic.id, other.id) if is_multiple else (other.id if is_mislabelled else topic.id,),
        label=other if is_mislabelled else topic,
        text=compose(
            rng,
            Brief(
                language=language,
                voices=[t.voices[language] for t in (topics if is_multiple else topics[:1])],
                stranger=_pick(rng, cast.topics).voices[language],
                is_mail="mail" in channel,
                **_particulars(rng, cast, language=language, facts=(customer, order, product)),
            ),
        ),
    )


def _pick(rng: Random, items: Sequence[Any]) -> Any:
    return items[int(rng.random() * len(items))]


def _occasion(
    rng: Random, cast: Cast, *, topic: Topic, language: str, at_ms: int
) -> tuple[str | None, str | None, str | None]:
    """(customer, order, product): about an order already placed, or from somebody without one."""
    product: str | None = _pick(rng, topic.products) if topic.products else None
    if rng.random() < (0.35 if product else 0.6):
        shelf = cast.shelves.get((language, product))
        count = shelf.until(at_ms) if shelf else 0
        if shelf and count:
            number, buyer, products = shelf.orders[int(rng.random() * count)]
            return buyer, number, product or _pick(rng, products or (None,))
    known = cast.customers.get(language)
    customer = _pick(rng, known) if known and rng.random() < 0.85 else None
    if product is None and cast.products and rng.random() < 0.3:
        product = _pick(rng, tuple(cast.products))
    return customer, None, product


def _particulars(
    rng: Random, cast: Cast, *, language: str, facts: tuple[str | None, str | None, str | None]
) -> dict[str, str]:
    """Which of the known facts the customer mentions."""
    customer, order, product = facts
    said: dict[str, str] = {}
    if product and product in cast.products and rng.random() < 0.6:
        said["product"] = _pick(rng, cast.products[product][language])
    if order and rng.random() < 0.6:
        said["order"] = order
    if customer:
        contacts = cast.contacts.get(customer)
        if contacts and rng.random() < 0.12:
            said["contact"] = _pick(rng, contacts)
        if rng.random() < 0.6:
            said["name"] = cast.names.get(customer, "")
    return said


def _row(rng: Random, cast: Cast, *, scene: _Scene, number: int, is_late: bool) -> dict[str, Any]:
    department = _pick(rng, scene.label.departments)
    agents = cast.agents.get((department, scene.language))
    row: dict[str, Any] = {
        "id": f"T-H{number:06d}",
        "created_at": _iso(scene.at_ms),
        "text": scene.text,
        "language": scene.language,
        "channel": scene.channel,
        "customer": scene.customer,
        "order": scene.order,
        "issues": list(scene.issues),
        "product": scene.product,
        "department": department,
        "agent": _pick(rng, agents) if agents else None,
    }
    return row | _course(rng, scene, is_late=is_late)


def _course(rng: Random, scene: _Scene, *, is_late: bool) -> dict[str, Any]:
    """What became of the ticket. Answers after the end of the period have not happened yet."""
    assigned = scene.at_ms + int(rng.lognormvariate(2.2, 1.0) * _MINUTE_MS)
    answered = assigned + int(rng.lognormvariate(3.2, 1.0) * _MINUTE_MS)
    solved = answered + int(rng.lognormvariate(6.2, 1.1) * _MINUTE_MS)
    is_solved = solved <= END_MS and not (is_late and rng.random() < 0.8)
    return {
        "resolution": _resolution(rng, scene) if is_solved else None,
        "state": "solved" if is_solved else "open",
        "first_response_at": _iso(answered) if answered <= END_MS else None,
        "assigned_at": _iso(assigned) if assigned <= END_MS else None,
        "solved_at": _iso(solved) if is_solved else None,
        "reopened_count": int(rng.random() < 0.07) + int(rng.random() < 0.01) if is_solved else 0,
        "rating": _rating(rng, days=(solved - scene.at_ms) / _DAY_MS) if is_solved else None,
    }


def _resolution(rng: Random, scene: _Scene) -> str | None:
    known = scene.label.resolutions
    fitting = known.get(scene.product) or known.get(None)
    return _pick(rng, fitting) if fitting and rng.random() < 0.88 else None


def _rating(rng: Random, *, days: float) -> int | None:
    """Four in ten customers rate; each day of waiting costs about half a star."""
    if rng.random() > 0.4:
        return None
    return max(1, min(5, round(rng.gauss(4.6 - days * 0.5, 0.8))))


def _iso(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds")
