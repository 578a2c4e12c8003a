"""The browsers in which a session's tabs live: one, or several that run already elsewhere.

They are one account: whoever opens a tab in another browser takes the cookies along. What a site
keeps in the local storage of one browser, another does not see.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence, Set
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as PlaywrightError

from agentjit.errors import BrowserError
from agentjit.runtime.calling import Caller
from agentjit.runtime.guarding import browser_failure, is_gone
from agentjit.runtime.tabs import open_tab

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page


@dataclass(eq=False, slots=True)
class Home:
    """A context in one browser."""

    context: BrowserContext
    #: Which browser it is, for people: no address, which may hold a token.
    where: str = "this machine"
    #: Tabs that are open in it.
    tabs: int = 0

    @property
    def lost(self) -> bool:
        """Whether its browser is gone."""
        return is_gone(self.context)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """One tab more while the block lasts."""
        self.tabs += 1
        try:
            yield
        finally:
            self.tabs -= 1


@dataclass(eq=False, slots=True)
class Browsers:
    """Where tabs are opened. The first that is there has the run's own tab, and the account."""

    homes: Sequence[Home]
    #: Whose cookies are the account's, and what they were when they were last looked at.
    _signed_in: Home = field(init=False)
    _cookies: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._signed_in = self.homes[0]

    @property
    def context(self) -> BrowserContext:
        """The account's context."""
        return self._signed_in.context

    @property
    def alive(self) -> bool:
        """Whether a tab can still be opened."""
        return not all(home.lost for home in self.homes)

    @asynccontextmanager
    async def open_tab(
        self, url: str, caller: Caller, *, apart: bool = False
    ) -> AsyncIterator[Page]:
        """A tab at the site's start; one that is set `apart` is opened where there are the fewest.

        Raises SiteUnreachable or BrowserError.
        """
        async with AsyncExitStack() as stack:
            home, page = await self._open(stack, url, caller, apart=apart)
            if home is self._signed_in:
                # The site's first answer may have begun the account's session.
                await self._look()
            yield page

    async def _open(
        self, stack: AsyncExitStack, url: str, caller: Caller, *, apart: bool
    ) -> tuple[Home, Page]:
        tried = set[Home]()
        while True:
            home = self._choose(tried, apart=apart)
            try:
                async with AsyncExitStack() as opening:
                    opening.enter_context(home.counted())
                    await self._sign_in(home)
                    tab = open_tab(home.context, url, caller, apart=apart)
                    page = await opening.enter_async_context(tab)
                    stack.push_async_exit(opening.pop_all())
                    return home, page
            except BrowserError:
                # It went away meanwhile, or is about to: another may be there.
                tried.add(home)
                if not self.alive or (not home.lost and tried.issuperset(self.homes)):
                    raise

    def _choose(self, tried: Set[Home], *, apart: bool) -> Home:
        there = [home for home in self.homes if not home.lost] or self.homes
        there = [home for home in there if home not in tried] or there
        return min(there, key=lambda home: home.tabs) if apart else there[0]

    async def _sign_in(self, home: Home) -> None:
        if home is self._signed_in:
            return
        await self._look()
        try:
            await home.context.add_cookies(self._cookies)
        except PlaywrightError as error:
            raise browser_failure(error, home.context, "signing in") from error
        if self._signed_in.lost:
            self._signed_in = home

    async def _look(self) -> None:
        if len(self.homes) > 1 and not self._signed_in.lost:
            with suppress(PlaywrightError):
                self._cookies = list(await self._signed_in.context.cookies())
