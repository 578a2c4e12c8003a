"""The tabs of a woven run: opened when they are needed or ahead of it, and left when they are not.

A spare tab stands at the site's start before anybody asks for it. It becomes the tab of a new
strand, or changes places with one that is to begin anew; that is then brought to the start in its
turn, beside what is done meanwhile. What a spare shows is as old as its opening: once something is
changed, those that were opened before are not used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from agentjit.errors import AgentjitError
from agentjit.runtime.performing import Calls
from agentjit.runtime.tabkeeping import Opener, Tab, Whereabouts
from agentjit.runtime.tabs import ABORT_SECONDS, ARRIVE_SECONDS
from agentjit.scheduler.tabs import TabId

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Spare tabs that may be outdated before they are used; beyond, there are none.
MOST_OUTDATED: Final = 2

#: Tabs that are opened because another is late at the start, each time that one is needed.
MOST_MORE: Final = 2

#: Does something with a page, e.g. brings it to the site's start address.
PageWork: TypeAlias = "Callable[[Page], Awaitable[None]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class TabSource:
    """Where tabs come from, and where they go."""

    open_tab: Opener
    #: Brings a tab to the start again.
    restart: PageWork
    #: Keeps requests of a tab apart from those of others.
    set_apart: PageWork
    #: Takes over the closing of a tab, for which nobody waits.
    leave: Callable[[Coroutine[Any, Any, None]], None]
    #: Whether there is a browser to open tabs in; None: where there is the tab's own.
    alive: Callable[[], bool] | None = None


@dataclass(eq=False, slots=True)
class _Place:
    """A tab of the browser; where it is spare, on its way to the start or there."""

    tab: Tab
    #: For whom it is on its way; None: for whoever comes.
    asker: TabId | None = None
    #: Whether it has been somebody's tab before.
    used: bool = False
    #: How often the account had been touched when it was sent there.
    changes: int = 0
    sent: float = 0.0
    way: asyncio.Task[None] | None = None

    @property
    def failure(self) -> BaseException | None:
        """Why it did not arrive."""
        return self.way.exception() if self.way is not None and self.way.done() else None

    @property
    def ready(self) -> bool:
        """Whether it stands at the start."""
        return self.way is not None and self.way.done() and self.failure is None


@dataclass(slots=True)
class TabPool:
    """Every tab has a way of its own through the site; journal, gate and recorder are shared."""

    #: The calls of the tab that the run begins with.
    first: Calls
    source: TabSource
    #: How many new tabs there will be, as far as is known: they are opened beside the first call.
    ahead: int = 0
    #: How many are to be spare at any time besides.
    spares: int = 0
    #: Seconds after which a tab is late at the start, so that another is opened; None: never.
    late: float | None = None
    _calls: dict[TabId, Calls] = field(default_factory=dict)
    _places: dict[TabId, _Place] = field(default_factory=dict)
    _spare: list[_Place] = field(default_factory=list)
    _used: set[TabId] = field(default_factory=set)
    _locks: dict[TabId, asyncio.Lock] = field(default_factory=dict)
    #: How many wait for a spare tab.
    _waiting: int = 0
    _changes: int = 0
    #: Where it was changed last.
    _changed: TabId | None = None
    _outdated: int = 0
    #: Where a call ended last, and where one failed last, with its error: they stay to be seen.
    _ended: _Place | None = None
    _failed: tuple[_Place, AgentjitError] | None = None
    #: Of the tab that the run began with.
    _own: _Place | None = None

    @property
    def page(self) -> Page:
        """A tab in which nothing is under way once all calls have ended.

        It is the one in which the account was changed last: another may have been loaded before.
        """
        last = self._calls.get(self._changed) if self._changed is not None else None
        return (last or next(iter(self._calls.values()), self.first)).page

    async def get(self, tab: TabId, *, fresh: bool, coming: int = 1) -> Calls:
        """Who makes calls in a tab; where it is to be `fresh`, it stands at the start.

        `coming`: how many more tabs will have to stand there after this.
        """
        async with self._locks.setdefault(tab, asyncio.Lock()):
            if tab == 0 and not self._used:
                self._own = self._places[tab] = _Place(self.first.tab)
                self._calls[tab] = self.first
            elif tab not in self._places:
                self.ahead = max(0, self.ahead - 1)
                self._put(tab, await self._pick(tab))
            elif fresh and tab in self._used:
                self._exchange(tab, coming)
                self._put(tab, await self._pick(tab))
            self._used.add(tab)
            return self._calls[tab]

    def _exchange(self, tab: TabId, coming: int) -> None:
        """Make a used tab a spare one; where a spare is there and none will be wanted, leave it."""
        place = self._places.pop(tab)
        del self._calls[tab]
        self._forget(place)
        self._drop_outdated()
        place.used = True
        if coming or not any(each.ready for each in self._spare):
            self._send(place, tab, self._restart(place, tab))
        else:
            self._leave(place)

    def prepare(self, coming: int = 1) -> None:
        """Open what will be wanted, of so many `coming`; at best while the site is waited for."""
        self._drop_outdated()
        most = self.ahead + self.spares
        while len(self._spare) < self._waiting + min(coming, most):
            self._open(None)
        for place in self._spare[self._waiting + most :]:
            self._leave(place)

    @contextmanager
    def changing(self, tab: TabId) -> Iterator[None]:
        """The account is being changed: what was loaded before, or meanwhile, may be outdated."""
        self._changes += 1
        try:
            yield
        finally:
            self._changes += 1
            self._changed = tab

    def end(self, tab: TabId, error: AgentjitError | None = None) -> None:
        """A call in the tab has ended, or failed, which may be what the run fails at."""
        place, before = self._places.get(tab), self._seen
        if place is None:
            return
        if error is None:
            self._ended = place
        else:
            self._failed = (place, error)
        for each in before:
            if each not in (*self._seen, *self._spare, *self._places.values()):
                self._leave(each)

    def close(self, tab: TabId) -> None:
        """The tab is not used any more."""
        self._calls.pop(tab, None)
        place = self._places.pop(tab, None)
        if place is not None and place not in self._seen:
            self._leave(place)

    @property
    def _seen(self) -> list[_Place]:
        """What stays to be seen, though it may be closed."""
        failed = self._failed[0] if self._failed is not None else None
        return [place for place in (self._ended, failed) if place is not None]

    def _forget(self, place: _Place) -> None:
        """It will show something else."""
        if place is self._ended:
            self._ended = None
        if self._failed is not None and place is self._failed[0]:
            self._failed = None

    def leave_all(self, error: AgentjitError | None = None) -> None:
        """Leave all tabs but one, which is the run's own from here on, for evidence: where it
        failed with this error, or else where a call ended last.
        """
        own = self._own or _Place(self.first.tab)
        places = dict.fromkeys([own, *self._spare, *self._places.values(), *self._seen])
        kept = self._ended or own
        if self._failed is not None and self._failed[1] is error:
            kept = self._failed[0]
        kept.tab.swap(own.tab)
        kept.tab, own.tab = own.tab, kept.tab
        for place in places:
            self._leave(place)
        self._places.clear()

    async def _pick(self, tab: TabId) -> _Place:
        """The first tab that is at the start. Raises a RunError."""
        self._waiting += 1
        more = 0 if self.late is None else MOST_MORE
        try:
            while True:
                self._drop_outdated()
                found = next((place for place in self._spare if place.ready), None)
                if found is not None:
                    self._spare.remove(found)
                    return found
                lost = next((place for place in self._spare if place.failure is not None), None)
                if lost is not None:
                    self._leave(lost)
                    # In place of one that cannot be brought back, another is opened.
                    asked = lost.asker is not None and not lost.used
                    if asked and len(self._spare) < self._waiting:
                        assert lost.failure is not None
                        raise lost.failure
                    continue
                if len(self._spare) < self._waiting:
                    self._open(tab)
                if not await self._wait(patient=not more):
                    self._open(tab)
                    more -= 1
        finally:
            self._waiting -= 1

    async def _wait(self, *, patient: bool) -> bool:
        """Wait until a tab is at the start, or failed to be; False where all are late."""
        ways = {place.way for place in self._spare if place.way is not None}
        newest = max(place.sent for place in self._spare)
        left = None
        if self.late is not None and not patient:
            left = max(0.0, newest + self.late - perf_counter())
        done, _ = await asyncio.wait(ways, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)

    def _put(self, tab: TabId, place: _Place) -> None:
        where = Whereabouts(self.first.caller, self.first.recorder, self.first.where.start)
        resumed = not self.first.arrived and not self.first.made
        self._places[tab] = place
        self._calls[tab] = replace(
            self.first,
            tab=place.tab,
            where=where,
            arrived=not resumed,
            fresh=True,
            head=None,
            made=0,
        )

    def _open(self, asker: TabId | None) -> None:
        place = _Place(Tab(self.source.open_tab, alive=self.source.alive))
        self._send(place, asker, self._enter(place, asker))

    def _send(self, place: _Place, asker: TabId | None, way: Coroutine[Any, Any, None]) -> None:
        place.asker, place.changes, place.sent = asker, self._changes, perf_counter()
        place.way = asyncio.create_task(way)
        # Whoever waits for it is told, and nobody may.
        place.way.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._spare.append(place)

    async def _enter(self, place: _Place, asker: TabId | None) -> None:
        # It may be another page than when the last one was opened.
        await self.source.set_apart(self.first.page)
        begun = perf_counter()
        await place.tab.__aenter__()
        self._tell("tab-opened", asker, begun)

    async def _restart(self, place: _Place, asker: TabId) -> None:
        begun = perf_counter()
        await self.source.restart(place.tab.page)
        self._tell("tab-reset", asker, begun)

    def _tell(self, kind: str, tab: TabId | None, begun: float) -> None:
        seconds = round(perf_counter() - begun, 4)
        self.first.recorder.record(kind, tab=tab, seconds=seconds)

    def _drop_outdated(self) -> None:
        for place in [each for each in self._spare if each.changes != self._changes]:
            self._leave(place)
            if place.asker is None:
                self._outdated += 1
        if self._outdated > MOST_OUTDATED:
            self.ahead = self.spares = 0

    def _leave(self, place: _Place) -> None:
        self._forget(place)
        if place in self._spare:
            self._spare.remove(place)
        if place.tab is not self.first.tab:
            self.source.leave(_close(place.tab, place.way))


async def _close(tab: Tab, way: asyncio.Task[None] | None) -> None:
    """Close a tab in which something may have been aborted, or that may be on its way."""
    await asyncio.sleep(ABORT_SECONDS)
    if way is not None and not way.done():
        await asyncio.wait({way}, timeout=ARRIVE_SECONDS)
        way.cancel()
        await asyncio.wait({way})
    await tab.__aexit__()
