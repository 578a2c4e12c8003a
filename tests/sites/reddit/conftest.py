"""A live Reddit in both layouts, one browser for all tests of it, and somebody who visits."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Page, async_playwright

from agentjit.runtime.launch import open_browser
from agentjit.sites import load_site
from agentjit.sites.common.serve import serving
from agentjit.sites.common.settings import LAYOUTS, make_settings
from tests.sites.reddit.visitor import Visitor


@pytest_asyncio.fixture(
    scope="package", loop_scope="package", params=LAYOUTS, ids=lambda layout: f"layout {layout}"
)
async def address(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    settings = make_settings(layout=request.param)
    async with serving([load_site("reddit")], settings) as addresses:
        yield addresses["reddit"]


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        _, browser = await open_browser(playwright, os.environ)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def tab(browser: Browser, address: str) -> AsyncIterator[Page]:
    """One tab for all visits of a layout: a tab of its own would cost more than most visits do."""
    context = await browser.new_context()
    tab = await context.new_page()
    tab.set_default_timeout(10_000)
    yield tab
    await context.close()


@pytest_asyncio.fixture(loop_scope="package")
async def visitor(
    request: pytest.FixtureRequest, tab: Page, address: str
) -> AsyncIterator[Visitor]:
    """Somebody new at the home page, whom the site has not seen; the parameter is the seed."""
    problems: list[str] = []

    def note(error: Error) -> None:
        problems.append(str(error))

    tab.on("pageerror", note)
    seed = getattr(request, "param", 0)
    await tab.goto(f"{address}/?seed={seed}", wait_until="domcontentloaded")
    yield Visitor(tab, address)
    # What the last page still asks for ends with it, and so do its session and broken routes.
    await tab.goto("about:blank")
    await tab.unroute_all()
    await tab.context.clear_cookies()
    tab.remove_listener("pageerror", note)
    assert problems == []
