"""Perform a woven program: many commands at once, each answered when it is done."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from agentjit.errors import AgentjitError
from agentjit.runtime.asking import no_model
from agentjit.runtime.driver import Driver, Outcome, first_ask
from agentjit.runtime.ending import check_goal
from agentjit.runtime.sandbox import CodeFailed, Sandboxes
from agentjit.runtime.tabpool import TabPool
from agentjit.scheduler.calls import CloseScope, CloseTab, Policy
from agentjit.scheduler.graph import Graph
from agentjit.scheduler.machine import (
    Abort,
    Answered,
    Command,
    Event,
    Failed,
    Finish,
    Late,
    Started,
    WovenMachine,
)
from agentjit.scheduler.strands import Cancel, CommandId, Perform
from agentjit.scheduler.walk import Branch, Code, Copy, Question, ToolUse

_Tasks: TypeAlias = dict[CommandId, "asyncio.Task[None]"]


@dataclass(slots=True, kw_only=True)
class WovenDriver(Driver):
    """Performs a graph in several tabs. Whatever ends the run, nothing of it goes on."""

    graph: Graph
    policy: Policy
    tabs: TabPool
    sandboxes: Sandboxes
    _events: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)
    _tasks: _Tasks = field(default_factory=dict)
    #: What was cancelled and has not ended yet, and what closes tabs and scopes.
    _ending: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> Outcome:
        """Run the program to its end."""
        asks = first_ask(self.checked.program.body)
        if asks is not None and self.model is None:
            return self._outcome(error=no_model(), span=asks)
        machine = WovenMachine(self.graph, self.policy)
        try:
            end = self._take(machine.handle(Started()))
            while end is None:
                event = await self._events.get()
                # What was cancelled may have been answered a moment before.
                if not isinstance(event, Started) and event.id in machine.outstanding:
                    end = self._take(machine.handle(event))
        finally:
            await self._stop()
        match end:
            case Finish(value):
                return self._outcome(value=value, error=await self._missed_goal())
            case Abort(reason, span):
                return self._outcome(error=reason, span=span)

    def _take(self, commands: tuple[Command, ...]) -> Finish | Abort | None:
        """Begin what the machine commands; how the run ended, if it has."""
        for command in commands:
            match command:
                case Perform():
                    self._tasks[command.id] = asyncio.create_task(self._answer(command))
                case Cancel(id=identity):
                    task = self._tasks.pop(identity, None)
                    if task is not None:
                        task.cancel()
                        self._await_end(task)
                case CloseTab(tab=tab):
                    self._close(self.tabs.close(tab))
                case CloseScope(scope=scope):
                    self._close(self.sandboxes.close(scope))
                case Finish() | Abort():
                    return command
        return None

    async def _answer(self, command: Perform) -> None:
        reminder = None
        if command.late is not None:
            loop, late = asyncio.get_running_loop(), Late(command.id)
            reminder = loop.call_later(command.late, self._events.put_nowait, late)
        try:
            event = await self._carry_out(command)
        finally:
            if reminder is not None:
                reminder.cancel()
        self._tasks.pop(command.id, None)
        self._events.put_nowait(event)

    async def _carry_out(self, command: Perform) -> Event:
        try:
            if self.budget is not None:
                self.budget.check_time()
            return Answered(command.id, await self._value(command))
        except CodeFailed as error:
            return Failed(command.id, error, error.line)
        except AgentjitError as error:
            return Failed(command.id, error)

    async def _value(self, command: Perform) -> Any:
        match command.need:
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
                return await self._call(use, await self.tabs.get(use.tab, fresh=use.fresh))
            case Question() as question:
                return await self._ask(question)

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

    def _await_end(self, task: asyncio.Task[None]) -> None:
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _stop(self) -> None:
        """End all that is under way, and wait until it has ended."""
        for task in self._tasks.values():
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*self._tasks.values(), *self._ending, return_exceptions=True)
        await self.tabs.aclose()

    async def _missed_goal(self) -> AgentjitError | None:
        """What the plan promises of the account for its end, and is not seen."""
        if self.checked.final is None or not self._calls:
            return None
        calls = self.tabs.first
        try:
            await check_goal(calls.caller, calls.page, self.checked.final, tab=False)
        except AgentjitError as error:
            return error
        return None
