"""What a tab may send while it is held, and after it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from agentjit.runtime.calling import Caller
from agentjit.runtime.clock import SystemClock
from agentjit.runtime.launch import open_browser
from agentjit.sites import load_site
from agentjit.stepping.door import TabDoor, release

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><title>Outbox</title>
<button id=send onclick="send('now')">Send</button>
<button id=open onclick="window.open('/popup')">Open</button>
<button id=later onclick="window.later = true">Send later</button>
<script>
async function send(what) {
  try {
    await fetch("/sent/" + what, { method: "POST" });
    document.title = "sent " + what;
  } catch (error) {
    setTimeout(() => send(what), 50);
  }
}
if (location.pathname === "/popup") send("popup");
addEventListener("due", () => window.later && fetch("/sent/later", { method: "POST" })
  .catch(() => { document.title = "refused"; }));
</script>"""


@pytest_asyncio.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        _, browser = await open_browser(playwright, os.environ, headless=True, hosts=["127.0.0.1"])
        yield await browser.new_page()
        await browser.close()


@asynccontextmanager
async def outbox() -> AsyncIterator[tuple[str, list[str]]]:
    """A site whose page tries again what it could not send; and what it was sent."""
    sent = list[str]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, path, _ = head.split("\r\n")[0].split(" ")
        if method == "POST":
            sent.append(path)
        writer.write(
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(PAGE)}\r\n"
            f"Connection: close\r\n\r\n{PAGE}".encode()
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", sent


def door_of(page: Page, *, writes: bool = False) -> TabDoor:
    # By this site's tools nothing irreversible can be done where no checkout is seen.
    return TabDoor(page, Caller(load_site("dashdish").toolset, SystemClock()), writes=writes)


async def test_what_was_refused_is_not_sent_later(page: Page) -> None:
    async with outbox() as (url, sent):
        await page.goto(url)
        door = door_of(page)
        async with door.held(), door.around() as told, page.expect_event("requestfailed"):
            await page.click("#send")
        assert "POST" in told[0]
        # The page that would have tried again is gone; a new one sends what it is told to.
        await release(page)
        async with page.expect_response("**/sent/two"):
            await page.evaluate("send('two')")
        assert sent == ["/sent/two"]


async def test_what_is_due_later_is_held_until_the_tab_is_released(page: Page) -> None:
    async with outbox() as (url, sent):
        await page.goto(url)
        door = door_of(page)
        async with door.held(), door.around():
            await page.click("#later")
        due = "dispatchEvent(new Event('due'))"
        async with page.expect_event("requestfailed"):
            await page.evaluate(due)
        assert sent == []
        await release(page)
        async with page.expect_response("**/sent/later"):
            await page.evaluate(due)
        assert sent == ["/sent/later"]


async def test_a_change_passes_in_the_tab_and_not_in_one_that_it_opened(page: Page) -> None:
    async with outbox() as (url, sent):
        await page.goto(url)
        door = door_of(page, writes=True)
        async with door.held():
            async with door.around() as told, page.expect_response("**/sent/now"):
                await page.click("#send")
            assert (sent, door.sent, told) == (["/sent/now"], 1, [])
            async with door.around() as told, page.context.expect_event("requestfailed"):
                await page.click("#open")
        # It tries again, and goes on to be refused when the tab itself is released.
        await release(page)
        async with page.context.expect_event("requestfailed"):
            pass
        assert (sent, door.sent) == (["/sent/now"], 1)
        assert "/sent/popup" in told[0]
