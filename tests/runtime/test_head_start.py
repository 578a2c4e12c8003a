"""Calls that are made while a plan is still being written: taken over in order, or left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from agentjit.compiler.check import check_or_raise
from agentjit.compiler.ir import NodeId
from agentjit.errors import SiteUnreachable, ToolError
from agentjit.runtime.calling import CallReport
from agentjit.runtime.committing import CommitGate
from agentjit.runtime.head_start import HeadStart
from agentjit.runtime.journal import RunJournal
from agentjit.runtime.performing import Calls
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.tabkeeping import Tab, Whereabouts
from agentjit.scheduler.walk import ToolUse
from agentjit.source import Source, Span
from agentjit.toolspecs import Effect, Toolset, tool
from tests.runtime.pretend import (
    PRICE,
    STATE,
    TOOLSET,
    Diary,
    Person,
    PretendPage,
    Price,
    VirtualClock,
    caller,
    goto_shop,
    observe,
    pick,
    show_price,
    with_tool,
)
from tests.runtime.test_driver import open_page

LOOK = "goto_shop()\nshown = show_price()\n"


def use(
    tool: str, *, copy: int = 0, tab: int = 0, fresh: bool = False, **arguments: Any
) -> ToolUse:
    """A call of a plan that is being run."""
    return ToolUse(NodeId(1), tool, arguments, Span(1, 1, 1, 1), tab=tab, fresh=fresh, copy=copy)


@dataclass(slots=True)
class Shop:
    """A run's own tab, and the one of its head start; more are opened where they are wanted."""

    own: PretendPage = field(default_factory=open_page)
    other: PretendPage = field(default_factory=open_page)
    opened: list[PretendPage] = field(default_factory=list)
    closed: list[PretendPage] = field(default_factory=list)
    diary: Diary = field(default_factory=Diary)
    clock: VirtualClock = field(default_factory=VirtualClock)
    journal: RunJournal = field(default_factory=RunJournal.in_memory)
    toolset: Toolset = TOOLSET
    leaving: list[asyncio.Task[None]] = field(default_factory=list)
    #: Raised when the tab of the head start is to be opened.
    refusal: SiteUnreachable | None = None

    def tab(self, first: PretendPage, refusal: SiteUnreachable | None = None) -> Tab:
        """A tab that is this page at first, and a new one when it is renewed."""
        pages = [first]

        @asynccontextmanager
        async def open_it() -> AsyncIterator[Any]:
            if refusal is not None:
                raise refusal
            page = pages.pop() if pages else open_page()
            self.opened.append(page)
            try:
                yield page
            finally:
                self.closed.append(page)

        return Tab(open_it)

    def leave(self, closing: Coroutine[Any, Any, None]) -> None:
        self.leaving.append(asyncio.ensure_future(closing))

    @asynccontextmanager
    async def started(
        self, *plans: str, until: asyncio.Event | None = None
    ) -> AsyncIterator[tuple[HeadStart, Calls]]:
        """A run of a plan that was heard to begin so, each time further."""
        recorder = Recorder(self.clock, self.diary)
        able = caller(self.clock, self.toolset)
        gate = CommitGate(able, Person(True), recorder, account="shop", commits=[])
        head = HeadStart(gate.caller, recorder, self.tab(self.other, self.refusal), self.leave)
        async with self.tab(self.own) as tab, head:
            head.begin()
            head.stands()
            for plan in plans:
                head.follow(check_or_raise(Source("plan.py", plan), self.toolset))
                await (settle(head) if until is None else until.wait())
            where = Whereabouts(gate.caller, recorder, {"screen": "home", "item": None})
            yield head, Calls(gate, self.journal, recorder, where, tab, fresh=True, head=head)
        await asyncio.gather(*self.leaving)


async def settle(head: HeadStart) -> None:
    """Until it waits for what comes next, or goes no further."""
    for _ in range(6_000):
        if _waits(head):
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it does not come to an end")


def _waits(head: HeadStart) -> bool:
    following = head._following
    waiting = any(event._waiters and not event.is_set() for event in (head._grown, head._stands))
    return waiting or following is None or following.done()


def page_of(calls: Calls) -> PretendPage:
    """The run's tab as it is now."""
    page: Any = calls.page
    assert isinstance(page, PretendPage)
    return page


async def make(calls: Calls, *uses: ToolUse) -> list[CallReport]:
    """The calls of a plan."""
    return [await calls.call(each, f"{n}.1", {}) for n, each in enumerate(uses, start=1)]


