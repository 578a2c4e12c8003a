"""The pretended shop with a run whose plan was begun while it was written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from agentjit.compiler.check import check_or_raise
from agentjit.compiler.ir import NodeId
from agentjit.errors import SiteUnreachable
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
    STATE,
    TOOLSET,
    Diary,
    Person,
    PretendPage,
    VirtualClock,
    caller,
    goto_shop,
    observe,
    pick,
    show_price,
)
from tests.runtime.test_driver import open_page

LOOK = "goto_shop()\nshown = show_price()\n"


def use(tool: str, *, copy: int = 0, **arguments: Any) -> ToolUse:
    """A call of a plan that is being run."""
    return ToolUse(NodeId(1), tool, arguments, Span(1, 1, 1, 1), copy=copy)


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
    #: A page more, where a tab is renewed.
    renewed: Callable[[], PretendPage] = open_page
    #: Raised when the tab of the head start is to be opened.
    refusal: SiteUnreachable | None = None

    def tab(self, first: PretendPage, refusal: SiteUnreachable | None = None) -> Tab:
        """A tab that is this page at first, and a new one when it is renewed."""
        pages = [first]

        @asynccontextmanager
        async def open_it() -> AsyncIterator[Any]:
            if refusal is not None:
                raise refusal
            page = pages.pop() if pages else self.renewed()
            self.opened.append(page)
            try:
                yield page
            finally:
                self.closed.append(page)

        return Tab(open_it)

    def is_new(self, page: PretendPage) -> bool:
        return page is not self.own and page is not self.other

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


@tool(requires="screen == 'shop'", ensures="screen == 'other'", effect=Effect.NAVIGATE)
async def goto_other(page: Any) -> None:
    """Go somewhere else."""
    page.state["screen"] = "other"


@tool(requires="screen == 'shop'", effect=Effect.READ, reads={"cart"})
async def search(page: Any, text: str) -> None:
    """Look for something."""
    await page.act("search", text=text)


def with_stay(*, resets: bool) -> Toolset:
    """The shop's tools, and a move to where one is."""

    @tool(effect=Effect.NAVIGATE, resets_tab=resets)
    async def stay(page: Any) -> None:
        """Load the page again."""
        await page.act("stay")

    return replace(FURTHER, tools=(*FURTHER.tools, stay))


FURTHER = Toolset("shop", "A shop", STATE, observe, (goto_shop, pick, show_price, goto_other))
