"""The composition root: the only code that names a concrete engine and puts the rooms together."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from api.bus import Bus, LocalBus, changed
from api.importing import importing
from api.plan.cache import Memory
from api.sealing import Vault
from api.settings import Settings
from extractors.errors import ModelError
from graph.busy import Busy
from graph.engines import open_store
from graph.errors import GraphError
from graph.intake import Intake
from graph.knowledge import Knowledge, read_knowledge
from graph.migrations import migrate
from graph.model import Actor
from graph.policy import Draft, find_policy, get_policy, read_epochs
from graph.queries import load_catalogue
from graph.remembered import stop_reading
from graph.rights import Rights
from graph.schema import INDEXES
from graph.selection.degree import Degrees, read_degrees
from graph.staff import Staff, read_staff
from graph.store import Store
from graph.weighing import SHIPPED, Weighing, load_weighing
from policies.errors import PolicyTextError
from policies.policy import Policy, load_policy, shipped_policy
from policies.sealing import Sealer, load_master_key

if TYPE_CHECKING:
    from extractors.pipeline import Extractor

log = logging.getLogger("deskgraph.bootstrap")
REFRESH_SECONDS = 0.5
MEASURE_SECONDS = 600.0
SHIPPED_BY = "deskgraph"
_ENGINE_BEGINS_SECONDS = 0.05


@dataclass(kw_only=True)
class Platform:
    """Everything a service needs.

    ``extractor`` is replaced whole when knowledge moves, ``policy`` when another is in force;
    ``degrees`` are empty until they are measured; ``weighing`` is what training made of history.
    ``busy`` knows how many tickets each agent has open.
    """

    settings: Settings
    store: Store
    intake: Intake
    policy: Policy
    vault: Vault
    extractor: "Extractor"
    _refused: int = 0
    bus: Bus = field(default_factory=LocalBus)
    memory: Memory = field(default_factory=Memory)
    degrees: Degrees = field(default_factory=dict)
    weighing: Weighing = SHIPPED
    staff: Staff = field(default_factory=Staff)
    busy: Busy = field(init=False)

    def __post_init__(self) -> None:
        """Counts are of this graph."""
        self.busy = Busy(self.store)

    def rights(self, actor: Actor) -> Rights:
        """What the actor's roles may do; computed once per set of roles."""
        return self.policy.rights(actor.roles)

    async def refresh(self, *, force: bool = False) -> bool:
        """Read again what has moved since; say whether knowledge or model had.

        Raises:
            EngineError, UnavailableError: the graph cannot be read.
        """
        epochs = await read_epochs(self.store)
        if epochs.policy != self.policy.epoch:
            await self.refresh_policy()
        if not force and epochs.knowledge == self.extractor.knowledge.epoch:
            return False
        knowledge = await read_knowledge(self.store)
        # In a thread: building indexes takes longer than a request should wait.
        self.extractor = await asyncio.to_thread(_extractor, knowledge, self.settings)
        self.weighing = _weighing(self.settings)
        self.staff = await read_staff(self.store)
        return True

    async def announce(self, ids: Iterable[str]) -> None:
        """Tell everybody who follows that the tickets with these numbers changed: to be called
        after every commit that changed, made or deleted some. Never fails.
        """
        await self.bus.announce(changed(ids))

    async def measure(self) -> None:
        """How the graph is linked now, by which requests are judged too complex.

        Raises:
            EngineError, UnavailableError: the graph cannot be read.
        """
        self.degrees = await read_degrees(self.store)

    async def refresh_policy(self) -> None:
        """Judge by the version in force from now on.

        One that this code cannot read leaves the former in place, and a line in the log.

        Raises:
            EngineError, UnavailableError: the graph cannot be read.
        """
        version = await find_policy(self.store)
        if version is None or version.epoch == self.policy.epoch:
            return
        try:
            self.policy = load_policy(version.text, source=version.id, epoch=version.epoch)
        except PolicyTextError as error:
            if self._refused != version.epoch:
                log.error("policy %d kept, %s: %s", self.policy.epoch, version.id, error.code)
            self._refused = version.epoch
        else:
            log.info("policy read again, epoch %d", version.epoch)


