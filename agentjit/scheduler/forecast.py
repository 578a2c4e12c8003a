"""What is expected of every strategy, and which is chosen: as data, as text, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from agentjit.compiler.ir import NodeId
from agentjit.scheduler.calibration import COVERED, Record
from agentjit.scheduler.strategies import Objective, Serial, Strategy, strategy_option

#: MiB that a tab takes, on average: measured with Chromium's headless shell.
TAB_MEMORY: Final = 25.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a schedule is to be best in, and what it may use."""

    objective: Objective = Objective.MEAN
    #: Tabs that may have work at once. Copies of late stretches come on top.
    workers: int = 4
    #: MiB for all tabs together; None is as much as they take.
    memory: float | None = None
    #: How many times the tool calls of the same strategy without copies, at most.
    requests: float = 1.3
    #: Money for model calls of the run, and what one costs, in the same unit.
    money: float | None = None
    price: float = 0.0
    #: This strategy and no other.
    forced: Strategy | None = None
    trials: int = 1_000
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is expected of one strategy; times are seconds."""

    strategy: Strategy
    mean: float
    p50: float
    p95: float
    #: The interval that 80 % of runs are expected in, calibrated on past runs.
    low: float
    high: float
    #: The same interval as simulated, before calibration.
    raw_low: float
    raw_high: float
    #: The share of trials in which no other strategy is faster.
    best: float
    #: Expected tool calls, those of copies and of rounds begun in vain included.
    requests: float
    #: Expected model calls' money.
    money: float
    #: The probability that no call fails.
    success: float
    #: Why it may not be chosen; empty where it may.
    problem: str = ""

    def score(self, objective: Objective) -> float:
        """What is to be small, in seconds."""
        match objective:
            case Objective.MEAN:
                return self.mean
            case Objective.P95:
                return self.p95
            case Objective.PER_SUCCESS:
                return self.mean / max(self.success, 1e-9)

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "strategy": strategy_option(self.strategy),
            "mean": round(self.mean, 4),
            "p50": round(self.p50, 4),
            "p95": round(self.p95, 4),
            "interval": [round(self.low, 4), round(self.high, 4)],
            "simulated_interval": [round(self.raw_low, 4), round(self.raw_high, 4)],
            "best": round(self.best, 4),
            "requests": round(self.requests, 2),
            "money": round(self.money, 6),
            "success": round(self.success, 4),
            "problem": self.problem,
        }


@dataclass(frozen=True, slots=True)
class Bounds:
    """What no schedule can beat, on average, without copies: seconds."""

    #: The longest chain of what waits for one another, with as many tabs as one likes.
    path: float
    #: What all tabs together have to do.
    work: float

    def of(self, workers: int) -> float:
        """The bound for so many tabs."""
        return max(self.path, self.work / workers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The strategy that is chosen, and what was expected of all."""

    strategy: Strategy
    because: str
    forecasts: tuple[Forecast, ...]
    bounds: Bounds
    objective: Objective
    #: Expected seconds from the start of a stretch to the end of all, by the node that the stretch
    #: begins with: of those that are ready, the one with the most goes first.
    urgency: Mapping[NodeId, float]
    #: Seconds after which a call gets a copy, by its tool; other tools get none.
    late: Mapping[str, float]
    #: Seconds after which another tab is opened beside one on its way to the site's start.
    tab_late: float | None = None
    trials: int
    #: What simulated intervals were stretched by, for past runs to have been in them.
    stretch: float = 1.0

    @property
    def chosen(self) -> Forecast:
        """What is expected of the chosen strategy.

        Where nothing of the program takes a tab, one forecast holds for every strategy.
        """
        if len(self.forecasts) == 1:
            return self.forecasts[0]
        return self.get(self.strategy)

    def get(self, strategy: Strategy) -> Forecast:
        """What is expected of this strategy. Raises KeyError where it was not simulated."""
        for forecast in self.forecasts:
            if forecast.strategy == strategy:
                return forecast
        raise KeyError(str(strategy))

    def record(self, plan: str, seconds: float) -> Record:
        """What was expected beside the seconds that the run took, for the profile to keep."""
        chosen = self.chosen
        return Record(
            plan=plan,
            strategy=strategy_option(self.strategy),
            mean=chosen.mean,
            p50=chosen.p50,
            low=chosen.raw_low,
            high=chosen.raw_high,
            stretch=self.stretch,
            measured=seconds,
        )

    def __str__(self) -> str:
        # One line: the most telling forecasts, and the choice.
        told = [f for f in self.forecasts if f.strategy in (Serial(), self.strategy)]
        parts = [f"{f.strategy} {_seconds(f.mean)} (p95 {_seconds(f.p95)})" for f in told]
        return f"forecast: {', '.join(parts)}; chosen {self.strategy}, because {self.because}"

    def to_json(self) -> dict[str, Any]:
        """As JSON data; node numbers are keys, so they are text."""
        return {
            "strategy": strategy_option(self.strategy),
            "because": self.because,
            "objective": self.objective.value,
            "trials": self.trials,
            "stretch": round(self.stretch, 4),
            "bounds": {"path": round(self.bounds.path, 4), "work": round(self.bounds.work, 4)},
            "forecasts": [forecast.to_json() for forecast in self.forecasts],
            "urgency": {str(node): round(s, 4) for node, s in self.urgency.items()},
            "late": {tool: round(s, 4) for tool, s in self.late.items()},
            "tab_late": None if self.tab_late is None else round(self.tab_late, 4),
        }


def show_schedule(schedule: Schedule) -> str:
    """All forecasts as a table; the chosen one is marked, and why it was chosen is below."""
    width = max(len(str(f.strategy)) for f in schedule.forecasts)
    head = f"  {'':{width}}  {'mean':>8} {'p50':>8} {'p95':>8}  {f'{COVERED:.0%} of runs':>17}"
    lines = [f"{head}  {'best':>5} {'requests':>8} {'success':>7}"]
    for f in schedule.forecasts:
        mark = "→" if f.strategy == schedule.strategy else "×" if f.problem else " "
        span = f"{_seconds(f.low)} to {_seconds(f.high)}"
        line = (
            f"{mark} {f.strategy!s:{width}}  {_seconds(f.mean):>8} {_seconds(f.p50):>8}"
            f" {_seconds(f.p95):>8}  {span:>17}  {f.best:>5.0%} {f.requests:>8.1f}"
            f" {f.success:>7.1%}"
        )
        lines.append(line)
    bounds = schedule.bounds
    problems = dict.fromkeys(f.problem for f in schedule.forecasts if f.problem)
    lines += ["", *(f"×: {problem}" for problem in problems)] if problems else []
    lines += [
        "",
        f"chosen: {schedule.strategy}, because {schedule.because}",
        f"bounds: longest chain {_seconds(bounds.path)}, work of all tabs {_seconds(bounds.work)}",
    ]
    return "\n".join(lines) + "\n"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds:.2f} s"
