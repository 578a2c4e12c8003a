"""Somebody at a live Dashdish, who calls tools with their contracts held against the page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.async_api import Browser, Error, Page

from agentjit.ports import Clock
from agentjit.runtime.calling import Caller
from agentjit.runtime.clock import SystemClock
from agentjit.sites import load_site
from agentjit.toolspecs import Tool

TOOLSET: Final = load_site("dashdish").toolset

#: Account resource -> where the record has it.
RESOURCES: Final[Mapping[str, tuple[str, ...]]] = {
    "cart": ("cart", "cartItems"),
    "orders": ("cart", "foodOrders"),
    "checkout": ("checkout",),
}


@dataclass(frozen=True, slots=True)
class Customer:
    """A browser's tab, opened at the site's start in a session of its own."""

    page: Page
    address: str
    clock: Clock = field(default_factory=SystemClock)

    async def call(self, name: str, /, **arguments: Any) -> Any:
        """Call a tool; requires, ensures and types are checked as a run does."""
        return (await self.caller.call(TOOLSET.by_name[name], self.page, arguments)).value

    async def call_strictly(self, name: str, /, **arguments: Any) -> Any:
        """Call a tool, and see besides that nothing changed that its contract does not name."""
        tool = TOOLSET.by_name[name]
        before = await self.record()
        report = await self.caller.call(tool, self.page, arguments)
        assert report.drift == ()
        assert changed(before, await self.record()) <= (tool.touches.writes or frozenset())
        if tool.effect.harmless and not tool.ensures:
            assert report.before == report.after
        return report.value

    async def walk(self, steps: list[tuple[str, Any]]) -> None:
        """Call one tool after the other; "open" goes to a path."""
        for name, arguments in steps:
            if name == "open":
                path = self.address + arguments["path"]
                await self.page.goto(path, wait_until="domcontentloaded")
            else:
                await self.call(name, **arguments)

    async def record(self) -> Any:
        """The site's own record of this session."""
        answer = await self.page.request.get(f"{self.address}/finish")
        return (await answer.json())["finalstate"]

    async def observe(self) -> Mapping[str, Any]:
        """What the page shows of the state."""
        return await TOOLSET.observe(self.page)

    @property
    def caller(self) -> Caller:
        """Performs calls as the runtime does."""
        return Caller(TOOLSET, self.clock)


@asynccontextmanager
async def visiting(
    browser: Browser, address: str, query: str, *, timeout: int
) -> AsyncIterator[Customer]:
    """A customer of their own, at the home page; AssertionError where a page's script failed.

    The timeout is that of the page, in milliseconds.
    """
    problems: list[str] = []

    def note(error: Error) -> None:
        problems.append(str(error))

    async with await browser.new_context() as context:
        page = await context.new_page()
        page.set_default_timeout(timeout)
        page.on("pageerror", note)
        await page.goto(f"{address}/?{query}", wait_until="domcontentloaded")
        yield Customer(page, address)
    assert problems == []


def changed(before: Any, after: Any) -> frozenset[str]:
    """The account resources that differ between two records."""
    return frozenset(
        name for name, path in RESOURCES.items() if _at(before, path) != _at(after, path)
    )


def writing_tools() -> list[Tool]:
    """The tools that may change the account."""
    return [tool for tool in TOOLSET.tools if not tool.effect.harmless]


def _at(record: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        record = record[key]
    return record
