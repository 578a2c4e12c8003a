"""Which tabs there are in a run, who holds them, and who may have another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

#: Numbers the tabs of a run; 0 is the one that it begins with.
TabId: TypeAlias = int


@dataclass(eq=False, slots=True)
class Progress:
    """What is done of a row of things: the nodes of a region, or the rounds of a loop."""

    done: set[int] = field(default_factory=set)
    #: All before this one are done.
    _front: int = 0

    def is_clear(self, place: int) -> bool:
        """Whether everything before this place is done."""
        while self._front in self.done:
            self._front += 1
        return self._front >= place


#: Where something stands in the program as it runs: in each region and loop around it.
Chain: TypeAlias = tuple[tuple[Progress, int], ...]


def is_first(chain: Chain) -> bool:
    """Whether all that comes before it in the program's order is done."""
    return all(progress.is_clear(place) for progress, place in chain)


@dataclass(eq=False, slots=True)
class Tabs:
    """A bounded number of tabs. The first in the program's order always gets one."""

    width: int
    #: How many more there may be for second copies of calls.
    spare: int = 0
    #: Whether the tab that the run begins with is kept for a call that goes on in it.
    reserved: bool = False
    #: What loops that are under way may have, where that is more.
    _wider: list[int] = field(default_factory=list)
    _free: list[TabId] = field(default_factory=list)
    _held: dict[TabId, Chain] = field(default_factory=dict)
    _last: TabId = 0

    def __post_init__(self) -> None:
        if not self.reserved:
            self._free.append(0)

    @property
    def held(self) -> Sequence[TabId]:
        """The tabs that are in use."""
        return sorted(self._held)

    def may_take(self, chain: Chain) -> bool:
        """Whether whoever stands there may have a tab now.

        One is left for the first, who can always go on: so nobody waits for ever.
        """
        held, width = len(self._held), self._most
        if is_first(chain) or held < width - 1:
            return True
        return held < width and any(is_first(c) for c in self._held.values())

    def may_spare(self) -> bool:
        """Whether a tab is left over for a second copy of a call."""
        return len(self._held) < self._most + self.spare

    @contextmanager
    def widened(self, width: int) -> Iterator[None]:
        """There may be so many tabs for a while."""
        self._wider.append(width)
        try:
            yield
        finally:
            self._wider.remove(width)

    @property
    def _most(self) -> int:
        return max(self.width, *self._wider, 0)

    def take(self, chain: Chain) -> tuple[TabId, bool]:
        """A tab, and whether it is new: one that was used before if there is one."""
        new = not self._free
        if self._free:
            tab = self._free.pop(0)
        else:
            self._last += 1
            tab = self._last
        self._held[tab] = chain
        return tab, new

    def take_first(self, chain: Chain) -> TabId:
        """The tab that the run begins with."""
        self._held[0] = chain
        return 0

    def give(self, tab: TabId) -> None:
        """The tab may be used for something else."""
        del self._held[tab]
        self._free.append(tab)

    def drop(self, tab: TabId) -> None:
        """The tab is closed."""
        del self._held[tab]
