"""What a page is asking for and where it goes: so that it is looked at once it has come to rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from playwright.async_api import Error as PlaywrightError

from agentjit.ports import Clock

if TYPE_CHECKING:
    from playwright.async_api import Frame, Page, Request

#: Seconds for which nothing must be asked for, between two looks at that, and at the most.
QUIET_SECONDS: Final = 0.12
LOOK_SECONDS: Final = 0.02
MOST_SECONDS: Final = 6.0
#: What a page's content may depend on; a connection that stays open is none of it.
_CONTENT: Final = frozenset({"document", "script", "stylesheet", "xhr", "fetch"})


# Without slots: Playwright keeps its wrappers of listeners on the object itself.
@dataclass
class Traffic:
    """Listens to one page."""

    page: Page
    #: How often its main frame came to another address, or to another place in its document.
    arrivals: int = 0
    #: Addresses of tabs that the page has opened.
    popups: list[str] = field(default_factory=list)
    _waiting: set[Request] = field(default_factory=set)

    def asked(self, request: Request) -> None:
        """A request has begun."""
        if request.resource_type in _CONTENT:
            self._waiting.add(request)

    def answered(self, request: Request) -> None:
        """It has ended, well or not."""
        self._waiting.discard(request)

    def arrived(self, frame: Frame) -> None:
        """A frame has come to an address."""
        if frame == self.page.main_frame:
            self.arrivals += 1

    def opened(self, page: Page) -> None:
        """The page has opened a tab."""
        self.popups.append(page.url)

    async def rest(self, clock: Clock) -> None:
        """Wait until nothing is asked for, for a moment; but not without end."""
        end, quiet = clock.now() + MOST_SECONDS, 0.0
        while quiet < QUIET_SECONDS and clock.now() < end:
            await clock.sleep(LOOK_SECONDS)
            quiet = 0.0 if self._waiting else quiet + LOOK_SECONDS
        # A document that takes longer is looked at as it is.
        with suppress(PlaywrightError):
            left = max(end - clock.now(), 0.1) * 1000
            await self.page.wait_for_load_state("domcontentloaded", timeout=left)


@asynccontextmanager
async def heard(page: Page) -> AsyncIterator[Traffic]:
    """Listen to a page while the block lasts."""
    traffic = Traffic(page)
    page.on("request", traffic.asked)
    page.on("requestfinished", traffic.answered)
    page.on("requestfailed", traffic.answered)
    page.on("framenavigated", traffic.arrived)
    page.on("popup", traffic.opened)
    try:
        yield traffic
    finally:
        page.remove_listener("request", traffic.asked)
        page.remove_listener("requestfinished", traffic.answered)
        page.remove_listener("requestfailed", traffic.answered)
        page.remove_listener("framenavigated", traffic.arrived)
        page.remove_listener("popup", traffic.opened)
