"""What the shop sells: a product as it is written down, and as a seed's shop offers it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

#: The shop sells at most so many of a product in one order.
MOST_OF_A_PRODUCT: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Ware:
    """A product as the data have it, the same under every seed."""

    id: str
    name: str
    #: The categories that it is in; the first is its own.
    shelves: tuple[str, ...]
    #: What its picture shows.
    art: str
    #: Its usual price.
    cents: int
    colors: tuple[str, ...]
    text: str
    facts: tuple[tuple[str, str], ...]
    #: Words besides those of its name by which it is found.
    tags: str = ""
    #: Comes before all others that a search finds.
    lead: bool = False
    #: Tasks name it: it is in stock, and its price hardly moves.
    named: bool = False
    #: One of those has a touchscreen.
    touchscreen: bool = False


@dataclass(frozen=True, kw_only=True)
class Product:
    """A product as it is offered. Ratings are tenths of a star."""

    ware: Ware
    cents: int
    #: What it cost before; 0 where it is not reduced.
    was_cents: int
    rating: int
    review_count: int
    #: Where it stands among all others, from 0.
    rank: int
    #: The first is the one that is chosen at first.
    colors: tuple[str, ...]
    facts: Mapping[str, str]
    in_stock: bool

    @property
    def id(self) -> str:
        """Its number."""
        return self.ware.id

    @property
    def name(self) -> str:
        """Its name; no two products have the same."""
        return self.ware.name

    @property
    def most(self) -> int:
        """How many can be bought at once; 0 of what is out of stock."""
        return MOST_OF_A_PRODUCT if self.in_stock else 0

    @cached_property
    def name_stems(self) -> frozenset[str]:
        """What a search compares with its words first."""
        return stems(self.name)

    @cached_property
    def all_stems(self) -> frozenset[str]:
        """What a search compares with its words besides."""
        return self.name_stems | stems(" ".join([*self.ware.shelves, self.ware.tags]))


def stems(text: str) -> frozenset[str]:
    """The words of a text without case, and without the s of a plural."""
    found = re.findall(r"[^\W_]+", text.casefold().replace("'", "").replace("’", ""))
    return frozenset(word.removesuffix("s") if len(word) > 3 else word for word in found)


def show_cents(cents: int) -> str:
    """As the shop writes a price: $1,234.50."""
    return f"${cents // 100:,}.{cents % 100:02d}"
