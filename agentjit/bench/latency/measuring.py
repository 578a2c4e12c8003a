"""Makes all trials of a comparison: in shuffled order, each in a fresh world, and graded."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from playwright.async_api import Error as PlaywrightError

from agentjit.bench.latency.exercises import Exercise
from agentjit.bench.latency.hosting import ModelWish, open_model
from agentjit.bench.latency.system import Attempt, Limits, Setting, System
from agentjit.bench.latency.trial import Trial
from agentjit.bench.latency.world import Visit, judge, open_worlds
from agentjit.errors import AgentjitError, UsageError
from agentjit.sites.common.latency import parse_latency

#: What the order of trials is drawn from: the same comparison always has the same one.
_ORDER_SEED: Final = 8
#: What ends a trial, and not the comparison: a browser may crash wherever it is spoken to.
_FAILURES: Final = (AgentjitError, PlaywrightError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is compared, and how."""

    systems: tuple[System, ...]
    exercises: tuple[Exercise, ...]
    browser: Path
    repeats: int = 1
    #: Trials of its first task that each system makes before any counts.
    warm_up: int = 1
    latency: str = "0"
    model: ModelWish = ModelWish()
    limits: Limits = Limits()
    #: Whether irreversible calls are granted on a user's own sites.
    approve: bool = False
    #: The longest that all of it may take, in seconds; trials that are missing then are not made.
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.repeats < 1 or not self.systems or not self.exercises:
            raise UsageError("there is nothing to compare", "name a system, a task and --repeats 1")
        parse_latency(self.latency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One trial that is to be made."""

    system: System
    exercise: Exercise
    repeat: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A system that takes no part in a task, and why."""

    system: str
    task: str
    why: str


#: Told of each trial when it is there: how many were made, of how many, and which.
Told: TypeAlias = Callable[[int, int, Trial], None]


@dataclass(slots=True)
class Findings:
    """What came of it."""

    trials: list[Trial] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    #: Whether all that was planned was made.
    complete: bool = True


def order_turns(
    systems: Sequence[System], exercises: Sequence[Exercise], repeats: int
) -> list[Turn]:
    """All trials. Those of one task follow each other, in an order that is drawn anew each time:
    what else the machine does meets all systems alike.
    """
    draw = random.Random(_ORDER_SEED)
    return [
        Turn(system=system, exercise=exercise, repeat=repeat)
        for repeat in range(repeats)
        for exercise in draw.sample(list(exercises), len(exercises))
        for system in draw.sample(list(systems), len(systems))
    ]


@asynccontextmanager
async def open_setting(plan: Plan) -> AsyncIterator[Setting]:
    """Sites, model and folders of a comparison, for as long as the block lasts."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="agentjit-bench-", ignore_cleanup_errors=True)
        )
        yield Setting(
            worlds=await stack.enter_async_context(open_worlds(plan.latency)),
            model=await stack.enter_async_context(open_model(plan.model)),
            limits=plan.limits,
            browser=plan.browser,
            scratch=Path(folder),
            stack=stack,
            approve=plan.approve,
        )


async def measure(
    plan: Plan, tell: Told | None = None, findings: Findings | None = None
) -> Findings:
    """Make all trials. One that fails is a trial, too. Raises UsageError, RunError.

    When the time is over, what there is counts. Each trial is in `findings` as soon as it is made.
    """
    findings, begun = findings or Findings(), time.monotonic()
    async with open_setting(plan) as setting:
        turns = _fitting(plan, setting, findings)
        ready = _Readiness(setting)
        for turn in _warming(turns, plan.warm_up):
            await _try(turn, setting, ready)
        for number, turn in enumerate(turns, start=1):
            if plan.seconds is not None and time.monotonic() - begun > plan.seconds:
                findings.complete = False
                break
            trial = await _try(turn, setting, ready)
            findings.trials.append(trial)
            if tell is not None:
                tell(number, len(turns), trial)
    return findings


def _fitting(plan: Plan, setting: Setting, findings: Findings) -> list[Turn]:
    """The trials that can be made; of the others it is kept why not."""
    for system in plan.systems:
        for exercise in plan.exercises:
            why = system.refusal(exercise, setting)
            if why is not None:
                findings.skipped.append(Skipped(system.name, exercise.id, why))
    refused = {(each.system, each.task) for each in findings.skipped}
    turns = order_turns(plan.systems, plan.exercises, plan.repeats)
    fitting = [t for t in turns if (t.system.name, t.exercise.id) not in refused]
    if not fitting:
        whys = "; ".join(dict.fromkeys(each.why for each in findings.skipped))
        raise UsageError(f"no system takes part in any of the tasks: {whys}")
    return fitting


def _warming(turns: Sequence[Turn], times: int) -> list[Turn]:
    """The first trial of each system, so many times."""
    first: dict[str, Turn] = {}
    for turn in turns:
        first.setdefault(turn.system.name, turn)
    return list(first.values()) * times


@dataclass(slots=True)
class _Readiness:
    """Prepares each system for each task once; what went wrong then ends all its trials of it."""

    setting: Setting
    done: dict[tuple[str, str, int], str | None] = field(default_factory=dict)

    async def problem(self, turn: Turn) -> str | None:
        """Why the system cannot be prepared; None where it is."""
        key = (turn.system.name, turn.exercise.id, turn.exercise.seed)
        if key not in self.done:
            try:
                await turn.system.prepare(turn.exercise, self.setting)
                self.done[key] = None
            except _FAILURES as error:
                self.done[key] = _in_words(error)
        return self.done[key]


async def _try(turn: Turn, setting: Setting, ready: _Readiness) -> Trial:
    problem = await ready.problem(turn)
    if problem is not None:
        return _never_begun(turn, problem)
    try:
        attempt = await turn.system.attempt(turn.exercise, setting)
    except _FAILURES as error:
        return _never_begun(turn, _in_words(error))
    try:
        address = await setting.worlds.address(turn.exercise)
        passed, findings = await judge(turn.exercise, address, attempt.visit)
    except AgentjitError as error:
        # What it took is known all the same.
        passed, findings = False, (f"not graded: {error.message}",)
    return _trial(turn, attempt, passed=passed, findings=findings)


def _never_begun(turn: Turn, problem: str) -> Trial:
    nowhere = Visit(done=False, answer=None, cookies={})
    return _trial(turn, Attempt(visit=nowhere, wall_seconds=0.0, error=problem), passed=False)


def _in_words(error: Exception) -> str:
    """What went wrong, in a line."""
    told = error.message if isinstance(error, AgentjitError) else str(error)
    return told.partition("\n")[0] or type(error).__name__


def _trial(turn: Turn, attempt: Attempt, *, passed: bool, findings: tuple[str, ...] = ()) -> Trial:
    return Trial(
        task=turn.exercise.id,
        system=turn.system.name,
        seed=turn.exercise.seed,
        repeat=turn.repeat,
        passed=passed,
        done=attempt.visit.done,
        findings=findings,
        error=attempt.error,
        wall_seconds=attempt.wall_seconds,
        startup_seconds=attempt.startup_seconds,
        first_action_seconds=attempt.first_action_seconds,
        thoughts=attempt.thoughts,
        steps=attempt.steps,
        actions=attempt.actions,
        peak_bytes=attempt.peak_bytes,
        intended=attempt.intended,
        made=attempt.made,
        foretold=attempt.foretold,
        # The others are like it, and a file of all of them would be long.
        deeds=attempt.deeds if turn.repeat == 0 else (),
        origin=attempt.origin,
    )


def run_measuring(plan: Plan, tell: Told | None = None) -> Findings:
    """`measure`, from code without a loop. Who interrupts it gets what there is."""
    findings = Findings()
    try:
        return asyncio.run(measure(plan, tell, findings))
    except KeyboardInterrupt:
        if not findings.trials:
            raise
        findings.complete = False
        return findings