async def test_what_was_made_ahead_is_not_made_again() -> None:
    shop = Shop()
    async with shop.started(LOOK) as (head, calls):
        assert shop.other.done == ["goto_shop", "show_price"]
        shop.clock.time += 2.0
        reports = await make(calls, use("goto_shop"), use("show_price"))
        assert [report.value for report in reports] == [None, PRICE]
        assert [report.ahead for report in reports] == [2.0, 2.0]
        assert (head.taken, calls.made) == (2, 2)
        assert page_of(calls) is shop.other, "the tab that stands there is the run's from now on"
    assert shop.own.done == []
    assert shop.other.done == ["goto_shop", "show_price"]
    past = shop.journal.get("2.1")
    assert past is not None
    assert past.data["value"] == PRICE
    assert shop.closed == [shop.other, shop.own]


async def test_the_run_goes_on_where_the_head_start_ended() -> None:
    shop = Shop()
    async with shop.started(LOOK) as (_, calls):
        await make(calls, use("goto_shop"), use("show_price"), use("pick", name="tea"))
    assert shop.other.done == ["goto_shop", "show_price", "pick"]
    assert shop.own.done == []


async def test_a_longer_plan_is_gone_on_with_and_nothing_is_made_twice() -> None:
    shop = Shop()
    async with shop.started("goto_shop()\n", LOOK):
        assert shop.other.done == ["goto_shop", "show_price"]
    assert [e.data["tool"] for e in shop.diary.events] == ["goto_shop", "show_price"]


async def test_a_plan_that_begins_otherwise_has_the_run_s_own_tab_as_it_was() -> None:
    shop = Shop()
    shop.own.state["screen"] = "shop"
    async with shop.started(LOOK) as (head, calls):
        await make(calls, use("pick", name="tea"))
        assert (head.taken, page_of(calls)) == (0, shop.own)
    assert shop.own.done == ["pick"]
    assert shop.opened == [shop.own, shop.other]


@tool(requires="screen == 'shop'", ensures="screen == 'other'", effect=Effect.NAVIGATE)
async def goto_other(page: Any) -> None:
    """Go somewhere else."""
    page.state["screen"] = "other"


FURTHER = Toolset("shop", "A shop", STATE, observe, (goto_shop, pick, show_price, goto_other))


async def test_a_tab_that_went_further_than_the_plan_is_brought_back() -> None:
    shop = Shop(toolset=FURTHER)
    async with shop.started("goto_shop()\ngoto_other()\n") as (_, calls):
        await make(calls, use("goto_shop"), use("pick", name="tea"))
        third = page_of(calls)
    assert third not in (shop.own, shop.other)
    assert third.done == ["goto_shop", "pick"]
    assert "pick" not in shop.other.done


async def test_a_look_that_the_plan_does_not_make_leaves_the_tab_as_it_was() -> None:
    shop = Shop()
    async with shop.started(f"goto_shop()\nshow_price()\n{LOOK[12:]}") as (head, calls):
        await make(calls, use("goto_shop"), use("pick", name="tea"))
        assert (head.taken, page_of(calls)) == (1, shop.other)


async def test_what_left_the_tab_as_it_was_is_passed_over() -> None:
    shop = Shop(toolset=FURTHER)
    async with shop.started("goto_shop()\nshow_price()\ngoto_other()\n") as (head, calls):
        await make(calls, use("goto_shop"), use("goto_other"))
        assert (head.taken, page_of(calls)) == (2, shop.other)


async def test_a_plan_that_ends_before_the_head_start_is_not_held_against_its_tab() -> None:
    shop = Shop(toolset=FURTHER)
    async with shop.started("goto_shop()\ngoto_other()\n") as (_, calls):
        await make(calls, use("goto_shop"))
        final = check_or_raise(Source("plan.py", "goto_shop()\n"), TOOLSET).final
        assert final is not None
        await calls.check_end(final)
        assert not calls.arrived
        assert page_of(calls) is not shop.other


@pytest.mark.parametrize(
    "plan",
    [
        'goto_shop()\npick("tea")\nshow_price()\n',
        'goto_shop()\nif ai_eval("is it dear?", returns=bool):\n    show_price()\n',
        "goto_shop()\nx = [][0]\nshow_price()\n",
    ],
    ids=["a change", "a question", "code that fails"],
)
async def test_it_ends_before_what_does_more_than_look_and_move(plan: str) -> None:
    shop = Shop()
    async with shop.started(plan):
        assert shop.other.done == ["goto_shop"]


