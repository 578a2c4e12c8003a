"""What a plan begins with is done while a model still writes the rest of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentjit.engine import AgentJIT
from agentjit.ports import RunEvent
from tests.e2e.hire import BOOK, CHEAPEST_DRILL, PLAN, open_hire
from tests.e2e.test_models import options
from tests.e2e.test_woven import ORDER
from tests.fixtures.fake_endpoint import Reply, Seen, fake_endpoint, streams, writes

pytestmark = pytest.mark.browser

#: What is written of a plan before the rest is held back.
BEGUN = "".join(PLAN.splitlines(keepends=True)[:3])
REST = PLAN.removeprefix(BEGUN)
TASK = "order the cheapest item of Taco Bell, and tell the lowest prices at Taco Bell and Souvla"
ASTRAY = """\
open_depot("Millbrook")
kinds = [m["kind"] for m in show_machines()]
"""


def hold_until(made: int, events: list[RunEvent]) -> tuple[asyncio.Event, Callable[..., None]]:
    """An event that is set once so many calls were made ahead, and the listener that sets it."""
    there = asyncio.Event()

    def listen(event: RunEvent) -> None:
        events.append(event)
        if sum(e.kind == "made-ahead" for e in events) == made:
            there.set()

    return there, listen


def names(events: list[RunEvent], kind: str, **data: Any) -> list[str]:
    """The tools of some events."""
    found = [e for e in events if e.kind == kind and data.items() <= e.data.items()]
    return [e.data["tool"] for e in found]


async def test_a_run_goes_on_from_what_was_done_while_its_plan_was_written(tmp_path: Path) -> None:
    events: list[RunEvent] = []
    there, listen = hold_until(2, events)
    script = streams(f"```python\n{BEGUN}", there, f"{REST}```")
    async with (
        fake_endpoint(script) as endpoint,
        open_hire(tmp_path, **options(endpoint), listeners=(listen,)) as hire,
    ):
        result = await hire.run(BOOK)
        assert await hire.bookings() == [[CHEAPEST_DRILL]]
    assert result.status == "done", result.error
    ahead = [e.data["tool"] for e in events if e.kind == "call-done" and "ahead" in e.data]
    assert ahead == ["open_depot", "show_machines"] == names(events, "made-ahead")
    assert [e.data["ahead"] for e in events if e.kind == "performed"] == [2]
    planned = next(n for n, e in enumerate(events) if e.kind == "planned")
    made = [n for n, e in enumerate(events) if e.kind == "made-ahead"]
    assert max(made) < planned
    assert result.run_dir is not None
    page = (result.run_dir / "report.html").read_text("utf-8")
    assert "2 calls were made while the plan was written" in page


async def test_another_plan_is_run_as_if_nothing_had_been_begun(tmp_path: Path) -> None:
    events: list[RunEvent] = []
    there, listen = hold_until(2, events)
    never = asyncio.Event()

    def script(number: int, _: Seen) -> Reply:
        if number == 0:
            return streams(f"```python\n{ASTRAY}", never)
        return writes(f"show_depots()\n{PLAN}", after=there)

    async with (
        fake_endpoint(script=script) as endpoint,
        open_hire(tmp_path, **options(endpoint), listeners=(listen,)) as hire,
    ):
        result = await hire.run(BOOK)
        assert await hire.bookings() == [[CHEAPEST_DRILL]]
    assert result.status == "done", result.error
    assert names(events, "made-ahead") == ["open_depot", "show_machines"]
    assert [e.data["ahead"] for e in events if e.kind == "performed"] == [0]


async def test_it_can_be_left_out(tmp_path: Path) -> None:
    events: list[RunEvent] = []
    async with (
        fake_endpoint(writes(PLAN)) as endpoint,
        open_hire(
            tmp_path, **options(endpoint), listeners=(events.append,), head_start=False
        ) as hire,
    ):
        result = await hire.run(BOOK)
    assert result.status == "done"
    assert not names(events, "made-ahead")


@pytest.mark.parametrize("strategy", ["serial", "parallel:2+hedge:2"])
async def test_it_gives_what_a_run_without_it_gives(strategy: str, tmp_path: Path) -> None:
    events: list[RunEvent] = []
    there, listen = hold_until(2, events)
    script = streams(f"```python\n{ORDER[:-1]}", there, "\n```")
    async with fake_endpoint(script) as endpoint:
        engine = AgentJIT(
            "dashdish",
            seed=2,
            strategy=strategy,
            runs_dir=tmp_path,
            listeners=(listen,),
            **options(endpoint),
        )
        async with engine as jit, asyncio.timeout(60):
            result = await jit.run(TASK)
            plain = await jit.run(TASK, plan=ORDER)
    assert result.status == plain.status == "done", result.error
    assert result.value == plain.value
    ordered = [len(each.record["foodOrders"]["added"]) for each in (result, plain)]
    assert ordered == [1, 2]
    first, second = [e.data["ahead"] for e in events if e.kind == "performed"]
    assert first >= 2
    assert second == 0
