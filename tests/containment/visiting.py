"""Tools that visit hostile pages, and wait until each has asked for what it must not have."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import Error as PlaywrightError

from agentjit.runtime.fence import Refusal
from agentjit.toolspecs import Effect, StateModel, StateVar, Toolset, tool
from tests.containment.hostile import HostilePage

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Seconds that a page has to do its worst.
PATIENCE: Final = 10.0
#: Seconds that a tab has to be closed.
CLOSING: Final = 3.0
#: What a page that is only tried has time for: its load, and what it says it waits for.
_SETTLED: Final = """async () => {
  await new Promise((done) => requestIdleCallback(done, {timeout: 500}));
  await (window.settled ?? 0);
}"""


@dataclass(slots=True)
class Attempts:
    """Which origins were refused, in turn."""

    origins: list[str] = field(default_factory=list)
    #: Pages that should have asked, and did not.
    tame: list[str] = field(default_factory=list)
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, refusal: Refusal) -> None:
        """Keep an origin that was refused."""
        self.origins.append(refusal.origin)
        self._came.set()

    async def until(self, page: HostilePage, *, since: int) -> None:
        """Return when the page has asked; one that never does is noted."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not any(map(page.is_asked, self.origins[since:])):
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            self.tame.append(page.name)


async def visit_page(page: Page, hostile: HostilePage) -> None:
    """Open a page, and let it begin."""
    with suppress(PlaywrightError):
        await page.goto(f"/page/{hostile.name}", wait_until="commit", timeout=1000 * PATIENCE)
    if not hostile.asks:
        with suppress(PlaywrightError):
            await page.wait_for_load_state("load")
            await page.evaluate(_SETTLED)


async def leave_page(page: Page) -> None:
    """Close what it opened."""
    for other in page.context.pages:
        # A tab that is about to go somewhere may not answer.
        with suppress(PlaywrightError, TimeoutError):
            if other is not page:
                async with asyncio.timeout(CLOSING):
                    await other.close()
    with suppress(PlaywrightError):
        await page.goto("/empty", wait_until="commit", timeout=1000 * CLOSING)


def make_tools(pages: tuple[HostilePage, ...], attempts: Attempts) -> Toolset:
    """A toolset with one tool, which visits a page by its name."""
    by_name = {page.name: page for page in pages}

    @tool(requires="place == 'site'", effect=Effect.READ, reads=(), writes=(), timeout=60)
    async def visit(page: Any, name: str) -> bool:
        """Visit a page of the site."""
        hostile, since = by_name[name], len(attempts.origins) if not by_name[name].is_named else 0
        await visit_page(page, hostile)
        if hostile.asks:
            await attempts.until(hostile, since=since)
        await leave_page(page)
        return True

    async def observe(_: Any) -> dict[str, str]:
        return {"place": "site"}

    state = StateModel((StateVar("place", values=("site",), start="site"),))
    return Toolset("hostile", "Hostile pages", state, observe, (visit,))
