"""Perform a program: carry out what the machine commands, and tell it how that went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from agentjit.compiler.check import CheckedProgram
from agentjit.compiler.facts import Facts
from agentjit.compiler.ir import Ask, Block, For, If, While
from agentjit.errors import AgentjitError, ModelError, RunError
from agentjit.planner.budget import Budget
from agentjit.ports import Model, Usage
from agentjit.runtime.asking import Interview, no_model
from agentjit.runtime.committing import Commit
from agentjit.runtime.performing import Calls
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.sandbox import CodeFailed, Sandbox
from agentjit.runtime.secrets import mark_handles
from agentjit.scheduler.machine import (
    Abort,
    Answered,
    Command,
    Failed,
    Finish,
    Machine,
    Started,
)
from agentjit.scheduler.samples import MOST
from agentjit.scheduler.strands import Perform
from agentjit.scheduler.trips import Sources, find_sources
from agentjit.scheduler.walk import Branch, Code, Copy, Entered, Need, Question, Seen, ToolUse
from agentjit.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended: a value, or an error and where the plan stood; and what was committed."""

    value: Any = None
    error: AgentjitError | None = None
    span: Span | None = None
    commits: tuple[Commit, ...] = ()
    usage: Usage = Usage()
    #: Tool calls that were finished.
    calls: int = 0
    #: Seconds spent in tool calls, and of these in observing contracts.
    call_seconds: float = 0.0
    check_seconds: float = 0.0


