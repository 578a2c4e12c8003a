"""A sentence ends in a verified order, under seeds that change what is cheapest."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentjit.engine import AgentJIT
from agentjit.sites.dashdish.catalogue import catalogue

pytestmark = pytest.mark.browser

STORE = "Taco Bell"
#: Every seed is tried by `make check-slow`; the first ones always.
SEEDS = [pytest.param(s, marks=[pytest.mark.slow] if s > 3 else []) for s in range(1, 21)]


def cheapest(seed: int) -> str:
    """The cheapest item that is not sold out, by the site's own data."""
    store = next(s for s in catalogue(seed).stores if s.name == STORE)
    items = [i for section in store.menu for i in section.items if not i.sold_out]
    return min(items, key=lambda i: i.cents).name


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_cheapest_item_is_ordered_once(seed: int, tmp_path: Path) -> None:
    async with AgentJIT("dashdish", approve=True, seed=seed, runs_dir=tmp_path) as jit:
        result = await jit.run(f"order the cheapest item from {STORE}")
    assert result.status == "done", result.error
    added = result.record["foodOrders"]["added"]
    (order,) = added.values()
    bought = [(line["name"], line["quantity"]) for line in order["cartItems"]]
    assert (order["restaurantName"], bought) == (STORE, [(cheapest(seed), 1)])
    assert [c.outcome for c in result.commits] == ["done"]
    assert result.usage.calls == 0
    assert result.run_dir is not None
    kept = {p.name for p in result.run_dir.iterdir()}
    assert {"plan.py", "events.jsonl", "result.json", "site.json"} <= kept


def test_seeds_change_the_answer() -> None:
    assert len({cheapest(seed) for seed in range(1, 21)}) > 5


async def test_without_a_grant_nothing_is_ordered(tmp_path: Path) -> None:
    async with AgentJIT("dashdish", runs_dir=tmp_path) as jit:
        result = await jit.run(f"order the cheapest item from {STORE}")
        assert (result.status, result.exit_code, result.commits) == ("refused", 4, ())
        assert result.record["foodOrders"]["added"] == {}
