"""An irreversible call whose answer was lost: settled by its list, as far as that proves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict

import pytest
from playwright.async_api import Error as PlaywrightError

from agentjit.errors import (
    ApprovalRefused,
    BrowserError,
    NotDone,
    OutcomeUnknown,
    RunError,
    ToolError,
)
from agentjit.ports import ApprovalRequest
from agentjit.runtime.approval import digest_of
from agentjit.runtime.calling import Caller, CallReport
from agentjit.runtime.committing import Commit, CommitGate
from agentjit.runtime.granting import ROUNDS
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.settling import added, had_answer
from agentjit.toolspecs import Effect, Toolset, tool
from tests.runtime.pretend import (
    PRICE,
    TOOLSET,
    Diary,
    Person,
    PretendPage,
    VirtualClock,
    pay,
    shop_page,
)


class Receipt(TypedDict):
    """What the shop says of a payment."""

    number: str


class Payment(TypedDict):
    """A payment that was made."""

    number: str
    total: float


@tool(effect=Effect.READ, reads={"orders"})
async def list_payments(page: Any) -> list[Payment]:
    """List the payments."""
    payments: list[Payment] = await page.act("list_payments")
    return payments


@tool(requires="screen == 'shop'", ensures="screen == 'paid'", effect=Effect.COMMIT)
async def pay_with_receipt(page: Any) -> Receipt:
    """Pay, for a receipt. It cannot be undone."""
    receipt: Receipt = await page.act("pay")
    return receipt


OLD: Payment = {"number": "T-0", "total": 1.0}
NEW: Payment = {"number": "T-1", "total": 3.5}
PAY = replace(
    pay_with_receipt, name="pay", terms="show_price", verify="list_payments", timeout=0.05
)


@dataclass(slots=True)
class Shop:
    """A shop with a list of payments, and a gate before its till."""

    payments: list[Payment] = field(default_factory=lambda: [OLD])
    clock: VirtualClock = field(default_factory=VirtualClock)
    diary: Diary = field(default_factory=Diary)
    person: Any = field(default_factory=lambda: Person(answer=True))
    commits: list[Commit] = field(default_factory=list)
    page: PretendPage = field(default_factory=shop_page)
    tool: Any = PAY

    async def call(self, body: Callable[..., Any]) -> CallReport:
        self.page.acts.setdefault("list_payments", self.listing)
        self.page.acts["pay"] = body
        others = [t for t in TOOLSET.tools if t.name != "pay"]
        toolset = Toolset(
            "shop", "A shop", TOOLSET.state, TOOLSET.observe, (*others, list_payments)
        )
        toolset = replace(toolset, tools=(*toolset.tools, self.tool))
        gate = CommitGate(
            Caller(toolset, self.clock),
            self.person,
            Recorder(self.clock, self.diary),
            account="http://shop.test",
            commits=self.commits,
        )
        return await gate.call(self.tool, self.page, {})  # type: ignore[arg-type]

    async def listing(self, page: PretendPage) -> list[Payment]:
        return list(self.payments)

    def failing(self, error: Exception, *, acted: bool) -> Callable[..., Any]:
        async def body(page: PretendPage) -> Receipt:
            if acted:
                self.payments.insert(0, NEW)
            raise error

        return body


@pytest.mark.parametrize(
    "error",
    [
        ToolError("the site answered 502"),
        PlaywrightError("net::ERR_CONNECTION_RESET"),
        PlaywrightError("Locator.wait_for: Timeout 3000ms exceeded."),
        KeyError("number"),
    ],
)
async def test_a_new_entry_proves_that_it_was_done(error: Exception) -> None:
    shop = Shop()
    report = await shop.call(shop.failing(error, acted=True))
    assert report.value == {"number": "T-1"}, "the new entry, as the tool returns it"
    assert [(c.outcome, c.value) for c in shop.commits] == [("done", {"number": "T-1"})]
    assert shop.page.done.count("pay") == 1
    assert shop.diary.kinds()[1:] == [
        "commit-intent",
        "commit-attempted",
        "commit-settled",
        "commit-done",
    ]
    assert shop.diary.data("commit-settled")["outcome"] == "done"


async def test_an_entry_that_comes_a_little_later_counts() -> None:
    shop = Shop()
    shop.clock.at[1.0] = lambda: shop.payments.append(NEW)
    report = await shop.call(shop.failing(ToolError("the site answered 502"), acted=False))
    assert report.value == {"number": "T-1"}


async def test_an_unchanged_list_after_an_answer_proves_that_it_was_not_done() -> None:
    shop = Shop()
    with pytest.raises(NotDone) as caught:
        await shop.call(shop.failing(ToolError("the site answered 502"), acted=False))
    assert caught.value.exit_code == 1
    assert "did not take effect: the site answered 502" in caught.value.message
    assert shop.commits == []
    assert shop.clock.time >= 3.0, "the site had its time"
    assert shop.diary.kinds()[1:] == [
        "commit-intent",
        "commit-attempted",
        "commit-settled",
        "commit-not-done",
    ]


@pytest.mark.parametrize(
    "error", [PlaywrightError("Timeout 3000ms"), PlaywrightError("net::ERR_FAILED"), KeyError("n")]
)
async def test_an_unchanged_list_proves_nothing_where_no_answer_came(error: Exception) -> None:
    shop = Shop()
    with pytest.raises(OutcomeUnknown, match="its outcome is not known"):
        await shop.call(shop.failing(error, acted=False))
    assert [c.outcome for c in shop.commits] == ["unknown"]
    assert shop.diary.kinds()[1:] == ["commit-intent", "commit-attempted", "commit-unknown"]


async def test_a_list_that_lost_an_entry_proves_nothing() -> None:
    shop = Shop()

    async def body(page: PretendPage) -> Receipt:
        shop.payments[:] = [NEW]
        raise ToolError("the site answered 502")

    with pytest.raises(OutcomeUnknown):
        await shop.call(body)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_list_that_cannot_be_read_proves_nothing(when: str) -> None:
    shop = Shop()

    async def listing(page: PretendPage) -> list[Payment]:
        if when == "before" or "pay" in page.done:
            raise ToolError("the order history answered 502")
        return list(shop.payments)

    shop.page.acts["list_payments"] = listing
    with pytest.raises(OutcomeUnknown, match="answered 502"):
        await shop.call(shop.failing(ToolError("the site answered 502"), acted=True))
    assert [c.outcome for c in shop.commits] == ["unknown"]


async def test_a_browser_that_goes_away_leaves_it_unknown() -> None:
    shop = Shop()

    async def body(page: PretendPage) -> Receipt:
        page.context.browser.connected = False
        page.blinks = [PlaywrightError("Connection closed")]
        raise PlaywrightError("Connection closed")

    with pytest.raises(OutcomeUnknown, match="the browser went away"):
        await shop.call(body)


async def test_a_browser_that_goes_away_before_the_attempt_leaves_nothing_attempted() -> None:
    shop = Shop()

    async def listing(page: PretendPage) -> list[Payment]:
        page.context.browser.connected = False
        raise PlaywrightError("Connection closed")

    shop.page.acts["list_payments"] = listing
    with pytest.raises(BrowserError):
        await shop.call(shop.failing(ToolError("no"), acted=True))
    assert shop.commits == []
    assert "pay" not in shop.page.done


async def test_a_value_that_is_there_is_kept_where_only_the_postcondition_is_missed() -> None:
    shop = Shop()

    async def body(page: PretendPage) -> Receipt:
        shop.payments.append(NEW)
        return {"number": "from the page"}

    assert (await shop.call(body)).value == {"number": "from the page"}
    assert [c.outcome for c in shop.commits] == ["done"]


async def test_a_done_call_whose_result_cannot_be_told_says_that_it_is_done() -> None:
    shop = Shop(tool=replace(pay, verify="list_payments"))

    async def body(page: PretendPage, tip: float) -> str:
        shop.payments.append(NEW)
        raise ToolError("the site answered 502")

    with pytest.raises(RunError, match="took effect, but its answer was lost") as caught:
        await shop.call(body)
    assert caught.value.exit_code == 1
    assert [c.outcome for c in shop.commits] == ["done"]


def test_what_counts_as_added() -> None:
    assert added([], []) == ()
    assert added(["a"], ["b", "a"]) == ("b",)
    assert added(["a"], ["a", "a"]) == ("a",)
    assert added(["a", "b"], ["b"]) is None


def test_an_error_that_follows_from_a_timeout_is_no_answer() -> None:
    late = ToolError("it did not come")
    late.__cause__ = TimeoutError()
    assert not had_answer(late)
    assert had_answer(ToolError("the site said no"))


# --- the terms that were granted are those that are attempted ------------------------------------


@dataclass(slots=True)
class Slow:
    """Somebody who thinks, while the price changes."""

    shop: Shop
    prices: list[float]
    asked: list[ApprovalRequest] = field(default_factory=list)

    async def approve(self, request: ApprovalRequest) -> bool:
        self.asked.append(request)
        self.shop.clock.time += 60.0
        if self.prices:
            price = {**PRICE, "price": self.prices.pop(0)}

            async def pricing(page: PretendPage) -> Any:
                return price

            self.shop.page.acts["show_price"] = pricing
        return True


async def good(page: PretendPage) -> Receipt:
    page.state["screen"] = "paid"
    return {"number": "T-1"}


async def test_terms_that_change_while_somebody_thinks_are_asked_for_again() -> None:
    shop = Shop()
    shop.person = Slow(shop, [4.5])
    report = await shop.call(good)
    assert [r.terms["price"] for r in shop.person.asked] == [3.5, 4.5]
    assert shop.commits[0].terms == {**PRICE, "price": 4.5}
    assert shop.diary.data("commit-intent")["digest"] == digest_of(
        "pay", {}, {**PRICE, "price": 4.5}, "http://shop.test"
    )
    assert shop.diary.data("terms-changed")["granted"] == PRICE
    assert shop.page.done.count("pay") == 1
    assert report.seconds < 1.0


async def test_terms_that_keep_changing_are_not_attempted() -> None:
    shop = Shop()
    shop.person = Slow(shop, [4.0, 5.0, 6.0, 7.0])
    with pytest.raises(ApprovalRefused, match="its terms keep changing"):
        await shop.call(good)
    assert len(shop.person.asked) == ROUNDS
    assert shop.commits == []
    assert "pay" not in shop.page.done
