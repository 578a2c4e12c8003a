"""The run of a program as a pure state machine: events in, commands out.

No clock, no browser, no event loop: every order of events can be tested, and a log of events
replays a run exactly.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from enum import Enum
from typing import Any, NewType, TypeAlias

from agentjit.compiler.check import CheckedProgram
from agentjit.errors import AgentjitError, EvaluationError
from agentjit.scheduler.walk import Code, Need, Question, ToolUse, TooManyTripsError, walk
from agentjit.source import Span

#: Pairs a command with the event that answers it.
CommandId = NewType("CommandId", int)


@dataclass(frozen=True, slots=True)
class Perform:
    """Do this, and answer with Answered or Failed."""

    id: CommandId
    need: Need


@dataclass(frozen=True, slots=True)
class Finish:
    """The program has ended with this value."""

    value: Any


@dataclass(frozen=True, slots=True)
class Abort:
    """The program cannot go on; `span` is where the plan stood."""

    reason: AgentjitError
    span: Span | None


Command: TypeAlias = Perform | Finish | Abort


@dataclass(frozen=True, slots=True)
class Started:
    """Begin."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A command was carried out, with this value."""

    id: CommandId
    value: Any = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A command could not be carried out. `line` counts from 1 within a Code's text."""

    id: CommandId
    reason: AgentjitError
    line: int | None = None


Event: TypeAlias = Started | Answered | Failed


class Status(Enum):
    """Where a machine is in its life."""

    NEW = "new"
    RUNNING = "running"
    ENDED = "ended"


class IllegalEventError(RuntimeError):
    """An event that no outstanding command asked for: a bug in the driver."""


class Machine:
    """One run. Serial: at most one command is outstanding."""

    def __init__(self, checked: CheckedProgram) -> None:
        self.status = Status.NEW
        self._walk: Generator[Need, Any, Any] = walk(checked.program)
        self._outstanding: Perform | None = None
        self._last_id = 0

    def handle(self, event: Event) -> tuple[Command, ...]:
        """What to do after this event. After Finish or Abort no event is legal."""
        match event:
            case Started() if self.status is Status.NEW:
                self.status = Status.RUNNING
                return self._advance(None)
            case Answered() if self._answers(event.id):
                return self._advance(event.value)
            case Failed() if self._answers(event.id):
                return self._fail(event)
            case _:
                raise IllegalEventError(f"{event} while {self.status.value}")

    def _answers(self, command: CommandId) -> bool:
        running = self.status is Status.RUNNING
        return running and self._outstanding is not None and self._outstanding.id == command

    def _advance(self, answer: Any) -> tuple[Command, ...]:
        self._outstanding = None
        try:
            need = self._walk.send(answer)
        except StopIteration as end:
            self.status = Status.ENDED
            return (Finish(end.value),)
        except TooManyTripsError as error:
            self.status = Status.ENDED
            return (Abort(error, error.span),)
        self._last_id += 1
        self._outstanding = Perform(CommandId(self._last_id), need)
        return (self._outstanding,)

    def _fail(self, event: Failed) -> tuple[Command, ...]:
        assert self._outstanding is not None
        self.status = Status.ENDED
        self._walk.close()
        return (Abort(event.reason, _place(self._outstanding.need, event)),)


def _place(need: Need, event: Failed) -> Span | None:
    match need:
        case ToolUse(span=span) | Question(span=span):
            return span
        case Code(spans=spans) if isinstance(event.reason, EvaluationError) and event.line:
            return spans[min(event.line, len(spans)) - 1]
        case Code(spans=spans):
            return spans[-1] if spans else None
