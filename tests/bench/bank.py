"""Real retrieval: a bank's documents built into a graph, and customers' questions in two languages.

Beside it BM25 over the same documents, stemmed and without stop words, in the same run.
"""

import csv
import json
import math
import tempfile
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path

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

_K1, _B = 1.2, 0.5
"""As in the product's own index."""
_TOP = 10
_FOUND = 40
Questions = Mapping[str, Sequence[tuple[str, frozenset[str]]]]
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

            plain = _bm25(
                {id_: f"{one['title']} {one['content']}" for id_, one in documents.items()}
            )
            for language, questions in asked.items():
                ours, theirs = _recall(built, questions), _recall(plain, questions)
                note = f"{ours / theirs:.2f} × BM25 of this run, {theirs:.3f}"
                yield Value(name=f"bank_{language}", value=ours, rows=len(questions), note=note)


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


def _terms(text: str) -> list[str]:
    return [stem(one) for one in tokens(fold(text)) if one not in STOPPED]


def _bm25(texts: Mapping[str, str]) -> Search:
    counts = {id_: Counter(_terms(text)) for id_, text in texts.items()}
    mean = sum(count.total() for count in counts.values()) / len(counts)
    frequency = Counter(term for count in counts.values() for term in count)
    idf = {
        term: math.log(1 + (len(counts) - number + 0.5) / (number + 0.5))
        for term, number in frequency.items()
    }

    def search(text: str) -> Sequence[str]:
        asked = set(_terms(text)) & idf.keys()
        scores = {
            id_: sum(
                idf[term] * count[term] / (count[term] + _K1 * (1 - _B + _B * count.total() / mean))
                for term in asked
            )
            for id_, count in counts.items()
        }
        return sorted(scores, key=lambda id_: -scores[id_])[:_TOP]

    return search
