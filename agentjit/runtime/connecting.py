"""Use a browser that runs already, on this machine or another, by its DevTools address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError

from agentjit.errors import BrowserError, UsageError

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

#: Milliseconds that the browser may take to answer.
CONNECT_MS: Final = 15_000


def check_endpoint(address: str) -> None:
    """Raise UsageError for what cannot be the address of a browser."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https", "ws", "wss") and parts.hostname
    except ValueError:
        usable = False
    if not usable:
        raise UsageError(
            "the address of the browser is not one",
            "start one with --remote-debugging-port=9222, and give --cdp http://127.0.0.1:9222",
        )


def show_endpoint(address: str) -> str:
    """Host and port: the rest of an address may hold a token."""
    parts = urlsplit(address)
    host = parts.hostname or "?"
    return f"{host}:{parts.port}" if parts.port else host


async def connect_browser(playwright: Playwright, address: str) -> Browser:
    """The browser at an address. Closing it only lets go of it. Raises UsageError, BrowserError.

    It gets a context of its own, so what else it shows is neither seen nor touched.
    """
    check_endpoint(address)
    try:
        return await playwright.chromium.connect_over_cdp(address, timeout=CONNECT_MS)
    except PlaywrightError as error:
        reason = error.message.splitlines()[0]
        raise BrowserError(
            f"the browser at {show_endpoint(address)} cannot be reached: {reason}",
            "is it running, with --remote-debugging-port, and is the address right?",
        ) from None
