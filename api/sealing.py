"""The vault that intake and the loader are handed: normal forms of extractors, keys of policies."""

from dataclasses import dataclass
from functools import cache

from extractors.identifiers import Pattern, find_marks, load_patterns
from graph.text import fold
from policies.sealing import Sealer, hint, name_tokens
from seed.ports import SealedValue

_HINTS = {"birth_date": "text", "address": "text"}


@dataclass(frozen=True)
class Vault:
    """Seals values in the form in which they are looked up again."""

    sealer: Sealer

    def new_data_key(self, owner: str) -> str:
        """See ``Sealer.new_data_key``."""
        return self.sealer.new_data_key(owner)

    def seal_text(self, value: str, *, owner: str, field: str, data_key: str) -> str:
        """See ``Sealer.seal``."""
        return self.sealer.seal(value, owner=owner, field=field, data_key=data_key)

    def seal_value(
        self, value: str, *, owner: str, field: str, kind: str, data_key: str
    ) -> SealedValue:
        """Sealed, masked and indexed; names are indexed as a whole and word by word."""
        return SealedValue(
            sealed=self.sealer.seal(value, owner=owner, field=field, data_key=data_key),
            hint=hint(value, kind=_HINTS.get(kind, kind)),
            index=self.index(value, kind=kind),
        )

    def index(self, value: str, *, kind: str) -> str | list[str]:
        """The blind index under which ``value`` was, or would be, stored."""
        if kind == "name":
            return [self.sealer.index(f"name|{token}") for token in name_tokens(value)]
        return self.sealer.index(f"{kind}|{normal_form(value)}")


@cache
def _patterns() -> tuple[Pattern, ...]:
    return load_patterns()


def normal_form(value: str) -> str:
    """The identifier's own normal form if the whole value is one, else folded and trimmed."""
    folded = " ".join(fold(value).split())
    marks = find_marks(folded, _patterns())
    if len(marks) == 1 and (marks[0].start, marks[0].end) == (0, len(folded)):
        return marks[0].value
    return folded
