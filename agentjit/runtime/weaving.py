"""Perform a woven program: many commands at once, each answered when it is done."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from agentjit.compiler.facts import Facts
from agentjit.errors import AgentjitError
from agentjit.runtime.driver import Driver, Outcome
from agentjit.runtime.ending import check_goal
from agentjit.runtime.sandbox import Sandboxes
from agentjit.runtime.tabpool import TabPool
from agentjit.scheduler.calls import CloseScope, CloseTab, Policy
from agentjit.scheduler.graph import Graph
from agentjit.scheduler.machine import (
    Abort,
    Answered,
    Command,
    Failed,
    Finish,
    Late,
    Started,
    WovenMachine,
)
from agentjit.scheduler.strands import Cancel, CommandId, Perform
from agentjit.scheduler.tabs import TabId
from agentjit.scheduler.walk import Branch, Code, Copy, Need, Question, ToolUse

#: What a run waits for. An error that nobody foresaw ends it, as it would if it were alone.
_Told: TypeAlias = Answered | Failed | Late | BaseException
_Tasks: TypeAlias = dict[CommandId, "asyncio.Task[None]"]


@dataclass(slots=True, kw_only=True)
class WovenDriver(Driver):
    """Performs a graph in several tabs. Whatever ends the run, nothing of it goes on."""

    graph: Graph
    policy: Policy
    tabs: TabPool
    sandboxes: Sandboxes
    _events: asyncio.Queue[_Told] = field(default_factory=asyncio.Queue)
    _tasks: _Tasks = field(default_factory=dict)
    #: Calls that wait for their tabs, or are under way.
    _asked: dict[TabId, Perform] = field(default_factory=dict)
    #: What was cancelled and has not ended yet, and what closes tabs and scopes.
    _ending: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> Outcome:
        """Run the program to its end."""
        error: AgentjitError | None = None
        try:
            outcome = await Driver.run(self)
            error = outcome.error
            return outcome
        finally:
            # Not before: one of the tabs is held against what the plan promises for its end.
            self.tabs.leave_all(error)

    async def _play(self) -> Finish | Abort:
        machine = WovenMachine(self.graph, self.policy)
        try:
            end = self._take(machine.handle(Started()))
            while end is None:
                event = await self._events.get()
                if isinstance(event, BaseException):
                    raise event
                # What was cancelled may have been answered a moment before.
                if event.id in machine.outstanding:
                    end = self._take(machine.handle(event))
                    self._tell_seen(machine.take_seen())
        finally:
            await self._stop()
        return end

    def _take(self, commands: tuple[Command, ...]) -> Finish | Abort | None:
        """Begin what the machine commands; how the run ended, if it has."""
        for command in commands:
            match command:
                case Perform():
                    task = asyncio.create_task(self._answer(command))
                    task.add_done_callback(self._tell_crash)
                    self._tasks[command.id] = task
                case Cancel(id=identity):
                    cancelled = self._tasks.pop(identity, None)
                    if cancelled is not None:
                        cancelled.cancel()
                        self._await_end(cancelled)
                case CloseTab(tab=tab):
                    self._close(self._leave_tab(tab))
                case CloseScope(scope=scope):
                    self._close(self.sandboxes.close(scope))
                case Finish() | Abort():
                    return command
        return None

    async def _answer(self, command: Perform) -> None:
        if isinstance(command.need, ToolUse):
            self._asked[command.need.tab] = command
        event = await self._carry_out(command)
        self._tasks.pop(command.id, None)
        self._events.put_nowait(event)

    async def _value(self, need: Need) -> Any:
        match need:
            case Code() as code:
                sandbox = await self.sandboxes.get(code.scope)
                return await sandbox.run(code.text, code.inputs, raw=code.raw)
            case Branch() as branch:
                parent = await self.sandboxes.get(branch.parent)
                values = await parent.copy(branch.names)
                return await (await self.sandboxes.get(branch.scope)).run("None", values)
            case Copy() as copy:
                return await (await self.sandboxes.get(copy.scope)).copy(copy.names)
            case ToolUse() as use:
                return await self._use(use)
            case Question() as question:
                return await self._ask(question)

    async def _use(self, use: ToolUse) -> Any:
        harmless = self.tabs.first.caller.toolset.by_name[use.tool].effect.harmless
        # What was made ahead was seen before any change. Its tab stands where it left it.
        made = (use.tab == 0 or not harmless) and await self.calls.is_made(use)
        calls = await self.tabs.get(use.tab, fresh=use.fresh and not made, coming=use.coming)
        if harmless:
            self.tabs.prepare(use.coming)
        with self._reminded(use), nullcontext() if harmless else self.tabs.changing(use.tab):
            try:
                value = await self._call(use, calls)
            except AgentjitError as error:
                self.tabs.end(use.tab, error)
                raise
            self.tabs.end(use.tab)
            return value

    @contextmanager
    def _reminded(self, use: ToolUse) -> Iterator[None]:
        """Say when the call is late: it begins once its tab is there."""
        command = self._asked.pop(use.tab)
        if command.late is None:
            yield
            return
        loop, late = asyncio.get_running_loop(), Late(command.id)
        reminder = loop.call_later(command.late, self._events.put_nowait, late)
        try:
            yield
        finally:
            reminder.cancel()

    def _tell_crash(self, task: asyncio.Task[None]) -> None:
        error: BaseException | None
        if task.cancelled():
            # By the machine, which waits for it no more; or by what it waited for itself.
            error = asyncio.CancelledError() if task in self._tasks.values() else None
        else:
            error = task.exception()
        if error is not None:
            self._events.put_nowait(error)

    def _where(self, use: ToolUse) -> dict[str, Any]:
        place = {"tab": use.tab, "rounds": list(use.rounds)}
        # By its class: a class with slots is made anew, so that the short form does not find it.
        return {**Driver._where(self, use), **place, **({"copy": use.copy} if use.copy else {})}

    def _close(self, closing: Coroutine[Any, Any, None]) -> None:
        """Close something once what was being done in it has ended."""
        ending = list(self._ending)

        async def close() -> None:
            await asyncio.gather(*ending, return_exceptions=True)
            await closing

        self._await_end(asyncio.create_task(close()))

    async def _leave_tab(self, tab: TabId) -> None:
        self.tabs.close(tab)

    def _await_end(self, task: asyncio.Task[None]) -> None:
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _stop(self) -> None:
        """End all that is under way, and wait until it has ended."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), *self._ending, return_exceptions=True)

    async def _check_end(self, final: Facts) -> None:
        await self.calls.leave_head()
        # What a tab promises is that tab's alone, and which of them is the last is chance.
        await check_goal(self.tabs.first.caller, self.tabs.page, final, tab=False)
