"""Products by the beginnings of their names: "my Gold Rewards" of a bank whose cards are all cards.

Words that many names end in tell products apart no more, so people leave them out.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from graph.knowledge import Name
from graph.text import fold, has_han, words

_MANY = 5
"""When so many names end in a word, it is one that is left out."""
Phrase: TypeAlias = tuple[str, ...]


class Beginnings:
    """Ids by names, whole and shortened. Latin script only: Chinese names are shortened in the
    middle, and their aliases say how.
    """

    def __init__(self, names: Iterable[Name]) -> None:
        phrases = [
            (tuple(words(fold(phrase))), name.id)
            for name in names
            for phrase in name.phrases
            if not has_han(phrase)
        ]
        left_out = _left_out({phrase for phrase, _ in phrases})
        found: dict[Phrase, set[str]] = defaultdict(set)
        for phrase, id_ in phrases:
            found[phrase].add(id_)
            found[_shortened(phrase, left_out)].add(id_)
        self._starting: dict[str, list[tuple[Phrase, set[str]]]] = defaultdict(list)
        for phrase in sorted(filter(None, found), key=len, reverse=True):
            self._starting[phrase[0]].append((phrase, found[phrase]))

    def find(self, said: Sequence[str]) -> set[str]:
        """Ids of all whose names stand in the folded words ``said``, the longest names first."""
        ids: set[str] = set()
        after = 0
        for at, word in enumerate(said):
            for phrase, named in self._starting.get(word, ()) if at >= after else ():
                if tuple(said[at : at + len(phrase)]) == phrase:
                    ids |= named
                    after = at + len(phrase)
                    break
        return ids


def _left_out(phrases: Iterable[Phrase]) -> set[str]:
    """Words that many names end in, or do once these are cut off."""
    left: set[str] = set()
    while True:
        ends = Counter(
            phrase[-1] for phrase in {_shortened(one, left) for one in phrases} if phrase[1:]
        )
        more = {word for word, count in ends.items() if count >= _MANY}
        if not more - left:
            return left
        left |= more


def _shortened(phrase: Phrase, left_out: Collection[str]) -> Phrase:
    """Without what is left out at its end; never without its first word."""
    end = len(phrase)
    while end > 1 and phrase[end - 1] in left_out:
        end -= 1
    return phrase[:end]
