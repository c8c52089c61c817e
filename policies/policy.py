"""The policy in force: checked text, and the ``Rights`` of any set of roles computed from it.

Casbin is the only judge, asked once per role and never per request (``policies/matrix.py``). A set
of roles has the strongest show of each per scope, so a deny binds its role and its heirs only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from graph.rights import Action, Ladder, Rights, Scope, Show, readable, settled, strongest
from policies.errors import PolicyTextError
from policies.matrix import Decision, RoleMatrix
from policies.objects import OBJECTS, TELLING, actions_of, is_value, maskable, scopes_of
from policies.text import ROLES, Heir, Rule, read_policy

__all__ = ["ROLES", "Decision", "Policy", "Rule", "load_policy", "shipped_policy"]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A checked policy. ``epoch`` is that of the version in force; 1 of a text outside a graph."""

    rules: tuple[Rule, ...]
    heirs: tuple[Heir, ...] = ()
    epoch: int = 1
    _matrices: dict[str, RoleMatrix] = field(default_factory=dict, repr=False, compare=False)
    _known: dict[frozenset[str], Rights] = field(default_factory=dict, repr=False, compare=False)

    def rights(self, roles: Iterable[str]) -> Rights:
        """What ``roles`` (bare names) may do together; computed once for each set.

        Unknown role names carry no right.
        """
        key = frozenset(roles)
        if key not in self._known:
            matrices = [self.matrix(role) for role in sorted(key & set(ROLES))]
            self._known[key] = Rights(roles=key, epoch=self.epoch, cells=dict(_cells(matrices)))
        return self._known[key]

    def decide(self, role: str, coordinate: str, action: str, scope: Scope) -> Decision:
        """What Casbin says of one role, and by which rule; ``role`` is a bare name.

        ``rights`` count it only where the scope applies, a mask is possible, and what is filtered,
        sorted or aggregated may be read in full.
        """
        return self.matrix(role).decisions(coordinate, action)[scope]

    def matrix(self, role: str) -> RoleMatrix:
        """Every decision for one role."""
        if role not in self._matrices:
            self._matrices[role] = RoleMatrix(role, self.rules, self.heirs)
        return self._matrices[role]


def _cells(matrices: Sequence[RoleMatrix]) -> Iterator[tuple[tuple[str, str], Ladder]]:
    """Every cell that shows something. Coordinates decided alike share their ladders."""
    known: dict[tuple[object, ...], Mapping[str, Ladder]] = {}
    for coordinate in OBJECTS if matrices else ():
        classes = tuple(matrix.alike(coordinate) for matrix in matrices)
        alike = (
            *classes,
            actions_of(coordinate),
            scopes_of(coordinate),
            maskable(coordinate, Action.READ),
            is_value(coordinate),
        )
        if alike not in known:
            known[alike] = dict(_ladders(matrices, coordinate))
        for action, ladder in known[alike].items():
            yield (coordinate, action), ladder


def _ladders(matrices: Sequence[RoleMatrix], coordinate: str) -> Iterator[tuple[str, Ladder]]:
    read = _ladder(matrices, coordinate, Action.READ)
    for action in actions_of(coordinate):
        ladder = _ladder(matrices, coordinate, action)
        if action in TELLING and is_value(coordinate):
            ladder = readable(ladder, read)
        if ladder:
            yield action, ladder


def _ladder(matrices: Sequence[RoleMatrix], coordinate: str, action: str) -> Ladder:
    decided = [matrix.decisions(coordinate, action) for matrix in matrices]
    masked = maskable(coordinate, action)
    return settled(
        {
            scope: strongest(
                one[scope].show for one in decided if masked or one[scope].show is not Show.MASKED
            )
            for scope in scopes_of(coordinate)
        }
    )


def shipped_policy() -> str:
    """The text of ``policy.csv``."""
    return files("policies").joinpath("policy.csv").read_text("utf-8")


def load_policy(text: str | None = None, *, source: str = "policy.csv", epoch: int = 1) -> Policy:
    """Read ``text``, or the shipped policy. ``source`` names it in messages and rules.

    Raises:
        PolicyTextError: a row has an unknown word or a wrong number of columns. A misspelt effect
            or scope would otherwise silently never match, which for a deny means open.
    """
    read = read_policy(shipped_policy() if text is None else text, source=source)
    if read.problems:
        first = read.problems[0]
        raise PolicyTextError(f"{source}:{first.line}: {first.message}")
    return Policy(rules=read.rules, heirs=read.heirs, epoch=epoch)
