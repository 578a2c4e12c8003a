"""A live Reddit in both layouts, one browser for all tests of it, and somebody who visits."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

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


@pytest_asyncio.fixture(loop_scope="package")
async def visitor(
    request: pytest.FixtureRequest, browser: Browser, address: str
) -> AsyncIterator[Visitor]:
    """Somebody at the home page; the parameter is the seed."""
    context = await browser.new_context()
    page = await context.new_page()
    page.set_default_timeout(10_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    seed = getattr(request, "param", 0)
    await page.goto(f"{address}/?seed={seed}", wait_until="domcontentloaded")
    yield Visitor(page, address)
    await context.close()
    assert problems == []