@asynccontextmanager
async def open_platform(
    settings: Settings, *, watch: bool = False, meanwhile: Callable[[], object] | None = None
) -> AsyncIterator[Platform]:
    """Open the graph, bring its schema up to date, load policy, keys, knowledge and model.

    ``watch`` is for who serves: it asks first what will be asked most, and follows both epochs
    until the context ends. ``meanwhile`` is called while the
    engine starts: what only the caller imports costs nothing there.

    Raises:
        EngineError, UnavailableError, KeyFileError, PolicyTextError: nothing was started.
    """
    key = load_master_key(settings.master_key_file, create=not settings.production)
    with importing():
        opening = asyncio.create_task(_open_graph(settings))
        await asyncio.sleep(_ENGINE_BEGINS_SECONDS)
        _warm_up()
        if meanwhile:
            meanwhile()
    store = await opening
    try:
        await migrate(store)
        platform = Platform(
            settings=settings,
            store=store,
            intake=Intake(store),
            policy=await _policy(store),
            vault=Vault(Sealer.from_key(key)),
            extractor=_extractor(await read_knowledge(store), settings),
            bus=_bus(settings),
            weighing=_weighing(settings),
            staff=await read_staff(store),
        )
        try:
            if watch:
                await platform.measure()
            async with following(platform) if watch else contextlib.nullcontext():
                yield platform
        finally:
            await platform.bus.close()
    finally:
        await stop_reading(store)
        await store.close()


@asynccontextmanager
async def following(platform: Platform) -> AsyncIterator[None]:
    """Keep ``platform`` up to date with both epochs until the context ends."""
    moved = asyncio.Event()
    loops = (_follow(platform, moved), _measure(platform, moved))
    tasks = [asyncio.create_task(one) for one in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task


def _weighing(settings: Settings) -> Weighing:
    try:
        return load_weighing(settings.models)
    except GraphError as error:
        log.warning("%s", error)
        return SHIPPED


def _bus(settings: Settings) -> Bus:
    if not settings.redis_url:
        return LocalBus()
    # Imported here: most commands and servers of one process never see Redis.
    from api.redisbus import RedisBus  # noqa: PLC0415

    return RedisBus(settings.redis_url)


async def _open_graph(settings: Settings) -> Store:
    return await open_store(
        settings.graph_url,
        catalogue=load_catalogue(),
        items=INDEXES,
        user=settings.graph_user or None,
        password=settings.graph_password or None,
        database=settings.graph_database or None,
        linger_seconds=settings.graph_linger_seconds,
    )


async def _policy(store: Store) -> Policy:
    """The policy in force; the shipped one, where the graph has none yet."""
    first = Draft(text=shipped_policy(), author=SHIPPED_BY, reason="shipped with this version")
    version = await get_policy(store, first)
    try:
        return load_policy(version.text, source=version.id, epoch=version.epoch)
    except PolicyTextError as error:
        raise PolicyTextError(
            f"the policy in force cannot be read by this version of deskgraph: {error}; "
            "start the version that wrote it, and apply a policy that both can read"
        ) from None


async def _follow(platform: Platform, moved: asyncio.Event) -> None:
    while True:
        await asyncio.sleep(REFRESH_SECONDS)
        try:
            if await platform.refresh():
                log.info("knowledge read again, epoch %d", platform.extractor.knowledge.epoch)
                moved.set()
        except GraphError as error:
            # A graph that is away comes back; until then we answer from what we know.
            log.warning("epochs not read: %s", error.code)


async def _measure(platform: Platform, moved: asyncio.Event) -> None:
    """Beside the follower: it takes a large graph longer than another policy may wait."""
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MEASURE_SECONDS):
                await moved.wait()
        moved.clear()
        try:
            await platform.measure()
        except GraphError as error:
            log.warning("degrees not measured: %s", error.code)


@cache
def _warm_up() -> None:
    # spaCy takes seconds to import and for its first pipeline: they pass while the engine starts.
    from extractors.pipeline import Extractor  # noqa: PLC0415

    Extractor(Knowledge())


def _extractor(knowledge: Knowledge, settings: Settings) -> "Extractor":
    from extractors.classifier import load_classifier  # noqa: PLC0415 - see above
    from extractors.pipeline import Extractor  # noqa: PLC0415 - see above

    classifier = None
    if (settings.models / "classifier.json").exists():
        try:
            classifier = load_classifier(settings.models)
        except ModelError as error:
            log.warning("%s", error)
    return Extractor(knowledge, classifier)
