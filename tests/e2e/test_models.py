"""Whole runs that a scripted model plans: what they spend, what is recorded, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.hire import CHEAPEST_DRILL, PLAN, open_hire
from tests.fixtures.fake_endpoint import (
    FakeEndpoint,
    Reply,
    Seen,
    fake_endpoint,
    never,
    says,
    writes,
)

pytestmark = pytest.mark.browser

TASK = "book the cheapest drill at Millbrook for 2 days"
ASKING = """\
open_depot("Millbrook")
names = [m["machine_name"] for m in show_machines()]
first = ai_eval("Is it heavy?", returns=bool, name=names[0])
again = ai_eval("Is it heavy?", returns=bool, name=names[0])
result = [first, again]
"""


def options(endpoint: FakeEndpoint, **more: Any) -> dict[str, Any]:
    env = {"OPENAI_API_KEY": "sk-test-0123456789", "OPENAI_BASE_URL": endpoint.base_url}
    return {"planner": "model", "env": env, "approve": True, "cache": False, "goals": False, **more}


async def test_a_recorded_run_is_repeated_without_a_key_or_an_endpoint(tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    async with fake_endpoint(writes(PLAN)) as endpoint:
        async with open_hire(tmp_path, **options(endpoint, record=path)) as hire:
            first = await hire.run(TASK)
        assert endpoint.requests
    replay: dict[str, Any] = {
        "planner": "model",
        "env": {},
        "approve": True,
        "cache": False,
        "goals": False,
        "replay": path,
    }
    async with open_hire(tmp_path, **replay) as hire:
        again = await hire.run(TASK)
        assert await hire.bookings() == [[CHEAPEST_DRILL]]
    assert (first.status, again.status) == ("done", "done")
    assert again.plan == first.plan
    assert again.origin is not None
    assert again.origin.startswith("openai/")


async def test_a_run_that_may_spend_nothing_more_does_nothing(tmp_path: Path) -> None:
    async with fake_endpoint(writes(PLAN)) as endpoint:
        async with open_hire(tmp_path, **options(endpoint, max_tokens=100)) as hire:
            result = await hire.run(TASK)
            assert await hire.bookings() == []
        assert endpoint.requests == []
    assert (result.status, result.exit_code) == ("budget-spent", 6)
    assert result.error is not None
    assert "--max-tokens" in result.error.message


async def test_questions_of_a_plan_are_asked_once_and_paid_for_out_of_the_same_budget(
    tmp_path: Path,
) -> None:
    def script(_: int, request: Seen) -> Reply:
        return says('{"answer": true}') if "response_format" in request.body else writes(ASKING)

    async with (
        fake_endpoint(script=script) as endpoint,
        open_hire(tmp_path, **options(endpoint, max_cost=1.0)) as hire,
    ):
        result = await hire.run("is the first machine at Millbrook heavy?")
    asked = [seen for seen in endpoint.requests if "response_format" in seen.body]
    assert result.value == [True, True]
    assert len(asked) == 1
    # An endpoint on this machine costs nothing.
    assert (result.usage.dollars, result.usage.unpriced) == (0.0, 0)
    assert result.usage.calls == len(endpoint.requests)


def asks_for_goal(seen: Seen) -> bool:
    """Whether a request is for a goal record."""
    return "goal record" in seen.body["messages"][0]["content"]


RECORD = 'count show_machines() in show_depots() = "Millbrook"'
ODD = "how many machines does Millbrook boast, pray?"


async def test_a_goal_record_plans_a_run_is_paid_for_and_is_replayed(tmp_path: Path) -> None:
    def script(_: int, request: Seen) -> Reply:
        return says(RECORD) if asks_for_goal(request) else writes("result = len(show_machines())\n")

    path = tmp_path / "said.jsonl"
    more: dict[str, Any] = {"goals": True, "planner": "auto", "record": path}
    async with fake_endpoint(script=script) as endpoint:
        async with open_hire(tmp_path, **options(endpoint, **more)) as hire:
            result = await hire.run(ODD)
        assert len([r for r in endpoint.requests if asks_for_goal(r)]) == 1
        assert result.usage.calls == len(endpoint.requests)
    assert result.status == "done", result.error
    assert result.origin is not None
    assert result.origin.endswith(", goal record")
    assert isinstance(result.value, int)
    replay: dict[str, Any] = {"env": {}, "cache": False, "replay": path, "planner": "auto"}
    async with open_hire(tmp_path, **replay) as hire:
        again = await hire.run(ODD)
    assert (again.value, again.origin) == (result.value, result.origin)


async def test_without_goals_the_model_writes_plans_alone(tmp_path: Path) -> None:
    async with fake_endpoint(writes(PLAN)) as endpoint:
        async with open_hire(tmp_path, **options(endpoint, planner="auto")) as hire:
            choice = await hire.jit.plan(TASK)
        assert not any(map(asks_for_goal, endpoint.requests))
    assert not choice.winner.candidate.composed


async def test_where_no_two_plans_agree_nothing_is_booked(tmp_path: Path) -> None:
    plans = [PLAN, PLAN.replace("min(", "max("), PLAN.replace("daily_rate", "weight_kg")]
    replies = [*map(writes, plans), *[never()] * 5]
    async with (
        fake_endpoint(*replies, together=8) as endpoint,
        open_hire(tmp_path, **options(endpoint, agree=True)) as hire,
    ):
        result = await hire.run(TASK)
        assert await hire.bookings() == []
    assert (result.status, result.exit_code) == ("no-plan", 3)
    assert result.error is not None
    assert result.error.code == "plans-disagree"
