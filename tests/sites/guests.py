"""Somebody at a live site, who calls its tools with their contracts held against the page."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, ClassVar, Self, TypeAlias, TypeVar

import pytest
from playwright.async_api import Browser, Page

from agentjit.errors import ToolError
from agentjit.ports import Clock
from agentjit.runtime.calling import Caller
from agentjit.runtime.clock import SystemClock
from agentjit.toolspecs import Toolset
from tests.sites.visits import watched

#: From a site's first page to where something can be tried: tools with their arguments, and "open"
#: with the `path` of a page.
Steps: TypeAlias = list[tuple[str, dict[str, Any]]]

#: A call that must be refused: where from, the tool, its arguments, and what the error says.
Slip: TypeAlias = tuple[Steps, str, dict[str, Any], str]

G = TypeVar("G", bound="Guest")


@dataclass(slots=True)
class HastyClock:
    """An hour goes by whenever somebody waits, so that a second look is the last."""

    time: float = 0.0

    def now(self) -> float:
        """Seconds since nothing in particular."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Wait for no time at all."""
        self.time += max(seconds, 3_600.0)


@dataclass(frozen=True, slots=True)
class Guest(ABC):
    """A browser's tab at a site; what the site keeps of the visit is the guest's own."""

    toolset: ClassVar[Toolset]
    #: State variables that change where the site refuses a form: it comes again without them.
    fleeting: ClassVar[frozenset[str]] = frozenset()

    page: Page
    #: Where the site is served, without a slash at the end.
    address: str
    clock: Clock = field(default_factory=SystemClock)

    @staticmethod
    @abstractmethod
    def resources(record: Any) -> Mapping[str, Any]:
        """Account resource -> what a record of the site has of it."""

    async def call(self, name: str, /, **arguments: Any) -> Any:
        """Call a tool; requires, ensures and types are checked as a run does."""
        return (await self.caller.call(self.toolset.by_name[name], self.page, arguments)).value

    async def call_strictly(self, name: str, /, **arguments: Any) -> Any:
        """Call a tool, and see besides that nothing changed that its contract does not name."""
        value, _ = await self._call_strictly(name, arguments)
        return value

    async def try_out(self, name: str, /, **arguments: Any) -> Any:
        """The same, and what may change something does: or the call would say nothing."""
        value, wrote = await self._call_strictly(name, arguments)
        assert wrote is not self.toolset.by_name[name].effect.harmless
        return value

    async def _call_strictly(self, name: str, arguments: Mapping[str, Any]) -> tuple[Any, bool]:
        tool = self.toolset.by_name[name]
        before = await self.record()
        report = await self.caller.call(tool, self.page, arguments)
        after = await self.record()
        assert report.drift == ()
        assert self.changed(before, after) <= (tool.touches.writes or frozenset())
        if tool.effect.harmless and not tool.ensures:
            assert report.before == report.after
        return report.value, before != after

    async def open(self, path: str) -> None:
        """Go to a page of the site."""
        await self.page.goto(self.address + path, wait_until="domcontentloaded")

    async def walk(self, steps: Steps) -> None:
        """Take one step after the other."""
        for name, arguments in steps:
            if name == "open":
                await self.open(**arguments)
            else:
                await self.call(name, **arguments)

    async def slip(self, slips: Iterable[Slip]) -> Mapping[str, ToolError]:
        """Make calls that are refused where the guest is, and see that they change nothing.

        Returns a tool's name -> what it raised last.
        """
        record, seen = await self.record(), await self.observe()
        refusals = {}
        for _, name, arguments, complaint in slips:
            with pytest.raises(ToolError, match=complaint) as caught:
                await self.call(name, **arguments)
            assert await self.record() == record, name
            now = await self.observe()
            assert {var for var, _ in now.items() ^ seen.items()} <= self.fleeting, name
            refusals[name] = caught.value
        return refusals

    async def finish(self) -> Any:
        """All that the site says of this session to who judges it."""
        answer = await self.page.request.get(f"{self.address}/finish")
        return _parsed(await answer.text())

    async def record(self) -> Any:
        """The site's own record of this session."""
        return (await self.finish())["finalstate"]

    def changed(self, before: Any, after: Any) -> frozenset[str]:
        """The account resources that differ between two records."""
        old, new = self.resources(before), self.resources(after)
        return frozenset(name for name in old if old[name] != new[name])

    async def observe(self) -> Mapping[str, Any]:
        """What the page shows of the state."""
        return await self.toolset.observe(self.page)

    @property
    def caller(self) -> Caller:
        """Performs calls as the runtime does."""
        return Caller(self.toolset, self.clock)

    def hurried(self) -> Self:
        """The same guest for calls to be refused: one that does not wait for late content."""
        return replace(self, clock=HastyClock())


def by_place(slips: Iterable[Slip]) -> list[Any]:
    """Parameters of a test: a place and the calls that are refused there, for one visit."""
    places: dict[str, list[Slip]] = {}
    for slip in slips:
        places.setdefault(str(slip[0]), []).append(slip)
    return [
        pytest.param(some, id=", ".join(dict.fromkeys(name for _, name, *_ in some)))
        for some in places.values()
    ]


@asynccontextmanager
async def visiting(
    guest: type[G], browser: Browser, address: str, query: str, *, timeout: int
) -> AsyncIterator[G]:
    """A guest in a browser context of its own, at the site's first page.

    The timeout is that of the page, in milliseconds. AssertionError where a page's script failed.
    """
    async with await browser.new_context() as context:
        page = await context.new_page()
        page.set_default_timeout(timeout)
        async with watched(page):
            await page.goto(f"{address}/?{query}", wait_until="domcontentloaded")
            yield guest(page, address)


@lru_cache(maxsize=8)
def _parsed(text: str) -> Any:
    # Most of a test's records say what the one before said, and some are long.
    return json.loads(text)
