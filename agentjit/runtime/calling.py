"""Perform one tool call on a page, contract observed: arguments, before, body, result, after."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from playwright.async_api import Error as PlaywrightError

from agentjit.errors import (
    AgentjitError,
    ContractBroken,
    RunError,
    ToolError,
    ValueRejected,
)
from agentjit.ports import Clock
from agentjit.runtime.clearing import clear_away, find_obstacles
from agentjit.runtime.guarding import Interrupted, guarded
from agentjit.runtime.observing import RESULT, Observation, explain, hold, pauses, same, wait_for
from agentjit.runtime.secrets import Secrets
from agentjit.toolspecs.contract import Clause, Equals, ParamRef
from agentjit.toolspecs.jsontypes import mismatch
from agentjit.toolspecs.obstacle import Obstacle
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.tool import Body, Tool
from agentjit.toolspecs.toolset import Toolset

if TYPE_CHECKING:
    from playwright.async_api import Page

T = TypeVar("T")

#: Seconds that a precondition may take to become visible (content that arrives late).
SETTLE_SECONDS: Final = 2.0
#: Seconds that one look at a page may take: a page whose own script never ends answers nothing.
LOOK_SECONDS: Final = 10.0


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
    #: Known obstacles that were dismissed before it.
    cleared: tuple[str, ...] = ()
    #: Whether `after` was seen at all: not where the answer was lost, and found out by `verify`.
    seen: bool = True
    #: Whether it was seen at the end that no known obstacle is in the way.
    unobstructed: bool = False
    #: Whether its own tool did not do it, but somebody stood in for that: it cannot be repeated.
    stood_in: bool = False
    #: Seconds ago that it ended, where it was made before the plan was there.
    ahead: float | None = None

    @property
    def glimpse(self) -> Observation:
        """What was seen at the end."""
        return Observation(self.after, (), unobstructed=self.unobstructed)


@dataclass(frozen=True, slots=True)
class Caller:
    """Performs calls of one toolset."""

    toolset: Toolset
    clock: Clock
    secrets: Secrets = field(default_factory=Secrets)

    async def call(
        self,
        tool: Tool,
        page: Page,
        arguments: Mapping[str, Any],
        *,
        ready: Callable[[Observation], Awaitable[None]] | None = None,
        recent: Observation | None = None,
    ) -> CallReport:
        """The whole call. Raises a RunError that says which part of it went wrong.

        `ready` is told what was seen when all is ready, before the body starts. `recent` is what
        was seen a moment ago: where it shows that the precondition holds, or that nothing is in
        the way, nobody looks again.
        """
        started = self.clock.now()
        given, seen = await self.before(tool, page, arguments, recent)
        if ready is not None:
            await ready(seen)
        begun = self.clock.now()
        value = await self.act(tool, page, given)
        acted = self.clock.now()
        after = await self.after(tool, page, given, value)
        ended = self.clock.now()
        return CallReport(
            value=value,
            before=seen.state,
            after=after.state,
            seconds=ended - started,
            checking=(begun - started) + (ended - acted),
            drift=drifted(tool, seen, after),
            cleared=seen.cleared,
            unobstructed=after.unobstructed,
        )

    async def before(
        self,
        tool: Tool,
        page: Page,
        arguments: Mapping[str, Any],
        recent: Observation | None = None,
    ) -> tuple[dict[str, Any], Observation]:
        """Validate the arguments and observe the precondition; nothing has been done yet.

        Returns the arguments with defaults filled in. Raises a RunError.
        """
        given = complete_arguments(tool, arguments)
        cleared = () if recent is not None and recent.unobstructed else await self._clear(page)
        self._check_assigned(tool, given)
        seen = None
        # What was not seen then proves nothing now: the page was being replaced, perhaps.
        if recent and not cleared and all(clause.var in recent.state for clause in tool.requires):
            seen = hold(tool.requires, recent.state, given)
        if seen is None or seen.broken:
            seen = await self._observe(tool.requires, page, given, SETTLE_SECONDS)
        if seen.broken:
            raise _broken(tool, "requires", seen, given)
        if tool.ready is not None:
            await self._predicate(tool, "ready", tool.ready, page, given)
        return given, replace(seen, cleared=cleared)

    async def _clear(self, page: Page) -> tuple[str, ...]:
        """Dismiss what is known to come in the way; the names of what was."""
        known = self.toolset.obstacles
        if not known:
            return ()
        return await self._read(lambda: clear_away(page, known), page, "clearing", LOOK_SECONDS)

    def _check_assigned(self, tool: Tool, given: Mapping[str, Any]) -> None:
        """A state variable cannot be given a value that it does not have.

        The checker relies on it: a variable of a few values has one of these after each call.
        """
        for clause in tool.ensures:
            if not (isinstance(clause, Equals) and isinstance(clause.value, ParamRef)):
                continue
            variable, value = self.toolset.state.get(clause.var), given[clause.value.name]
            if variable is None or not variable.values or value is None:
                continue
            if not any(same(value, each) for each in variable.values):
                raise _rejected(
                    tool,
                    f"the argument `{clause.value.name}` of {tool.name}() is {value!r:.80}, and "
                    f"{clause.var} is {variable.show_type()}",
                )

    async def act(self, tool: Tool, page: Page, given: Mapping[str, Any]) -> Any:
        """The tool's body, within its time, and its result validated.

        Raises the body's own ToolError as it is, Interrupted where the body was cut off, and other
        RunErrors.
        """
        # The one place at which a secret's value is known; what comes back has its handle again.
        typed = self.secrets.reveal(dict(given))
        try:
            value = await guarded(
                lambda: tool.body(page, **typed),
                page.context,
                f"{tool.name}()",
                seconds=tool.timeout,
            )
        except AgentjitError as error:
            self.secrets.hide_in_error(error)
            raise
        value = self.secrets.hide_in(value)
        problem = mismatch(value, tool.returns, f"the result of {tool.name}()")
        if problem:
            raise ValueRejected(problem, "the site changed, or the tool reads it wrongly")
        return value

    async def after(
        self, tool: Tool, page: Page, given: Mapping[str, Any], value: Any
    ) -> Observation:
        """Observe the postcondition. Raises a RunError; one that is a ToolError is Interrupted."""
        if tool.done is not None:
            await self._predicate(tool, "done", tool.done, page, given)
        values = {**given, RESULT: value}
        unobstructed = False

        async def look() -> Mapping[str, StateValue] | None:
            nonlocal unobstructed
            # Together: the next call wants to know both, and each is a way to the browser and back.
            state, there = await asyncio.gather(self.look(page), self._obstacles(page))
            unobstructed = state is not None and not there
            return state

        seen = await wait_for(tool.ensures, look, values, seconds=tool.timeout, clock=self.clock)
        if seen.broken:
            raise _broken(tool, "ensures", seen, values)
        return replace(seen, unobstructed=unobstructed)

    async def _obstacles(self, page: Page) -> list[Obstacle]:
        known = self.toolset.obstacles
        look = partial(find_obstacles, page, known)
        return await self._read(look, page, "clearing", LOOK_SECONDS) if known else []

    async def look(self, page: Page) -> Mapping[str, StateValue] | None:
        """The state variables that can be seen on the page; None while it is being replaced."""

        async def observe() -> Mapping[str, StateValue] | None:
            try:
                return self._admitted(self.secrets.hide_in(await self.toolset.observe(page)))
            except PlaywrightError as error:
                if _navigating(error):
                    return None
                raise

        return await self._read(observe, page, "observe()", LOOK_SECONDS)

    def _admitted(self, seen: Any) -> Mapping[str, StateValue]:
        if not isinstance(seen, Mapping):
            raise ValueRejected(f"observe() returned {seen!r:.80}", "it must return a dict")
        for name, value in seen.items():
            variable = self.toolset.state.get(name)
            if variable is None:
                known = ", ".join(self.toolset.state.names())
                raise ValueRejected(
                    f"observe() reports `{name}`, which is no state variable", f"they are: {known}"
                )
            if not variable.admits(value):
                raise ValueRejected(
                    f"observe() reports that {name} is {value!r:.80}",
                    f"it is {variable.show_type()}",
                )
        return seen

    async def _observe(
        self, clauses: tuple[Clause, ...], page: Page, values: Mapping[str, Any], seconds: float
    ) -> Observation:
        # Looks have handles where the page shows a secret, so that they are compared with handles.
        return await wait_for(
            clauses, lambda: self.look(page), values, seconds=seconds, clock=self.clock
        )

    async def _predicate(
        self, tool: Tool, which: str, predicate: Body, page: Page, given: Mapping[str, Any]
    ) -> None:
        doing, waits = f"{tool.name}(): its `{which}` check", pauses()
        typed = self.secrets.reveal(dict(given))
        deadline = self.clock.now() + tool.timeout
        while not await self._read(lambda: predicate(page, **typed), page, doing, tool.timeout):
            if self.clock.now() >= deadline:
                raise ContractBroken(
                    f"{doing} did not come true within {tool.timeout:g} s",
                    "the site is slow, or it changed",
                )
            await self.clock.sleep(next(waits))

    async def _read(
        self, work: Callable[[], Awaitable[T]], page: Page, doing: str, seconds: float
    ) -> T:
        """Run code of the toolset that only looks: what it raises says nothing about the call."""
        try:
            return await guarded(work, page.context, doing, seconds=seconds)
        except AgentjitError as error:
            self.secrets.hide_in_error(error)
            if isinstance(error, Interrupted) or not isinstance(error, ToolError):
                raise
            raise Interrupted(f"{doing}: {error.message}", error.hint) from error


def complete_arguments(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with defaults filled in. Raises ValueRejected when one has the wrong type."""
    unknown = [name for name in arguments if tool.param(name) is None]
    if unknown:
        raise _rejected(tool, f"{tool.name}() has no argument `{unknown[0]}`")
    given: dict[str, Any] = {}
    for param in tool.params:
        if param.name not in arguments:
            if param.required:
                raise _rejected(tool, f"{tool.name}() lacks its argument `{param.name}`")
            # A default may be None where the annotation does not say so; it is the tool's own.
            given[param.name] = param.default
            continue
        given[param.name] = arguments[param.name]
        where = f"the argument `{param.name}` of {tool.name}()"
        problem = mismatch(given[param.name], param.type, where)
        if problem:
            raise _rejected(tool, problem)
    return given


def drifted(tool: Tool, before: Observation, after: Observation) -> tuple[str, ...]:
    """Variables that were seen to change although the tool's contract does not say so."""
    assigned = {clause.var for clause in tool.ensures}
    both = before.state.keys() & after.state.keys()
    return tuple(sorted(v for v in both - assigned if before.state[v] != after.state[v]))


def _rejected(tool: Tool, problem: str) -> ValueRejected:
    return ValueRejected(problem, f"the signature is {tool.signature()}")


def _navigating(error: PlaywrightError) -> bool:
    signs = ("Execution context was destroyed", "navigating", "Cannot find context")
    return any(sign in error.message for sign in signs)


def _broken(tool: Tool, side: str, seen: Observation, values: Mapping[str, Any]) -> RunError:
    clause = seen.broken[0]
    return ContractBroken(
        f"{tool.name}() {side} `{clause}`{explain(clause, values)}, but on the page "
        f"{clause.var} is {seen.state.get(clause.var)!r}",
        "the site is not in the state that the contract describes: it changed, or a step before "
        "went wrong",
    )
