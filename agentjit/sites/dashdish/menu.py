"""What is sold: stores, their menus, the options of an item. Money is in whole cents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to an option group, and what it adds to the price."""

    label: str
    cents: int


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """A question about an item: one answer (the first by default), or any number of them."""

    title: str
    choices: tuple[Choice, ...]
    many: bool = False

    def find(self, label: str) -> Choice | None:
        """The choice with that label."""
        return next((c for c in self.choices if c.label == label), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a menu, as it is sold under one seed."""

    id: str
    name: str
    cents: int
    description: str
    art: str
    options: tuple[OptionGroup, ...] = ()
    sold_out: bool = False
    #: What it cost before a discount.
    was_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a menu."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a customer said. `days` is how long ago."""

    reviewer: str
    rating: int
    days: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Store:
    """A store as it shows itself under one seed."""

    id: str
    name: str
    cuisine: str
    #: Hundredths of a star.
    rating: int
    review_count: int
    minutes: int
    fee_cents: int
    level: int
    delivers: bool
    picks_up: bool
    #: Titles of the home page's sections that it stands in.
    categories: tuple[str, ...]
    menu: tuple[Section, ...]
    reviews: tuple[Review, ...]

    @property
    def stars(self) -> str:
        """The rating as it is written."""
        return f"{self.rating / 100:.2f}"

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        """The items by their ids."""
        return {item.id: item for item in self.items()}

    def items(self) -> Iterator[Item]:
        """All items, in the order of the menu."""
        for section in self.menu:
            yield from section.items


def slug(name: str) -> str:
    """A name as it stands in an address."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold().replace("'", "")).strip("-")


def show_cents(cents: int) -> str:
    """An amount of money as it is written."""
    return f"${cents / 100:.2f}"
