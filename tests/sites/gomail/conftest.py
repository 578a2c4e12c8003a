"""A browser, a served Gomail in either layout, and somebody who reads and writes there."""

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
from tests.sites.gomail.correspondent import Correspondent, visiting
from tests.sites.gomail.uses import TODAY


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=LAYOUTS, ids=lambda layout: f"layout {layout}"
)
async def address(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    settings = make_settings(layout=request.param, today=TODAY.isoformat())
    async with serving([load_site("gomail")], settings) as addresses:
        yield addresses["gomail"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        _, browser = await open_browser(playwright, os.environ)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def sam(
    request: pytest.FixtureRequest, browser: Browser, address: str
) -> AsyncIterator[Correspondent]:
    """The owner of a mailbox; the parameter is its seed."""
    seed = getattr(request, "param", 0)
    async with visiting(browser, address, f"seed={seed}") as sam:
        yield sam
