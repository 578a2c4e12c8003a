"""Somebody at a live Omnizon, who calls tools with their contracts held against the page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from playwright.async_api import Browser, Error, Page

from agentjit.runtime.calling import Caller
from agentjit.runtime.clock import SystemClock
from agentjit.sites import load_site

TOOLSET: Final = load_site("omnizon").toolset

#: The day that the shop is served for in these tests.
TODAY: Final = "2025-07-18"

#: Account resource -> what the record calls it. `filter` and `router` only tell of the visit.
RESOURCES: Final[Mapping[str, str]] = {
    "cart": "cart",
    "checkout": "checkout",
    "orders": "order",
    "reviews": "reviews",
}


@dataclass(frozen=True, slots=True)
class Shopper:
    """A fresh browser context with one tab, opened at the shop's start."""

    page: Page
    address: str

    async def call(self, name: str, /, **arguments: Any) -> Any:
        """Call a tool; requires, ensures and types are checked as a run does."""
        return (await self.caller.call(TOOLSET.by_name[name], self.page, arguments)).value

    async def call_strictly(self, name: str, /, **arguments: Any) -> Any:
        """Call a tool, and see besides that nothing changed that its contract does not name."""
        tool = TOOLSET.by_name[name]
        before = await self.account()
        report = await self.caller.call(tool, self.page, arguments)
        assert report.drift == ()
        assert changed(before, await self.account()) <= (tool.touches.writes or frozenset())
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

    async def account(self) -> Any:
        """The site's own record of this session's account."""
        answer = await self.page.request.get(f"{self.address}/finish")
        final = (await answer.json())["finalstate"]
        return {name: final[key] for name, key in RESOURCES.items()}

    async def observe(self) -> Mapping[str, Any]:
        """What the page shows of the state."""
        return await TOOLSET.observe(self.page)

    @property
    def caller(self) -> Caller:
        """Performs calls as the runtime does."""
        return Caller(TOOLSET, SystemClock())


@asynccontextmanager
async def visiting(
    browser: Browser, address: str, query: str, *, timeout: int
) -> AsyncIterator[Shopper]:
    """A shopper of their own, at the home page; AssertionError where a page's script failed.

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
        yield Shopper(page, address)
    assert problems == []


def changed(before: Any, after: Any) -> frozenset[str]:
    """The account resources that differ between two records."""
    return frozenset(name for name in RESOURCES if before[name] != after[name])
