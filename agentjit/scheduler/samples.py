"""Measured values of one thing, newer ones weighing more; what is believed while they are few."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp
from statistics import NormalDist
from typing import Final

#: Samples that are kept of one thing; the oldest go first.
MOST: Final = 64
#: What a sample weighs against the one after it.
DECAY: Final = 0.97
#: What a prior weighs, in samples, while there are none; with `PRIOR_FADES` of them it is half.
PRIOR_WEIGHT: Final = 3.0
PRIOR_FADES: Final = 8.0
#: Points that stand for a prior.
PRIOR_POINTS: Final = 32

_POINTS: Final = tuple(
    NormalDist().inv_cdf((place + 0.5) / PRIOR_POINTS) for place in range(PRIOR_POINTS)
)


@dataclass(frozen=True, slots=True)
class Samples:
    """Values in the order in which they were measured."""

    values: tuple[float, ...] = ()

    def add(self, values: Iterable[float]) -> Samples:
        """With these values as the newest."""
        return Samples((*self.values, *values)[-MOST:])

    def weights(self) -> tuple[float, ...]:
        """The newest weighs 1."""
        return decayed(len(self.values))

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Prior:
    """A lognormal distribution: half of the values are below `median`; `sigma` is of their logs."""

    median: float
    sigma: float

    def points(self) -> tuple[float, ...]:
        """Values that are equally likely."""
        return tuple(self.median * exp(self.sigma * point) for point in _POINTS)

    def scaled(self, factor: float) -> Prior:
        """The same spread, about another median."""
        return Prior(self.median * factor, self.sigma)


@dataclass(frozen=True, slots=True)
class Distribution:
    """Weighted values in ascending order: samples and prior together."""

    values: tuple[float, ...]
    #: The share of the weight up to and with each value; the last is 1.
    shares: tuple[float, ...]

    def quantile(self, share: float) -> float:
        """The smallest value that this share of the weight does not exceed."""
        return self.values[min(bisect_left(self.shares, share), len(self.values) - 1)]

    @property
    def mean(self) -> float:
        """The weighted mean."""
        before = 0.0
        total = 0.0
        for value, share in zip(self.values, self.shares, strict=True):
            total += value * (share - before)
            before = share
        return total


def blend(samples: Sequence[float], weights: Sequence[float], prior: Prior) -> Distribution:
    """Samples, and a prior that fades as they come in."""
    points = prior.points()
    each = trust(sum(weights)) / len(points)
    pairs = [*zip(samples, weights, strict=True), *((point, each) for point in points)]
    return weigh(pairs)


def trust(weight: float) -> float:
    """What a prior weighs beside samples of this weight."""
    return PRIOR_WEIGHT / (1 + weight / PRIOR_FADES)


def weigh(pairs: Iterable[tuple[float, float]]) -> Distribution:
    """The distribution of values with weights; at least one weight is positive."""
    ordered = sorted((value, weight) for value, weight in pairs if weight > 0)
    sums = list(accumulate(weight for _, weight in ordered))
    return Distribution(
        tuple(value for value, _ in ordered),
        (*(total / sums[-1] for total in sums[:-1]), 1.0),
    )


def decayed(count: int) -> tuple[float, ...]:
    """Weights for `count` samples in the order of time; the newest weighs 1."""
    return tuple(DECAY ** (count - 1 - place) for place in range(count))
