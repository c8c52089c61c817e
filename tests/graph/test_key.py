"""Keys and the places of agents in the graph, on every engine."""

import pytest

from graph.errors import ConstraintViolationError, NotFoundError
from graph.key import (
    ApiKey,
    Places,
    create_key,
    find_key,
    find_places,
    hashed,
    list_keys,
    revoke_key,
)
from graph.store import Store
from graph.vocabulary import Label, RelationshipType
from tests.builders import make_nodes, relate

KEY = ApiKey(
    id="k-1",
    name="web-shop",
    author="ann",
    roles=("analyst", "service"),
    secret_hash=hashed("secret"),
    created_at=1_000,
    expires_at=2_000,
)
ENDLESS = ApiKey(
    id="k-2", name="n", author="ann", roles=("service",), secret_hash="", created_at=1_500
)


async def test_a_key_comes_back_as_it_was_written(desk: Store) -> None:
    for key in (KEY, ENDLESS):
        await create_key(desk, key)
        assert await find_key(desk, key.id) == key
    assert await find_key(desk, "k-3") is None
    assert await list_keys(desk) == [ENDLESS, KEY]
    with pytest.raises(ConstraintViolationError):
        await create_key(desk, KEY)


async def test_a_revocation_is_for_good_and_keeps_its_instant(desk: Store) -> None:
    await create_key(desk, ENDLESS)
    first = await revoke_key(desk, "k-2")
    assert await revoke_key(desk, "k-2") == first > 1_700_000_000_000
    found = await find_key(desk, "k-2")
    assert found
    assert found.revoked_at == first
    assert not found.good(at=0)
    with pytest.raises(NotFoundError, match="no key 'k-3'"):
        await revoke_key(desk, "k-3")


def test_a_key_opens_with_its_secret_until_it_expires() -> None:
    assert KEY.opens("secret", at=1_999)
    assert not KEY.opens("secret", at=2_000)
    assert not KEY.opens("Secret", at=1_000)
    assert not KEY.opens("", at=1_000)


async def test_an_agent_works_in_departments_and_their_lines(desk: Store) -> None:
    await make_nodes(desk, Label.AGENT, [{"id": "agent-1"}])
    for department in ("billing", "field-service"):
        await relate(
            desk,
            RelationshipType.MEMBER_OF,
            (Label.AGENT, "agent-1"),
            (Label.DEPARTMENT, department),
        )
    assert await find_places(desk, "agent-1") == Places(
        department_ids=frozenset({"billing", "field-service"}), line_ids=frozenset({"home"})
    )
    assert await find_places(desk, "agent-2") == Places(
        department_ids=frozenset(), line_ids=frozenset()
    )
