"""Copies of calls that are late: when they start, what they save, and what they cost.

A copy is made of one call, in a tab that is ready at the site's start: the moves that had led to
where the first one is are made there again. Whichever ends first is the call's answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

import numpy as np

from agentjit.scheduler.drawing import Floats
from agentjit.scheduler.graph import BranchNode, LoopNode, Node, Region, Start, ToolNode
from agentjit.scheduler.profile import Latencies
from agentjit.scheduler.samples import Distribution
from agentjit.scheduler.stretches import Kind, split_region
from agentjit.toolspecs.effects import Effect

#: A copy is made where a late call is expected to take this many times as long yet.
PAYS: Final = 1.5
#: Requests of a copy besides its calls: the tab that is opened in place of the one it takes.
TAB_REQUESTS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds after which a call of a tool gets a copy, for each of several shares of lateness."""

    lates: tuple[float, ...]
    #: Infinite where a copy would not be there much sooner.
    by_tool: Mapping[str, Floats]
    #: The same for a tab on its way to the site's start.
    tab: Floats

    def of_tab(self, late: float) -> float | None:
        """The delay of another tab; None where it would not be there much sooner."""
        seconds = float(self.tab[self.lates.index(late)])
        return seconds if np.isfinite(seconds) else None

    @property
    def some(self) -> bool:
        """Whether any call would get a copy."""
        return any(bool(np.isfinite(each).any()) for each in self.by_tool.values())

    def of(self, late: float) -> dict[str, float]:
        """Those of one share: of the tools that get copies."""
        place = self.lates.index(late)
        found = {tool: float(each[place]) for tool, each in sorted(self.by_tool.items())}
        return {tool: seconds for tool, seconds in found.items() if np.isfinite(seconds)}


def find_delays(region: Region, latencies: Latencies, lates: Sequence[float]) -> Delays:
    """The delays of all tools that may be copied somewhere in a region."""
    moves: dict[str, float] = {}
    times: dict[str, Distribution] = {}
    for calls in _repeatable(region):
        before = 0.0
        for call in calls:
            tool = call.stmt.tool
            if tool not in times:
                times[tool] = latencies.tool(tool, call.effect)
            moves[tool] = max(moves.get(tool, 0.0), before)
            before += times[tool].mean if call.effect is Effect.NAVIGATE else 0.0
    found = {tool: np.array([_delay(times[tool], moves[tool], q) for q in lates]) for tool in times}
    # Both are the site's start page; and where a site's other pages are late, so may this one be.
    starts = (latencies.opening(), latencies.reset())
    tab = np.array([min(_delay(start, 0.0, q) for start in starts) for q in lates])
    others = np.min([*found.values(), np.full(len(lates), np.inf)], axis=0)
    return Delays(tuple(lates), found, np.where(np.isfinite(tab), tab, others))


def _repeatable(region: Region) -> Iterator[Sequence[ToolNode]]:
    """The calls of each stretch that may be made twice: from a fresh tab to the first change."""
    for stretch in split_region(region):
        if stretch.kind is Kind.TAB and stretch.start is not Start.NO:
            yield tuple(takewhile(lambda call: call.effect.harmless, stretch.calls))
        elif stretch.kind is Kind.REGION:
            for node in stretch.nodes:
                for inner in _parts(node):
                    yield from _repeatable(inner)


def _parts(node: Node) -> tuple[Region, ...]:
    match node:
        case BranchNode(body=body, orelse=orelse):
            return (body, orelse)
        case LoopNode(prelude=prelude, body=body, orelse=orelse):
            return (prelude, body, orelse)
        case _:
            return ()


def _delay(time: Distribution, moves: float, late: float) -> float:
    if late <= 0:
        return 0.0
    delay = time.quantile(late)
    yet = weight = before = 0.0
    for value, share in zip(time.values, time.shares, strict=True):
        if value > delay:
            yet += (share - before) * (value - delay)
            weight += share - before
        before = share
    pays = weight > 0 and yet / weight > PAYS * (time.mean + moves)
    return delay if pays else float("inf")


@dataclass(frozen=True, slots=True)
class Copied:
    """One call without copies and with them: for each share of lateness, in each trial."""

    #: Seconds of the call; the first row is without copies.
    time: Floats
    #: Requests beyond those that are made anyway, and seconds in which a second tab is busy.
    requests: Floats
    beside: Floats


def copy_call(times: Floats, delays: Floats, moves: Floats, hops: Floats) -> Copied:
    """Race a call against its copy. `times`: of both (2 × trials); `moves`: seconds of the moves
    that the copy makes first, of which there are `hops`.
    """
    first, begins = times[0], delays[:, None]
    late = first > begins
    # An infinite delay must not be calculated with.
    again = np.where(late, begins, 0.0) + moves + times[1]
    raced = np.where(late, np.minimum(first, again), first)
    beside = np.where(late, raced - np.where(late, begins, 0.0), 0.0)
    requests = late * (1.0 + hops + TAB_REQUESTS)
    return Copied(np.concatenate([first[None], raced]), requests, beside)