@dataclass(slots=True)
class Driver:
    """Performs one checked program in one tab.

    Every call and every question has a name in the journal: its node, and the how manieth time the
    node is performed. The machine is pure, so that the journal's answers lead it the same way.
    """

    checked: CheckedProgram
    calls: Calls
    sandbox: Sandbox
    recorder: Recorder
    model: Model | None = None
    #: The secrets that the task speaks of; the plan may use no others.
    allowed: frozenset[str] = frozenset()
    #: Its time is looked at between steps, so that none is left half done.
    budget: Budget | None = None
    #: What tells the calls of a run's second plan from those of its first in the journal.
    prefix: str = ""
    _interview: Interview = field(init=False)
    _counts: Counter[str] = field(default_factory=Counter)
    _calls: int = 0
    _seconds: list[float] = field(default_factory=lambda: [0.0, 0.0])
    _sources: Sources | None = None
    #: How often something was told of a branch or loop: a profile keeps only so many.
    _told: Counter[tuple[type, int]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._interview = Interview(self.model)

    async def run(self) -> Outcome:
        """Run the program to its end."""
        asks = first_ask(self.checked.program.body)
        if asks is not None and self.model is None:
            # Said before anything is done, not half-way.
            return self._outcome(error=no_model(), span=asks)
        match await self._play():
            case Finish(value):
                return self._outcome(value=value, error=await self._missed_goal())
            case Abort(reason, span):
                await self.calls.stop_short()
                return self._outcome(error=reason, span=span)

    async def _play(self) -> Finish | Abort:
        """Carry out what the machine commands until it says how the run ended."""
        machine = Machine(self.checked)
        command = self._only(machine.handle(Started()))
        while isinstance(command, Perform):
            command = self._only(machine.handle(await self._carry_out(command)))
            self._tell_seen(machine.take_seen())
        if isinstance(command, Finish | Abort):
            return command
        raise AssertionError(command)

    async def _carry_out(self, command: Perform) -> Answered | Failed:
        """What the machine is told of a command once it is done."""
        try:
            if self.budget is not None:
                self.budget.check_time()
            return Answered(command.id, await self._value(command.need))
        except CodeFailed as error:
            return Failed(command.id, error, error.line)
        except AgentjitError as error:
            return Failed(command.id, error)

    async def _value(self, need: Need) -> Any:
        match need:
            case Code() as code:
                return await self.sandbox.run(code.text, code.inputs)
            case ToolUse() as use:
                return await self._call(use, self.calls)
            case Question() as question:
                return await self._ask(question)
            case Branch() | Copy():
                raise AssertionError("a serial run has one set of variables")

    async def _missed_goal(self) -> AgentjitError | None:
        """What the plan promises for its end, and is not seen; None where all of it is.

        What was seen before a crash is not looked at again.
        """
        if self.checked.final is None or not self._calls:
            return None
        try:
            await self._check_end(self.checked.final)
        except AgentjitError as error:
            return error
        return None

    async def _check_end(self, final: Facts) -> None:
        """Raises AgentjitError where what the plan promises for its end is not so."""
        await self.calls.check_end(final)

    def _key(self, node: int, rounds: tuple[int, ...] = (), copy: int = 0) -> str:
        """A name that does not depend on what happens first: node, iterations, and how manieth.

        A copy has the name of the call that it is one of: that was begun last at this place.
        """
        place = "/".join(map(str, (node, *rounds)))
        self._counts[place] += not copy
        return f"{self.prefix}{place}.{self._counts[place]}"

    def _where(self, use: ToolUse) -> dict[str, Any]:
        return {"node": use.node, "tool": use.tool, "line": use.span.line}

    async def _call(self, use: ToolUse, calls: Calls) -> Any:
        where = self._where(use)
        untrusted = self.checked.untrusted.get(use.node, {})
        made = calls.made
        self.recorder.record("call-started", arguments=dict(use.arguments), **where)
        use = replace(use, arguments=mark_handles(use.arguments, self.allowed, untrusted))
        try:
            report = await calls.call(use, self._key(use.node, use.rounds, use.copy), untrusted)
        except AgentjitError as error:
            self.recorder.record("call-failed", code=error.code, message=error.message, **where)
            raise
        for obstacle in report.cleared:
            self.recorder.record("obstacle-dismissed", name=obstacle, **where)
        if calls.made == made:
            return report.value
        self._calls += 1
        self._seconds[0] += report.seconds
        self._seconds[1] += report.checking
        self.recorder.record(
            "call-done",
            result=report.value,
            seconds=round(report.seconds, 4),
            checking=round(report.checking, 4),
            state=dict(report.after),
            drift=list(report.drift),
            **({"stood_in": True} if report.stood_in else {}),
            **({} if report.ahead is None else {"ahead": round(report.ahead, 4)}),
            **where,
        )
        return report.value

    def _tell_seen(self, seen: Iterable[Seen | Entered]) -> None:
        """Record which way the plan went, for forecasts of the next run."""
        for each in seen:
            stmt = each.stmt
            self._told[type(each), stmt.id] += 1
            if self._told[type(each), stmt.id] > MOST:
                continue
            if isinstance(each, Entered):
                told = {"line": stmt.span.line, "rounds": each.rounds, "tabs": each.tabs}
                self.recorder.record("loop-entered", node=stmt.id, **told)
                continue
            if self._sources is None:
                self._sources = find_sources(self.checked.program)
            key = self._sources.key(stmt)
            if isinstance(stmt, If):
                self.recorder.record("branched", node=stmt.id, key=key, taken=each.value)
            else:
                self.recorder.record("loop-left", node=stmt.id, key=key, rounds=each.value)

    async def _ask(self, question: Question) -> Any:
        key = self._key(question.node, question.rounds)
        past = self.calls.journal.get(key)
        if past is not None and past.data.get("question") == question.question:
            self.recorder.record("answer-replayed", answer=past.data["value"], node=question.node)
            return past.data["value"]
        self.recorder.record("model-asked", question=question.question, node=question.node)
        try:
            asked = await self._interview.ask(question.question, question.returns, question.values)
        except ModelError as error:
            # A plan there was: it is the run that failed.
            raise RunError(f"ai_eval() failed: {error.message}", error.hint) from error
        self.calls.journal.write(key, "done", question=question.question, value=asked.value)
        self.recorder.record(
            "model-answered",
            answer=asked.value,
            node=question.node,
            seconds=round(asked.seconds, 4),
            tokens=asked.usage.tokens,
            output_tokens=asked.usage.completion_tokens,
        )
        return asked.value

    def _outcome(
        self, value: Any = None, error: AgentjitError | None = None, span: Span | None = None
    ) -> Outcome:
        return Outcome(
            value=value,
            error=error,
            span=span,
            commits=tuple(self.calls.gate.commits),
            usage=self._interview.usage,
            calls=self._calls,
            call_seconds=self._seconds[0],
            check_seconds=self._seconds[1],
        )

    @staticmethod
    def _only(commands: tuple[Command, ...]) -> Command:
        (command,) = commands
        return command


def first_ask(block: Block) -> Span | None:
    """Where a plan first asks the model, if anywhere."""
    for stmt in block:
        match stmt:
            case Ask(span=span):
                return span
            case If() | For():
                inner: tuple[Block, ...] = (stmt.body, stmt.orelse)
            case While():
                inner = (stmt.prelude, stmt.body, stmt.orelse)
            case _:
                continue
        found = next(filter(None, map(first_ask, inner)), None)
        if found is not None:
            return found
    return None
