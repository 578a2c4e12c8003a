"""The tabs of a woven run: when they are opened, exchanged, outdated and left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from agentjit.errors import BrowserError, SiteUnreachable
from agentjit.runtime import tabpool
from agentjit.runtime.committing import CommitGate
from agentjit.runtime.leavings import Leavings
from agentjit.runtime.performing import Calls
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.tabkeeping import Tab, Whereabouts
from agentjit.runtime.tabpool import MOST_OUTDATED, TabPool, TabSource
from tests.runtime.pretend import (
    Diary,
    Person,
    VirtualClock,
    caller,
    shop_page,
)


@dataclass
class Browser:
    """Opens pretended tabs when it is told to."""

    #: What each tab in turn waits for before it is at the start.
    gates: list[asyncio.Event] = field(default_factory=list)
    broken: bool = False
    #: Whether tabs that were used are gone.
    stuck: bool = False
    opened: list[Any] = field(default_factory=list)
    closed: list[Any] = field(default_factory=list)
    restarted: list[Any] = field(default_factory=list)
    leavings: Leavings = field(default_factory=Leavings)

    @asynccontextmanager
    async def open_tab(self) -> AsyncIterator[Any]:
        page = shop_page()
        self.opened.append(page)
        await self._arrive()
        try:
            yield page
        finally:
            self.closed.append(page)

    async def restart(self, page: Any) -> None:
        self.restarted.append(page)
        if self.stuck:
            raise BrowserError("the tab was closed", "run it again")
        await self._arrive()

    async def _arrive(self) -> None:
        if self.broken:
            raise SiteUnreachable("it does not answer", "wait")
        if self.gates:
            await self.gates.pop(0).wait()

    async def set_apart(self, page: Any) -> None:
        pass

    def leave(self, closing: Coroutine[Any, Any, None]) -> None:
        self.leavings.take(closing)

    def pool(self, **options: Any) -> TabPool:
        recorder = Recorder(VirtualClock(), Diary())
        gate = CommitGate(caller(), Person(True), recorder, account="shop", commits=[])
        where = Whereabouts(gate.caller, recorder, {"screen": "shop", "item": None})
        calls = Calls(gate, gate.journal, recorder, where, self.first)
        source = TabSource(
            open_tab=self.open_tab,
            restart=self.restart,
            set_apart=self.set_apart,
            leave=self.leave,
        )
        return TabPool(calls, source, **options)

    def __post_init__(self) -> None:
        self.first = Tab(self._open_first)

    @asynccontextmanager
    async def _open_first(self) -> AsyncIterator[Any]:
        page = shop_page()
        try:
            yield page
        finally:
            self.closed.append(page)


@pytest.fixture
async def browser(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Browser]:
    monkeypatch.setattr(tabpool, "ABORT_SECONDS", 0.0)
    monkeypatch.setattr(tabpool, "ARRIVE_SECONDS", 0.0)
    browser = Browser()
    async with browser.first:
        yield browser


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def exchange(browser: Browser, pool: TabPool) -> tuple[Any, Any, asyncio.Event]:
    """What tab 0 showed, what the spare one in its place shows, and what the first waits for."""
    before = (await pool.get(0, fresh=True)).page
    pool.prepare()
    await turns()
    arriving = asyncio.Event()
    browser.gates = [arriving]
    return before, (await pool.get(0, fresh=True)).page, arriving


async def test_a_tab_is_opened_when_it_is_needed(browser: Browser) -> None:
    pool = browser.pool()
    first = await pool.get(0, fresh=True)
    pool.prepare()
    await turns()
    assert browser.opened == []
    second = await pool.get(1, fresh=True)
    assert [second.page] == browser.opened
    assert first.page is browser.first.page
    assert (await pool.get(1, fresh=False)).page is second.page


async def test_a_tab_that_begins_anew_is_brought_to_the_start(browser: Browser) -> None:
    pool = browser.pool()
    before = await pool.get(0, fresh=True)
    after = await pool.get(0, fresh=True)
    assert browser.restarted == [before.page]
    assert after.page is before.page
    assert after.where is not before.where


async def test_tabs_are_opened_ahead_of_their_strands(browser: Browser) -> None:
    pool = browser.pool(ahead=2)
    await pool.get(0, fresh=True)
    pool.prepare(5)
    await turns()
    assert len(browser.opened) == 2
    found = [(await pool.get(tab, fresh=True)).page for tab in (1, 2)]
    assert found == browser.opened
    pool.prepare(5)
    await turns()
    assert len(browser.opened) == 2


async def test_a_spare_tab_changes_places_with_one_that_begins_anew(browser: Browser) -> None:
    pool = browser.pool(spares=1)
    before, after, late = await exchange(browser, pool)
    assert [after] == browser.opened
    await turns()
    assert browser.restarted == [before], "it is spare next"
    late.set()
    await turns()
    assert (await pool.get(0, fresh=True)).page is before
    assert pool.page is before


async def test_nothing_is_opened_for_what_will_not_come(browser: Browser) -> None:
    pool = browser.pool(spares=1)
    before = (await pool.get(0, fresh=True, coming=1)).page
    pool.prepare(1)
    await turns()
    assert len(browser.opened) == 1
    after = (await pool.get(0, fresh=True, coming=0)).page
    pool.prepare(0)
    await turns()
    assert [after] == browser.opened
    assert before is not after
    assert browser.restarted == []


async def test_a_tab_that_is_late_at_the_start_is_not_waited_for_alone(browser: Browser) -> None:
    pool = browser.pool(late=0.0)
    never = asyncio.Event()
    browser.gates = [never]
    page = (await pool.get(1, fresh=True)).page
    assert len(browser.opened) == 2
    assert page is browser.opened[1]


async def test_a_tab_that_was_opened_before_a_change_is_not_used(browser: Browser) -> None:
    pool = browser.pool(spares=1)
    await pool.get(0, fresh=True)
    for changes in range(MOST_OUTDATED + 1):
        pool.prepare()
        await turns()
        assert len(browser.opened) == changes + 1
        with pool.changing(0):
            pass
    page = (await pool.get(1, fresh=True)).page
    assert page is browser.opened[-1]
    assert len(browser.opened) == MOST_OUTDATED + 2
    pool.prepare()
    await turns()
    assert len(browser.opened) == MOST_OUTDATED + 2, "nothing is opened ahead where all changes"


async def test_nor_is_one_that_was_opened_meanwhile(browser: Browser) -> None:
    pool = browser.pool(spares=1)
    with pool.changing(0):
        pool.prepare()
        await turns()
    (early,) = browser.opened
    assert (await pool.get(1, fresh=True)).page is not early


async def test_a_spare_tab_that_was_lost_is_nobody_s_failure(browser: Browser) -> None:
    pool = browser.pool(spares=1)
    browser.broken = True
    pool.prepare()
    await turns()
    browser.broken = False
    assert [(await pool.get(1, fresh=True)).page] == browser.opened[1:]


async def test_a_site_that_is_not_there_is_said_to_who_asked(browser: Browser) -> None:
    pool = browser.pool()
    browser.broken = True
    with pytest.raises(SiteUnreachable):
        await pool.get(1, fresh=True)


async def test_a_tab_that_nobody_waits_for_any_more_is_there_for_the_next(
    browser: Browser,
) -> None:
    pool = browser.pool(spares=1)
    gate = asyncio.Event()
    browser.gates = [gate]
    waiting = asyncio.create_task(pool.get(1, fresh=True))
    await turns()
    waiting.cancel()
    await turns()
    pool.close(1)
    gate.set()
    assert [(await pool.get(2, fresh=True)).page] == browser.opened


async def test_at_the_end_all_tabs_are_closed_but_the_first(browser: Browser) -> None:
    pool = browser.pool(ahead=1, spares=1)
    await pool.get(0, fresh=True)
    pool.prepare(2)
    await pool.get(1, fresh=True)
    await pool.get(2, fresh=True)
    never = asyncio.Event()
    browser.gates = [never]
    pool.close(1)
    pool.prepare()
    pool.leave_all()
    await browser.leavings.aclose()
    assert len(browser.closed) >= 2
    assert browser.first.page is not None


async def test_the_tab_that_a_call_failed_in_stays_and_is_the_run_s_own(browser: Browser) -> None:
    pool = browser.pool(spares=1)
    own, failing, _ = await exchange(browser, pool)
    assert failing is not own, "it has changed places, and the other is on its way"
    error = BrowserError("it failed", "try again")
    pool.end(0, error)
    pool.close(0)
    pool.leave_all(error)
    await browser.leavings.aclose()
    assert pool.first.tab.page is failing
    assert [page is own for page in browser.closed] == [True]


@pytest.mark.parametrize(("failed", "kept"), [(1, 1), (2, 3), (None, 3)])
async def test_where_the_run_failed_is_kept_or_where_a_call_ended_last(
    browser: Browser, failed: int | None, kept: int
) -> None:
    pool = browser.pool()
    pages = [(await pool.get(tab, fresh=True)).page for tab in range(4)]
    errors = {tab: BrowserError("it failed", "try again") for tab in (2, 1)}
    pool.end(0)
    pool.end(3)
    for tab, error in errors.items():
        pool.end(tab, error)
        pool.close(tab)
    pool.close(3)
    pool.leave_all(errors[failed] if failed else None)
    await browser.leavings.aclose()
    assert pool.first.tab.page is pages[kept]
    assert sorted(map(id, browser.closed)) == sorted(id(p) for p in pages if p is not pages[kept])


async def test_a_tab_on_its_way_is_not_what_a_run_ends_with(browser: Browser) -> None:
    pool = browser.pool(spares=1)
    own, standing, _ = await exchange(browser, pool)
    pool.end(0)
    pool.leave_all()
    await browser.leavings.aclose()
    assert pool.first.tab.page is standing
    assert [page is own for page in browser.closed] == [True]


async def test_leavings_are_given_up_where_a_browser_never_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("agentjit.runtime.leavings.LAST_SECONDS", 0.01)
    leavings, ended = Leavings(), []

    async def never() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    leavings.take(never())
    await leavings.aclose()
    assert ended == [True]


async def test_the_end_is_seen_where_the_account_was_changed_last(browser: Browser) -> None:
    pool = browser.pool()
    await pool.get(0, fresh=True)
    read = await pool.get(1, fresh=True)
    changed = await pool.get(0, fresh=True)
    with pool.changing(0):
        pass
    assert pool.page is changed.page
    assert pool.page is not read.page, "it was loaded before the change"
    pool.close(0)
    assert pool.page is read.page


async def test_in_place_of_a_tab_that_cannot_be_brought_back_another_is_opened(
    browser: Browser,
) -> None:
    pool = browser.pool()
    before = await pool.get(0, fresh=True)
    browser.stuck = True
    after = await pool.get(0, fresh=True)
    assert browser.restarted == [before.page]
    assert [after.page] == browser.opened
