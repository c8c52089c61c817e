"""Random GraphQL documents over the types of the graph, and the same written another way."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.schema.nodes import NOUNS
from graph.fields import FIELDS, ORDERABLE, TYPES, Field
from graph.vocabulary import Label

_DEPTH = 2
_SIZES = (1, 2, 3)
_MOST_ALIASES = 25


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A field with what is selected below it: by label where it leads to several."""

    name: str
    arguments: str = ""
    below: Mapping[str, "Sequence[Chosen]"] | None = None
    many: bool = False


def choose(chance: random.Random, label: Label, depth: int = 0) -> Sequence[Chosen]:
    """Some fields of ``label``, its id among them."""
    fields = [field for field in FIELDS[label].values() if field.property or depth < _DEPTH]
    found = chance.sample(fields, min(len(fields), chance.randint(1, 4)))
    return [
        Chosen(name="id"),
        *(_one(chance, field, depth) for field in found if field.name != "id"),
    ]


def _one(chance: random.Random, field: Field, depth: int) -> Chosen:
    if field.property:
        return Chosen(name=field.name)
    below = {str(one): choose(chance, one, depth + 1) for one in field.targets}
    if not field.many:
        return Chosen(name=field.name, below=below)
    arguments = [f"first: {chance.choice(_SIZES)}"]
    if len(field.targets) == 1 and chance.random() < 0.3:
        (target,) = field.targets
        arguments.append(f"orderBy: [{{{chance.choice(ORDERABLE[target])}: DESC}}]")
    return Chosen(name=field.name, arguments=f"({', '.join(arguments)})", below=below, many=True)


def document(chance: random.Random) -> tuple[Label, Sequence[Chosen]]:
    """A list of some type, and what is asked of its nodes."""
    label = chance.choice([*TYPES, *[Label.TICKET] * 6, *[Label.CUSTOMER] * 3])
    return label, choose(chance, label)


def plain(label: Label, chosen: Sequence[Chosen]) -> str:
    """Written once, without aliases and fragments."""
    inner = _plain({str(label): chosen}, many=True)
    return f"{{ {NOUNS[label].root}(first: 4) {inner} }}"


def _plain(below: Mapping[str, Sequence[Chosen]], *, many: bool) -> str:
    texts = {
        label: " ".join(
            f"{one.name}{one.arguments}"
            + (f" {_plain(one.below, many=one.many)}" if one.below else "")
            for one in chosen
        )
        for label, chosen in below.items()
    }
    if len(texts) == 1:
        (inner,) = texts.values()
    else:
        inner = " ".join(f"... on {label} {{ {text} }}" for label, text in texts.items())
    node = f"{{ __typename {inner} }}"
    return f"{{ totalCount edges {{ node {node} }} }}" if many else node


class Rewriter:
    """Writes a document anew: aliases, fragments, fields twice, conditions that change nothing."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._fragments: list[str] = []
        self._aliases = _MOST_ALIASES

    def write(self, label: Label, chosen: Sequence[Chosen]) -> str:
        inner = self._below({str(label): chosen}, many=True)
        # Both variables are used, whatever chance brings.
        root = f"renamed: {NOUNS[label].root}(first: 4) @include(if: $yes) @skip(if: $no) {inner}"
        text = f"query ($yes: Boolean = true, $no: Boolean = false) {{ {root} }}"
        return " ".join([text, *self._fragments])

    def _below(self, below: Mapping[str, Sequence[Chosen]], *, many: bool) -> str:
        inner = " ".join(self._of(label, chosen) for label, chosen in below.items())
        node = f"{{ {self._named('type_name', '__typename')} {inner} }}"
        if not many:
            return node
        count, rows = self._named("count", "totalCount"), self._named("rows", "edges")
        return f"{{ {count} {rows} {{ {self._named('it', 'node')} {node} }} }}"

    def _named(self, alias: str, name: str) -> str:
        """As many aliases as a document may have, where chance wants them."""
        if not self._aliases or self._chance.random() < 0.4:
            return name
        self._aliases -= 1
        return f"{alias}: {name}"

    def _of(self, label: str, chosen: Sequence[Chosen]) -> str:
        texts = [self._field(one) for one in chosen]
        self._chance.shuffle(texts)
        # The id once more: what is selected twice is one field.
        texts.append("id")
        half = len(texts) // 2
        parts = [self._wrapped(label, texts[:half]), self._wrapped(label, texts[half:])]
        return " ".join(part for part in parts if part)

    def _wrapped(self, label: str, texts: Sequence[str]) -> str:
        if not texts:
            return ""
        text = f"__typename @skip(if: $yes) {' '.join(texts)}"
        if self._chance.random() < 0.5:
            return f"... on {label} @include(if: $yes) {{ {text} }}"
        name = f"F{len(self._fragments)}"
        self._fragments.append(f"fragment {name} on {label} {{ {text} }}")
        return f"...{name} @skip(if: $no)"

    def _field(self, one: Chosen) -> str:
        inner = f" {self._below(one.below, many=one.many)}" if one.below else ""
        return f"{self._named(f'as_{one.name}', one.name)}{one.arguments}{inner}"


_BACK = {
    "type_name": "__typename",
    "count": "totalCount",
    "rows": "edges",
    "it": "node",
}


def named_back(value: Any) -> Any:
    """A rewritten answer under the names of the plain one."""
    if isinstance(value, list):
        return [named_back(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        (_BACK.get(key) or key.removeprefix("as_")): named_back(one) for key, one in value.items()
    }


def settled(value: Any) -> str:
    """One text for equal answers."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
