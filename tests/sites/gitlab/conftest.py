"""A live GitLab, one browser for all tests of it, and somebody who visits, in both layouts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from agentjit.sites import load_site
from agentjit.sites.common.serve import serving
from agentjit.sites.common.settings import LAYOUTS, make_settings
from tests.sites.gitlab.visitor import Visitor
from tests.sites.living import one_browser
from tests.sites.visits import watched

TODAY: Final = date(2026, 3, 2)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def address() -> AsyncIterator[str]:
    async with serving([load_site("gitlab")], make_settings(today=TODAY.isoformat())) as addresses:
        yield addresses["gitlab"]


browser = one_browser()


@pytest.fixture(scope="package", params=LAYOUTS, ids=lambda layout: f"layout {layout}")
def layout(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def tab(browser: Browser, address: str, layout: str) -> AsyncIterator[Visitor]:
    """One tab for all visits in a layout: a tab of its own would cost more than most visits do."""
    context = await browser.new_context()
    page = await context.new_page()
    page.set_default_timeout(10_000)
    await page.goto(f"{address}/?layout={layout}", wait_until="domcontentloaded")
    yield Visitor(page, address)
    await context.close()


@pytest_asyncio.fixture(loop_scope="package")
async def visitor(tab: Visitor) -> AsyncIterator[Visitor]:
    """Somebody at the home page, with everything as it was at first."""
    async with watched(tab.page):
        await tab.page.request.get(f"{tab.address}/config?seed=0&latency=0&faults=none")
        await tab.open("/")
        yield tab
        # What the last page still asks for ends with it, and so do routes that were broken.
        await tab.page.goto("about:blank")
        await tab.page.unroute_all()
