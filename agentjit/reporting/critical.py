"""The critical path of a run: the chain of bars without which it would have ended sooner.

From the bar that ended last, back to the one that it had to wait for, and so on: of all that had
to come before it (by the dependence graph, or because it was in the same tab), the one that ended
last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from agentjit.reporting.bars import Bar, Kind, State, Timeline
from agentjit.reporting.dependences import Dependences

#: Seconds by which a bar may begin before the end of what it waited for: the clock's grain.
GRAIN: Final = 0.005


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """The chain, first to last, and in how many seconds of its length nothing of it went on."""

    bars: tuple[Bar, ...] = ()
    gaps: float = 0.0
    _ids: frozenset[int] = frozenset()

    @property
    def seconds(self) -> float:
        """From its begin to its end."""
        return self.bars[-1].end - self.bars[0].start if self.bars else 0.0

    def __contains__(self, bar: Bar) -> bool:
        # Bars that are equal are still two.
        return id(bar) in self._ids


def find_critical_path(timeline: Timeline, graph: Dependences) -> CriticalPath:
    """The critical path of what was performed; planning comes before all of it."""
    # What is resumed waits for nothing that was done before; nor does another plan.
    begun = max(timeline.planned, *timeline.resumed[-1:], 0.0)
    bars = [b for b in timeline.bars if b.kind is not Kind.PHASE and b.start >= begun - GRAIN]
    placed = _place(bars)
    # What was cancelled kept nobody waiting, unless nothing came after it.
    kept = [p for p in placed if p.bar.state is not State.CUT] or placed
    kept.sort(key=lambda p: (p.bar.end, p.bar.start), reverse=True)
    # By their ends, latest first: what one waited for stands behind it.
    chain = kept[:1]
    for earlier in kept[1:]:
        if _waited(chain[-1], earlier, graph):
            chain.append(earlier)
    path = tuple(p.bar for p in reversed(chain))
    if not path:
        return CriticalPath()
    busy = sum(bar.seconds for bar in path)
    gaps = max(0.0, path[-1].end - path[0].start - busy)
    return CriticalPath(path, gaps, frozenset(map(id, path)))


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A bar, and for which node it is."""

    bar: Bar
    node: int | None
    rounds: tuple[int, ...] | None


def _place(bars: list[Bar]) -> list[_Placed]:
    """Which node each bar is for. A tab is opened for the first call that is made in it then."""
    coming: dict[str, Bar] = {}
    placed = []
    for bar in reversed(bars):
        if bar.kind is Kind.CALL:
            coming[bar.lane] = bar
        of = coming.get(bar.lane, bar) if bar.kind is Kind.TAB else bar
        placed.append(_Placed(bar, of.node, of.rounds))
    return placed


def _waited(later: _Placed, earlier: _Placed, graph: Dependences) -> bool:
    """Whether the later one could not begin before the earlier one had ended."""
    if earlier.bar.end > later.bar.start + GRAIN or earlier.bar.start >= later.bar.start:
        return False
    if earlier.bar.lane == later.bar.lane:
        return True
    if earlier.node is None or later.node is None:
        return False
    return graph.orders((earlier.node, earlier.rounds), (later.node, later.rounds))
