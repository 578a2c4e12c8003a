"""Orders by plan beside orders by hand: the same order, and figures of both."""

from __future__ import annotations

import json

import pytest

from agentjit.bench.ladder import RUNGS, Ladder, Rung, measure_ladder
from agentjit.compiler.check import check_or_raise
from agentjit.sites import load_site
from agentjit.source import Source


def test_the_rungs_are_orders_that_check() -> None:
    assert [rung.actions for rung in RUNGS] == [6, 10, 20]
    names = [f"Dish {number}" for number in range(10)]
    for rung in RUNGS:
        checked = check_or_raise(Source("plan", rung.plan(names)), load_site("dashdish").toolset)
        assert checked.final is not None


def test_the_ratio_is_that_of_pairs() -> None:
    ladder = Ladder({6: (1.0, 2.0, 10.0)}, {6: (2.0, 2.0, 11.0)}, {6: (0.5, 0.5, 0.5)})
    assert ladder.ratio(6) == pytest.approx(1.1)
    assert json.loads(json.dumps(ladder.to_json()))["6"]["ratio"] == 1.1
    assert "by plan / by hand: 1.10 (6 actions)" in ladder.show()


@pytest.mark.browser
async def test_both_order_on_the_site() -> None:
    ladder = await measure_ladder(1, (Rung(2, (("tip", "3.00"), ("drop_off", "Hand it to me"))),))
    (actions,) = ladder.by_hand
    assert actions == 10
    assert ladder.by_plan[actions][0] > ladder.checking[actions][0] > 0
