"""Open a tab at a site's start, and see where the site stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit
from weakref import WeakSet

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from agentjit.errors import ContractBroken, SiteUnreachable, UsageError
from agentjit.runtime.calling import SETTLE_SECONDS, Caller
from agentjit.runtime.fence import REFUSED_HEADER
from agentjit.runtime.guarding import Interrupted, browser_failure, origin_refused
from agentjit.runtime.observing import wait_for
from agentjit.runtime.signing import is_signed_out, signed_out
from agentjit.source import Span
from agentjit.toolspecs.contract import Constant, Equals
from agentjit.toolspecs.state import Scope, StateValue

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

#: Milliseconds that the start page may take to answer.
OPEN_TIMEOUT_MS: Final = 20_000

#: Seconds that closing a tab may take, and that one may be on its way before that.
CLOSE_SECONDS: Final = 1.0
ARRIVE_SECONDS: Final = 0.5
#: Seconds to leave a tab alone after something in it was aborted. Closed at once, one in a dozen
#: that was opening an address was seen never to be closed.
ABORT_SECONDS: Final = 0.15

#: The tabs that were opened here, and those that were set apart.
_OWN: Final = WeakSet["Page"]()
_APART: Final = WeakSet["Page"]()

#: What a call waits for, as the browser calls it.
_WAITED_FOR: Final = ("Document", "XHR", "Fetch")


def check_address(url: str) -> None:
    """Raise UsageError for what cannot be the address of a site."""
    # An address is printed and recorded, errors included: a password must not come so far.
    shown = "what was given" if "@" in url else repr(url)
    nonsense = UsageError(
        f"{shown} is not the address of a site", "give it whole, e.g. http://127.0.0.1:8000"
    )
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        # Not from it: its message may quote the address.
        raise nonsense from None
    if not usable:
        raise nonsense
    if "@" in parts.netloc:
        raise UsageError(
            "the address of the site has a user name or a password in it",
            "keep the password out of the address: it would be printed and recorded",
        )


@asynccontextmanager
async def open_tab(
    context: BrowserContext, url: str, caller: Caller, *, apart: bool = False
) -> AsyncIterator[Page]:
    """A tab at the site's start address, set `apart` from others or not; closed with the block.

    Raises SiteUnreachable or BrowserError.
    """
    address = _start_address(url, caller)
    try:
        page = await _new_page(context)
        if apart:
            await set_apart(page)
    except PlaywrightError as error:
        raise browser_failure(error, context, "opening a tab") from error
    # Neither aborted nor closed on the way: the browser forgets to close such a tab now and then.
    going = asyncio.ensure_future(_go(page, address))
    # What became of it is told by the shield, or nobody wants to know.
    going.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        await asyncio.shield(going)
        yield page
    finally:
        await asyncio.wait({going}, timeout=ARRIVE_SECONDS)
        await _close(page)


async def set_apart(page: Page) -> None:
    """Let no page or data that the tab asks for wait for another tab's: it is not looked up in the
    browser's cache. Pictures, styles and scripts are.

    Of two tabs that ask for the same address, the cache makes the second wait until the first has
    its answer, be that kept or not. Four tabs that open at once would open one after the other, and
    the copy of a call would wait for the very answer that is late.
    """
    if page in _APART:
        return
    _APART.add(page)
    with suppress(PlaywrightError):
        session = await page.context.new_cdp_session(page)

        async def let_go(paused: Mapping[str, Any]) -> None:
            request, given = paused["request"], {"requestId": paused["requestId"]}
            if request["method"] == "GET":
                kept = [h for h in request["headers"].items() if h[0].lower() != "cache-control"]
                headers = [*kept, ("Cache-Control", "no-cache")]
                given["headers"] = [{"name": name, "value": value} for name, value in headers]
            with suppress(PlaywrightError):
                await session.send("Fetch.continueRequest", given)

        session.on("Fetch.requestPaused", let_go)
        await session.send("Fetch.enable", {"patterns": [{"resourceType": t} for t in _WAITED_FOR]})


async def restart_tab(page: Page, url: str, caller: Caller) -> None:
    """Bring a tab to the site's start address again. Raises SiteUnreachable or BrowserError."""
    await _go(page, _start_address(url, caller))


def _start_address(url: str, caller: Caller) -> str:
    return urljoin(f"{url.rstrip('/')}/", caller.toolset.start_path.lstrip("/"))


async def _new_page(context: BrowserContext) -> Page:
    """A new tab; one that is under way when this is cancelled is closed, not forgotten."""
    opening = asyncio.ensure_future(context.new_page())
    try:
        page = await asyncio.shield(opening)
    except asyncio.CancelledError:
        with suppress(PlaywrightError):
            await _close(await opening)
        raise
    _OWN.add(page)
    return page


async def _close(page: Page) -> None:
    """Close a tab that may be closed already: by the browser, or by the site's own script.

    A browser was seen never to answer; such a tab goes with its context.
    """
    with suppress(PlaywrightError, TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await page.close()


def is_own(page: Page) -> bool:
    """Whether the tab was opened here, and not by the site."""
    return page in _OWN


async def _go(page: Page, address: str) -> None:
    hint = "start it, or give its address with --url"
    try:
        answer = await page.goto(address, wait_until="domcontentloaded", timeout=OPEN_TIMEOUT_MS)
    except PlaywrightTimeout as error:
        seconds = OPEN_TIMEOUT_MS / 1000
        raise SiteUnreachable(f"{address} did not answer within {seconds:g} s", hint) from error
    except PlaywrightError as error:
        failure = browser_failure(error, page.context, f"opening {address}")
        if isinstance(failure, Interrupted):
            # Nothing but the address was asked for: whatever stops that is the site's or its own.
            failure = SiteUnreachable(f"the site cannot be opened: {failure.message}", hint)
        raise failure from error
    if answer is not None and REFUSED_HEADER in answer.headers:
        raise origin_refused(f"opening {address}")
    if answer is not None and answer.status >= 500:
        raise SiteUnreachable(f"{address} answers with an error: {answer.status}", hint)


async def observe_start(
    page: Page, caller: Caller, *, anywhere: bool = False
) -> Mapping[str, StateValue]:
    """What can be seen on a fresh tab. Raises ContractBroken where it is not the tools' start,
    unless it may be `anywhere`; SignedOut where the site asks to sign in.
    """
    toolset, nowhere = caller.toolset, Span(1, 1, 1, 1)
    expected = tuple(
        Equals(v.name, Constant(v.start), nowhere)
        for v in toolset.state.variables
        if v.scope is Scope.TAB and not anywhere
    )
    seen = await wait_for(
        expected, lambda: caller.look(page), {}, seconds=SETTLE_SECONDS, clock=caller.clock
    )
    if seen.broken and await is_signed_out(page, toolset):
        raise signed_out("before the plan could begin")
    if seen.broken:
        clause = seen.broken[0]
        raise ContractBroken(
            f"{page.url} is not where the tools of {toolset.name!r} start: "
            f"`{clause}` is expected, but {clause.var} is {seen.state.get(clause.var)!r}",
            "is --url the right site for these tools?",
        )
    return seen.state
