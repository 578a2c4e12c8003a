"""Make a plan's first calls while the rest of it is still being written: looks and moves, no more.

Each call is proven before it is made, as any call is. It is made in a tab of its own, which becomes
the run's where the chosen plan begins with the same calls, and is closed where it does not. Of a
loop it is the first round alone: the scheduler spreads the others over tabs.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from agentjit.compiler.check import CheckedProgram
from agentjit.compiler.ir import NodeId
from agentjit.errors import AgentjitError
from agentjit.runtime.calling import Caller, CallReport
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.sandbox import Sandbox, open_sandbox
from agentjit.runtime.secrets import speaks_of_one
from agentjit.runtime.tabkeeping import Tab
from agentjit.runtime.tabs import ABORT_SECONDS, CLOSE_SECONDS
from agentjit.scheduler.machine import Answered, Machine, Started
from agentjit.scheduler.strands import Perform
from agentjit.scheduler.walk import Code, ToolUse
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.tool import Tool

if TYPE_CHECKING:
    from playwright.async_api import Page


@dataclass(frozen=True, eq=False, slots=True)
class _Made:
    """A call that was begun ahead."""

    tool: Tool
    #: As text, in which 1, 1.0 and True are three things.
    arguments: str
    #: What it gives, and when it ended.
    work: asyncio.Task[tuple[CallReport, float]]

    def is_of(self, use: ToolUse) -> bool:
        """Whether it is this very call."""
        return (self.tool.name, self.arguments) == (use.tool, _as_text(use.arguments))

    @property
    def report(self) -> CallReport | None:
        """What came of it; None where it is under way, or failed."""
        work = self.work
        ended = work.done() and not work.cancelled() and work.exception() is None
        return work.result()[0] if ended else None


@dataclass(eq=False, slots=True)
class HeadStart:
    """What is done of a run before its plan is there. Use it with `async with`."""

    caller: Caller
    recorder: Recorder
    #: Not open yet; once a call was taken, it is the one that the run had before.
    tab: Tab
    #: Takes over what nobody waits for.
    leave: Callable[[Coroutine[Any, Any, None]], None]
    #: How many calls a plan has taken over.
    taken: int = field(default=0, init=False)
    #: The place of the next that may be taken.
    _next: int = field(default=0, init=False)
    _made: list[_Made] = field(default_factory=list, init=False)
    #: The longest beginning of a plan that is known, and whether it has grown.
    _plan: CheckedProgram | None = field(default=None, init=False)
    _grown: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    #: Whether the site was seen to stand where the plan is proven to begin.
    _stands: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _following: asyncio.Task[None] | None = field(default=None, init=False)
    _stopped: bool = field(default=False, init=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.end()

    def begin(self) -> None:
        """Plans are being written: make ready. What was known of any before is forgotten."""
        self._plan = None
        self._grown.clear()
        if self._following is None:
            self._following = asyncio.create_task(self._follow())

    def stands(self) -> None:
        """The site is where the plans are proven to begin."""
        self._stands.set()

    def follow(self, plan: CheckedProgram) -> None:
        """Do what may be done of the plan, which begins as the one before it."""
        self._plan = plan
        self._grown.set()

    def is_next(self, use: ToolUse) -> bool:
        """Whether it is the next call to be taken; those that left the tab as it was may be passed
        over, as schedules leave them out. Nothing more is begun from here on.
        """
        self._stopped = True
        _raise_unforeseen(self._following)
        for place, made in enumerate(self._made[self._next :], start=self._next):
            if made.is_of(use):
                self._next = place
                return True
            if not self._is_idle(place):
                return False
        return False

    async def take(self) -> CallReport | None:
        """What the next call gave that was made ahead; None where it failed, or was ended."""
        work = self._made[self._next].work
        try:
            report, ended = await asyncio.shield(work)
        except AgentjitError:
            # The run makes it again, and has the error itself if it stays.
            return None
        except asyncio.CancelledError:
            if not work.cancelled():
                raise
            return None
        self.taken, self._next = self.taken + 1, self._next + 1
        return replace(report, ahead=self.caller.clock.now() - ended)

    @property
    def astray(self) -> bool:
        """Whether the run's tab, which was taken from here, has gone on without the run."""
        left = range(self._next, len(self._made))
        return self.taken > 0 and not all(map(self._is_idle, left))

    def _is_idle(self, place: int) -> bool:
        """Whether the tab is as if the call had not been made: it is a look, or brought a tab that
        nothing had moved yet to where it was.
        """
        made = self._made[place]
        report, tool = made.report, made.tool
        if report is None or tool.effect is Effect.READ:
            return report is not None
        stayed = tool.resets_tab and report.before == report.after
        return stayed and all(map(self._is_idle, range(place)))

    async def end(self) -> None:
        """End what is under way, and close the tab that the run does not have."""
        if self._following is None:
            return
        following, self._following = self._following, None
        self._stopped = True
        pending = [made.work for made in self._made if not made.work.done()]
        for task in (following, *pending):
            task.cancel()
        try:
            if pending and self.taken:
                # It is in the run's own tab.
                await asyncio.wait(pending, timeout=CLOSE_SECONDS)
                await asyncio.sleep(ABORT_SECONDS)
        finally:
            self.leave(_close(self.tab, [following, *pending]))
        _raise_unforeseen(following)

    async def _follow(self) -> None:
        await self._stands.wait()
        try:
            await self.tab.__aenter__()
            async with open_sandbox() as sandbox:
                while True:
                    await self._grown.wait()
                    self._grown.clear()
                    if self._plan is not None and not await self._perform(self._plan, sandbox):
                        return
        except AgentjitError:
            # Whatever it is, the run itself will come upon it, and say so.
            self._stopped = True

    async def _perform(self, plan: CheckedProgram, sandbox: Sandbox) -> bool:
        """Do of the plan what was not done yet. Whether one that is longer may be gone on with."""
        left, seen = iter(self._made), set[NodeId]()
        machine = Machine(plan)
        (command,) = machine.handle(Started())
        while isinstance(command, Perform):
            value: Any = None
            match command.need:
                case Code() as code:
                    value = await sandbox.run(code.text, code.inputs)
                case ToolUse() as use:
                    if use.node in seen:
                        # A loop comes to its second round.
                        return False
                    seen.add(use.node)
                    made = next(left, None)
                    if made is None and self._may(use):
                        made = self._make(use)
                    if made is None or not made.is_of(use):
                        return False
                    value = (await made.work)[0].value
                case _:
                    return False
            (command,) = machine.handle(Answered(command.id, value))
        return True

    def _may(self, use: ToolUse) -> bool:
        harmless = self.caller.toolset.by_name[use.tool].effect.harmless
        # Secrets are for plans that are whole.
        return harmless and not self._stopped and not speaks_of_one(use.arguments)

    def _make(self, use: ToolUse) -> _Made:
        tool = self.caller.toolset.by_name[use.tool]
        # The page as it is now: before the task begins, the run may have taken the tab.
        work = asyncio.create_task(self._call(tool, self.tab.page, use.arguments))
        # What became of it may be nobody's business.
        work.add_done_callback(lambda done: done.cancelled() or done.exception())
        made = _Made(tool, _as_text(use.arguments), work)
        self._made.append(made)
        return made

    async def _call(
        self, tool: Tool, page: Page, arguments: Mapping[str, Any]
    ) -> tuple[CallReport, float]:
        about = {"tool": tool.name, "arguments": dict(arguments)}
        begun = self.caller.clock.now()
        try:
            report = await self.caller.call(tool, page, arguments)
        except AgentjitError as error:
            seconds = round(self.caller.clock.now() - begun, 4)
            self.recorder.record(
                "failed-ahead", **about, seconds=seconds, code=error.code, message=error.message
            )
            raise
        self.recorder.record("made-ahead", **about, seconds=round(report.seconds, 4))
        return report, self.caller.clock.now()


def _raise_unforeseen(following: asyncio.Task[None] | None) -> None:
    if following is not None and following.done() and not following.cancelled():
        following.result()


def _as_text(arguments: Mapping[str, Any]) -> str:
    return json.dumps(dict(arguments), sort_keys=True)


async def _close(tab: Tab, under_way: list[asyncio.Task[Any]]) -> None:
    """Close a tab in which something was aborted, or which is on its way yet."""
    await asyncio.wait(under_way)
    await asyncio.sleep(ABORT_SECONDS)
    await tab.__aexit__()
