"""The newest of the tickets that words find, without looking at all that they find.

The index of words knows when a ticket was, too. A page of the newest needs few tickets, and where
words are not rare those lie among the newest of all: there it is looked first, and only where that
does not fill the page, everywhere. So the page costs the same however long the list has become.
"""

from graph.remembered import Remembered
from graph.sequence import ages_between
from graph.store import Store, Walk
from graph.vocabulary import Label

AMONG = 8_192
"""How many tickets are looked at first: a page of 50 is among them if one in 160 has the words."""
_RECENT, _RECENT_WORDS = 512, 4
"""How many of the newest vote on what is like them, at least, and in how few words of time they
are found: an index reads a list for each word, which costs more than what the lists have."""
_NEWEST = Walk(label=Label.TICKET, order="seq", is_falling=True)
_FRESH_SECONDS, _GOOD_SECONDS = 60.0, 600.0
_RECENT_FRESH_SECONDS, _RECENT_GOOD_SECONDS = 10.0, 60.0


async def among_newest(store: Store, words: str, *, behind: int | None) -> str | None:
    """``words`` of a query of the index, held to about ``AMONG`` tickets ``behind`` one, or to the
    newest; ``None`` where there are hardly more.

    Raises:
        UnavailableError: the graph does not answer.
    """
    last = await store.order_at(_NEWEST, place=0) if behind is None else behind
    span = await _span.of(store)
    if last is None or span is None or last < span:
        return None
    return f"{words} +({' '.join(ages_between(last - span, last))})"


async def recent_ages(store: Store) -> str | None:
    """Words of the index that some thousands of the newest tickets have, as of some seconds ago;
    ``None`` where there are no more.

    Raises:
        UnavailableError: the graph does not answer.
    """
    return await _recent.of(store)


async def has_more(store: Store, tickets: int) -> bool:
    """Whether there are more than so many, as of some minutes ago at most.

    Raises:
        UnavailableError: the graph does not answer.
    """
    return await _count.of(store) > tickets


async def _read_span(store: Store) -> int | None:
    """How far the newest reach, ``None`` over all. A hint: what is looked at first may be somewhat
    more or less.
    """
    oldest = await store.order_at(_NEWEST, place=AMONG)
    first = await store.order_at(_NEWEST, place=0)
    return first - oldest if first is not None and oldest is not None else None


async def _read_recent(store: Store) -> str | None:
    first = await store.order_at(_NEWEST, place=_RECENT)
    last = await store.order_at(_NEWEST, place=0)
    if first is None or last is None:
        return None
    return " ".join(ages_between(first, last, most=_RECENT_WORDS))


async def _read_count(store: Store) -> int:
    counts = {row["label"]: int(row["count"]) for row in await store.read("count-nodes")}
    return counts[Label.TICKET]


_span = Remembered(_read_span, fresh=_FRESH_SECONDS, good=_GOOD_SECONDS)
_count = Remembered(_read_count, fresh=_FRESH_SECONDS, good=_GOOD_SECONDS)
_recent = Remembered(_read_recent, fresh=_RECENT_FRESH_SECONDS, good=_RECENT_GOOD_SECONDS)
