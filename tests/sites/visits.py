"""What the tests of all sites' tools share: one browser, and visits that begin like the first."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Error, Page, async_playwright

from agentjit.runtime.launch import open_browser

#: Milliseconds that a page may take for what a test waits for.
PATIENCE_MS = 10_000


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """A browser; it takes a second to start, so that a package of tests has one."""
    async with async_playwright() as playwright:
        _, browser = await open_browser(playwright, os.environ)
        yield browser
        await browser.close()


@asynccontextmanager
async def opened_tab(browser: Browser) -> AsyncIterator[Page]:
    """One tab for many visits: a tab of its own would cost more than most visits do."""
    async with await browser.new_context() as context:
        yield await context.new_page()


@asynccontextmanager
async def watched(page: Page) -> AsyncIterator[None]:
    """AssertionError at the end where a page's script failed meanwhile."""
    problems: list[str] = []

    def note(error: Error) -> None:
        problems.append(str(error))

    page.on("pageerror", note)
    yield
    page.remove_listener("pageerror", note)
    assert problems == []


@asynccontextmanager
async def visit(tab: Page, start: str) -> AsyncIterator[None]:
    """A visit by somebody whom the site has not seen; AssertionError where a page's script failed.

    Sessions, routes and time limits end with it.
    """
    async with watched(tab):
        tab.set_default_timeout(PATIENCE_MS)
        await tab.goto(start, wait_until="domcontentloaded")
        yield
        # What the last page still asks for ends with it.
        await tab.goto("about:blank")
        await tab.unroute_all()
        await tab.context.clear_cookies()
