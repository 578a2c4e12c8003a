"""The groups of Table 1: by application, by how many things a task is about, by length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from agentjit.bench.latency.exercises import Exercise
from agentjit.bench.latency.trial import Trial

#: The thirds of the tasks by the time that the baseline takes.
LENGTHS: Final = ("short", "middling", "long")
#: The systems by which speed-ups are told, the first that is there.
BASELINES: Final = ("browser-use", "step-loop", "browser-use-defaults", "step-loop+tools", "jit")


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the tasks."""

    kind: str
    name: str
    tasks: frozenset[str]


def make_groups(
    exercises: Sequence[Exercise], trials: Sequence[Trial], baseline: str | None
) -> tuple[Group, ...]:
    """All tasks that were tried, and the groups of them, in the order of the paper's table."""
    tried = {trial.task for trial in trials}
    exercises = [exercise for exercise in exercises if exercise.id in tried]
    by_site: dict[str, set[str]] = {}
    by_cardinality: dict[str, set[str]] = {"low": set(), "medium": set(), "high": set()}
    for exercise in exercises:
        place = "ladder" if exercise.rung is not None else exercise.site
        by_site.setdefault(place, set()).add(exercise.id)
        if exercise.cardinality is not None:
            by_cardinality[exercise.cardinality].add(exercise.id)
    groups = [Group("all", "all", frozenset(exercise.id for exercise in exercises))]
    groups += [Group("application", name, frozenset(tasks)) for name, tasks in by_site.items()]
    groups += [Group("cardinality", name, frozenset(ids)) for name, ids in by_cardinality.items()]
    groups += _by_length(exercises, trials, baseline)
    return tuple(group for group in groups if group.tasks)


def find_baseline(trials: Sequence[Trial]) -> str | None:
    """The system that the others are held against; None where there is none of them."""
    there = {trial.system for trial in trials}
    return next((name for name in BASELINES if name in there), None)


def _by_length(
    exercises: Sequence[Exercise], trials: Sequence[Trial], baseline: str | None
) -> list[Group]:
    """Thirds by the baseline's seconds; nothing for fewer tasks than thirds."""
    seconds = mean_by_task([trial for trial in trials if trial.system == baseline])
    timed = [e.id for e in exercises if e.id in seconds and e.rung is None]
    order = sorted(timed, key=lambda task: seconds[task])
    if len(order) < len(LENGTHS):
        return []
    ends = [round(len(order) * part / len(LENGTHS)) for part in range(len(LENGTHS) + 1)]
    return [
        Group("length", name, frozenset(order[ends[place] : ends[place + 1]]))
        for place, name in enumerate(LENGTHS)
    ]


def mean_by_task(trials: Sequence[Trial]) -> Mapping[str, float]:
    """Mean wall seconds of each task over seeds and repeats; failures count as they are."""
    times: dict[str, list[float]] = {}
    for trial in trials:
        # One that never began, for want of its program or its plan, has no time.
        if trial.wall_seconds > 0:
            times.setdefault(trial.task, []).append(trial.wall_seconds)
    return {task: fmean(seconds) for task, seconds in times.items()}
