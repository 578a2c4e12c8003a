"""Perform one tool call on a page, contract observed: arguments, before, body, result, after."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import Error as PlaywrightError

from agentjit.errors import (
    BrowserError,
    ContractBroken,
    RunError,
    SiteUnreachable,
    ToolError,
    ValueRejected,
)
from agentjit.ports import Clock
from agentjit.runtime.observing import Observation, wait_for
from agentjit.toolspecs.contract import Clause
from agentjit.toolspecs.jsontypes import mismatch
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Seconds that a precondition may take to become visible (content that arrives late).
SETTLE_SECONDS: Final = 2.0

#: What Chromium says when nobody answers at an address.
_UNREACHABLE: Final = (
    "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET",
    "ERR_EMPTY_RESPONSE",
    "ERR_NAME_NOT_RESOLVED",
    "ERR_ADDRESS_UNREACHABLE",
    "ERR_CONNECTION_TIMED_OUT",
    "ERR_TIMED_OUT",
    "ERR_INTERNET_DISCONNECTED",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReport:
    """One finished call: its value, what was seen before and after, and where the time went."""

    value: Any
    before: Mapping[str, StateValue]
    after: Mapping[str, StateValue]
    #: Seconds of the whole call, and of the checks around the body.
    seconds: float
    checking: float
    #: Variables that changed although the contract does not say so.
    drift: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Performs calls of one toolset."""

    toolset: Toolset
    clock: Clock

    async def before(
        self, tool: Tool, page: Page, arguments: Mapping[str, Any]
    ) -> tuple[dict[str, Any], Observation]:
        """Validate the arguments and observe the precondition; nothing has been done yet.

        Returns the arguments with defaults filled in. Raises ValueRejected or ContractBroken.
        """
        given = complete_arguments(tool, arguments)
        seen = await self._observe(tool.requires, page, given, SETTLE_SECONDS)
        if seen.broken:
            raise _broken(tool, "requires", seen)
        if tool.ready is not None:
            await self._predicate(tool, "ready", page, given)
        return given, seen

    async def call(self, tool: Tool, page: Page, arguments: Mapping[str, Any]) -> CallReport:
        """The whole call. Raises a RunError that says which part of it went wrong."""
        started = self.clock.now()
        given, seen = await self.before(tool, page, arguments)
        ready = self.clock.now()
        value = await self.act(tool, page, given)
        acted = self.clock.now()
        after = await self.after(tool, page, given, value)
        ended = self.clock.now()
        assigned = {c.var for c in tool.ensures}
        drift = tuple(
            name
            for name in seen.state.keys() & after.state.keys()
            if name not in assigned and seen.state[name] != after.state[name]
        )
        return CallReport(
            value=value,
            before=seen.state,
            after=after.state,
            seconds=ended - started,
            checking=(ready - started) + (ended - acted),
            drift=drift,
        )

    async def act(self, tool: Tool, page: Page, given: Mapping[str, Any]) -> Any:
        """The tool's body, within its time, and its result validated."""
        try:
            async with asyncio.timeout(tool.timeout):
                value = await tool.body(page, **given)
        except TimeoutError as error:
            raise ToolError(f"{tool.name}() took longer than {tool.timeout:g} s") from error
        except PlaywrightError as error:
            raise browser_failure(error, page, f"{tool.name}()") from error
        problem = mismatch(value, tool.returns, f"the result of {tool.name}()")
        if problem:
            hint = "the site changed, or the tool reads it wrongly"
            raise ValueRejected(problem, hint)
        return value

    async def after(
        self, tool: Tool, page: Page, given: Mapping[str, Any], value: Any
    ) -> Observation:
        """Observe the postcondition. Raises ContractBroken."""
        if tool.done is not None:
            await self._predicate(tool, "done", page, given)
        values = {**given, "result": value}
        seen = await self._observe(tool.ensures, page, values, tool.timeout)
        if seen.broken:
            raise _broken(tool, "ensures", seen)
        return seen

    async def look(self, page: Page) -> Mapping[str, StateValue]:
        """The state variables that can be seen on the page now."""
        try:
            return await self.toolset.observe(page)
        except PlaywrightError as error:
            if _navigating(error):
                # The page is being replaced: nothing can be seen for the moment.
                return {}
            raise browser_failure(error, page, "observe()") from error

    async def _observe(
        self, clauses: tuple[Clause, ...], page: Page, values: Mapping[str, Any], seconds: float
    ) -> Observation:
        return await wait_for(
            clauses, lambda: self.look(page), values, seconds=seconds, clock=self.clock
        )

    async def _predicate(
        self, tool: Tool, which: str, page: Page, given: Mapping[str, Any]
    ) -> None:
        predicate = tool.ready if which == "ready" else tool.done
        assert predicate is not None
        deadline, pause = self.clock.now() + tool.timeout, 0.01
        while not await predicate(page, **given):
            if self.clock.now() >= deadline:
                raise ContractBroken(f"{tool.name}(): its `{which}` check never came true")
            await self.clock.sleep(pause)
            pause = min(pause * 1.6, 0.2)


def complete_arguments(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with defaults filled in. Raises ValueRejected when one has the wrong type."""
    given: dict[str, Any] = {}
    for param in tool.params:
        if param.name not in arguments and param.required:
            raise ValueRejected(f"{tool.name}() lacks its argument `{param.name}`")
        value = arguments.get(param.name, param.default)
        # A default may be None where the annotation does not say so; it is the tool's own.
        problem = (
            mismatch(value, param.type, f"the argument `{param.name}` of {tool.name}()")
            if param.name in arguments
            else None
        )
        if problem:
            raise ValueRejected(problem, f"the signature is {tool.signature()}")
        given[param.name] = value
    return given


def browser_failure(error: PlaywrightError, page: Page, doing: str) -> RunError:
    """What a Playwright error means to a user: no browser, no site, or a tool that failed."""
    text = error.message.split("\n")[0]
    browser = page.context.browser
    if "has been closed" in text or "crashed" in text or not (browser and browser.is_connected()):
        return BrowserError(
            f"the browser went away during {doing}",
            "run it again; if it happens often, `agentjit doctor` tells what is wrong",
        )
    if any(sign in text for sign in _UNREACHABLE):
        return SiteUnreachable(
            f"the site does not answer: {text}", "start it, or give its address with --url"
        )
    return ToolError(f"{doing} failed in the browser: {text}")


def _navigating(error: PlaywrightError) -> bool:
    signs = ("Execution context was destroyed", "navigating", "Cannot find context")
    return any(sign in error.message for sign in signs)


def _broken(tool: Tool, side: str, seen: Observation) -> ContractBroken:
    clause = seen.broken[0]
    actual = seen.state.get(clause.var)
    return ContractBroken(
        f"{tool.name}() {side} `{clause}`, but on the page {clause.var} is {actual!r}",
        "the site is not in the state that the contract describes: it changed, or a step before "
        "went wrong",
    )
