"""The newest of the tickets that words find, without looking at all that they find.

The index of words knows when a ticket was, too. A page of the newest needs few tickets, and where
words are not rare those lie among the newest of all: there it is looked first, and only where that
does not fill the page, everywhere. So the page costs the same however long the list has become.
"""

import time
from weakref import WeakKeyDictionary

from graph.sequence import ages_between
from graph.store import Store, Walk
from graph.vocabulary import Label

AMONG = 8_192
"""How many tickets are looked at first: a page of 50 is among them if one in 160 has the words."""
_RECENT, _RECENT_WORDS = 512, 4
"""How many of the newest vote on what is like them, at least, and in how few words of time they
are found: an index reads a list for each word, which costs more than what the lists have."""
_NEWEST = Walk(label=Label.TICKET, order="seq", is_falling=True)
_SECONDS, _RECENT_SECONDS = 60.0, 10.0
_spans: WeakKeyDictionary[Store, tuple[float, int | None]] = WeakKeyDictionary()
"""By graph: until when it is remembered how far the newest reach, and that; ``None``: over all."""
_counted: WeakKeyDictionary[Store, dict[int, tuple[float, bool]]] = WeakKeyDictionary()
"""By graph and number: until when it is remembered whether it has more tickets, and that."""
_recent: WeakKeyDictionary[Store, tuple[float, str | None]] = WeakKeyDictionary()
"""By graph: until when it is remembered when its newest tickets were, and that."""


async def among_newest(store: Store, words: str, *, behind: int | None) -> str | None:
    """``words`` of a query of the index, held to about ``AMONG`` tickets ``behind`` one, or to the
    newest; ``None`` where there are hardly more.

    Raises:
        UnavailableError: the graph does not answer.
    """
    last = await store.order_at(_NEWEST, place=0) if behind is None else behind
    span = await _span(store)
    if last is None or span is None or last < span:
        return None
    return f"{words} +({' '.join(ages_between(last - span, last))})"


async def recent_ages(store: Store) -> str | None:
    """Words of the index that some thousands of the newest tickets have, as of some seconds ago;
    ``None`` where there are no more.

    Raises:
        UnavailableError: the graph does not answer.
    """
    until, words = _recent.get(store, (0.0, None))
    now = time.monotonic()
    if now >= until:
        first = await store.order_at(_NEWEST, place=_RECENT)
        last = await store.order_at(_NEWEST, place=0)
        words = None
        if first is not None and last is not None:
            words = " ".join(ages_between(first, last, most=_RECENT_WORDS))
        _recent[store] = now + _RECENT_SECONDS, words
    return words


async def has_more(store: Store, tickets: int) -> bool:
    """Whether there are more than so many, as of a minute ago at most.

    Raises:
        UnavailableError: the graph does not answer.
    """
    found = _counted.setdefault(store, {})
    until, more = found.get(tickets, (0.0, False))
    now = time.monotonic()
    if now >= until:
        more = await store.order_at(_NEWEST, place=tickets) is not None
        found[tickets] = now + _SECONDS, more
    return more


async def _span(store: Store) -> int | None:
    until, span = _spans.get(store, (0.0, None))
    now = time.monotonic()
    if now >= until:
        # A hint: what is looked at first may be somewhat more or less.
        oldest = await store.order_at(_NEWEST, place=AMONG)
        first = await store.order_at(_NEWEST, place=0)
        span = first - oldest if first is not None and oldest is not None else None
        _spans[store] = now + _SECONDS, span
    return span
