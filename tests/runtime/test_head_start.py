"""Calls that are made while a plan is still being written: taken over in order, or left."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from agentjit.compiler.check import check_or_raise
from agentjit.errors import SiteUnreachable, ToolError
from agentjit.runtime.head_start import HeadStart
from agentjit.runtime.performing import _Made
from agentjit.runtime.recorder import Recorder
from agentjit.scheduler.walk import ToolUse
from agentjit.source import Source
from agentjit.toolspecs import Effect, tool
from tests.runtime.begun_shop import (
    FURTHER,
    LOOK,
    Shop,
    make,
    page_of,
    search,
    settle,
    use,
    with_stay,
)
from tests.runtime.pretend import (
    PRICE,
    TOOLSET,
    PretendPage,
    Price,
    caller,
    show_price,
    with_tool,
)
from tests.runtime.test_driver import open_page


def hanging() -> tuple[Shop, asyncio.Event]:
    """A shop whose price never comes ahead, and what is set once it is asked for."""
    begun = asyncio.Event()

    async def hang(_: PretendPage) -> Any:
        begun.set()
        await asyncio.sleep(60)

    return Shop(other=open_page(show_price=hang)), begun


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


async def test_a_tab_that_went_further_than_the_plan_is_brought_back() -> None:
    shop = Shop(toolset=FURTHER)
    async with shop.started("goto_shop()\ngoto_other()\n") as (_, calls):
        await make(calls, use("goto_shop"), use("pick", name="tea"))
        third = page_of(calls)
    assert shop.is_new(third)
    assert third.done == ["goto_shop", "pick"]
    assert "pick" not in shop.other.done


async def test_a_look_that_the_plan_does_not_make_leaves_the_tab_as_it_was() -> None:
    shop = Shop()
    async with shop.started(f"goto_shop()\nshow_price()\n{LOOK[12:]}") as (head, calls):
        await make(calls, use("goto_shop"), use("pick", name="tea"))
        assert (head.taken, page_of(calls)) == (1, shop.other)


@pytest.mark.parametrize("resets", [True, False])
async def test_a_move_that_leaves_a_fresh_tab_as_it_is_may_be_passed_over(*, resets: bool) -> None:
    shop = Shop(toolset=with_stay(resets=resets))
    async with shop.started("stay()\ngoto_shop()\n") as (head, calls):
        await make(calls, use("goto_shop"))
        assert head.taken == int(resets)
        assert page_of(calls) is (shop.other if resets else shop.own)


async def test_a_move_of_which_nothing_is_seen_is_not_passed_over_later() -> None:
    # A list may have been narrowed, of which the tools observe nothing.
    shop = Shop(toolset=with_stay(resets=True))
    async with shop.started("goto_shop()\nstay()\nshow_price()\n") as (head, calls):
        await make(calls, use("goto_shop"), use("show_price"))
        assert head.taken == 1
        assert shop.is_new(page_of(calls))
        assert page_of(calls).done == ["goto_shop", "show_price"]


async def test_a_call_is_made_in_the_tab_that_it_was_begun_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop(toolset=FURTHER)
    async with shop.started("goto_shop()\n") as (head, calls):
        plan = check_or_raise(Source("plan.py", "goto_shop()\ngoto_other()\n"), FURTHER)
        begun, making = asyncio.Event(), HeadStart._make

        def make_it(head: HeadStart, use: ToolUse) -> Any:
            begun.set()
            return making(head, use)

        monkeypatch.setattr(HeadStart, "_make", make_it)
        head.follow(plan)
        await begun.wait()
        await make(calls, use("goto_shop"), use("goto_other"))
    assert shop.own.done == []


@pytest.mark.parametrize("before", ["", "\n", "\t", "\u2014"])
async def test_a_secret_is_for_plans_that_are_whole(before: str) -> None:
    shop = Shop(toolset=replace(FURTHER, tools=(*FURTHER.tools, search)))
    async with shop.started(f"goto_shop()\nsearch({before + 'secret:PIN'!r})\n"):
        assert shop.other.done == ["goto_shop"]


async def test_the_journal_keeps_what_a_copy_gave_first() -> None:
    shop = Shop()
    async with shop.started(LOOK) as (_, calls):
        shop.journal.write("2.1", "done", tool="show_price", arguments={}, value="first")
        report = await calls.call(use("goto_shop"), "1.1", {})
        assert report.ahead is not None
        assert calls.head is not None
        made = await calls._take(_Made(use("show_price"), "2.1", show_price, {}))
        assert made is not None
    past = shop.journal.get("2.1")
    assert past is not None
    assert past.data["value"] == "first"


async def test_what_is_ended_while_it_is_waited_for_is_made_by_the_run() -> None:
    shop, begun = hanging()
    async with shop.started(LOOK, until=begun) as (head, calls):
        await make(calls, use("goto_shop"))
        waiting = asyncio.create_task(calls.call(use("show_price"), "2.1", {}))
        await asyncio.sleep(0)
        # As a change does in another tab.
        await head.end()
        assert (await waiting).value == PRICE
    assert shop.is_new(page_of(calls))


async def test_the_tab_is_closed_though_its_end_is_cut_short() -> None:
    shop, begun = hanging()
    async with shop.started(LOOK, until=begun) as (head, calls):
        await make(calls, use("goto_shop"))
        ending = asyncio.create_task(head.end())
        await asyncio.sleep(0)
        ending.cancel()
        await asyncio.wait({ending})
        assert len(shop.leaving) == 1


async def test_a_run_that_fails_does_not_stop_where_it_never_was() -> None:
    shop = Shop(toolset=FURTHER)
    async with shop.started("goto_shop()\ngoto_other()\n") as (_, calls):
        await make(calls, use("goto_shop"))
        await calls.stop_short()
        assert shop.is_new(page_of(calls))
    assert sum(page is shop.own for page in shop.closed) == 1


async def test_a_look_is_passed_over() -> None:
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
    assert shop.is_new(page_of(calls))


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

    async def run(*uses: ToolUse) -> None:
        async with shop.started(LOOK) as (_, calls):
            await make(calls, *uses)

    with pytest.raises(ZeroDivisionError):
        await run()
    with pytest.raises(ZeroDivisionError):
        await run(use("goto_shop"))
    assert shop.own.done == []
