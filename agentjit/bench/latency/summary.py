"""From trials to the figures that are told: rows by group and system, speed-ups, schedules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from agentjit.bench.latency.exercises import Exercise
from agentjit.bench.latency.grouping import Group, find_baseline, make_groups, mean_by_task
from agentjit.bench.latency.pairing import Curve, Paired, make_curves, make_pairs
from agentjit.bench.latency.statistics import (
    Estimate,
    Regret,
    break_even,
    fit_line,
    mean,
    quantile,
    regret,
)
from agentjit.bench.latency.trial import Trial
from agentjit.planner.prices import Price
from agentjit.ports import Usage

#: The choice, and the fixed policies that it is held against.
CHOSEN = "jit"
KEPT = "jit-warm"
FIXED = ("jit-serial", "jit-parallel", "jit-hedge")
#: The baselines whose actions are the browser's; those of the others are calls of tools.
BY_BROWSER_ACTIONS = ("browser-use", "browser-use-defaults", "step-loop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One system over a group of tasks. Means are over the trials that began; of these, failures
    count as they are.
    """

    group: str
    kind: str
    system: str
    tasks: int
    trials: int
    #: Those that began: without its program, or its plan, a system has no time, nor is it fast.
    begun: int
    #: The share of all trials that the graders passed.
    passed: float
    p50: Estimate
    p95: Estimate
    mean: Estimate
    harness: float
    think: float
    first_action: float | None
    calls: float
    prompt_tokens: float
    output_tokens: float
    #: At the named price; None where there is none.
    dollars: float | None
    actions: float
    peak_bytes: int
    startup: float
    #: Of trials where it is counted: irreversible calls recorded before their attempt, and done.
    intended: int
    made: int

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        data: dict[str, Any] = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if isinstance(value, Estimate):
                data[name] = value.to_json()
            else:
                data[name] = round(value, 6) if isinstance(value, float) else value
        return data


