"""Opening and closing tabs, in browsers that answer and in one that does not."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest
from playwright.async_api import Error as PlaywrightError

from agentjit.runtime import tabs
from agentjit.runtime.tabs import open_tab
from tests.runtime.pretend import PretendContext, caller


class StuckPage:
    """A tab that never says that it is closed, nor that it has come anywhere."""

    def __init__(self, *, arrives: bool) -> None:
        self.arrives = arrives
        self.closing = False
        self.going = asyncio.Event()
        self.failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.context = PretendContext()

    async def goto(self, address: str, **_: Any) -> None:
        self.going.set()
        if not self.arrives:
            await self.failure

    async def close(self) -> None:
        self.closing = True
        await asyncio.Event().wait()


class StuckContext:
    """A context with one such tab."""

    def __init__(self, page: StuckPage) -> None:
        self.page = page

    async def new_page(self) -> StuckPage:
        return self.page


async def open_and_leave(page: StuckPage) -> None:
    context: Any = StuckContext(page)
    async with open_tab(context, "http://127.0.0.1:1", caller()) as opened:
        assert id(opened) == id(page)


async def test_a_tab_that_is_never_closed_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tabs, "CLOSE_SECONDS", 0.01)
    page = StuckPage(arrives=True)
    await open_and_leave(page)
    assert page.closing


async def test_nor_where_opening_it_was_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "CLOSE_SECONDS", 0.01)
    monkeypatch.setattr(tabs, "ARRIVE_SECONDS", 0.01)
    page = StuckPage(arrives=False)
    opening = asyncio.create_task(open_and_leave(page))
    await page.going.wait()
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert page.closing


async def test_a_tab_that_arrives_nowhere_after_all_is_nobody_s_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tabs, "CLOSE_SECONDS", 0.01)
    monkeypatch.setattr(tabs, "ARRIVE_SECONDS", 0.01)
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    page = StuckPage(arrives=False)
    opening = asyncio.create_task(open_and_leave(page))
    await page.going.wait()
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    # Closed, it says that it did not come anywhere: to nobody.
    page.failure.set_exception(PlaywrightError("Page.goto: net::ERR_ABORTED"))
    for _ in range(5):
        await asyncio.sleep(0)
    gc.collect()
    assert told == []
