"""The woven driver on a pretended shop: whatever goes wrong in a task of it, the run ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from agentjit.compiler.check import check_or_raise
from agentjit.runtime.committing import CommitGate
from agentjit.runtime.performing import Calls
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.sandbox import open_sandboxes
from agentjit.runtime.tabkeeping import Whereabouts
from agentjit.runtime.tabpool import TabPool, TabSource
from agentjit.runtime.weaving import WovenDriver
from agentjit.scheduler.building import build_graph
from agentjit.scheduler.calls import Policy
from agentjit.source import Source
from tests.runtime.pretend import (
    TOOLSET,
    Diary,
    Person,
    PretendPage,
    VirtualClock,
    caller,
    fixed_tab,
)
from tests.runtime.test_driver import PLAN, WAYS, open_page, perform, ways_of


async def weave(
    page: PretendPage,
    diary: Diary | None = None,
    *,
    plan: str = PLAN,
    leave: Callable[[], None] | None = None,
) -> Any:
    """With `leave` there is a second tab, of the same page, and it is told of the leaving."""
    clock = VirtualClock()
    recorder = Recorder(clock, diary or Diary())
    gate = CommitGate(caller(clock), Person(True), recorder, account="shop", commits=[])
    checked = check_or_raise(Source("plan.py", plan), TOOLSET)

    def no_tab() -> Any:
        raise AssertionError("this plan needs one tab")

    async def nothing(_: Any) -> None:
        raise AssertionError("this plan needs one tab")

    async def apart(_: Any) -> None:
        pass

    def left(closing: Coroutine[Any, Any, None]) -> None:
        closing.close()
        if leave is not None:
            leave()

    @asynccontextmanager
    async def open_tab() -> AsyncIterator[Any]:
        yield page

    source = TabSource(
        open_tab=open_tab if leave else no_tab,
        restart=apart if leave else nothing,
        set_apart=apart if leave else nothing,
        leave=left,
    )
    async with open_sandboxes(4) as sandboxes, fixed_tab(page) as tab:
        where = Whereabouts(gate.caller, recorder, dict(page.state))
        calls = Calls(gate, gate.journal, recorder, where, tab)
        driver = WovenDriver(
            checked=checked,
            calls=calls,
            sandbox=await sandboxes.get(0),
            recorder=recorder,
            graph=build_graph(checked),
            policy=Policy(width=1),
            tabs=TabPool(calls, source),
            sandboxes=sandboxes,
        )
        if leave is not None:
            await driver.tabs.get(0, fresh=False)
            await driver.tabs.get(1, fresh=True)
        return await driver.run()


async def test_the_end_is_seen_before_its_tab_is_left() -> None:
    page, looks = open_page(), list[int]()
    plan = 'goto_shop()\npick("tea")\n'
    outcome = await weave(page, plan=plan, leave=lambda: looks.append(page.looks))
    assert outcome.error is None
    assert looks == [page.looks], "a tab that was left may be closed by now"


async def test_a_woven_run_ends_with_the_plans_value() -> None:
    outcome = await weave(open_page())
    assert (outcome.value, outcome.error) == ("T-1", None)


async def test_a_woven_run_tells_which_way_it_went_as_a_serial_one_does() -> None:
    serial, woven = Diary(), Diary()
    await perform(WAYS, open_page(), diary=serial)
    await weave(open_page(), woven, plan=WAYS)
    assert ways_of(woven) == ways_of(serial)


async def test_an_error_that_nobody_foresaw_ends_the_run() -> None:
    class Full(Diary):
        def record(self, event: Any) -> None:
            if event.kind == "call-done":
                raise ZeroDivisionError
            super().record(event)

    with pytest.raises(ZeroDivisionError):
        await weave(open_page(), Full())


async def test_a_task_that_cancels_itself_ends_the_run() -> None:
    async def giving_up(page: PretendPage, **arguments: Any) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(5):
            await weave(open_page(show_price=giving_up))
