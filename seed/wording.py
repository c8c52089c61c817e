"""How a customer words a ticket: a text from an issue's own sentences and the shared phrase banks.

Pure functions over a ``random.Random``; knows neither tables nor time.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from seed import phrases
from seed.noise import FULL_WIDTH, misspell

_CLAUSE = re.compile(r"(?<=[，。！？；,.!?;])\s*")
_JOIN = {"zh": "", "en": " "}
_LEAST_BYTES = 12  # four Han characters or two Latin words; a shorter clause says nothing
_UNFINISHED = "，,；;、 "


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """What one issue sounds like in one language. No field is empty."""

    sentences: tuple[str, ...]
    clauses: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """What one ticket has to say; empty strings are left unsaid."""

    language: str
    voices: Sequence[Voice]
    stranger: Voice
    product: str = ""
    order: str = ""
    contact: str = ""
    name: str = ""
    is_mail: bool = False


def make_voice(names: Sequence[str], sentences: Sequence[str]) -> Voice:
    """A voice from an issue's names and examples; names stand in where there are no examples."""
    said = tuple(sentences) or tuple(names)
    clauses = tuple(
        _finished(clause)
        for sentence in said
        for clause in _CLAUSE.split(sentence)
        if len(clause.encode()) >= _LEAST_BYTES
    )
    return Voice(sentences=said, clauses=clauses or said, names=tuple(names))


def _finished(clause: str) -> str:
    """A clause as a sentence of its own."""
    body = clause.rstrip(_UNFINISHED)
    if not body.endswith(("。", "！", "？", ".", "!", "?")):
        body += "." if body.isascii() else "。"
    return body[:1].upper() + body[1:]


def compose(rng: Random, brief: Brief) -> str:
    """The text of one ticket, typing errors included."""
    language = brief.language
    chance = rng.random()
    parts = _body(rng, brief)
    if chance < 0.13:
        text = parts[0]
    else:
        _surround(rng, brief, parts)
        text = _JOIN[language].join(parts)
    if brief.is_mail:
        text = _as_mail(rng, brief, text)
    return _with_noise(rng, text, language=language)


def fill(rng: Random, bank: Mapping[str, Sequence[str]], language: str, *, x: str = "") -> str:
    """One phrase of a bank with its slots filled."""
    phrase = _pick(rng, bank[language])
    if "{" not in phrase:
        return phrase
    if "{n}" in phrase:
        phrase = phrase.replace("{n}", str(2 + int(rng.random() * 8)))
    if "{m}" in phrase:
        phrase = phrase.replace("{m}", str(2 + int(rng.random() * 40)))
    if "{d}" in phrase:
        phrase = phrase.replace("{d}", _pick(rng, phrases.DAYS[language]))
    return phrase.replace("{x}", x)


def _pick(rng: Random, items: Sequence[str]) -> str:
    return items[int(rng.random() * len(items))]


def _body(rng: Random, brief: Brief) -> list[str]:
    """What the ticket is about: the main concern, then any other, in no particular order."""
    concerns = [_concern(rng, voice, language=brief.language) for voice in brief.voices]
    if len(concerns) == 1:
        return concerns
    if rng.random() < 0.3:
        concerns.reverse()
    also = fill(rng, phrases.ALSO, brief.language)
    return [concerns[0], *(also + _JOIN[brief.language] + other for other in concerns[1:])]


def _concern(rng: Random, voice: Voice, *, language: str) -> str:
    """One issue in words: an example, two, a mixture of clauses, its name, or next to nothing."""
    chance = rng.random()
    if chance < 0.42:
        return _pick(rng, voice.sentences)
    if chance < 0.64:
        return _both(_pick(rng, voice.sentences), _pick(rng, voice.clauses), language=language)
    if chance < 0.80:
        return _both(_pick(rng, voice.clauses), _pick(rng, voice.clauses), language=language)
    if chance < 0.97:
        return fill(rng, phrases.NAMED, language, x=_pick(rng, voice.names))
    return fill(rng, phrases.VAGUE, language)


def _both(first: str, second: str, *, language: str) -> str:
    return first if second in first else first + _JOIN[language] + second


def _surround(rng: Random, brief: Brief, parts: list[str]) -> None:
    """Add to the body what people say before and after it; ``parts`` grows in place."""
    language = brief.language
    if brief.product:
        parts.insert(_end(rng, parts), fill(rng, phrases.MENTIONS, language, x=brief.product))
    for _ in range(1 + int(rng.random() * (7 if language == "zh" else 4))):
        detail = fill(rng, phrases.DETAILS, language)
        if detail not in parts:
            parts.insert(_end(rng, parts), detail)
    if rng.random() < 0.07:
        aside = _pick(rng, brief.stranger.names)
        parts.append(fill(rng, phrases.ASIDES, language, x=aside))
    if brief.order:
        parts.append(fill(rng, phrases.ORDERS, language, x=brief.order))
    if brief.contact:
        parts.append(fill(rng, phrases.CONTACTS, language, x=brief.contact))
    if not brief.is_mail and rng.random() < 0.45:
        parts.insert(0, fill(rng, phrases.GREETINGS, language))


def _end(rng: Random, parts: list[str]) -> int:
    return 0 if rng.random() < 0.3 else len(parts)


def _as_mail(rng: Random, brief: Brief, text: str) -> str:
    """Greeting, text, sign-off and name on lines of their own, at times above a quoted message."""
    language = brief.language
    lines = [fill(rng, phrases.GREETINGS, language), text, fill(rng, phrases.SIGN_OFFS, language)]
    if brief.name:
        lines.append(brief.name)
    if rng.random() < 0.3:
        lines += ["", fill(rng, phrases.QUOTE_HEADS, language)]
        voice = brief.stranger if rng.random() < 0.35 else brief.voices[0]
        lines.append("> " + _pick(rng, voice.sentences))
        lines.append(fill(rng, phrases.QUOTE_TAILS, language))
    return "\n".join(lines)


def _with_noise(rng: Random, text: str, *, language: str) -> str:
    chance = rng.random()
    if chance < 0.22:
        return misspell(text, rng, language=language)
    if chance < 0.25:
        return text.lower() if language == "en" else text.translate(FULL_WIDTH)
    return text
