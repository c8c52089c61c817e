"""What every resolver is handed: the platform, who asks, and the request's id."""

from dataclasses import dataclass

import strawberry

from api.bootstrap import Platform
from graph.model import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """One request."""

    platform: Platform
    actor: Actor
    request_id: str


Info = strawberry.Info[Context, None]
