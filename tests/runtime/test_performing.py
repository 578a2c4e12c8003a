"""Calls out of the journal and on the site: nothing done is repeated, and what is safe is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from agentjit.compiler.ir import NodeId
from agentjit.errors import (
    ApprovalRefused,
    ContractBroken,
    NotDone,
    OutcomeUnknown,
    RunError,
    SiteUnreachable,
    ToolError,
)
from agentjit.runtime.committing import CommitGate
from agentjit.runtime.journal import RunJournal
from agentjit.runtime.performing import BACKOFF, Calls
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.tabkeeping import Whereabouts
from agentjit.scheduler.walk import ToolUse
from agentjit.source import Span
from agentjit.toolspecs import Tool, Toolset
from tests.runtime.pretend import (
    PRICE,
    TOOLSET,
    Diary,
    Person,
    PretendPage,
    VirtualClock,
    caller,
    fixed_tab,
    goto_shop,
    pay,
    paying,
    pick,
    pricing,
    with_tool,
)
from tests.runtime.test_driver import going, open_page, picking


@dataclass(slots=True)
class Shopping:
    """A run on the pretended shop, with a journal that outlives it."""

    page: PretendPage
    journal: RunJournal = field(default_factory=RunJournal.in_memory)
    person: Person = field(default_factory=lambda: Person(answer=True))
    diary: Diary = field(default_factory=Diary)
    toolset: Toolset = TOOLSET
    clock: VirtualClock = field(default_factory=VirtualClock)
    retry: bool = True
    max_commits: int | None = None

    async def do(self, *calls: tuple[str, Mapping[str, Any]], copy: int = 0) -> list[Any]:
        recorder = Recorder(self.clock, self.diary)
        self.journal.now = self.clock.now
        gate = CommitGate(
            caller(self.clock, self.toolset),
            self.person,
            recorder,
            account="shop",
            commits=[],
            journal=self.journal,
            max_commits=self.max_commits,
        )
        async with fixed_tab(self.page) as tab:
            where = Whereabouts(gate.caller, recorder, {"screen": "home", "item": None})
            arrived = not len(self.journal)
            performed = Calls(
                gate, self.journal, recorder, where, tab, retry=self.retry, arrived=arrived
            )
            values = []
            for number, (name, arguments) in enumerate(calls, start=1):
                line = Span(number, 1, number, 1)
                use = ToolUse(NodeId(number), name, arguments, line, copy=copy)
                values.append((await performed.call(use, f"{number}.1", {})).value)
            return values


GO: tuple[str, Mapping[str, Any]] = ("goto_shop", {})
PICK: tuple[str, Mapping[str, Any]] = ("pick", {"name": "tea"})
SHOW: tuple[str, Mapping[str, Any]] = ("show_price", {})
PAY: tuple[str, Mapping[str, Any]] = ("pay", {})


def failing(times: int, error: Exception, then: Any) -> Any:
    """An act that fails so many times, then does what it should."""
    left = [error] * times

    async def act(page: PretendPage, **arguments: Any) -> Any:
        if left:
            raise left.pop()
        return await then(page, **arguments)

    return act


async def test_what_is_done_is_read_out_of_the_journal() -> None:
    first = Shopping(open_page())
    assert await first.do(GO, PICK, SHOW, PAY) == [None, None, PRICE, "T-1"]
    again = Shopping(open_page(), first.journal)
    assert await again.do(GO, PICK, SHOW, PAY) == [None, None, PRICE, "T-1"]
    assert again.page.done == []
    assert again.person.asked == []
    assert again.diary.kinds() == ["call-replayed"] * 4


async def test_a_copy_is_made_whatever_the_journal_knows_and_the_first_answer_stands() -> None:
    journal = RunJournal.in_memory()
    first = Shopping(open_page(), journal)
    assert await first.do(GO, SHOW) == [None, PRICE]
    page = open_page(show_price=dearer)
    copy = Shopping(page, RunJournal.in_memory())
    copy.journal = journal
    assert await copy.do(GO, SHOW, copy=1) == [None, {**PRICE, "price": 9.0}]
    assert page.done == ["goto_shop", "show_price"]
    # What a resumed run will go by is what the run went by.
    assert await Shopping(open_page(), journal).do(GO, SHOW) == [None, PRICE]


async def dearer(page: PretendPage) -> Any:
    """The price has risen."""
    return {**PRICE, "price": 9.0}


async def test_a_resumed_run_brings_a_fresh_tab_to_where_it_stood() -> None:
    first = Shopping(open_page())
    await first.do(GO, PICK)
    page = open_page()
    page.state |= {"item": "tea", "cart": "full"}
    again = Shopping(page, first.journal)
    assert (await again.do(GO, PICK, SHOW))[-1] == PRICE
    assert page.done == ["goto_shop", "show_price"], "what changes the account is not repeated"
    opened = again.diary.data("tab-opened")
    assert opened["calls"] == [{"tool": "goto_shop", "arguments": {}}]


async def test_a_tab_that_cannot_be_brought_back_is_a_typed_failure() -> None:
    first = Shopping(open_page())
    await first.do(GO, PICK)

    async def nowhere(page: PretendPage) -> None:
        page.state["screen"] = "other"

    again = Shopping(open_page(goto_shop=nowhere), first.journal)
    with pytest.raises(RunError, match="cannot be brought to where the run stood before show_p"):
        await again.do(GO, PICK, SHOW)


async def test_a_plan_that_goes_another_way_than_before_is_stopped() -> None:
    first = Shopping(open_page())
    await first.do(GO, PICK)
    again = Shopping(open_page(), first.journal)
    with pytest.raises(RunError, match="went another way"):
        await again.do(GO, ("pick", {"name": "coffee"}))
    assert again.page.done == []


# --- irreversible calls --------------------------------------------------------------------------


def interrupted(step: str, **data: Any) -> RunJournal:
    """The journal of a run that was killed after a step of its payment."""
    journal = RunJournal.in_memory()
    journal.now = lambda: 0.0
    about: dict[str, Any] = {"tool": "pay", "effect": "commit", "arguments": {"tip": 0.0}}
    journal.write("1.1", "intent", **about)
    if step != "intent":
        journal.write("1.1", "grant", digest="another", terms=PRICE)
    if step == "attempt":
        state = {"screen": "shop", "item": "tea", "cart": "full"}
        journal.write("1.1", "attempt", before=state, **data)
    return journal


def at_the_till(**acts: Any) -> PretendPage:
    page = open_page(**acts)
    page.state |= {"screen": "shop", "item": "tea", "cart": "full"}
    return page


async def test_a_grant_that_was_not_used_is_still_good_for_the_same_terms() -> None:
    shopping = Shopping(at_the_till())

    class Dies(Person):
        async def approve(self, request: Any) -> bool:
            await super().approve(request)
            shopping.journal.write("1.1", "grant", digest=request.digest, terms=request.terms)
            raise KeyboardInterrupt

    shopping.person = Dies(answer=True)
    with pytest.raises(KeyboardInterrupt):
        await shopping.do(PAY)
    again = Shopping(at_the_till(), shopping.journal)
    again.journal.now = again.clock.now
    assert await again.do(PAY) == ["T-1"]
    assert again.person.asked == [], "it was granted before"
    assert "approval-kept" in again.diary.kinds()


async def test_a_grant_of_other_terms_is_asked_for_again() -> None:
    again = Shopping(at_the_till(), interrupted("grant"))
    assert await again.do(PAY) == ["T-1"]
    assert [request.terms for request in again.person.asked] == [PRICE]


def with_orders() -> Toolset:
    from agentjit.toolspecs import Effect, tool

    @tool(effect=Effect.READ, reads={"orders"})
    async def list_orders(page: Any) -> list[str]:
        """List the orders."""
        return [str(each) for each in await page.act("list_orders")]

    tools = tuple(t for t in TOOLSET.tools if t.name != "pay")
    return replace(TOOLSET, tools=(*tools, list_orders, replace(pay, verify="list_orders")))


def order_page(orders: list[str], **acts: Any) -> PretendPage:
    async def order(page: PretendPage, tip: float) -> str:
        orders.append(f"T-{len(orders) + 1}")
        await paying(page, tip)
        return orders[-1]

    async def list_orders(page: PretendPage) -> list[str]:
        return list(orders)

    return at_the_till(**{"pay": order, "list_orders": list_orders, **acts})


async def test_an_attempt_without_an_outcome_that_is_listed_was_done() -> None:
    again = Shopping(order_page(["T-1"]), interrupted("attempt", entries=[]), toolset=with_orders())
    assert await again.do(PAY) == ["T-1"]
    assert "pay" not in again.page.done
    assert again.person.asked == []
    assert again.diary.kinds() == ["commit-settled", "commit-done"]


async def test_an_attempt_that_is_not_listed_is_only_repeated_when_its_time_is_over() -> None:
    orders: list[str] = []
    again = Shopping(order_page(orders), interrupted("attempt", entries=[]), toolset=with_orders())
    assert await again.do(PAY) == ["T-1"]
    assert orders == ["T-1"]
    assert again.clock.time >= pay.timeout
    assert len(again.person.asked) == 1, "the first grant was used up"


async def test_an_order_that_comes_late_is_found() -> None:
    orders: list[str] = []
    again = Shopping(order_page(orders), interrupted("attempt", entries=[]), toolset=with_orders())
    again.clock.at = {7.0: lambda: orders.append("T-9")}
    assert await again.do(PAY) == ["T-9"]
    assert orders == ["T-9"]


async def test_an_attempt_that_nothing_can_settle_stays_unknown_and_is_not_repeated() -> None:
    again = Shopping(at_the_till(), interrupted("attempt", entries=None))
    for _ in range(2):
        with pytest.raises(OutcomeUnknown, match="the process that attempted it ended"):
            await again.do(PAY)
    assert "pay" not in again.page.done


async def test_the_policys_cap_holds() -> None:
    shopping = Shopping(at_the_till(), max_commits=0)
    with pytest.raises(ApprovalRefused, match="the policy allows 0 irreversible calls"):
        await shopping.do(PAY)
    assert shopping.person.asked == []


# --- what is repeated ----------------------------------------------------------------------------


async def test_a_harmless_call_is_repeated_with_a_growing_pause() -> None:
    errors = [ToolError(f"late {n}") for n in range(3)]
    waiting = list(errors)

    async def late(page: PretendPage) -> Any:
        if waiting:
            raise waiting.pop()
        return await pricing(page)

    shopping = Shopping(open_page(show_price=late))
    assert await shopping.do(GO, SHOW) == [None, PRICE]
    repeated = [e.data for e in shopping.diary.events if e.kind == "call-repeated"]
    assert [each["seconds"] for each in repeated] == list(BACKOFF)
    assert [each["message"] for each in repeated] == ["late 2", "late 1", "late 0"]
    assert shopping.clock.slept[: len(BACKOFF)] == list(BACKOFF)


async def test_the_same_answer_twice_is_an_answer() -> None:
    shopping = Shopping(open_page(show_price=failing(9, ToolError("sold out"), pricing)))
    with pytest.raises(ToolError, match="sold out"):
        await shopping.do(GO, SHOW)
    assert shopping.page.done.count("show_price") == 2


async def test_nothing_is_repeated_where_that_is_switched_off() -> None:
    shopping = Shopping(open_page(show_price=failing(1, ToolError("late"), pricing)), retry=False)
    with pytest.raises(ToolError):
        await shopping.do(GO, SHOW)
    assert shopping.page.done.count("show_price") == 1


async def test_a_write_that_was_seen_not_to_be_done_is_repeated_once_more() -> None:
    shopping = Shopping(open_page(pick=failing(1, ToolError("an error page"), picking)))
    await shopping.do(GO, PICK)
    assert shopping.page.done == ["goto_shop", "pick", "pick"]
    assert shopping.diary.data("call-settled")["outcome"] == "not-done"


async def test_a_write_that_was_done_behind_an_error_is_not_repeated() -> None:
    async def pick_and_fail(page: PretendPage, **arguments: Any) -> None:
        await picking(page, **arguments)
        raise ToolError("an error page")

    shopping = Shopping(open_page(pick=pick_and_fail))
    assert await shopping.do(GO, PICK) == [None, None]
    assert shopping.page.done == ["goto_shop", "pick"]
    assert shopping.diary.data("call-settled")["outcome"] == "done"


async def test_a_write_of_which_nothing_tells_whether_it_was_done_is_not_repeated() -> None:
    page = open_page(pick=failing(1, ToolError("an error page"), picking))
    page.state["cart"] = "full"
    shopping = Shopping(page)
    with pytest.raises(ToolError, match="an error page"):
        await shopping.do(GO, PICK)
    assert shopping.page.done.count("pick") == 1


async def test_an_idempotent_write_is_repeated_blindly() -> None:
    page = open_page(pick=failing(1, ToolError("an error page"), picking))
    page.state["cart"] = "full"
    shopping = Shopping(page, toolset=with_tool(replace(pick, idempotent=True)))
    await shopping.do(GO, PICK)
    assert shopping.page.done.count("pick") == 2


async def test_a_write_under_way_when_the_process_ended_is_settled() -> None:
    journal = RunJournal.in_memory()
    journal.now = lambda: 0.0
    before = {"screen": "shop", "item": None, "cart": "empty"}
    about: dict[str, Any] = {"tool": "pick", "effect": "write", "arguments": {"name": "tea"}}
    journal.write("1.1", "attempt", before=before, **about)
    page = open_page()
    page.state |= {"screen": "shop", "item": "tea", "cart": "full"}
    assert await Shopping(page, journal).do(PICK) == [None]
    assert page.done == []


async def test_an_irreversible_call_is_not_repeated_once_attempted_but_its_preparation_is() -> None:
    shopping = Shopping(at_the_till(show_price=failing(1, ToolError("late"), pricing)))
    shopping.page.state["screen"] = "shop"
    assert await shopping.do(PAY) == ["T-1"]
    refused = Shopping(at_the_till(pay=failing(1, NotDone("declined"), paying)))
    with pytest.raises(NotDone):
        await refused.do(PAY)
    assert refused.page.done.count("pay") == 1
    lost = Shopping(at_the_till(pay=failing(1, ToolError("no number"), paying)))
    with pytest.raises(OutcomeUnknown):
        await lost.do(PAY)
    assert lost.page.done.count("pay") == 1


@pytest.mark.parametrize("error", [ContractBroken("x"), SiteUnreachable("y")])
async def test_what_may_pass_is_tried_again(error: RunError) -> None:
    shopping = Shopping(open_page(goto_shop=failing(1, error, going)))
    await shopping.do(GO)
    assert shopping.page.done == ["goto_shop", "goto_shop"]


def test_the_shops_tools_are_what_these_tests_take_them_for() -> None:
    tools: tuple[Tool, ...] = (goto_shop, pick, pay)
    assert [each.effect.value for each in tools] == ["navigate", "write", "commit"]
