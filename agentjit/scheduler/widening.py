"""At a loop: how many tabs it gets, chosen once more now that its length is known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from agentjit.compiler.ir import NodeId
from agentjit.scheduler.choosing import rechoose
from agentjit.scheduler.forecast import Wishes
from agentjit.scheduler.graph import Graph, LoopNode
from agentjit.scheduler.profile import Latencies
from agentjit.scheduler.strategies import tabs_of

#: How often as many rounds as tabs are few, so that one more may make a difference.
FEW: Final = 4


@dataclass(eq=False, slots=True)
class Widening:
    """The choice of one run, with the latencies that were known when it began.

    A few milliseconds for each loop and length; the same length is chosen for once, and great ones
    are all alike.
    """

    graph: Graph
    latencies: Latencies
    wishes: Wishes
    _chosen: dict[tuple[NodeId, int], int] = field(default_factory=dict)

    def __call__(self, loop: LoopNode, rounds: int, most: int) -> int:
        """How many tabs a loop of so many rounds is best run in, of `most`."""
        if rounds > FEW * most:
            # Of many rounds some more make no difference.
            rounds = 1 << rounds.bit_length()
        key = loop.stmt.id, rounds
        if key not in self._chosen:
            wishes = replace(self.wishes, workers=most)
            found = rechoose(loop, rounds, self.graph, self.latencies, wishes)
            self._chosen[key] = tabs_of(found.strategy)
        return self._chosen[key]
