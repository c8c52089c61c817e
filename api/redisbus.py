"""The bus of several processes: Redis, as a channel and nothing else; it keeps nothing of ours."""

import asyncio
import logging
from typing import Any

import orjson
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from api.bus import RELOAD, Changes, LocalBus

log = logging.getLogger("deskgraph.bus")
CHANNEL = "deskgraph.changes"
AGAIN_SECONDS = 0.5
_HEAR_SECONDS = 5.0
_CONNECT_SECONDS = 2.0


class RedisBus(LocalBus):
    """Of several processes, over the publish and subscribe of one Redis.

    While Redis is away a process hears itself only; when it is back, everybody reloads.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._redis: Redis = Redis.from_url(
            url,
            socket_connect_timeout=_CONNECT_SECONDS,
            socket_timeout=_CONNECT_SECONDS + _HEAR_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        database = self._redis.connection_pool.connection_kwargs.get("db", 0)
        # Publishing knows no databases: the number keeps installations apart.
        self._channel = f"{CHANNEL}.{database}"
        self._owes = False
        self._hears = asyncio.Event()
        self._hearing = asyncio.create_task(self._hear())

    async def announce(self, changes: Changes) -> None:
        """See ``Bus``."""
        sent = RELOAD if self._owes else changes
        try:
            await self._redis.publish(self._channel, _written(sent))
        except (RedisError, OSError) as error:
            log.warning("not announced to other processes: %s", type(error).__name__)
            self._owes = True
            self.tell(changes)
        else:
            self._owes = False
            if not self._hears.is_set():
                self.tell(changes)

    async def hearing(self) -> None:
        """Returns as soon as announcements are heard."""
        await self._hears.wait()

    async def close(self) -> None:
        """See ``Bus``."""
        self._hearing.cancel()
        await asyncio.gather(self._hearing, return_exceptions=True)
        await self._redis.aclose()
        await super().close()

    async def _hear(self) -> None:
        first = True
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(self._channel)
                    await self._until_lost(channel, first=first)
            except (RedisError, OSError) as error:
                log.warning("announcements are not heard: %s", type(error).__name__)
            finally:
                first = first and not self._hears.is_set()
                self._hears.clear()
            await asyncio.sleep(AGAIN_SECONDS)

    async def _until_lost(self, channel: PubSub, *, first: bool) -> None:
        while True:
            message: Any = await channel.get_message(timeout=_HEAR_SECONDS)
            if message is None:
                # Nothing for a while: an answer shows that the connection still stands.
                await channel.ping()
            elif message["type"] == "subscribe":
                self._hears.set()
                if not first:
                    log.info("announcements are heard again")
                    self.tell(RELOAD)
                if self._owes:
                    await self.announce(RELOAD)
            elif message["type"] == "message":
                self.tell(_read(message["data"]))


def _written(changes: Changes) -> bytes:
    return orjson.dumps({"tickets": changes.tickets, "reload": changes.reload})


def _read(data: bytes) -> Changes:
    """What another process said; whatever cannot be read may have been anything."""
    try:
        found = orjson.loads(data)
        return Changes(tickets=tuple(map(str, found["tickets"])), reload=bool(found["reload"]))
    except (orjson.JSONDecodeError, KeyError, TypeError):
        log.warning("an announcement could not be read")
        return RELOAD
