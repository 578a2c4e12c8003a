"""What clicks on a tab may send: nothing but questions, unless the contracts let it be more.

Nobody knows what a click does. But what a site changes it changes by a request that is no GET, and
an irreversible call is possible only where its own precondition may hold. So a tab's requests are
held: those that may change something pass only while an action is under way that was begun where
the observed state contradicts the precondition of every irreversible tool of the site, and only
until the tab comes to another address. What a page was kept from sending it may try again later,
and what it was asked to do it may do later: so it forgets what it was refused, and stays held until
a tool of the site is to change something in it. A site that changes things by a GET, over a socket
or from a shared worker is not held by this.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from playwright.async_api import Error as PlaywrightError

from agentjit.errors import RunError
from agentjit.runtime.calling import Caller
from agentjit.runtime.observing import consistent
from agentjit.runtime.tabs import is_own
from agentjit.toolspecs.contract import Clause, Differs, Equals, ParamRef, ResultRef
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.tool import Tool

if TYPE_CHECKING:
    from playwright.async_api import Page, Request, Route

#: Methods that ask, and change nothing.
ASKING: Final = frozenset({"GET", "HEAD", "OPTIONS"})

_EVERYTHING: Final = "**/*"

#: Milliseconds that a page may take to be loaded again.
RELOAD_MS: Final = 20_000


# Without slots: Playwright keeps its wrappers of listeners on the object itself.
@dataclass
class TabDoor:
    """Holds back what one tab, and those that it opens, would send; these may only ask."""

    page: Page
    caller: Caller
    #: Whether the account may be changed at all.
    writes: bool = False
    #: How many requests were let through that may have changed something.
    sent: int = 0
    #: How many were refused.
    refusals: int = 0
    #: The address on which more than questions pass; None where nowhere.
    _open_at: str | None = None
    _refused: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Hold the tab while the block lasts, and let it send nothing after it but questions, until
        it is released; those that it opened are never released. Raises Playwright's Error.
        """
        context, opened = self.page.context, list["Page"]()

        def note(tab: Page) -> None:
            opened.append(tab)

        await context.route(_EVERYTHING, self._pass)
        context.on("page", note)
        try:
            yield
            if self.refusals:
                await self.page.reload(wait_until="domcontentloaded", timeout=RELOAD_MS)
        finally:
            context.remove_listener("page", note)
            for tab in (self.page, *(each for each in opened if not is_own(each))):
                with suppress(PlaywrightError):
                    await tab.route(_EVERYTHING, _pass_questions)
            await context.unroute(_EVERYTHING, self._pass)

    @asynccontextmanager
    async def around(self) -> AsyncIterator[list[str]]:
        """One action: what was refused in it is told in the list once it is over."""
        told = list[str]()
        self._refused.clear()
        here = self.page.url
        free = self.writes and await self._nothing_irreversible()
        self._open_at = here if free else None
        try:
            yield told
        finally:
            self._open_at = None
            if self._refused:
                told.append(f"the page tried to send {self._refused[0]}, which is not allowed here")

    async def _nothing_irreversible(self) -> bool:
        """Whether no irreversible call is possible where the tab stands now."""
        try:
            state = await self.caller.look(self.page)
        except RunError:
            return False
        commits = [t for t in self.caller.toolset.tools if t.effect is Effect.COMMIT]
        return state is not None and not any(may_be_called(tool, state) for tool in commits)

    async def _pass(self, route: Route, request: Request) -> None:
        sender = _sender(request)
        ours = sender is None or sender is self.page or not is_own(sender)
        if request.method in ASKING or not ours:
            await route.fallback()
        elif sender is self.page and self.page.url == self._open_at:
            self.sent += 1
            await route.fallback()
        else:
            self.refusals += 1
            self._refused.append(f"{request.method} {request.url:.120}")
            await _refuse(route, request)


def _sender(request: Request) -> Page | None:
    """The tab that it comes from; None for one that is just being opened, and that is not by us:
    ours begin with a question.
    """
    try:
        return request.frame.page
    except PlaywrightError:
        return None


async def release(page: Page) -> None:
    """Let a tab that was held send again what it is told to. Raises Playwright's Error."""
    await page.unroute(_EVERYTHING, _pass_questions)


async def _pass_questions(route: Route, request: Request) -> None:
    if request.method in ASKING:
        await route.fallback()
    else:
        await _refuse(route, request)


async def _refuse(route: Route, request: Request) -> None:
    if request.is_navigation_request():
        # The tab stays where it is: an error page would show nothing.
        await route.fulfill(status=204)
    else:
        await route.abort("blockedbyclient")


def may_be_called(tool: Tool, state: Mapping[str, StateValue]) -> bool:
    """Whether what is seen leaves the tool's precondition possible; the unseen leaves all so."""
    return all(_may_hold(clause, state) for clause in tool.requires)


def _may_hold(clause: Clause, state: Mapping[str, StateValue]) -> bool:
    match clause:
        case Equals(value=ParamRef() | ResultRef()) | Differs(value=ParamRef() | ResultRef()):
            return True
        case _:
            return consistent(clause, state, {})
