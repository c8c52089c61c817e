"""Who is behind a connection that stays open, and how long that may be believed."""

from dataclasses import dataclass

from graph.model import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """An actor with the credentials they showed: one of both, or neither.

    ``expires_at`` is in seconds since the epoch, ``None`` where the credentials do not say;
    ``epoch`` is that of the knowledge when they were read.
    """

    actor: Actor
    authorization: str | None = None
    key: str | None = None
    expires_at: float | None = None
    epoch: int = 0
