"""Bring a fresh tab to where a run stood: by the calls that led there, or by another way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from agentjit.errors import RunError, SiteUnreachable
from agentjit.runtime.calling import SETTLE_SECONDS, Caller, CallReport
from agentjit.runtime.guarding import is_gone
from agentjit.runtime.observing import RESULT, consistent, wait_for
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.route import Hop, after_call, find_route, stands_at, tab_part
from agentjit.source import Span
from agentjit.toolspecs.contract import Constant, Equals
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.tool import Tool

if TYPE_CHECKING:
    from playwright.async_api import Page


#: Opens a fresh tab at the site's start, and closes it with the block.
Opener: TypeAlias = "Callable[[], AbstractAsyncContextManager[Page]]"


class Tab:
    """A tab that can be exchanged for a fresh one. Use it with `async with`."""

    def __init__(
        self, open_tab: Opener, *, retry: bool = False, alive: Callable[[], bool] | None = None
    ) -> None:
        self._open = open_tab
        self._retry = retry
        self._alive = alive
        self._stack = AsyncExitStack()
        self._page: Page | None = None

    async def __aenter__(self) -> Self:
        await self._enter()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def page(self) -> Page:
        """The tab as it is now."""
        assert self._page is not None
        return self._page

    @property
    def gone(self) -> bool:
        """Whether it cannot be exchanged for a fresh one: there is no browser any more."""
        return is_gone(self.page.context) if self._alive is None else not self._alive()

    def swap(self, other: Tab) -> None:
        """Exchange what each of the two has open."""
        self._page, other._page = other._page, self._page
        self._stack, other._stack = other._stack, self._stack

    async def renew(self) -> Page:
        """Close it, and open a fresh one at the site's start. Raises a RunError."""
        await self._stack.aclose()
        return await self._enter()

    async def _enter(self) -> Page:
        """Open it; once more where the site answers with an error, which may be of the moment."""
        try:
            self._page = await self._stack.enter_async_context(self._open())
        except SiteUnreachable:
            if not self._retry:
                raise
            self._page = await self._stack.enter_async_context(self._open())
        return self._page


@dataclass(slots=True)
class Whereabouts:
    """Where a tab stands, and how it came there."""

    caller: Caller
    recorder: Recorder
    #: What is seen on a fresh tab.
    start: Mapping[str, StateValue]
    #: What was last seen of the tab, or what contracts say of it; None: it is fresh.
    stood: Mapping[str, StateValue] | None = None
    #: The calls that moved the tab since it was last as good as fresh; None for one that may not
    #: be repeated.
    stretch: list[Hop | None] = field(default_factory=list)
    #: All harmless moves of the run, for finding another way.
    known: dict[str, Hop] = field(default_factory=dict)

    @property
    def stands(self) -> Mapping[str, StateValue]:
        """Where the tab stands, as far as that is known."""
        return tab_part(self.caller.toolset, self.start) if self.stood is None else self.stood

    def moved(self, tool: Tool, arguments: Mapping[str, Any], report: CallReport) -> None:
        """A call is done."""
        toolset, before = self.caller.toolset, report.before
        after = report.after if report.seen else None
        if after is None:
            values = {**arguments, RESULT: report.value}
            told = after_call(tool, {**(self.stood or self.start), **before}, values)
            self.stood = tab_part(toolset, told)
        else:
            self.stood = tab_part(toolset, after)
        if report.stood_in and tool.effect is Effect.NAVIGATE:
            # The tool itself does not lead there any more.
            self.stretch.append(None)
        elif tool.effect is Effect.NAVIGATE:
            hop = Hop(tool.name, dict(arguments))
            self.known.setdefault(repr(hop), hop)
            if tool.resets_tab:
                self.stretch.clear()
            self.stretch.append(hop)
        elif not tool.effect.harmless and tab_part(toolset, before) != self.stood:
            self.stretch.append(None)

    async def still_there(self, page: Page) -> bool:
        """Whether the tab is seen to stand where it stood."""
        state = await self.caller.look(page)
        return state is not None and stands_at(state, self.stands)

    async def bring_back(
        self, tab: Tab, tool: Tool, arguments: Mapping[str, Any], *, fresh: bool
    ) -> None:
        """Exchange the tab for a fresh one, and bring it to where `tool` can be called.

        A tab that is `fresh` is not exchanged. Raises a RunError where it cannot be brought there.
        """
        page = tab.page if fresh else await tab.renew()
        state = await self._see(page, self.start)
        if self._enough(tool, arguments, state):
            self.recorder.record("tab-opened", calls=[])
            return
        if None not in self.stretch and await self._walk(page, [h for h in self.stretch if h]):
            return
        page = await tab.renew()
        state = await self._see(page, self.start)
        known = list(self.known.values())
        way = find_route(self.caller.toolset, state, self.stood or {}, known)
        if way is not None and await self._walk(page, list(way)):
            return
        page = await tab.renew()
        if _needs_no_place(self.caller, tool):
            self.recorder.record("tab-opened", calls=[])
            return
        raise RunError(
            f"a fresh tab cannot be brought to where the run stood before {tool.name}(): "
            f"{_show(self.stood or {})}",
            "what was done before stays done; look at the site, and do the rest by a task of its "
            "own",
        )

    def _enough(
        self, tool: Tool, arguments: Mapping[str, Any], state: Mapping[str, StateValue]
    ) -> bool:
        if self.stood is None or stands_at(state, self.stood):
            return True
        return tool.resets_tab and all(consistent(c, state, arguments) for c in tool.requires)

    async def _walk(self, page: Page, hops: list[Hop]) -> bool:
        """Make the calls; whether the tab then stands where it stood."""
        calls = [{"tool": h.tool, "arguments": dict(h.arguments)} for h in hops]
        for hop in hops:
            try:
                await self.caller.call(self.caller.toolset.by_name[hop.tool], page, hop.arguments)
            except RunError as error:
                self.recorder.record("tab-astray", calls=calls, message=error.message)
                return False
        wanted = self.stood or {}
        there = stands_at(await self._see(page, wanted), wanted)
        self.recorder.record("tab-opened" if there else "tab-astray", calls=calls)
        return there

    async def _see(self, page: Page, wanted: Mapping[str, StateValue]) -> Mapping[str, StateValue]:
        """What the tab shows; what is wanted may come a little late."""
        nowhere = Span(1, 1, 1, 1)
        tab = tab_part(self.caller.toolset, wanted)
        seen = await wait_for(
            tuple(Equals(name, Constant(value), nowhere) for name, value in tab.items()),
            lambda: self.caller.look(page),
            {},
            seconds=SETTLE_SECONDS,
            clock=self.caller.clock,
        )
        return seen.state


def _needs_no_place(caller: Caller, tool: Tool) -> bool:
    """Whether the tool's contract asks nothing of the tab that it is called in."""
    return not tab_part(caller.toolset, {clause.var: None for clause in tool.requires})


def _show(state: Mapping[str, StateValue]) -> str:
    return ", ".join(f"{name} = {value!r}" for name, value in state.items()) or "nothing was seen"
