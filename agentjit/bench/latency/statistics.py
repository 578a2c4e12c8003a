"""What is said of many measurements: quantiles, intervals, paired ratios, where lines cross.

All intervals are percentile bootstraps of 95 %, from a generator with a fixed seed: the same
measurements always give the same interval.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Times that a sample is drawn anew, and the share of the results that an interval holds.
RESAMPLES: Final = 2_000
LEVEL: Final = 0.95
#: Pairs from which on an interval may show a difference: of five, chance alone puts all on one side
#: in one of sixteen comparisons.
ENOUGH: Final = 6
_SEED: Final = 20_260

Numbers: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the interval in which it lies; both ends are the figure for a single value."""

    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "value": round(self.value, 6),
            "interval": [round(self.low, 6), round(self.high, 6)],
        }

    def overlaps(self, other: Estimate) -> bool:
        """Whether the two intervals share a point: then a difference is not shown."""
        return self.low <= other.high and other.low <= self.high


def mean(values: Sequence[float], units: Sequence[str] | None = None) -> Estimate:
    """The mean of at least one value. `units` as for `quantile`."""
    return _bootstrap(values, lambda rows: np.nanmean(rows, axis=1), units)


def quantile(values: Sequence[float], share: float, units: Sequence[str] | None = None) -> Estimate:
    """The value that a `share` of all do not exceed, with linear interpolation.

    `units` says what each value is of: values of one, as the repeats of one task, are drawn
    together, for they tell nothing new of others. None: each is its own.
    """
    return _bootstrap(values, lambda rows: _quantiles(rows, share), units)


def _quantiles(rows: Numbers, share: float) -> Numbers:
    """Of each row; NaN is no value."""
    ordered = np.sort(rows, axis=1)  # NaN comes last
    place = share * (np.count_nonzero(~np.isnan(rows), axis=1, keepdims=True) - 1)
    below = np.floor(place).astype(np.intp)
    low = np.take_along_axis(ordered, below, axis=1)
    high = np.take_along_axis(ordered, np.ceil(place).astype(np.intp), axis=1)
    found: Numbers = (low + (high - low) * (place - below))[:, 0]
    return found


def speed_up(slow: Sequence[float], fast: Sequence[float]) -> Estimate:
    """How many times as fast: the geometric mean of the ratios of pairs, one a task.

    Raises ValueError where the pairs do not match, or a time is not positive.
    """
    if len(slow) != len(fast) or not slow:
        raise ValueError("speed-ups are of pairs")
    if min(*slow, *fast) <= 0:
        raise ValueError("a time must be positive")
    logs = np.log(np.asarray(slow) / np.asarray(fast))
    found = _bootstrap([float(each) for each in logs], lambda rows: rows.mean(axis=1))
    return Estimate(*(float(np.exp(each)) for each in (found.value, found.low, found.high)))


def _bootstrap(
    values: Sequence[float],
    statistic: Callable[[Numbers], Numbers],
    units: Sequence[str] | None = None,
) -> Estimate:
    if not values:
        raise ValueError("there is nothing to estimate from")
    data = _by_unit(values, range(len(values)) if units is None else units)
    value = float(statistic(data.reshape(1, -1))[0])
    draws = np.random.default_rng(_SEED).integers(0, len(data), size=(RESAMPLES, len(data)))
    drawn = statistic(data[draws].reshape(RESAMPLES, -1))
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    # Rounding must not put the figure outside its own interval.
    return Estimate(value, min(float(low), value), max(float(high), value))


def _by_unit(values: Sequence[float], units: Sequence[Hashable]) -> Numbers:
    """A row for each unit, with NaN where one has fewer values than another."""
    rows: dict[Hashable, list[float]] = {}
    for value, unit in zip(values, units, strict=True):
        rows.setdefault(unit, []).append(value)
    data = np.full((len(rows), max(map(len, rows.values()))), np.nan)
    for place, row in enumerate(rows.values()):
        data[place, : len(row)] = row
    return data


@dataclass(frozen=True, slots=True)
class Line:
    """Seconds by the number of browser actions: a start and so much for each."""

    start: float
    each: float

    def at(self, actions: float) -> float:
        """Seconds for so many actions."""
        return self.start + self.each * actions


def fit_line(actions: Sequence[float], seconds: Sequence[float]) -> Line | None:
    """The line of least squares; None where all have the same number of actions."""
    if len(set(actions)) < 2:
        return None
    each, start = np.polyfit(np.asarray(actions, float), np.asarray(seconds, float), 1)
    return Line(float(start), float(each))


def break_even(loop: Line, plan: Line) -> float | None:
    """The number of actions from which on the plan is faster; 0 where it always is.

    None where there is none: it never is, or on short tasks only.
    """
    gap, gain = plan.start - loop.start, loop.each - plan.each
    if gap <= 0:
        return 0.0 if gain >= 0 else None
    return gap / gain if gain > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Regret:
    """Fixed choices, the one that was made, and the best for each task that is known afterwards."""

    #: Choice -> mean seconds over the tasks.
    seconds: Mapping[str, float]
    #: Mean seconds of the best fixed choice of each task, and how often each was that.
    oracle: float
    best: Mapping[str, int]

    def of(self, name: str) -> float:
        """How many seconds a choice is behind the oracle, on average."""
        return self.seconds[name] - self.oracle


def regret(times: Mapping[str, Mapping[str, float]], chosen: str) -> Regret | None:
    """From choice -> task -> seconds; only tasks that all choices have count. None without any.

    `chosen` is not among those that the oracle may take.
    """
    fixed = [name for name in times if name != chosen]
    if not fixed:
        return None
    shared = set.intersection(*(set(each) for each in times.values()))
    if not shared:
        return None
    best = {task: min(fixed, key=lambda name: times[name][task]) for task in shared}
    return Regret(
        seconds={name: sum(each[t] for t in shared) / len(shared) for name, each in times.items()},
        oracle=sum(times[best[task]][task] for task in shared) / len(shared),
        best={name: sum(each == name for each in best.values()) for name in fixed},
    )
