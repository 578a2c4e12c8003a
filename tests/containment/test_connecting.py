"""A browser that runs already: used like any other, fenced, and told of where it goes away."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from agentjit.engine import AgentJIT
from agentjit.errors import BrowserError, UsageError
from agentjit.runtime.discovery import find_browsers
from agentjit.runtime.launch import launch_browser
from agentjit.sites import load_site
from agentjit.sites.common.serve import serving
from agentjit.sites.common.settings import SiteSettings
from agentjit.sites.dashdish.tools import TOOLSET
from agentjit.toolspecs import Toolset
from tests.containment.hostile import hostile_site, open_canary, read_pages
from tests.containment.visiting import Attempts, make_tools
from tests.e2e.hire import events_of

#: Some of each kind; a foreign browser has the proxy, and not the flags.
NAMES: Final = ("image", "fetch", "socket", "worker_shared", "redirect_frame", "popup", "packets")
PAGES: Final = tuple(page for page in read_pages() if page.name in NAMES)


@asynccontextmanager
async def foreign_browser() -> AsyncIterator[tuple[Browser, str]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with async_playwright() as playwright:
        found = next(iter(find_browsers(os.environ)))
        flags = (f"--remote-debugging-port={port}",)
        browser = await launch_browser(playwright, found, flags=flags)
        yield browser, f"http://127.0.0.1:{port}"
        await browser.close()


async def test_a_browser_that_runs_already_is_fenced_too(tmp_path: Path) -> None:
    attempts = Attempts()
    plan = f"for name in {[page.name for page in PAGES]}:\n    visit(name)\n"
    tools = make_tools(PAGES, attempts)
    async with (
        foreign_browser() as (browser, address),
        open_canary() as canary,
        hostile_site(canary) as url,
    ):
        async with AgentJIT(
            tools=tools, url=url, cdp=address, runs_dir=tmp_path, strategy="serial"
        ) as jit:
            with jit.fence.heard(attempts.hear):
                result = await jit.run("visit", plan=plan)
        # It is let go of, not closed.
        assert browser.is_connected()
        assert canary.came == []
    assert result.status == "done", result.error
    assert attempts.tame == []


async def test_a_browser_that_goes_away_is_an_event_and_a_typed_failure(tmp_path: Path) -> None:
    async with (
        foreign_browser() as (browser, address),
        open_canary() as canary,
        hostile_site(canary) as url,
    ):

        async def leave(page: Any, name: str) -> bool:
            await browser.close()
            return bool(await page.evaluate(f"'{name}'"))

        tools = make_tools(PAGES, Attempts())
        tools = replace(tools, tools=(replace(tools.tools[0], body=leave),))
        async with AgentJIT(
            tools=tools, url=url, cdp=address, runs_dir=tmp_path, strategy="serial"
        ) as jit:
            result = await jit.run("visit", plan='visit("image")')
    assert isinstance(result.error, BrowserError)
    assert "browser-lost" in [event["kind"] for event in events_of(result.run_dir)]


@pytest.mark.parametrize(
    ("address", "kind", "said"),
    [
        ("nonsense", UsageError, "--remote-debugging-port"),
        ("http://127.0.0.1:1/?token=hush", BrowserError, "is it running"),
    ],
)
async def test_a_browser_that_is_not_there_says_so(
    address: str, kind: type[Exception], said: str, tmp_path: Path
) -> None:
    engine = AgentJIT(
        tools=make_tools(PAGES, Attempts()),
        url="http://127.0.0.1:2",
        cdp=address,
        runs_dir=tmp_path,
    )
    with pytest.raises(kind) as caught:
        await engine.__aenter__()
    assert said in str(getattr(caught.value, "hint", ""))
    assert "hush" not in str(caught.value)


LOOP: Final = """\
found = {}
for store in list_all_stores()[:6]:
    goto_store(store["name"])
    found[store["name"]] = len(get_store_reviews(2))
    goto_home()
result = found
"""


def reading_where(note: Callable[[Page], Awaitable[None]]) -> Toolset:
    """Dashdish's tools; whenever reviews are read, somebody is told in which tab."""
    tool = TOOLSET.by_name["get_store_reviews"]

    async def read(page: Page, **arguments: Any) -> Any:
        await note(page)
        return await tool.body(page, **arguments)

    changed = tuple(replace(t, body=read) if t is tool else t for t in TOOLSET.tools)
    return replace(TOOLSET, tools=changed)


@asynccontextmanager
async def two_browsers(
    runs: Path, note: Callable[[Page], Awaitable[None]]
) -> AsyncIterator[tuple[AgentJIT, Browser]]:
    """An engine whose tabs are in two browsers, and the second of these."""
    site = load_site("dashdish")
    async with (
        foreign_browser() as (_, first),
        foreign_browser() as (browser, second),
        serving([site], SiteSettings()) as urls,
        AgentJIT(
            tools=reading_where(note),
            url=urls[site.name],
            cdp=(first, second),
            runs_dir=runs,
            strategy="parallel:4",
        ) as jit,
    ):
        yield jit, browser


async def test_tabs_live_in_several_browsers_as_one_account(tmp_path: Path) -> None:
    seen: dict[BrowserContext, Any] = {}

    async def note(page: Page) -> None:
        seen[page.context] = await page.context.cookies()

    async with two_browsers(tmp_path, note) as (jit, _):
        result = await jit.run("count reviews", plan=LOOP)
    assert result.ok, result.error
    assert len(result.value) == 6
    assert len({context.browser for context in seen}) == 2
    (session, *others) = [{c["value"] for c in cookies} for cookies in seen.values()]
    assert session
    assert all(each == session for each in others)


async def test_what_was_under_way_in_a_lost_browser_is_done_in_another(tmp_path: Path) -> None:
    lost: list[Browser] = []

    async def note(page: Page) -> None:
        if not lost and page.context is not jit.context:
            lost.append(second)
            await second.close()
            await page.title()

    async with two_browsers(tmp_path, note) as (jit, second):
        result = await jit.run("count reviews", plan=LOOP)
    assert lost
    assert result.ok, result.error
    assert len(result.value) == 6
    kinds = [event["kind"] for event in events_of(result.run_dir)]
    assert "browser-lost" in kinds
    assert "call-repeated" in kinds
