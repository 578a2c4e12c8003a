"""Draws from a site's latencies: seconds, list lengths and branches, in every trial."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from agentjit.compiler.ir import Ask, For, If, While
from agentjit.scheduler.answering import Line, expected_tokens
from agentjit.scheduler.graph import ToolNode
from agentjit.scheduler.profile import Latencies
from agentjit.scheduler.samples import Distribution, Prior, weigh
from agentjit.scheduler.trips import UNKNOWN, Sources

#: Seconds, or counts, a trial each.
Floats: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]

#: Equally likely values that stand for a distribution.
TABLE: Final = 512
#: What a list's length is believed to be while nothing is known of it.
LENGTHS: Final = Prior(6.0, 0.8)
#: What is believed of a loop's own rounds against the lengths of the lists that its tool returns.
_TRUST: Final = 1.0
#: Half of all branches are taken, until they were seen.
_EVEN: Final = (1.0, 2.0)


class Draws:
    """One stream of chance: what is asked for in the same order is the same again."""

    def __init__(
        self, latencies: Latencies, sources: Sources, *, trials: int, copies: int, seed: int = 0
    ) -> None:
        self.latencies = latencies
        self.trials = trials
        #: How many copies of a stretch are drawn, the first included.
        self.copies = copies
        self._sources = sources
        self._chance = np.random.Generator(np.random.PCG64(seed))
        self._tables = latencies.tables
        self._line: Line = latencies.profile.answers.line()
        self._lengths: Mapping[str, Distribution] = {
            tool: weigh(zip(seen.values, seen.weights(), strict=True))
            for tool, seen in latencies.profile.lengths.items()
        }

    def call(self, node: ToolNode) -> Floats:
        """Seconds of a call: copies × trials."""
        key = node.stmt.tool
        if key not in self._tables:
            self._keep(key, self.latencies.tool(key, node.effect))
        return self._draw(key, self.copies)

    def answer(self, ask: Ask) -> Floats:
        """Seconds of a model call: copies × trials."""
        if Ask not in self._tables:
            self._keep(Ask, self._line.spread)
        seconds = self._line.first + self._line.each * expected_tokens(ask)
        drawn: Floats = seconds * self._draw(Ask, self.copies)
        return drawn

    def openings(self, number: int) -> Floats:
        """Seconds of opening tabs: number × trials."""
        if "open a tab" not in self._tables:
            self._keep("open a tab", self.latencies.opening())
        return self._draw("open a tab", number)

    def resets(self, number: int) -> Floats:
        """Seconds of bringing used tabs back to the start: number × trials."""
        if "reset a tab" not in self._tables:
            self._keep("reset a tab", self.latencies.reset())
        return self._draw("reset a tab", number)

    def branch(self, stmt: If) -> Bools:
        """Whether the branch is taken."""
        seen = self.latencies.profile.taken.get(self._sources.key(stmt))
        taken, weight = _EVEN
        if seen is not None:
            weights = seen.weights()
            taken += sum(v * w for v, w in zip(seen.values, weights, strict=True))
            weight += sum(weights)
        drawn: Bools = self._chance.random(self.trials) < taken / weight
        return drawn

    def rounds(self, loop: For | While, *, breaks: bool) -> Counts:
        """How often the loop goes round; with `breaks`, if it is not broken off."""
        key = self._sources.key(loop)
        table_key = (key, breaks)
        if table_key not in self._tables:
            found = self._rounds(loop, None if breaks else key)
            self._tables[table_key] = (
                np.array([float(found)]) if isinstance(found, int) else _table(found)
            )
        if len(self._tables[table_key]) == 1:
            return np.full(self.trials, self._tables[table_key][0]).astype(np.int64)
        drawn: Counts = np.rint(self._draw(table_key, 1)[0]).astype(np.int64)
        return drawn

    def needed(self, loop: For | While, trips: Counts) -> Counts:
        """Rounds until a loop of `trips` rounds at most is broken off, or ends."""
        seen = self.latencies.profile.rounds.get(self._sources.key(loop))
        if seen is not None:
            key = ("needed", self._sources.key(loop))
            if key not in self._tables:
                self._keep(key, weigh(zip(seen.values, seen.weights(), strict=True)))
            reached = np.rint(self._draw(key, 1)[0]).astype(np.int64)
        else:
            # In any round, each as likely.
            reached = np.ceil(self._chance.random(self.trials) * trips).astype(np.int64)
        needed: Counts = np.minimum(trips, np.maximum(1, reached))
        return needed

    def _rounds(self, loop: For | While, key: str | None) -> Distribution | int:
        known = self._sources.length(loop) if isinstance(loop, For) else UNKNOWN
        if known.exact is not None:
            return known.exact
        believed = self._lengths.get(known.tool) if known.tool else None
        points = (
            [believed.quantile((p + 0.5) / 32) for p in range(32)]
            if believed
            else [*LENGTHS.points()]
        )
        if known.filtered:
            # Any share of the list may be left, each as likely.
            points = [point * (place + 0.5) / 8 for point in points for place in range(8)]
        if known.most is not None:
            points = [min(point, known.most) for point in points]
        seen = self.latencies.profile.rounds.get(key) if key else None
        pairs = [(point, _TRUST / len(points)) for point in points]
        if seen is not None:
            pairs += zip(seen.values, seen.weights(), strict=True)
        return weigh(pairs)

    def _keep(self, key: object, distribution: Distribution) -> None:
        self._tables[key] = _table(distribution)

    def _draw(self, key: object, number: int) -> Floats:
        places = self._chance.integers(0, TABLE, size=(number, self.trials), dtype=np.int32)
        drawn: Floats = self._tables[key].take(places)
        return drawn


def _table(distribution: Distribution) -> Floats:
    """Equally likely values, in ascending order."""
    places = np.searchsorted(distribution.shares, (np.arange(TABLE) + 0.5) / TABLE)
    table: Floats = np.array(distribution.values, dtype=np.float64)[places]
    return table
