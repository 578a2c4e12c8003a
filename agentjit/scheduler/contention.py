"""How much slower calls are while several tabs are busy: fitted from samples, never assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Final

from agentjit.scheduler.samples import decayed

#: What no slowdown weighs, in samples.
TRUST: Final = 1.0
#: Rounds of fitting tools and busy tabs in turn.
ROUNDS: Final = 25
#: Nothing is measured to be faster than this, in seconds: logarithms need a floor.
FLOOR: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Contention:
    """`factors[b - 1]` is what a call's time is multiplied by while `b` tabs are busy."""

    factors: tuple[float, ...] = (1.0,)

    def __call__(self, busy: float) -> float:
        """The factor; between two counts and beyond the last measured one by a straight line."""
        if busy <= 1 or len(self.factors) == 1:
            return 1.0
        low = min(int(busy), len(self.factors) - 1)
        slope = self.factors[low] - self.factors[low - 1]
        return self.factors[low - 1] + (busy - low) * slope


#: Calls of one tool in the order of time: seconds, and how many tabs were busy.
Calls = Sequence[tuple[float, int]]


def fit_contention(tools: Mapping[str, Calls]) -> Contention:
    """The slowdown that explains best why calls of the *same* tool took longer or shorter.

    Log seconds are a sum of the tool's own level and of what the number of busy tabs adds; both are
    fitted in turn. What was measured with one number of busy tabs only, says nothing about it.
    """
    rows = [
        (tool, log(max(seconds, FLOOR)), busy, weight)
        for tool, calls in sorted(tools.items())
        for (seconds, busy), weight in zip(calls, decayed(len(calls)), strict=True)
    ]
    most = max((busy for _, _, busy, _ in rows), default=1)
    added = dict.fromkeys(range(1, most + 1), 0.0)
    if most == 1:
        return Contention()
    for _ in range(ROUNDS):
        level = _means([(tool, y - added[busy], weight) for tool, y, busy, weight in rows])
        beyond = [(b, y - level[tool], weight) for tool, y, b, weight in rows if b > 1]
        sums = dict.fromkeys(added, (0.0, 0.0))
        for busy, rest, weight in beyond:
            total, weights = sums[busy]
            sums[busy] = total + rest * weight, weights + weight
        added.update({b: total / (w + TRUST) for b, (total, w) in sums.items() if b > 1})
    masses = [max(1e-9, sum((w for _, _, b, w in rows if b == busy), 0.0)) for busy in added]
    rising = _never_falling([*added.values()], masses)
    return Contention(tuple(exp(max(0.0, value)) for value in rising))


def _means(rows: Sequence[tuple[str, float, float]]) -> dict[str, float]:
    sums: dict[str, tuple[float, float]] = {}
    for name, value, weight in rows:
        total, weights = sums.get(name, (0.0, 0.0))
        sums[name] = total + value * weight, weights + weight
    return {name: total / weights for name, (total, weights) in sums.items()}


def _never_falling(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The nearest sequence that never falls (neighbours that do are given their mean).

    A number of busy tabs that was never seen has next to no weight: it follows its neighbours.
    """
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        mean, mass, size = value, weight, 1
        while blocks and blocks[-1][0] > mean:
            before, more, count = blocks.pop()
            mean = (before * more + mean * mass) / (more + mass)
            mass, size = mass + more, size + count
        blocks.append((mean, mass, size))
    return [mean for mean, _, size in blocks for _ in range(size)]
