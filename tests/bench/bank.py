"""Real retrieval: a bank's documents built into a graph, and customers' questions in two languages.

Beside it BM25 over the same documents, stemmed and without stop words, in the same run: once of
public parts at their defaults, which the bar is about, and once with our own tokens and stop words.
"""

import csv
import json
import math
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import snowballstemmer
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from api.bootstrap import open_platform
from api.cli.running import actor_with
from api.services.build import build
from api.services.seeding import load_files
from extractors.index import STOPPED
from extractors.stemming import stem
from graph.text import fold, tokens
from seed.tablefile import EVIDENCE
from tests.bench.engines import Ground
from tests.bench.real import data_folder
from tests.bench.value import Value

_TOP = 10
_FOUND = 40
Questions = Mapping[str, Sequence[tuple[str, frozenset[str]]]]
_PUBLIC_WORD = re.compile(r"\b\w\w+\b")
Search = Callable[[str], Sequence[str]]


async def bank(place: Ground) -> AsyncIterator[Value]:
    """Recall at 10 of what was built; that of BM25 is in the note."""
    source = data_folder() / "retrieval/bank_kb"
    documents = {one["doc_id"]: one for one in _lines(source / "docs.jsonl")}
    asked = _questions(source)
    with tempfile.TemporaryDirectory() as folder:
        raw, out = Path(folder) / "raw", Path(folder) / "out"
        names = _write(raw, documents)
        build([raw], out)
        told = _told(out, names)
        async with open_platform(place.settings()) as platform:
            await load_files(platform, actor_with(("admin", "service")), out)
            await platform.refresh()

            def built(text: str) -> Sequence[str]:
                found = platform.extractor.find_resolutions(text, limit=_FOUND)
                return list(dict.fromkeys(told[one.id] for one in found))

            texts = {id_: f"{one['title']} {one['content']}" for id_, one in documents.items()}
            peers = [
                _bm25(texts, terms=_public_terms, k1=1.5, b=0.75),
                _bm25(texts, terms=_own_terms, k1=1.2, b=0.5),
            ]
            for language, questions in asked.items():
                ours = _recall(built, questions)
                public, own = (_recall(peer, questions) for peer in peers)
                rows = len(questions)
                yield Value(name=f"bank_{language}", value=ours, rows=rows)
                note = f"it reaches {public:.3f}; with our tokens {own:.3f}, {ours / own:.2f} ×"
                gain = ours / public
                yield Value(name=f"bank_{language}_gain", value=gain, rows=rows, note=note)


def _lines(path: Path) -> Sequence[Mapping[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _questions(source: Path) -> Questions:
    relevant: dict[str, set[str]] = defaultdict(set)
    with (source / "qrels.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            relevant[row["query_id"]].add(row["doc_id"])
    return {
        language: [
            (one["question"], frozenset(relevant[one["query_id"]])) for one in _lines(source / name)
        ]
        for language, name in (("en", "questions.jsonl"), ("zh", "questions_zh.jsonl"))
    }


def _write(raw: Path, documents: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """Each document as a file of its own; file → document."""
    raw.mkdir()
    names: dict[str, str] = {}
    for number, (id_, one) in enumerate(documents.items()):
        names[f"{number:04}.md"] = id_
        (raw / f"{number:04}.md").write_text(f"# {one['title']}\n\n{one['content']}\n", "utf-8")
    return names


def _told(out: Path, names: Mapping[str, str]) -> Mapping[str, str]:
    """Resolution → the document that says most of it."""
    files: dict[str, Counter[str]] = defaultdict(Counter)
    for line in (out / EVIDENCE).read_text("utf-8").splitlines():
        one = json.loads(line)
        if one["table"] == "resolutions":
            files[one["id"]][one["file"]] += 1
    return {id_: names[found.most_common(1)[0][0]] for id_, found in files.items()}


def _recall(search: Search, questions: Sequence[tuple[str, frozenset[str]]]) -> float:
    shares = [len(right & set(search(text)[:_TOP])) / len(right) for text, right in questions]
    return sum(shares) / len(shares)


def _public_terms(text: str) -> list[str]:
    """As scikit-learn takes text apart and leaves words out, stemmed after Porter."""
    found = _PUBLIC_WORD.findall(text.lower())
    return [_porter().stemWord(one) for one in found if one not in ENGLISH_STOP_WORDS]


@cache
def _porter() -> Any:
    return snowballstemmer.stemmer("porter")


def _own_terms(text: str) -> list[str]:
    return [stem(one) for one in tokens(fold(text)) if one not in STOPPED]


def _bm25(
    texts: Mapping[str, str], *, terms: Callable[[str], list[str]], k1: float, b: float
) -> Search:
    counts = {id_: Counter(terms(text)) for id_, text in texts.items()}
    mean = sum(count.total() for count in counts.values()) / len(counts)
    frequency = Counter(term for count in counts.values() for term in count)
    idf = {
        term: math.log(1 + (len(counts) - number + 0.5) / (number + 0.5))
        for term, number in frequency.items()
    }

    def search(text: str) -> Sequence[str]:
        asked = set(terms(text)) & idf.keys()
        scores = {
            id_: sum(
                idf[term] * count[term] / (count[term] + k1 * (1 - b + b * count.total() / mean))
                for term in asked
            )
            for id_, count in counts.items()
        }
        return sorted(scores, key=lambda id_: -scores[id_])[:_TOP]

    return search
