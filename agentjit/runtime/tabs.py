"""Open a tab at a site's start, and see where the site stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from playwright.async_api import Error as PlaywrightError

from agentjit.errors import ContractBroken
from agentjit.runtime.calling import SETTLE_SECONDS, Caller, browser_failure
from agentjit.runtime.observing import wait_for
from agentjit.source import Span
from agentjit.toolspecs.contract import Constant, Equals
from agentjit.toolspecs.state import Scope, StateValue

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

#: Milliseconds that the start page may take to answer.
OPEN_TIMEOUT_MS = 20_000


async def open_tab(context: BrowserContext, url: str, caller: Caller) -> Page:
    """A new tab at the site's start address. Raises SiteUnreachable or BrowserError."""
    page = await context.new_page()
    try:
        address = urljoin(f"{url.rstrip('/')}/", caller.toolset.start_path.lstrip("/"))
        await page.goto(address, wait_until="domcontentloaded", timeout=OPEN_TIMEOUT_MS)
    except PlaywrightError as error:
        failure = browser_failure(error, page, f"opening {url}")
        if not page.is_closed():
            await page.close()
        raise failure from error
    return page


async def observe_start(page: Page, caller: Caller) -> Mapping[str, StateValue]:
    """What can be seen on a fresh tab. Raises ContractBroken where it is not the toolset's start."""
    toolset, nowhere = caller.toolset, Span(1, 1, 1, 1)
    expected = tuple(
        Equals(v.name, Constant(v.start), nowhere)
        for v in toolset.state.variables
        if v.scope is Scope.TAB
    )
    seen = await wait_for(
        expected, lambda: caller.look(page), {}, seconds=SETTLE_SECONDS, clock=caller.clock
    )
    if seen.broken:
        clause = seen.broken[0]
        raise ContractBroken(
            f"{page.url} is not where the tools of {toolset.name!r} start: "
            f"`{clause}` is expected, but {clause.var} is {seen.state.get(clause.var)!r}",
            "is --url the right site for these tools?",
        )
    return seen.state
