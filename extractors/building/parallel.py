"""Documents that are each other's translation: same name but for the language, same outline.

What stands at the same place in both is called by both names.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from extractors.building.fact import RESOLUTION, Fact
from extractors.building.goods import Said
from extractors.building.naming import EN, ZH

_LANGUAGE = re.compile(
    r"[ ._(-]*(?:zh[-_]?(?:cn|hans)?|cn|chinese|中文版?|en[-_]?(?:us|gb)?|english|英文版?)[)]?"
    r"(?=$|[ ._-])",
    re.IGNORECASE,
)


def pairs_of(facts: Sequence[Said], *, kind: str = RESOLUTION) -> list[tuple[Said, Said]]:
    """Facts of two files in two languages that stand at the same place."""
    by_file: dict[str, list[Fact]] = defaultdict(list)
    for file, fact in facts:
        if fact.kind == kind:
            by_file[file].append(fact)
    stems: dict[str, list[str]] = defaultdict(list)
    for file in by_file:
        path = PurePath(file)
        stem = _LANGUAGE.sub("", path.stem)
        if stem != path.stem:
            stems[f"{path.parent}/{stem}"].append(file)
    found: list[tuple[Said, Said]] = []
    for files in stems.values():
        for zh, en in _couples(files, by_file):
            found += [((zh, a), (en, b)) for a, b in zip(by_file[zh], by_file[en], strict=True)]
    return found


def _couples(
    files: Sequence[str], facts: Mapping[str, Sequence[Fact]]
) -> Iterator[tuple[str, str]]:
    chinese = [file for file in files if _language(facts[file]) == ZH]
    english = [file for file in files if _language(facts[file]) == EN]
    for zh in chinese:
        for en in english:
            if len(facts[zh]) == len(facts[en]):
                yield zh, en


def _language(facts: Sequence[Fact]) -> str:
    has_zh = any(ZH in fact.parts for fact in facts)
    has_en = any(EN in fact.parts for fact in facts)
    return "" if has_zh == has_en else ZH if has_zh else EN
