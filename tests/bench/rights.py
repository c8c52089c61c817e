"""What ``Rights`` cost, and whether they are what Casbin says, many times over."""

import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from policies.policy import ROLES, load_policy, shipped_policy
from tests.bench.engines import Ground
from tests.bench.value import Value
from tests.policies.independent import asking, expected, requests, told

_ROUNDS = 9
_REQUESTS = 100_000


async def rights(_: Ground) -> AsyncIterator[Value]:
    """The dearest role of the shipped policy, from its rows; then random requests."""
    costs = {role: _milliseconds(role) for role in ROLES}
    dearest = max(ROLES, key=lambda role: costs[role])
    note = f"dearest {dearest}, cheapest {min(costs.values()):.1f}"
    yield Value(name="rights_cpu", value=costs[dearest], note=note)
    with tempfile.TemporaryDirectory() as folder:
        yield Value(name="rights_wrong", value=_differences(Path(folder)), rows=_REQUESTS)


def _milliseconds(role: str) -> float:
    """CPU, the median of some rounds, each on a policy that was asked nothing yet."""
    found = []
    for _ in range(_ROUNDS):
        policy = load_policy()
        started = time.process_time()
        policy.rights([role])
        found.append((time.process_time() - started) * 1e3)
    return statistics.median(found)


def _differences(folder: Path) -> int:
    policy, ask = load_policy(), asking(shipped_policy().splitlines(), folder)
    return sum(
        told(policy.rights(request[0]), *request[1:]) is not expected(ask, *request)
        for request in requests(_REQUESTS, seed=41)
    )
