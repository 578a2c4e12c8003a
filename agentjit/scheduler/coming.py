"""How many stretches of a run are to begin on a fresh tab yet, as far as is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from agentjit.scheduler.graph import LoopNode, Node, Region, Start, ToolNode, nodes_in
from agentjit.scheduler.tabs import Progress


@dataclass(eq=False, slots=True)
class Coming:
    """What the regions and loops that are under way have left."""

    #: Rounds that a loop is taken for before its length is known.
    rounds: int
    #: Stretches that wait for a tab.
    waiting: int = 0
    _left: dict[Progress, int] = field(default_factory=dict)
    _weights: dict[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many are to come."""
        return self.waiting + sum(self._left.values())

    def expect(self, progress: Progress, left: int) -> None:
        """So many are left of a region or loop."""
        self._left[progress] = left

    def end(self, progress: Progress) -> None:
        """It is over."""
        self._left.pop(progress, None)

    def weights(self, region: Region) -> tuple[int, ...]:
        """For each node of a region, how many there may be in it."""
        if id(region) not in self._weights:
            self._weights[id(region)] = tuple(self._weight(node) for node in region.nodes)
        return self._weights[id(region)]

    def _weight(self, node: Node) -> int:
        if not begins_anew(Region((node,))):
            return 0
        return self.rounds if isinstance(node, LoopNode) else 1


def begins_anew(region: Region) -> bool:
    """Whether anything in the region begins on a fresh tab."""
    return any(start is not Start.NO for start in _starts(region))


def leaves_tabs(region: Region) -> bool:
    """Whether a used tab may have to be brought back to the start for something in the region."""
    return Start.FRESH in _starts(region)


def _starts(region: Region) -> Iterator[Start]:
    """How the tab of each call must be that is made in the region."""
    for node in nodes_in(region):
        if isinstance(node, ToolNode) and not node.dropped:
            yield node.start
