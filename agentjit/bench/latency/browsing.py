"""A browser for one trial: started anew, and warm, as every system of a comparison gets it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from agentjit.runtime.launch import open_browser

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext


@asynccontextmanager
async def opened(browser: Path, url: str) -> AsyncIterator[BrowserContext]:
    """A context that has been at the address once, so that session and caches are there."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        _, running = await open_browser(playwright, {"AGENTJIT_BROWSER": str(browser)})
        try:
            context = await running.new_context()
            page = await context.new_page()
            await page.goto(url)
            await page.close()
            yield context
        finally:
            await running.close()
