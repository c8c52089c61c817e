"""Typing errors as people make them: swapped and dropped letters, homophones and near characters.

Pure functions of a text and a ``random.Random``. Words with a digit or an ``@`` are left alone, so
that order numbers, product codes and addresses in a misspelt text can still be found.
"""

import re
from collections.abc import Mapping
from random import Random

# What was meant, and below it what the input method offers beside it.
_MEANT = (
    "的得地在再做作他机器修账货退钱装漏冷热声音响电单查号票开没到"
    "道是事时坏连网箱门洗滤净请问已以件见发收改该说师傅灯"
)
_TYPED = (
    "得的的再在作做她几气休帐获腿前庄露冻熱生因想点但察好飘凯每道"
    "到事是十怀链往相们冼虑静清闻以已见件法守该改説狮付登"
)
NEAR: Mapping[str, str] = dict(zip(_MEANT, _TYPED, strict=True))

_DIGIT = re.compile(r"\d")

# A keyboard left in full-width mode.
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def misspell(text: str, rng: Random, *, language: str) -> str:
    """One to three typing errors, fewer where the text offers no place for them."""
    slip = _slip_zh if language == "zh" else _slip_en
    for _ in range(1 + int(rng.random() * 3)):
        text = slip(text, rng)
    return text


def _slip_zh(text: str, rng: Random) -> str:
    """Replace one character, if one of a few tries hits a character that has a neighbour."""
    for _ in range(6):
        place = int(rng.random() * len(text))
        near = NEAR.get(text[place]) if text else None
        if near:
            return text[:place] + near + text[place + 1 :]
    return text


def _slip_en(text: str, rng: Random) -> str:
    """Swap two neighbouring letters or drop one, inside a word and away from its first letter."""
    place = 1 + int(rng.random() * max(1, len(text) - 2))
    word = text[text.rfind(" ", 0, place) + 1 :].split(" ", 1)[0]
    if "@" in word or not text[place - 1 : place + 2].isalpha() or _DIGIT.search(word):
        return text
    if rng.random() < 0.5:
        return text[:place] + text[place + 1 : place + 2] + text[place] + text[place + 2 :]
    return text[:place] + text[place + 1 :]
