"""Strands: generators that take turns, the ground that a run is woven on. No clock, no event loop.

A strand yields what it wants: a command to be carried out, another strand to be started, to wait
for strands or for something to come true. It is resumed when that is there. The order in which
strands are resumed depends on nothing but the events, so a log of events replays a run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, NewType, TypeAlias

from agentjit.errors import AgentjitError
from agentjit.scheduler.walk import Need
from agentjit.source import Span

#: Pairs a command with the event that answers it.
CommandId = NewType("CommandId", int)


@dataclass(frozen=True, slots=True)
class Perform:
    """Do this, and answer with Answered or Failed. `late`: say Late once it has taken so long."""

    id: CommandId
    need: Need
    #: Seconds; None: it is never late.
    late: float | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """Nobody wants the answer any more: stop doing it. It is not to be answered."""

    id: CommandId


class StepFailed(Exception):
    """A command could not be carried out, at this place of the plan."""

    def __init__(self, reason: AgentjitError, span: Span | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.span = span


@dataclass(frozen=True, slots=True)
class Do:
    """Carry out a command; the answer is sent back, or StepFailed thrown."""

    need: Need
    late: float | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Start a strand; it is sent back."""

    steps: Steps


@dataclass(frozen=True, slots=True)
class Await:
    """Wait until at least one of these has ended; or, where `late` is set, the last is late."""

    strands: tuple[Strand, ...]
    late: bool = False


@dataclass(frozen=True, slots=True)
class Until:
    """Wait until something is true. It only becomes so by what strands do."""

    true: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop these strands and all that they have started."""

    strands: tuple[Strand, ...]


Wish: TypeAlias = Do | Start | Await | Until | Stop
Steps: TypeAlias = Generator[Wish, Any, Any]


@dataclass(eq=False, slots=True)
class Strand:
    """A generator under way, or how it ended."""

    steps: Steps
    ended: bool = False
    value: Any = None
    failure: StepFailed | None = None
    #: What it waits for at present.
    wish: Wish | None = None
    command: CommandId | None = None
    late: bool = False
    children: list[Strand] = field(default_factory=list)


class Loom:
    """Resumes strands until each waits for an event."""

    def __init__(self, steps: Steps) -> None:
        self.main = Strand(steps)
        self._ready: deque[tuple[Strand, Any]] = deque([(self.main, None)])
        #: Strands that wait for other strands, or for something to come true, the oldest first.
        self._waiting: dict[Strand, None] = {}
        self._commands: dict[CommandId, Strand] = {}
        self._last_id = 0

    @property
    def outstanding(self) -> frozenset[CommandId]:
        """The commands that are to be answered yet."""
        return frozenset(self._commands)

    def answer(self, command: CommandId, value: Any) -> None:
        """Resume whoever waits for the command."""
        strand = self._commands.pop(command)
        strand.command = None
        self._ready.append((strand, value))

    def place_of(self, command: CommandId) -> Need:
        """What the command is."""
        wish = self._commands[command].wish
        assert isinstance(wish, Do)
        return wish.need

    def delay(self, command: CommandId) -> None:
        """The command is late; whoever cares is told once."""
        self._commands[command].late = True

    def run(self) -> list[Perform | Cancel]:
        """Resume all that can go on; gives the commands that came of it."""
        told: list[Perform | Cancel] = []
        while True:
            while self._ready:
                strand, value = self._ready.popleft()
                if not strand.ended:
                    self._resume(strand, value, told)
            if not self._wake():
                return told

    def stop(self, strands: tuple[Strand, ...], told: list[Perform | Cancel]) -> None:
        """End strands in mid-way, with all that they have started."""
        for strand in strands:
            if strand.ended:
                continue
            strand.ended = True
            self._waiting.pop(strand, None)
            if strand.command is not None:
                del self._commands[strand.command]
                told.append(Cancel(strand.command))
            self.stop(tuple(strand.children), told)
            strand.steps.close()

    def _resume(self, strand: Strand, value: Any, told: list[Perform | Cancel]) -> None:
        try:
            if isinstance(value, StepFailed):
                wish = strand.steps.throw(value)
            else:
                wish = strand.steps.send(value)
        except StopIteration as end:
            strand.ended, strand.value, strand.wish = True, end.value, None
        except StepFailed as failure:
            strand.ended, strand.failure, strand.wish = True, failure, None
            self.stop(tuple(strand.children), told)
        else:
            strand.wish = wish
            self._take(strand, wish, told)

    def _take(self, strand: Strand, wish: Wish, told: list[Perform | Cancel]) -> None:
        match wish:
            case Do(need=need, late=late):
                self._last_id += 1
                strand.command = CommandId(self._last_id)
                strand.late = False
                self._commands[strand.command] = strand
                told.append(Perform(strand.command, need, late))
            case Start(steps=steps):
                child = Strand(steps)
                strand.children = [c for c in strand.children if not c.ended]
                strand.children.append(child)
                self._ready.append((strand, child))
                self._ready.append((child, None))
            case Stop(strands=strands):
                self.stop(strands, told)
                self._ready.append((strand, None))
            case Await() | Until():
                self._waiting[strand] = None

    def _wake(self) -> bool:
        """Make the strands ready whose waiting is over; one at a time where they may compete."""
        for strand in list(self._waiting):
            match strand.wish:
                case Await(strands=strands, late=late):
                    over = any(s.ended for s in strands) or (late and strands[-1].late)
                case Until(true=true):
                    over = true()
                case _:
                    raise AssertionError(strand.wish)
            if over:
                del self._waiting[strand]
                self._ready.append((strand, None))
                return True
        return False
