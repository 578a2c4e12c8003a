"""The gate of irreversible calls: nothing without a grant, one attempt, and nothing lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Error as PlaywrightError

from agentjit.errors import (
    ApprovalRefused,
    BrowserError,
    ContractBroken,
    NotDone,
    OutcomeUnknown,
    RunError,
    ToolError,
    ValueRejected,
)
from agentjit.runtime.approval import digest_of
from agentjit.runtime.committing import Commit, CommitGate
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.runfolder import RunFolder
from agentjit.toolspecs import Tool
from tests.runtime.pretend import (
    PRICE,
    Diary,
    Person,
    PretendPage,
    VirtualClock,
    caller,
    pay,
    paying,
    shop_page,
    with_tool,
)

ACCOUNT = "http://shop.test"


@dataclass(slots=True)
class Till:
    """A gate with all that is around it."""

    page: PretendPage
    person: Person = field(default_factory=lambda: Person(answer=True))
    diary: Diary = field(default_factory=Diary)
    tool: Tool = pay
    clock: VirtualClock = field(default_factory=VirtualClock)
    commits: list[Commit] = field(default_factory=list)

    async def call(self, **arguments: Any) -> Any:
        gate = CommitGate(
            caller(self.clock, with_tool(self.tool)),
            self.person,
            Recorder(self.clock, self.diary),
            account=ACCOUNT,
            commits=self.commits,
        )
        return await gate.call(self.tool, self.page, arguments)  # type: ignore[arg-type]


async def test_a_granted_call_is_shown_attempted_once_and_recorded() -> None:
    till = Till(shop_page())
    report = await till.call(tip=0.5)
    assert report.value == "T-1"
    assert report.before["screen"] == "shop"
    assert report.after == {"screen": "paid", "item": "tea", "cart": "empty"}
    assert till.page.done == ["show_price", "show_price", "pay"]
    assert till.commits == [
        Commit(tool="pay", arguments={"tip": 0.5}, terms=PRICE, outcome="done", value="T-1")
    ]
    assert till.diary.kinds() == [
        "approval-asked",
        "commit-intent",
        "commit-attempted",
        "commit-done",
    ]


async def test_who_is_asked_sees_the_call_its_terms_and_a_digest_of_both() -> None:
    till = Till(shop_page())
    await till.call()
    (request,) = till.person.asked
    assert (request.tool, request.summary) == ("pay", "Pay for the item.")
    assert request.arguments == {"tip": 0.0}
    assert request.terms == PRICE
    assert request.digest == digest_of("pay", {"tip": 0.0}, PRICE, ACCOUNT)
    assert till.diary.data("commit-intent") == {
        "tool": "pay",
        "arguments": {"tip": 0.0},
        "terms": PRICE,
        "digest": request.digest,
    }


async def test_a_refused_call_is_not_attempted() -> None:
    till = Till(shop_page(), Person(answer=False))
    with pytest.raises(ApprovalRefused) as caught:
        await till.call()
    assert caught.value.exit_code == 4
    assert "what came before it stays done" in caught.value.message
    assert caught.value.hint
    assert till.page.done == ["show_price"]
    assert till.commits == []
    assert till.diary.kinds() == ["approval-asked", "approval-refused"]


async def test_a_broken_precondition_is_told_before_anybody_is_asked() -> None:
    page = shop_page()
    page.state["cart"] = "empty"
    till = Till(page)
    with pytest.raises(ContractBroken, match="requires `cart == 'full'`"):
        await till.call()
    assert (page.done, till.person.asked, till.diary.events) == ([], [], [])


async def test_wrong_arguments_are_told_before_anybody_is_asked() -> None:
    till = Till(shop_page())
    with pytest.raises(ValueRejected):
        await till.call(tip="much")
    assert (till.page.done, till.person.asked) == ([], [])


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (ToolError("no price tag"), ToolError),
        (KeyError("price"), ToolError),
        (PlaywrightError("Locator.click: Timeout 3000ms exceeded."), ToolError),
        (PlaywrightError("Page.click: Target page, context or browser has been closed"), RunError),
        (None, ValueRejected),
    ],
)
async def test_unreadable_terms_stop_the_call_before_anybody_is_asked(
    raised: Exception | None, error: type[RunError]
) -> None:
    async def unreadable(page: PretendPage) -> Any:
        if raised is not None:
            raise raised
        return {"item": "tea", "price": "three fifty"}

    till = Till(shop_page(show_price=unreadable))
    with pytest.raises(error) as caught:
        await till.call()
    if not isinstance(caught.value, BrowserError):
        assert "pay() was not attempted, for its terms cannot be read: " in caught.value.message
    assert caught.value.exit_code == 1
    assert till.page.done == ["show_price"]
    assert (till.person.asked, till.commits, till.diary.events) == ([], [], [])


async def test_a_call_without_terms_shows_none() -> None:
    till = Till(shop_page(), tool=replace(pay, terms=None))
    await till.call()
    assert till.person.asked[0].terms is None
    assert till.page.done == ["pay"]


async def test_a_body_that_says_it_could_not_did_nothing() -> None:
    refusal = NotDone("the card was declined", "use another card")

    async def declined(page: PretendPage, tip: float) -> str:
        # Even when it learnt so from an error of the browser.
        raise refusal from PlaywrightError("Timeout 1000ms exceeded.")

    till = Till(shop_page(pay=declined))
    with pytest.raises(NotDone) as caught:
        await till.call()
    assert caught.value is refusal
    assert till.commits == []
    assert till.diary.kinds() == [
        "approval-asked",
        "commit-intent",
        "commit-attempted",
        "commit-not-done",
    ]
    assert till.diary.data("commit-not-done")["reason"] == "the card was declined"


async def hanging(page: PretendPage, tip: float) -> str:
    await asyncio.Event().wait()
    raise AssertionError


def raising(error: Exception, *, acted: bool = True) -> Callable[..., Any]:
    async def body(page: PretendPage, tip: float) -> str:
        if acted:
            await paying(page, tip)
        raise error

    return body


async def stopping_short(page: PretendPage, tip: float) -> str:
    return "T-1"


async def returning_nothing(page: PretendPage, tip: float) -> Any:
    await paying(page, tip)


async def going_astray(page: PretendPage, tip: float) -> str:
    page.state["screen"] = "other"
    return "T-1"


async def going_blind(page: PretendPage, tip: float) -> str:
    page.blinks = [ToolError("cannot look")]
    return "T-1"


LOST = {
    "time is over": (hanging, "took longer than 0.02 s"),
    "the browser failed": (raising(PlaywrightError("Timeout 3000ms")), "failed in the browser"),
    "the tab closed": (raising(PlaywrightError("page has been closed")), "the tab was closed"),
    "the site went down": (
        raising(PlaywrightError("net::ERR_CONNECTION_RESET")),
        "the site does not answer",
    ),
    "the body could not read the answer": (
        raising(ToolError("no order number")),
        "no order number",
    ),
    "the body has a mistake": (raising(IndexError("0")), "raised IndexError"),
    "the body raises what only the gate may": (
        raising(ApprovalRefused("no")),
        "its outcome is not known: no",
    ),
    "the result is none": (returning_nothing, "should be str, not None"),
    "the postcondition does not come": (stopping_short, "ensures `screen == 'paid'`"),
    "it ends elsewhere": (going_astray, "ensures `screen == 'paid'`"),
    "the page cannot be looked at": (going_blind, "cannot look"),
}


@pytest.mark.parametrize(("body", "said"), LOST.values(), ids=LOST)
async def test_an_attempt_that_breaks_off_has_an_unknown_outcome(
    body: Callable[..., Any], said: str
) -> None:
    till = Till(shop_page(pay=body), tool=replace(pay, timeout=0.02))
    with pytest.raises(OutcomeUnknown) as caught:
        await till.call(tip=1.0)
    assert caught.value.exit_code == 5
    assert said in caught.value.message
    assert "show_price()" in caught.value.hint
    assert till.page.done == ["show_price", "show_price", "pay"], "one attempt, never two"
    assert till.commits == [
        Commit(tool="pay", arguments={"tip": 1.0}, terms=PRICE, outcome="unknown")
    ]
    assert till.diary.kinds() == [
        "approval-asked",
        "commit-intent",
        "commit-attempted",
        "commit-unknown",
    ]
    assert till.diary.data("commit-unknown")["reason"] in caught.value.message


@pytest.mark.parametrize("where", ["body", "postcondition"])
async def test_a_cancelled_attempt_is_recorded_as_unknown(where: str) -> None:
    entered = asyncio.Event()

    async def wait(page: Any, **_: Any) -> Any:
        entered.set()
        await asyncio.Event().wait()

    tool = pay if where == "body" else replace(pay, done=wait)
    till = Till(shop_page(**({"pay": wait} if where == "body" else {})), tool=tool)
    running = asyncio.ensure_future(till.call())
    await entered.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [(c.outcome, c.terms) for c in till.commits] == [("unknown", PRICE)]
    assert till.diary.kinds()[-1] == "commit-unknown"
    assert till.diary.data("commit-unknown")["reason"] == "cancelled"


async def test_cancelling_while_somebody_is_asked_attempts_nothing() -> None:
    entered = asyncio.Event()

    class Undecided:
        async def approve(self, request: Any) -> bool:
            entered.set()
            await asyncio.Event().wait()
            raise AssertionError

    till = Till(shop_page())
    till.person = Undecided()  # type: ignore[assignment]
    running = asyncio.ensure_future(till.call())
    await entered.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert till.page.done == ["show_price"]
    assert till.commits == []


async def test_the_intent_is_on_the_disk_before_the_body_starts(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    on_disk: list[str] = []

    async def look_then_pay(page: PretendPage, tip: float) -> str:
        lines = (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()
        on_disk.extend(json.loads(line)["kind"] for line in lines)
        return await paying(page, tip)

    till = Till(shop_page(pay=look_then_pay))
    till.diary = folder  # type: ignore[assignment]
    await till.call()
    folder.close()
    assert on_disk == ["approval-asked", "commit-intent", "commit-attempted"]


async def test_an_intent_that_cannot_be_recorded_stops_the_call(tmp_path: Path) -> None:
    class FullDisk(Diary):
        def record(self, event: Any) -> None:
            if event.kind == "commit-intent":
                raise RunError("the run's record cannot be written")
            super().record(event)

    till = Till(shop_page(), diary=FullDisk())
    with pytest.raises(RunError):
        await till.call()
    assert "pay" not in till.page.done
    assert till.commits == []


async def test_a_done_call_that_cannot_be_recorded_is_still_done() -> None:
    class FullDisk(Diary):
        def record(self, event: Any) -> None:
            if event.kind == "commit-done":
                raise RunError("the run's record cannot be written")
            super().record(event)

    till = Till(shop_page(), diary=FullDisk())
    with pytest.raises(RunError):
        await till.call()
    assert [c.outcome for c in till.commits] == ["done"]


async def test_the_time_in_which_somebody_thinks_is_not_the_calls() -> None:
    class Slow(Person):
        async def approve(self, request: Any) -> bool:
            till.clock.time += 100.0
            return await super().approve(request)

    till = Till(shop_page())
    till.person = Slow(answer=True)
    assert (await till.call()).seconds < 1.0


def test_a_commit_as_data_has_stable_keys() -> None:
    commit = Commit(tool="pay", arguments={"tip": 1.0}, terms=PRICE)
    assert commit.to_json() == {
        "tool": "pay",
        "arguments": {"tip": 1.0},
        "terms": PRICE,
        "outcome": "unknown",
        "result": None,
    }