async def test_what_a_branch_does_is_made_ahead_too() -> None:
    shop = Shop()
    plan = "goto_shop()\nshown = show_price()\nif shown['price'] < 5:\n    show_price()\n"
    async with shop.started(plan):
        assert shop.other.done == ["goto_shop", "show_price", "show_price"]


async def test_of_a_loop_the_first_round_alone_is_made_ahead() -> None:
    shop, body = Shop(), "goto_shop()\nfor _ in [1, 2]:\n    show_price()\n"
    async with shop.started(f"{body}    break\n", body, f"{body}show_price()\n"):
        assert shop.other.done == ["goto_shop", "show_price"]


async def test_nothing_is_made_before_the_site_is_seen_to_stand_where_plans_begin() -> None:
    shop = Shop()
    recorder = Recorder(shop.clock, shop.diary)
    async with HeadStart(caller(shop.clock), recorder, shop.tab(shop.other), shop.leave) as head:
        head.begin()
        head.follow(check_or_raise(Source("plan.py", LOOK), TOOLSET))
        await settle(head)
        assert shop.opened == []
        # It stands otherwise: what was written for another start is forgotten.
        head.begin()
        head.stands()
        await settle(head)
        assert shop.other.done == []
        head.follow(check_or_raise(Source("plan.py", "goto_shop()\n"), TOOLSET))
        await settle(head)
        assert shop.other.done == ["goto_shop"]
    await asyncio.gather(*shop.leaving)


async def test_a_call_that_failed_ahead_is_made_by_the_run() -> None:
    async def fail(_: PretendPage) -> Any:
        raise ToolError("it is closed", "")

    shop = Shop(other=open_page(show_price=fail))
    async with shop.started(LOOK) as (_, calls):
        reports = await make(calls, use("goto_shop"), use("show_price"))
    assert reports[1].value == PRICE
    assert page_of(calls).done == ["goto_shop", "show_price"]
    assert page_of(calls) not in (shop.own, shop.other)


async def test_a_tab_that_cannot_be_opened_costs_nothing() -> None:
    shop = Shop(refusal=SiteUnreachable("the site does not answer", ""))
    async with shop.started(LOOK) as (_, calls):
        await make(calls, use("goto_shop"), use("show_price"))
    assert shop.own.done == ["goto_shop", "show_price"]


async def test_a_call_that_is_under_way_is_waited_for() -> None:
    begun, late = asyncio.Event(), asyncio.Event()

    async def wait(page: PretendPage) -> None:
        begun.set()
        await late.wait()
        page.state["screen"] = "shop"

    shop = Shop(other=open_page(goto_shop=wait))
    async with shop.started(LOOK, until=begun) as (head, calls):
        asyncio.get_running_loop().call_later(0.01, late.set)
        (report,) = await make(calls, use("goto_shop"))
        assert report.after["screen"] == "shop"
        await settle(head)
    assert shop.other.done == ["goto_shop"], "once the plan is there, nothing more is begun"


async def test_a_call_that_nobody_waits_for_is_ended() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def hang(_: PretendPage) -> Any:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    shop = Shop(other=open_page(show_price=hang))
    async with shop.started(LOOK, until=begun) as (_, calls):
        await make(calls, use("goto_shop"), use("pick", name="tea"))
        assert ended.is_set()
    assert page_of(calls).done == ["goto_shop", "pick"]


@tool(requires="screen == 'shop'", effect=Effect.READ, reads={"cart"})
async def price_of(page: Any, count: float = 0.0) -> Price:
    """Show the price of so many."""
    price: Price = await page.act("show_price")
    return price


@pytest.mark.parametrize(("count", "same"), [(1, True), (1.0, False), (True, False), (2, False)])
async def test_arguments_are_the_same_or_they_are_not(count: Any, same: bool) -> None:
    shop = Shop(toolset=with_tool(replace(price_of, name="show_price")))
    async with shop.started("goto_shop()\nshow_price(1)\n") as (head, calls):
        await make(calls, use("goto_shop"))
        assert head.is_next(use("show_price", count=count)) is same


async def test_a_copy_is_made_anyhow() -> None:
    shop = Shop()
    async with shop.started(LOOK) as (_, calls):
        await make(calls, use("goto_shop", copy=1))
    assert shop.own.done == ["goto_shop"]


async def test_a_mistake_of_its_own_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(HeadStart, "_may", broken)
    shop = Shop()
    async with shop.started(LOOK) as (_, calls):
        with pytest.raises(ZeroDivisionError):
            await make(calls, use("goto_shop"))
