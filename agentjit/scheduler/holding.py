"""The abstract heap: which objects names hold, and objects themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeAlias

#: Where an object is made: a node, and a place in it.
Place: TypeAlias = tuple[int | str, ...]
#: An abstract object, known by its place.
Object: TypeAlias = Place


class Heap:
    """What holds what. Everything only grows, until an analysis finds nothing new."""

    def __init__(self) -> None:
        self.names: defaultdict[str, set[Object]] = defaultdict(set)
        self.contents: defaultdict[Object, set[Object]] = defaultdict(set)
        self.changed: defaultdict[int, set[Object]] = defaultdict(set)

    def size(self) -> int:
        """How much is known: it grows with every news."""
        maps = (self.names, self.contents, self.changed)
        return sum(len(found) for m in maps for found in m.values())

    def bind(self, name: str, objects: Iterable[Object]) -> None:
        """The name may hold these, too."""
        self.names[name].update(objects)

    def make(self, place: Place, inside: Iterable[Object]) -> Object:
        """An object made here that holds these."""
        self.contents[place].update(inside)
        return place

    def put(self, objects: Iterable[Object], inside: Iterable[Object]) -> None:
        """These are put into those."""
        inside = tuple(inside)
        for each in tuple(objects):
            self.contents[each].update(inside)

    def inside(self, objects: Iterable[Object]) -> set[Object]:
        """What the objects hold directly."""
        found: set[Object] = set()
        for each in tuple(objects):
            found |= self.contents[each]
        return found

    def reach(self, objects: Iterable[Object]) -> set[Object]:
        """The objects and all that they hold, however deep."""
        found = set(objects)
        todo = list(found)
        while todo:
            more = self.contents[todo.pop()] - found
            found |= more
            todo += more
        return found
