"""A live Omnizon in both layouts, one browser for all tests of it, and somebody who shops."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from agentjit.sites import load_site
from agentjit.sites.common.serve import serving
from agentjit.sites.common.settings import LAYOUTS, make_settings
from tests.sites.omnizon.shopper import TODAY, Shopper
from tests.sites.visits import browsing, opened_tab, visit


@pytest_asyncio.fixture(
    scope="package", loop_scope="package", params=LAYOUTS, ids=lambda layout: f"layout {layout}"
)
async def address(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    settings = make_settings(layout=request.param, today=TODAY)
    async with serving([load_site("omnizon")], settings) as addresses:
        yield addresses["omnizon"]


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as browser:
        yield browser


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def tab(browser: Browser) -> AsyncIterator[Page]:
    async with opened_tab(browser) as tab:
        yield tab


@pytest_asyncio.fixture(loop_scope="package")
async def shopper(
    request: pytest.FixtureRequest, tab: Page, address: str
) -> AsyncIterator[Shopper]:
    """Somebody new at the home page; the parameter is the seed."""
    async with visit(tab, f"{address}/?seed={getattr(request, 'param', 0)}"):
        yield Shopper(tab, address)
