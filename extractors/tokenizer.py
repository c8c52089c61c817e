"""A spaCy tokenizer for both scripts: each Han character a token, other words whole.

spaCy's own character segmenter gives the same Han tokens at eight times the cost, and takes Latin
words apart ("WiFi" in four), so that names would be found inside other words. Its English rules
glue a full stop to what looks like an abbreviation, and names at the end of a sentence are missed.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from spacy.strings import StringStore
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from graph.text import HAN

TOKENIZER = "deskgraph.HanTokenizer.v1"
"""Its name in a pipeline's configuration."""
_TOKEN = re.compile(rf"[{HAN}]|[^\W_{HAN}]+|\s+|.", re.DOTALL)
_REMEMBERED = 50_000
"""Tokens whose number is remembered: the words of a language, but not every number ever seen."""


class HanTokenizer:
    """``nlp.tokenizer`` of our pipeline. White space becomes tokens, so spans stay true."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self._numbers = _Numbers(vocab.strings)

    def __call__(self, text: str) -> Doc:
        """Any text; the doc's text is ``text`` again, character for character."""
        # Numbers, not in spaCy's stub; from words it would compute them anew, at twice the cost.
        words: Any = list(map(self._numbers.__getitem__, _TOKEN.findall(text)))
        return Doc(self.vocab, words=words, spaces=[False] * len(words))

    def pipe(self, texts: Iterable[str]) -> Iterator[Doc]:
        """``__call__`` for each."""
        return map(self, texts)

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing to keep: the rule is the code."""
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> "HanTokenizer":
        """The vocabulary was read anew just before."""
        self._numbers.clear()
        return self

    def to_disk(self, _path: Path, **_: Any) -> None:
        """See ``to_bytes``."""

    def from_disk(self, _path: Path, **_: Any) -> "HanTokenizer":
        """See ``from_bytes``."""
        return self.from_bytes(b"")


class _Numbers(dict[str, int]):
    """Maps a token to its number in spaCy's store of strings."""

    def __init__(self, strings: StringStore) -> None:
        super().__init__()
        self._strings: Any = strings

    def __missing__(self, token: str) -> int:
        # Never transient: it would be gone at the end of a memory zone, and its number still here.
        number: int = self._strings.add(token, allow_transient=False)
        if len(self) < _REMEMBERED:
            self[token] = number
        return number


def register_tokenizer() -> None:
    """Make the tokenizer known to spaCy by its name. Idempotent."""
    registry.tokenizers(TOKENIZER, func=lambda: lambda nlp: HanTokenizer(nlp.vocab))
