"""Systems held against each other task by task: speed-ups, and what they are at other paces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, geometric_mean
from typing import Any, Final

from agentjit.bench.latency.grouping import mean_by_task
from agentjit.bench.latency.statistics import Estimate, speed_up
from agentjit.bench.latency.thinking import CURVE_FIRST, CURVE_RATE, Think
from agentjit.bench.latency.trial import Trial

#: No time is shorter: a trial that never began must not make a ratio of infinity.
_SHORTEST: Final = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """How many times as fast one system is as another, one pair a task.

    `right` is over the tasks that both passed in every trial; `whole` over all that both tried,
    failures as they are: there a system that gives up early looks fast.
    """

    fast: str
    slow: str
    right: Estimate | None
    right_tasks: int
    whole: Estimate
    whole_tasks: int

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "system": self.fast,
            "against": self.slow,
            "both_right": None if self.right is None else self.right.to_json(),
            "both_right_tasks": self.right_tasks,
            "all": self.whole.to_json(),
            "all_tasks": self.whole_tasks,
        }


def make_pairs(trials: Sequence[Trial]) -> tuple[Paired, ...]:
    """Every system against every other one with which it shares a task."""
    systems = sorted({trial.system for trial in trials})
    pairs = (
        make_pair([t for t in trials if t.system == fast], [t for t in trials if t.system == slow])
        for fast in systems
        for slow in systems
        if fast != slow
    )
    return tuple(pair for pair in pairs if pair is not None)


def make_pair(fast: Sequence[Trial], slow: Sequence[Trial]) -> Paired | None:
    """One system against another, or itself at another time; None where they share no task."""
    ours, theirs = mean_by_task(fast), mean_by_task(slow)
    shared = sorted(ours.keys() & theirs.keys())
    if not shared:
        return None
    right = [task for task in shared if _all_right(task, fast) and _all_right(task, slow)]
    return Paired(
        fast=fast[0].system,
        slow=slow[0].system,
        right=_speed_up(right, ours, theirs) if right else None,
        right_tasks=len(right),
        whole=_speed_up(shared, ours, theirs),
        whole_tasks=len(shared),
    )


def _all_right(task: str, trials: Sequence[Trial]) -> bool:
    return all(trial.passed for trial in trials if trial.task == task)


def _speed_up(
    tasks: Sequence[str], ours: Mapping[str, float], theirs: Mapping[str, float]
) -> Estimate:
    return speed_up([theirs[task] for task in tasks], [ours[task] for task in tasks])


@dataclass(frozen=True, slots=True)
class Curve:
    """What a system would take at other paces: geometric means over the tasks that all passed."""

    system: str
    #: How many tasks it is over, the same for all systems.
    tasks: int
    #: (seconds to the first token, tokens a second) -> seconds.
    seconds: Mapping[tuple[float, float], float]

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "system": self.system,
            "tasks": self.tasks,
            "points": [
                {"first": first, "rate": rate, "seconds": round(seconds, 4)}
                for (first, rate), seconds in self.seconds.items()
            ],
        }


def make_curves(trials: Sequence[Trial]) -> tuple[Curve, ...]:
    """The curve of each system, over the tasks that every system with any success passed.

    A system that shares too few tasks with the others (the floor, which has three scripts) would
    leave nothing to compare: one that passed less than half of the tasks is left out.
    """
    tried = len({trial.task for trial in trials})
    wide = [
        name
        for name in sorted({trial.system for trial in trials})
        if 2 * len({t.task for t in trials if t.system == name and t.passed}) >= tried
    ]
    if not wide:
        return ()
    by_system = {name: [t for t in trials if t.system == name] for name in wide}
    passed = [{t.task for t in some if _all_right(t.task, some)} for some in by_system.values()]
    shared = set.intersection(*passed)
    if not shared:
        return ()
    return tuple(
        Curve(
            name,
            len(shared),
            {
                (first, rate): _seconds(some, shared, Think(first, rate))
                for first in CURVE_FIRST
                for rate in CURVE_RATE
            },
        )
        for name, some in by_system.items()
    )


def _seconds(trials: Sequence[Trial], tasks: set[str], think: Think) -> float:
    by_task: dict[str, list[float]] = {task: [] for task in tasks}
    for trial in trials:
        if trial.task in by_task:
            by_task[trial.task].append(max(trial.wall_at(think), _SHORTEST))
    return geometric_mean(fmean(each) for each in by_task.values())
