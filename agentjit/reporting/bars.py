"""What a timeline is made of: stretches of time in lanes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, TypeAlias

#: A stretch of seconds of the run's own time: begin and end.
Stretch: TypeAlias = tuple[float, float]

#: What a run does before its plan is there: titles of its phases.
OPENING: Final = "opening the site"
PLANNING: Final = "planning"

#: Seconds from which waiting for approval is told.
NOTICEABLE: Final = 0.01


class Kind(Enum):
    """What goes on in a bar."""

    CALL = "call"
    MODEL = "model"
    TAB = "tab"
    PHASE = "phase"


class State(Enum):
    """How it ended."""

    DONE = "done"
    FAILED = "failed"
    REFUSED = "not granted"
    #: It was done before, and its answer was read out of the journal.
    REPLAYED = "done before"
    #: It has no end of its own: it was cancelled, or the run ended.
    CUT = "cut short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Something that took time. `lane` is where: a tab, a model, or the run itself."""

    kind: Kind
    title: str
    lane: str
    start: float
    end: float
    state: State = State.DONE
    tool: str = ""
    line: int | None = None
    #: The node of the dependence graph, and the rounds of the loops around it where they are known.
    node: int | None = None
    rounds: tuple[int, ...] | None = None
    #: What came of it, in short.
    note: str = ""
    #: Seconds of it that went into looking at contracts.
    checking: float = 0.0
    #: Stretches of it in which approval was waited for, and pauses before it was made again.
    waits: tuple[Stretch, ...] = ()
    pauses: tuple[Stretch, ...] = ()
    #: What happened in it beside: repetitions, obstacles.
    remarks: tuple[str, ...] = ()
    #: When the plan took it over, where it was made before the plan was there.
    taken: float | None = None

    @property
    def seconds(self) -> float:
        """How long it was."""
        return self.end - self.start

    @property
    def waited(self) -> float:
        """Seconds in which approval was waited for."""
        return sum(end - start for start, end in self.waits)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The bars by their beginning; `end` is when the last thing happened."""

    bars: tuple[Bar, ...] = ()
    end: float = 0.0
    #: When the run was resumed.
    resumed: tuple[float, ...] = ()
    #: When the plan that the folder holds was made: bars before it are of another plan.
    planned: float = 0.0

    def lanes(self) -> list[str]:
        """The lanes from above to below: the run itself, its tabs, its models."""
        return sorted({bar.lane for bar in self.bars}, key=_place)

    def is_of_plan(self, bar: Bar) -> bool:
        """Whether a bar is of the plan that the folder holds, not of one that failed before."""
        return (bar.start if bar.taken is None else bar.taken) >= self.planned

    def of(self, kind: Kind) -> list[Bar]:
        """The bars of one kind."""
        return [bar for bar in self.bars if bar.kind is kind]


@dataclass(slots=True, kw_only=True)
class Open:
    """A bar that has no end yet."""

    kind: Kind
    title: str
    lane: str
    start: float
    tool: str = ""
    line: int | None = None
    node: int | None = None
    rounds: tuple[int, ...] | None = None
    copy: int = 0
    waits: list[Stretch] = field(default_factory=list)
    pauses: list[Stretch] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    #: Since when approval is waited for.
    asked: float | None = None

    def granted(self, at: float) -> None:
        """It is not waited for any more."""
        # A policy, or a terminal that is not there, answers at once.
        if self.asked is not None and at - self.asked >= NOTICEABLE:
            self.waits.append((self.asked, at))
        self.asked = None

    def close(self, at: float, state: State, **more: Any) -> Bar:
        """The bar, ended."""
        self.granted(at)
        return Bar(
            kind=self.kind,
            title=self.title,
            lane=self.lane,
            start=self.start,
            end=max(self.start, at),
            state=state,
            tool=self.tool,
            line=self.line,
            node=self.node,
            rounds=self.rounds,
            waits=tuple(self.waits),
            pauses=tuple((begin, min(end, at)) for begin, end in self.pauses if begin < at),
            remarks=tuple(self.remarks),
            **more,
        )


def _place(lane: str) -> tuple[int, int, str]:
    kind, _, number = lane.partition(" ")
    order = {"run": 0, "tab": 1, "model": 2}.get(kind, 3)
    return order, int(number) if number.isdigit() else 0, lane
