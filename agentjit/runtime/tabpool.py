"""The tabs of a woven run: opened when they are first used, brought to the start where asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias

from agentjit.runtime.performing import Calls
from agentjit.runtime.tabkeeping import Opener, Tab, Whereabouts
from agentjit.scheduler.tabs import TabId

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Brings a tab to the site's start address.
Restart: TypeAlias = "Callable[[Page], Awaitable[None]]"


@dataclass(slots=True)
class TabPool:
    """Every tab has a way of its own through the site; journal, gate and recorder are shared."""

    #: The calls of the tab that the run begins with.
    first: Calls
    open_tab: Opener
    restart: Restart
    #: Tabs that were opened in all.
    opened: int = 0
    _calls: dict[TabId, Calls] = field(default_factory=dict)
    _stacks: dict[TabId, AsyncExitStack] = field(default_factory=dict)
    _used: set[TabId] = field(default_factory=set)
    _locks: dict[TabId, asyncio.Lock] = field(default_factory=dict)

    async def get(self, tab: TabId, *, fresh: bool) -> Calls:
        """Who makes calls in a tab; where it is to be `fresh`, it stands at the start."""
        async with self._locks.setdefault(tab, asyncio.Lock()):
            calls = self._calls.get(tab)
            if calls is None:
                calls = await self._open(tab)
            elif fresh and tab in self._used:
                begun = perf_counter()
                await self.restart(calls.page)
                self._tell("tab-reset", tab, begun)
                calls = self._as_new(calls)
            self._calls[tab] = calls
            self._used.add(tab)
            return calls

    async def _open(self, tab: TabId) -> Calls:
        if tab == 0:
            return self.first
        stack, begun = AsyncExitStack(), perf_counter()
        opened = await stack.enter_async_context(Tab(self.open_tab))
        self._tell("tab-opened", tab, begun)
        self._stacks[tab] = stack
        self.opened += 1
        return replace(self._as_new(self.first), tab=opened)

    def _tell(self, kind: str, tab: TabId, begun: float) -> None:
        seconds = round(perf_counter() - begun, 4)
        self.first.recorder.record(kind, tab=tab, seconds=seconds)

    def _as_new(self, calls: Calls) -> Calls:
        where = Whereabouts(calls.caller, calls.recorder, self.first.where.start)
        resumed = not self.first.arrived and not self.first.made
        return replace(calls, where=where, arrived=not resumed, fresh=True, made=0)

    async def close(self, tab: TabId) -> None:
        """The tab is not used any more. The one that the run began with stays, for evidence."""
        self._calls.pop(tab, None)
        stack = self._stacks.pop(tab, None)
        if stack is not None:
            await stack.aclose()

    async def aclose(self) -> None:
        """Close all but the first."""
        for tab in list(self._stacks):
            await self.close(tab)