@dataclass(frozen=True, slots=True)
class Calibration:
    """Forecasts against what runs took."""

    runs: int
    #: The share of the runs in the interval that should hold four of five.
    held: float
    #: The median of measured by forecast p50.
    ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All that is told of a comparison."""

    baseline: str | None
    groups: tuple[Group, ...]
    rows: tuple[Row, ...]
    pairs: tuple[Paired, ...]
    curves: tuple[Curve, ...]
    schedules: Regret | None
    calibration: Calibration | None
    #: System -> the number of browser actions from which on it beats the baseline; None: no number.
    break_even: Mapping[str, float | None]

    @property
    def whole(self) -> list[Row]:
        """The rows over all tasks."""
        return [row for row in self.rows if row.kind == "all"]

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        schedules, calibration = self.schedules, self.calibration
        return {
            "baseline": self.baseline,
            "rows": [row.to_json() for row in self.rows],
            "speed_ups": [pair.to_json() for pair in self.pairs],
            "think_curves": [curve.to_json() for curve in self.curves],
            "schedules": None
            if schedules is None
            else {
                "seconds": {k: round(v, 4) for k, v in schedules.seconds.items()},
                "regret": {k: round(schedules.of(k), 4) for k in schedules.seconds},
                "oracle": round(schedules.oracle, 4),
                "best": dict(schedules.best),
            },
            "forecasts": None
            if calibration is None
            else {
                "runs": calibration.runs,
                "in_interval": round(calibration.held, 4),
                "measured_by_p50": round(calibration.ratio, 4),
            },
            "break_even_actions": {
                k: None if v is None else round(v, 2) for k, v in self.break_even.items()
            },
        }


def summarise(
    trials: Sequence[Trial], exercises: Sequence[Exercise], price: Price | None = None
) -> Summary:
    """The figures. There must be a trial."""
    baseline = find_baseline(trials)
    groups = make_groups(exercises, trials, baseline)
    return Summary(
        baseline=baseline,
        groups=groups,
        rows=tuple(_rows(trials, groups, price)),
        pairs=make_pairs(trials),
        curves=make_curves(trials),
        schedules=_schedules(trials),
        calibration=_calibration(trials),
        break_even=_break_even(trials, baseline),
    )


def _rows(trials: Sequence[Trial], groups: Sequence[Group], price: Price | None) -> Iterator[Row]:
    systems = list(dict.fromkeys(trial.system for trial in trials))
    for group in groups:
        for system in sorted(systems):
            some = [t for t in trials if t.system == system and t.task in group.tasks]
            if some:
                yield _row(group, system, some, price)


def _row(group: Group, system: str, trials: Sequence[Trial], price: Price | None) -> Row:
    begun = [trial for trial in trials if trial.wall_seconds > 0]
    some = begun or trials
    walls, tasks = [trial.wall_seconds for trial in some], [trial.task for trial in some]
    firsts = [t.first_action_seconds for t in some if t.first_action_seconds is not None]
    dollars = None
    if price is not None:
        total = Usage(
            prompt_tokens=sum(t.prompt_tokens for t in some),
            completion_tokens=sum(t.output_tokens for t in some),
        )
        dollars = price.charge(total) / len(some)
    return Row(
        group=group.name,
        kind=group.kind,
        system=system,
        tasks=len({trial.task for trial in trials}),
        trials=len(trials),
        begun=len(begun),
        passed=fmean(trial.passed for trial in trials),
        p50=quantile(walls, 0.5, tasks),
        p95=quantile(walls, 0.95, tasks),
        mean=mean(walls, tasks),
        harness=fmean(trial.harness_seconds for trial in some),
        think=fmean(trial.think_seconds for trial in some),
        first_action=fmean(firsts) if firsts else None,
        calls=fmean(trial.calls for trial in some),
        prompt_tokens=fmean(trial.prompt_tokens for trial in some),
        output_tokens=fmean(trial.output_tokens for trial in some),
        dollars=dollars,
        actions=fmean(trial.actions for trial in some),
        peak_bytes=max(trial.peak_bytes for trial in some),
        startup=fmean(trial.startup_seconds for trial in some),
        intended=sum(trial.intended or 0 for trial in trials),
        made=sum(trial.made or 0 for trial in trials),
    )


def _schedules(trials: Sequence[Trial]) -> Regret | None:
    """Seconds of performing plans, without planning, by strategy; passed trials only."""
    times: dict[str, dict[str, list[float]]] = {}
    for trial in trials:
        if trial.system in (CHOSEN, *FIXED) and trial.passed and trial.foretold is not None:
            by_task = times.setdefault(trial.system, {})
            by_task.setdefault(trial.task, []).append(trial.foretold.measured)
    if CHOSEN not in times:
        return None
    means = {
        name: {task: fmean(each) for task, each in by_task.items()}
        for name, by_task in times.items()
    }
    return regret(means, CHOSEN)


def _calibration(trials: Sequence[Trial]) -> Calibration | None:
    chosen = [t.foretold for t in trials if t.system in (CHOSEN, KEPT) and t.foretold is not None]
    told = [each for each in chosen if not each.ahead]
    if not told:
        return None
    return Calibration(
        len(told),
        fmean(each.held for each in told),
        median(each.measured / each.p50 for each in told if each.p50 > 0),
    )


def _break_even(trials: Sequence[Trial], baseline: str | None) -> Mapping[str, float | None]:
    """Where lines through seconds, by the baseline's browser actions of each task, cross."""
    if baseline not in BY_BROWSER_ACTIONS:
        return {}
    mine = [trial for trial in trials if trial.system == baseline and trial.passed]
    actions = {t.task: fmean(each.actions for each in mine if each.task == t.task) for t in mine}
    theirs = mean_by_task(mine)
    found: dict[str, float | None] = {}
    for system in sorted({trial.system for trial in trials} - {baseline}):
        both = [t for t in trials if t.system == system and t.passed and t.task in actions]
        ours = mean_by_task(both)
        shared = sorted(theirs.keys() & ours.keys())
        xs = [actions[task] for task in shared]
        loop = fit_line(xs, [theirs[task] for task in shared])
        plan = fit_line(xs, [ours[task] for task in shared])
        if loop is not None and plan is not None:
            found[system] = break_even(loop, plan)
    return found
