"""What nodes are called: by which words, and whether whoever asks may read them."""

import re
from collections.abc import Iterator

from graph.knowledge import Knowledge, Name
from graph.model import Link
from graph.question.question import Anchor
from graph.selection.asker import Asker
from graph.text import fold, is_han, stem, words
from graph.vocabulary import Label

_ALIAS = (str(Label.ALIAS), f"{Label.ALIAS}.text")
_BROKEN = re.compile(r"\d+\.\d+")
_LONG_WORD = 7

Group = tuple[Anchor, ...]
"""What one mention may stand for."""


def anchored(
    label: Label, key: str, value: str, start: int, end: int, found_by: tuple[str, ...]
) -> Anchor:
    """A node that is surely named, by the property ``key``, at a place in the text."""
    return Anchor(
        label=label, key=key, value=value, start=start, end=end, confidence=1.0, found_by=found_by
    )


def node_key(node: tuple[Label, str]) -> tuple[Label, str, str]:
    return node[0], "id", node[1]


def named_by(link: Link, *, knowledge: Knowledge, asker: Asker) -> tuple[str, ...] | None:
    """The name fields that a mention repeats; ``None`` where it repeats what is kept from the
    asker: an alias, whose text may not be read.
    """
    name = knowledge.names.get((link.label, link.id))
    if name is None:
        return ()
    names = {"nameZh": name.name_zh, "nameEn": name.name_en}
    said = fold(link.text)
    same = [field for field, text in names.items() if text and fold(text) == said]
    if same:
        return (same[0],)
    if name.aliases and not reads_aliases(asker, link.label):
        return None
    return tuple(field for field, text in names.items() if text)


def name_fields(
    node: tuple[Label, str], knowledge: Knowledge, asker: Asker
) -> tuple[str, ...] | None:
    name = knowledge.names[node]
    if name.aliases and not reads_aliases(asker, node[0]):
        return None
    return ("nameZh", "nameEn")


def reads_aliases(asker: Asker, label: Label) -> bool:
    """Whether the asker may read what else all nodes of ``label`` are called."""
    return asker.everywhere(*_ALIAS, f"{label}.aliases")


def is_called(name: Name | None, word: str) -> bool:
    if name is None:
        return False
    if is_han(word):
        return has_word(name, word)
    if " " in word:
        return any(f" {word} " in f" {fold(phrase)} " for phrase in name.phrases)
    return any(_is_written(word, own) for own in _own_words(name))


def _is_written(word: str, own: str) -> bool:
    """Whether a word is one of a name, but for an ending, or a letter too many or few in it."""
    if stem(word) == stem(own):
        return True
    long = min(len(word), len(own)) >= _LONG_WORD and abs(len(word) - len(own)) == 1
    short, longer = sorted((word, own), key=len)
    return long and any(longer[:at] + longer[at + 1 :] == short for at in range(len(longer)))


def _own_words(name: Name) -> Iterator[str]:
    """Its words; a broken number is none, and no part of it is: 5 HP are not 1.5 HP."""
    for phrase in name.phrases:
        yield from words(_BROKEN.sub(" ", fold(phrase)))


def has_word(name: Name, word: str) -> bool:
    if is_han(word):
        return any(word in fold(phrase) for phrase in name.phrases)
    return word in _own_words(name)
