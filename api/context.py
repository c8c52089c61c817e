"""What every resolver is handed: the platform, who asks, and the request's id."""

from dataclasses import dataclass, field

import strawberry

from api.bootstrap import Platform
from api.live.feed import Feed
from api.plan.cost import Spending
from graph.model import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class Withheld:
    """Coordinates that one operation asked for and got nothing of, or not in full in every row."""

    denied: set[str] = field(default_factory=set)
    masked: set[str] = field(default_factory=set)

    def shown(self) -> dict[str, list[str]] | None:
        """As the response carries it; ``None`` when nothing was withheld."""
        if not self.denied and not self.masked:
            return None
        return {"denied": sorted(self.denied), "masked": sorted(self.masked)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """One request; with a ``feed`` of changes, a subscription."""

    platform: Platform
    actor: Actor
    request_id: str
    feed: Feed | None = None
    withheld: Withheld = field(default_factory=Withheld)
    spending: Spending = field(init=False)

    def __post_init__(self) -> None:
        """One budget for all that the operation reads."""
        self._budget()

    def forget(self) -> None:
        """Begin anew what one answer spends, and tells of what was withheld: a subscription has
        many answers.
        """
        self.withheld.denied.clear()
        self.withheld.masked.clear()
        self._budget()

    def _budget(self) -> None:
        object.__setattr__(self, "spending", Spending(degrees=self.platform.degrees))


Info = strawberry.Info[Context, None]
