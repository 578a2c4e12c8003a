"""What a system under test is, what it is given, and what it gives back; it never grades itself."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from agentjit.bench.latency.exercises import Exercise
from agentjit.bench.latency.hosting import ModelHost
from agentjit.bench.latency.thinking import Thought
from agentjit.bench.latency.trial import Deed, Foretold
from agentjit.bench.latency.world import Visit, Worlds


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one trial may take at most; the same for all systems."""

    seconds: float = 300.0
    steps: int = 60
    actions_per_step: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What all trials share."""

    worlds: Worlds
    model: ModelHost
    limits: Limits
    #: The browser's executable.
    browser: Path
    #: A folder for run folders, plans and profiles, which is gone afterwards.
    scratch: Path
    #: Where what is kept open between trials is closed.
    stack: AsyncExitStack
    #: Whether irreversible calls are granted on sites that are no replicas.
    approve: bool = False
    #: Processes of systems that stay up between trials.
    staying: set[int] = field(default_factory=set)

    def others(self) -> frozenset[int]:
        """Processes of the harness whose memory is no system's that runs within it."""
        programs = (self.model.program, *self.worlds.programs)
        return frozenset({program.pid for program in programs} | self.staying)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What a system did with a task, as far as it knows itself. Fields are those of Trial."""

    visit: Visit
    wall_seconds: float
    startup_seconds: float = 0.0
    first_action_seconds: float | None = None
    thoughts: tuple[Thought, ...] = ()
    steps: int = 0
    actions: int = 0
    peak_bytes: int = 0
    intended: int | None = None
    made: int | None = None
    foretold: Foretold | None = None
    deeds: tuple[Deed, ...] = ()
    origin: str | None = None
    error: str | None = None


def clicks_freely(exercise: Exercise, setting: Setting) -> str | None:
    """Why a system that clicks what it likes takes no part: on a site that is no replica, nobody
    could grant what it does one by one.
    """
    if exercise.own is None or setting.approve:
        return None
    return "it may do anything on a site that is no replica: --yes allows that"


class System(Protocol):
    """A system under test."""

    @property
    def name(self) -> str:
        """As the tables have it."""

    @property
    def needs_model(self) -> bool:
        """Whether it asks a model in a trial."""

    def refusal(self, exercise: Exercise, setting: Setting) -> str | None:
        """Why it cannot take part in this task, in a few words; None where it can."""

    async def prepare(self, exercise: Exercise, setting: Setting) -> None:
        """Whatever comes before its trials of this task, and is in no figure. Raises RunError."""

    async def attempt(self, exercise: Exercise, setting: Setting) -> Attempt:
        """Do the task in a fresh world. A run that fails is an attempt too."""
