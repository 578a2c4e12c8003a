"""Forecasts beside what happened: how many intervals held, and how far to trust the next."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from agentjit.compiler.ir import Program
from agentjit.scheduler.samples import decayed, weigh

#: The share of runs that an interval is meant to cover.
COVERED: Final = 0.8
#: Runs that are kept.
MOST: Final = 100
#: What believing an interval as it was simulated weighs, in runs.
TRUST: Final = 5.0
#: An interval is never made more than this many times wider or narrower.
WIDEST: Final = 8.0


def plan_digest(program: Program) -> str:
    """What tells plans apart where forecasts are held against runs."""
    return hashlib.sha256(program.source.text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One run: what was forecast for its strategy as simulated, and the seconds that it took."""

    #: What tells plans apart: a digest of the program that ran.
    plan: str
    strategy: str
    mean: float
    #: The middle, and the simulated 80 % interval.
    p50: float
    low: float
    high: float
    #: What the interval was stretched by when it was told.
    stretch: float = 1.0
    measured: float

    @property
    def held(self) -> bool:
        """Whether the run was inside the interval that was told."""
        low, high = stretched(self.low, self.p50, self.high, self.stretch)
        return low <= self.measured <= high

    @property
    def off(self) -> float:
        """How far outside the middle the run was; 1 is the simulated interval's end."""
        side = self.high - self.p50 if self.measured > self.p50 else self.p50 - self.low
        away = abs(self.measured - self.p50)
        return away / max(side, 0.01 * self.p50, 1e-6)

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {name: getattr(self, name) for name in self.__slots__}


def read_record(data: dict[str, Any]) -> Record:
    """The record that was told as JSON. Raises KeyError, TypeError, ValueError."""
    figures = ("mean", "p50", "low", "high", "stretch", "measured")
    return Record(
        plan=str(data["plan"]),
        strategy=str(data["strategy"]),
        **{name: float(data[name]) for name in figures},
    )


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the intervals of the runs so far did."""

    runs: int
    #: How many of them were inside their interval.
    held: int
    #: Measured by forecast mean, over all runs: above 1, forecasts are too short.
    bias: float

    @property
    def covered(self) -> float:
        """The share of runs that were inside their interval."""
        return self.held / self.runs if self.runs else 0.0

    def __str__(self) -> str:
        if not self.runs:
            return "no run to compare with yet"
        return (
            f"{self.held} of {self.runs} runs within their {COVERED:.0%} interval"
            f" ({self.covered:.0%}); measured / forecast {self.bias:.2f}"
        )


def calibrate(records: Sequence[Record]) -> Calibration:
    """Hold the forecasts of past runs against what these took."""
    told = sum(r.mean for r in records)
    measured = sum(r.measured for r in records)
    return Calibration(len(records), sum(r.held for r in records), measured / told if told else 1.0)


def stretch(records: Sequence[Record], plan: str) -> float:
    """What to stretch a simulated interval by, for it to have covered 80 % of the runs so far.

    Runs of the same plan count in full, others a quarter; while there are few of them, the
    simulation is believed.
    """
    weights = decayed(len(records))
    pairs = [
        (record.off, weight if record.plan == plan else weight / 4)
        for record, weight in zip(records, weights, strict=True)
    ]
    # The belief is spread over the offs of a simulation that is right: an even share within 1.
    trusted = [((place + 1) / 8, TRUST / 10) for place in range(8)] + [(1.3, TRUST / 5)]
    factor = weigh([*pairs, *trusted]).quantile(COVERED)
    return min(WIDEST, max(1 / WIDEST, factor))


def stretched(low: float, middle: float, high: float, factor: float) -> tuple[float, float]:
    """An interval stretched about its middle; never below 0."""
    return max(0.0, middle - (middle - low) * factor), middle + (high - middle) * factor
