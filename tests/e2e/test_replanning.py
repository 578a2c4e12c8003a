"""Where a plan fails on the site and nothing was changed, one other plan is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentjit.engine import AgentJIT
from agentjit.runtime.result import RunResult
from tests.e2e.hire import events_of
from tests.fixtures.fake_endpoint import FakeEndpoint, Reply, Seen, fake_endpoint, writes

pytestmark = pytest.mark.browser

TASK = "What is the cheapest item of Taco Bell?"

#: It checks, and the site has no such item.
WRONG = """\
goto_store("Taco Bell")
result = get_item_details("Taco Bell")["name"]
"""
WRONG_TOO = WRONG.replace("result =", "name =") + "result = name\n"
RIGHT = """\
goto_store("Taco Bell")
result = min(list_menu_items(), key=lambda item: item["price"])["name"]
"""
#: It fails after it has changed the account.
CHANGING = """\
goto_store("Taco Bell")
add_to_cart(min(list_menu_items(), key=lambda item: item["price"])["name"])
result = get_item_details("Taco Bell")["name"]
"""


async def run_with(
    first: str, second: str, tmp_path: Path, **options: Any
) -> tuple[RunResult, list[str], FakeEndpoint]:
    def script(_: int, seen: Seen) -> Reply:
        told = "on the site it failed" in str(seen.body["messages"])
        return writes(second if told else first)

    async with fake_endpoint(script=script) as endpoint:
        env = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": endpoint.base_url}
        engine = AgentJIT(
            "dashdish", env=env, runs_dir=tmp_path, cache=False, goals=False, **options
        )
        async with engine as jit:
            result = await jit.run(TASK)
    return result, [event["kind"] for event in events_of(result.run_dir)], endpoint


async def test_another_plan_is_made_once(tmp_path: Path) -> None:
    result, kinds, endpoint = await run_with(WRONG, RIGHT, tmp_path)
    assert result.status == "done", result.error
    assert result.plan == RIGHT
    assert isinstance(result.value, str)
    assert kinds.count("replanning") == 1
    assert result.run_dir is not None
    assert (result.run_dir / "plan.py").read_text("utf-8") == RIGHT
    told = next(m for m in map(_text, endpoint.requests) if "on the site it failed" in m)
    assert "at line 2: tool-failed" in told
    item = "Cheese Quesadilla"
    assert item not in told, "what the site said is kept from the planner"


def _text(seen: Seen) -> str:
    return str(seen.body["messages"])


async def test_the_second_failure_ends_the_run(tmp_path: Path) -> None:
    result, kinds, _ = await run_with(WRONG, WRONG_TOO, tmp_path)
    assert (result.status, result.exit_code) == ("failed", 1)
    assert kinds.count("replanning") == 1
    assert result.plan == WRONG_TOO


async def test_the_same_plan_is_not_tried_again(tmp_path: Path) -> None:
    result, kinds, _ = await run_with(WRONG, WRONG, tmp_path)
    assert result.status == "failed"
    assert result.error is not None
    assert result.error.code == "tool-failed", "the first error says more"
    assert kinds[-3:] == ["not-replanned", "stopped-at", "run-ended"]


async def test_no_other_plan_is_made_once_the_account_was_changed(tmp_path: Path) -> None:
    result, kinds, _ = await run_with(CHANGING, RIGHT, tmp_path)
    assert result.status == "failed"
    assert "replanning" not in kinds


async def test_no_other_plan_is_made_where_that_is_switched_off(tmp_path: Path) -> None:
    result, kinds, _ = await run_with(WRONG, RIGHT, tmp_path, replan=False, retry=False)
    assert result.status == "failed"
    assert "replanning" not in kinds
    assert "call-repeated" not in kinds
