"""An engine that is away, or the wrong one, gives the two errors a caller can act on."""

import logging
import socket

import pytest

from graph.engines import ENGINES, open_store
from graph.engines.bolt import BoltStore, Patience
from graph.engines.dialect import NEO4J
from graph.engines.link import Address, FixedLink
from graph.errors import EngineError, UnavailableError
from graph.store import Store
from tests.conformance.things import GET, SAVE
from tests.conftest import Engine


def away() -> BoltStore:
    """A store on a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"bolt://127.0.0.1:{probe.getsockname()[1]}"
    return BoltStore(
        FixedLink(Address(url=url)),
        catalogue={},
        items=(),
        dialect=NEO4J,
        patience=Patience(lost_seconds=0.2),
    )


async def test_an_engine_that_is_away_is_unavailable() -> None:
    store = away()
    with pytest.raises(UnavailableError, match="probe: the graph does not answer"):
        await store.read(GET, id="a")
    with pytest.raises(UnavailableError):
        await store.write(SAVE, id="a", value=1)
    with pytest.raises(UnavailableError):
        await store.describe()
    await store.close()


async def test_a_closed_store_is_unavailable_and_closes_twice(engine: Engine) -> None:
    store = await engine.open()
    await store.close()
    await store.close()
    with pytest.raises(UnavailableError, match="closed"):
        await store.read(GET, id="a")


async def test_a_store_says_where_and_what_it_is(things: Store, engine: Engine) -> None:
    said = await things.describe()
    assert said.keys() == {"engine", "version", "address"}
    assert said["engine"] in {"neo4j", "arcadedb"}
    assert said["version"][0].isdigit()


@pytest.mark.parametrize("url", ["mysql://host", "", "graph.db"])
async def test_an_unknown_scheme_names_the_known_ones(url: str) -> None:
    with pytest.raises(EngineError, match=r"scheme .* is unknown; use one of") as error:
        await open_store(url, catalogue={})
    assert all(scheme in str(error.value) for scheme in ENGINES)


@pytest.mark.parametrize("url", ["bolt://", "bolt://ada:s3cret@", "neo4j://[x", "embedded:"])
async def test_a_broken_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(EngineError, match="graph URL") as error:
        await open_store(url, catalogue={})
    assert "s3cret" not in str(error.value)


async def test_a_refused_password_is_an_engine_error(embedded_engine: Engine) -> None:
    store = await embedded_engine.open()
    port = (await store.describe())["address"].rpartition(":")[2]
    for wrong in (f"bolt://root:s3cret@127.0.0.1:{port}", f"neo4j://a:s3cret@127.0.0.1:{port}"):
        with pytest.raises(EngineError) as error:
            await open_store(wrong, catalogue={})
        assert "s3cret" not in str(error.value)
    await store.close()


async def test_logs_name_queries_and_hold_no_value(
    things: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await things.write(SAVE, id="ada@example.org", value="marker")
        await things.read(GET, id="ada@example.org")
    assert "run probe" in caplog.text
    assert "ada@example.org" not in caplog.text
    assert "marker" not in caplog.text
