"""The run of a program as a pure state machine: events in, commands out.

No clock, no browser, no event loop: every order of events can be tested, and a log of events
replays a run exactly.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from agentjit.compiler.check import CheckedProgram
from agentjit.errors import AgentjitError, EvaluationError
from agentjit.scheduler.calls import CloseScope, CloseTab, Policy
from agentjit.scheduler.graph import Graph
from agentjit.scheduler.strands import Cancel, CommandId, Loom, Perform, StepFailed
from agentjit.scheduler.tabs import TabId
from agentjit.scheduler.walk import (
    Branch,
    Code,
    Copy,
    Entered,
    Need,
    Question,
    Seen,
    ToolUse,
    TooManyTripsError,
    walk,
)
from agentjit.scheduler.weaving import Weaver
from agentjit.source import Span


@dataclass(frozen=True, slots=True)
class Finish:
    """The program has ended with this value."""

    value: Any


@dataclass(frozen=True, slots=True)
class Abort:
    """The program cannot go on; `span` is where the plan stood."""

    reason: AgentjitError
    span: Span | None


Command: TypeAlias = Perform | Cancel | CloseTab | CloseScope | Finish | Abort


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


@dataclass(frozen=True, slots=True)
class Late:
    """A command has taken as long as it said; it goes on."""

    id: CommandId


Event: TypeAlias = Started | Answered | Failed | Late


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
        self._seen: list[Seen] = []
        self._walk: Generator[Need, Any, Any] = walk(checked.program, self._seen)
        self._outstanding: Perform | None = None
        self._last_id = 0

    def take_seen(self) -> tuple[Seen, ...]:
        """What was seen of branches and loops since this was asked last."""
        seen = tuple(self._seen)
        self._seen.clear()
        return seen

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
        case ToolUse(span=span) | Question(span=span) | Branch(span=span) | Copy(span=span):
            return span
        case Code(spans=spans) if isinstance(event.reason, EvaluationError) and event.line:
            return spans[min(event.line, len(spans)) - 1]
        case Code(spans=spans):
            return spans[-1] if spans else None


class WovenMachine:
    """One run of a graph: many commands may be outstanding, and are answered in any order."""

    def __init__(self, graph: Graph, policy: Policy) -> None:
        self.status = Status.NEW
        self._weaver = Weaver(graph, policy)
        self._loom = Loom(self._weaver.run())

    @property
    def outstanding(self) -> frozenset[CommandId]:
        """The commands that are to be answered yet."""
        return self._loom.outstanding

    def take_seen(self) -> tuple[Seen | Entered, ...]:
        """What was seen of branches and loops since this was asked last."""
        return self._weaver.take_seen()

    @property
    def tabs(self) -> Sequence[TabId]:
        """The tabs that are in use."""
        return self._weaver.tabs.held

    def handle(self, event: Event) -> tuple[Command, ...]:
        """What to do after this event. After Finish or Abort no event is legal.

        An answer to a command that was cancelled is no event: the driver drops it.
        """
        match event:
            case Started() if self.status is Status.NEW:
                self.status = Status.RUNNING
            case Answered() if self._expects(event.id):
                self._loom.answer(event.id, event.value)
            case Failed() if self._expects(event.id):
                place = _place(self._loom.place_of(event.id), event)
                self._loom.answer(event.id, StepFailed(event.reason, place))
            case Late() if self._expects(event.id):
                self._loom.delay(event.id)
            case _:
                raise IllegalEventError(f"{event} while {self.status.value}")
        return self._advance()

    def _expects(self, command: CommandId) -> bool:
        return self.status is Status.RUNNING and command in self._loom.outstanding

    def _advance(self) -> tuple[Command, ...]:
        commands: list[Command] = [*self._loom.run()]
        main = self._loom.main
        commands += self._weaver.take_over()
        if main.ended:
            self.status = Status.ENDED
            failure = main.failure
            end = Finish(main.value) if failure is None else Abort(failure.reason, failure.span)
            commands.append(end)
        return tuple(commands)
