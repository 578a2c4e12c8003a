"""Sets that only ever grow together: union-find."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Unions(Generic[T]):
    """Disjoint sets of items. An item that is asked for is a set of its own until it is joined."""

    def __init__(self) -> None:
        self._above: dict[T, T] = {}

    def find(self, item: T) -> T:
        """The item that stands for its set."""
        above = self._above.setdefault(item, item)
        while above != item:
            self._above[item] = self._above[above]
            item, above = above, self._above[above]
        return item

    def join(self, one: T, other: T) -> T:
        """Make one set of two; the item that stands for it."""
        first, second = self.find(one), self.find(other)
        self._above[second] = first
        return first

    def join_all(self, items: Iterable[T]) -> T:
        """Make one set of all these, at least one."""
        first, *rest = items
        for item in rest:
            self.join(first, item)
        return self.find(first)

    def __iter__(self) -> Iterator[T]:
        return iter(tuple(self._above))
