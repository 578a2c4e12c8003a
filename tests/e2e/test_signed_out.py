"""A site that signs its user out in mid-run: the run says so, and guesses nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agentjit.sites import load_site
from tests.e2e.hire import events_of
from tests.e2e.outgrown import changes, living

pytestmark = pytest.mark.browser

SITE = load_site("dashdish").toolset
#: Nobody waits ten seconds here for what does not come.
DASHDISH = replace(
    SITE, tools=tuple(replace(tool, timeout=min(tool.timeout, 2.0)) for tool in SITE.tools)
)
ORDER = """\
goto_store("Taco Bell")
add_to_cart("Cinnamon Bites")
goto_checkout()
result = place_order()
"""


@pytest.mark.parametrize(
    ("faults", "retry"), [("expire@/store", False), ("expire@/checkout", True)]
)
async def test_it_is_told_as_what_it_is(tmp_path: Path, faults: str, retry: bool) -> None:
    # There is a model, and it is not asked to sign in.
    async with living(DASHDISH, tmp_path, answers=[], faults=faults, approve=True, retry=retry) as (
        jit,
        clicker,
        _,
    ):
        result = await jit.run("order cinnamon bites from Taco Bell", plan=ORDER)
        changed = await changes(jit)
    assert (result.status, result.exit_code) == ("failed", 1)
    assert result.error is not None
    assert result.error.code == "signed-out", result.error
    assert "agentjit auth save" in result.error.hint
    assert "foodOrders" not in changed
    assert clicker.steps == []
    kinds = [event["kind"] for event in events_of(result.run_dir)]
    assert kinds.count("signed-out") == 1
    assert "stopped-at" in kinds
    assert "replanning" not in kinds


async def test_before_the_plan_begins_it_is_told_too(tmp_path: Path) -> None:
    async with living(DASHDISH, tmp_path, faults="expire@1") as (jit, _, _):
        result = await jit.run("order cinnamon bites from Taco Bell", plan=ORDER)
    assert result.error is not None
    assert result.error.code == "signed-out", result.error


async def test_what_was_attempted_then_is_not_called_undone(tmp_path: Path) -> None:
    async with living(DASHDISH, tmp_path, faults="expire@POST/checkout/place", approve=True) as (
        jit,
        _,
        _,
    ):
        result = await jit.run("order cinnamon bites from Taco Bell", plan=ORDER)
        changed = await changes(jit)
    assert "foodOrders" not in changed
    # Its list of orders cannot be read any more, so nothing says that there is none.
    assert (result.status, result.exit_code) == ("unknown", 5)
    kinds = [event["kind"] for event in events_of(result.run_dir)]
    assert kinds.count("commit-attempted") == 1
    assert "signed-out" in kinds
