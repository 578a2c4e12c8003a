"""The fixtures of every site's tests: the site in both layouts, one browser, and somebody there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from agentjit.sites import load_site
from agentjit.sites.common.serve import serving
from agentjit.sites.common.settings import LAYOUTS, make_settings
from tests.sites.visits import browsing, opened_tab, visit


def live_site(name: str, *, today: str = "real") -> Any:
    """A fixture: the address of the site, in each of its layouts in turn."""

    @pytest_asyncio.fixture(
        scope="package",
        loop_scope="package",
        params=LAYOUTS,
        ids=lambda layout: f"layout {layout}",
        name="address",
    )
    async def address(request: pytest.FixtureRequest) -> AsyncIterator[str]:
        settings = make_settings(layout=request.param, today=today)
        async with serving([load_site(name)], settings) as addresses:
            yield addresses[name]

    return address


def one_browser() -> Any:
    """A fixture: a browser for all tests of a package."""

    @pytest_asyncio.fixture(scope="package", loop_scope="package", name="browser")
    async def browser() -> AsyncIterator[Browser]:
        async with browsing() as opened:
            yield opened

    return browser


def one_tab() -> Any:
    """A fixture: a tab for all tests of a package, one visit after the other."""

    @pytest_asyncio.fixture(scope="package", loop_scope="package", name="tab")
    async def tab(browser: Browser) -> AsyncIterator[Page]:
        async with opened_tab(browser) as opened:
            yield opened

    return tab


def somebody(guest: Callable[[Page, str], Any], *, name: str) -> Any:
    """A fixture: somebody new at the home page, unknown to the site; its parameter is the seed."""

    @pytest_asyncio.fixture(loop_scope="package", name=name)
    async def someone(
        request: pytest.FixtureRequest, tab: Page, address: str
    ) -> AsyncIterator[Any]:
        async with visit(tab, f"{address}/?seed={getattr(request, 'param', 0)}"):
            yield guest(tab, address)

    return someone
