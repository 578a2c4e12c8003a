"""Tabs that are set apart, in a real browser: whose answers wait for whose, and what is kept."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import async_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from agentjit.runtime.launch import open_browser
from agentjit.runtime.tabs import set_apart
from tests.fixtures.toolhire.serve import serve_app

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

PAGE = '<title>a page</title><script src="/script.js"></script><p>read me'
FORM = '<form method="post" action="/order"><input name="dish" value="soup"><button>Order'


@dataclass(slots=True)
class Shop:
    """A site that answers the first who asks for its page only when the second was answered."""

    asked: Counter[str] = field(default_factory=Counter)
    first: asyncio.Event = field(default_factory=asyncio.Event)
    second: asyncio.Event = field(default_factory=asyncio.Event)
    orders: list[str] = field(default_factory=list)

    def app(self) -> Starlette:
        """The site."""
        return Starlette(
            routes=[
                Route("/", self._page),
                Route("/script.js", self._script),
                Route("/form", self._form),
                Route("/order", self._order, methods=["POST"]),
            ]
        )

    async def _page(self, request: Request) -> Response:
        self.asked["page"] += 1
        if self.asked["page"] == 1:
            self.first.set()
            await self.second.wait()
        return HTMLResponse(PAGE)

    async def _script(self, request: Request) -> Response:
        self.asked["script"] += 1
        return PlainTextResponse(
            "window.ran = 1",
            media_type="text/javascript",
            headers={"cache-control": "public, max-age=600"},
        )

    async def _form(self, request: Request) -> Response:
        return HTMLResponse(FORM)

    async def _order(self, request: Request) -> Response:
        self.orders.append((await request.body()).decode())
        return HTMLResponse("<p>thanks")


@asynccontextmanager
async def tabs(shop: Shop) -> AsyncIterator[tuple[str, BrowserContext]]:
    """The shop's address, and a browser to look at it."""
    async with async_playwright() as playwright, serve_app(shop.app()) as url:
        _, browser = await open_browser(playwright, os.environ)
        try:
            yield url, await browser.new_context()
        finally:
            await browser.close()


async def apart(context: BrowserContext) -> Page:
    """A new tab that is set apart."""
    page = await context.new_page()
    await set_apart(page)
    return page


async def test_no_tab_waits_for_the_answer_that_another_waits_for() -> None:
    shop = Shop()
    async with tabs(shop) as (url, context):
        first, second = await apart(context), await apart(context)
        waiting = asyncio.ensure_future(first.goto(url))
        async with asyncio.timeout(10):
            await shop.first.wait()
            # In one cache this would wait for the first one's answer, which waits for this.
            await second.goto(url)
            shop.second.set()
            await waiting
        assert await second.title() == await first.title() == "a page"


async def test_what_a_page_is_made_of_is_asked_for_once() -> None:
    shop = Shop()
    shop.second.set()
    async with tabs(shop) as (url, context):
        for page in [await apart(context), await apart(context)]:
            for _ in range(2):
                await page.goto(url)
                assert await page.evaluate("window.ran") == 1
    assert shop.asked == {"page": 4, "script": 1}


async def test_what_is_sent_is_sent_as_it_is() -> None:
    shop = Shop()
    async with tabs(shop) as (url, context):
        page = await apart(context)
        await page.goto(f"{url}/form")
        await page.click("button")
        await page.wait_for_url("**/order")
        assert await page.text_content("p") == "thanks"
    assert shop.orders == ["dish=soup"]


@pytest.mark.parametrize("times", [1, 2])
async def test_a_tab_may_be_set_apart_again(times: int) -> None:
    shop = Shop()
    shop.second.set()
    async with tabs(shop) as (url, context):
        page = await apart(context)
        for _ in range(times):
            await set_apart(page)
        await page.goto(url)
    assert shop.asked["page"] == 1
