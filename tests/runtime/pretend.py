"""A pretended shop: a page without a browser, a clock that only moves when somebody waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypedDict

from playwright.async_api import Error as PlaywrightError

from agentjit.ports import ApprovalRequest, RunEvent
from agentjit.runtime.calling import Caller
from agentjit.runtime.tabkeeping import Tab
from agentjit.toolspecs import Effect, Scope, StateModel, StateVar, Tool, Toolset, tool


@dataclass(slots=True)
class VirtualClock:
    """Time that passes only while somebody sleeps; `at` says what happens when."""

    time: float = 0.0
    at: dict[float, Callable[[], None]] = field(default_factory=dict)
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds
        for moment in [m for m in self.at if m <= self.time]:
            self.at.pop(moment)()
        await asyncio.sleep(0)


@dataclass(slots=True)
class PretendBrowser:
    connected: bool = True

    def is_connected(self) -> bool:
        return self.connected


@dataclass(slots=True)
class PretendContext:
    browser: PretendBrowser = field(default_factory=PretendBrowser)


Act = Callable[..., Awaitable[Any]]


@dataclass(slots=True)
class PretendPage:
    """What can be seen, what the tools' bodies do, and what was done."""

    state: dict[str, Any]
    acts: dict[str, Act] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    looks: int = 0
    #: Raised by the next looks, in turn.
    blinks: list[BaseException] = field(default_factory=list)
    context: PretendContext = field(default_factory=PretendContext)

    async def act(self, name: str, /, **arguments: Any) -> Any:
        self.done.append(name)
        return await self.acts[name](self, **arguments) if name in self.acts else None


class Price(TypedDict):
    """What is to be paid."""

    item: str
    price: float


@tool(requires="screen == 'home'", ensures="screen == 'shop'", effect=Effect.NAVIGATE)
async def goto_shop(page: Any) -> None:
    """Go to the shop."""
    await page.act("goto_shop")


@tool(
    requires="screen == 'shop'",
    ensures="item == $name, cart == 'full'",
    effect=Effect.WRITE,
    writes={"cart"},
)
async def pick(page: Any, name: str, count: int = 1) -> None:
    """Pick an item."""
    await page.act("pick", name=name, count=count)


@tool(requires="screen == 'shop'", effect=Effect.READ, reads={"cart"})
async def show_price(page: Any) -> Price:
    """Show the price."""
    price: Price = await page.act("show_price")
    return price


@tool(
    requires="screen == 'shop', cart == 'full'",
    ensures="screen == 'paid', cart == 'empty'",
    effect=Effect.COMMIT,
    reads={"cart"},
    writes={"cart", "orders"},
    terms="show_price",
    verify="show_price",
)
async def pay(page: Any, tip: float = 0.0) -> str:
    """Pay for the item. It cannot be undone."""
    number: str = await page.act("pay", tip=tip)
    return number


async def observe(page: Any) -> dict[str, Any]:
    """See what the page shows."""
    page.looks += 1
    if page.blinks:
        raise page.blinks.pop(0)
    return dict(page.state)


STATE = StateModel(
    (
        StateVar("screen", values=("home", "shop", "paid", "other"), start="home"),
        StateVar("item"),
        StateVar("cart", values=("empty", "full"), start="empty", scope=Scope.ACCOUNT),
    )
)
TOOLSET = Toolset("shop", "A shop", STATE, observe, (goto_shop, pick, show_price, pay))

#: What Playwright says when a page is replaced under a script.
NAVIGATED = PlaywrightError(
    "Page.evaluate: Execution context was destroyed, most likely because of a navigation"
)

PRICE = {"item": "tea", "price": 3.5}


async def paying(page: PretendPage, tip: float) -> str:
    """The site does what it should."""
    page.state |= {"screen": "paid", "cart": "empty"}
    return "T-1"


async def pricing(page: PretendPage) -> Any:
    """The price is shown."""
    return PRICE


def shop_page(**acts: Act) -> PretendPage:
    """A page of the shop with a full cart, where all goes well except as told."""
    state = {"screen": "shop", "item": "tea", "cart": "full"}
    return PretendPage(state, {"pay": paying, "show_price": pricing, **acts})


def caller(clock: VirtualClock | None = None, toolset: Toolset = TOOLSET) -> Caller:
    """A caller on virtual time."""
    return Caller(toolset, clock or VirtualClock())


def with_tool(changed: Tool) -> Toolset:
    """The shop's tools with one of them replaced."""
    tools = tuple(changed if t.name == changed.name else t for t in TOOLSET.tools)
    return Toolset("shop", "A shop", STATE, observe, tools)


@dataclass(slots=True)
class Diary:
    """A journal in memory."""

    events: list[RunEvent] = field(default_factory=list)

    def record(self, event: RunEvent) -> None:
        self.events.append(event)

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]

    def data(self, kind: str) -> Mapping[str, Any]:
        (event,) = (e for e in self.events if e.kind == kind)
        return event.data


@dataclass(slots=True)
class Person:
    """Somebody who is asked, and what they were asked."""

    answer: bool
    asked: list[ApprovalRequest] = field(default_factory=list)

    async def approve(self, request: ApprovalRequest) -> bool:
        self.asked.append(request)
        return self.answer


def fixed_tab(page: PretendPage) -> Tab:
    """A tab that is always this page."""

    @asynccontextmanager
    async def open_it() -> AsyncIterator[Any]:
        yield page

    return Tab(open_it)
