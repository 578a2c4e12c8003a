"""The worlds that plans are run in: what some seeds sell, and shops in which things are missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from agentjit.sites.dashdish.catalogue import Catalogue, catalogue
from agentjit.sites.dashdish.menu import Item, Section, Store
from agentjit.sites.dashdish.state import Account

SEEDS: Final = (0, 1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor(Account):
    """An account on a site that sells what it is given, and not what a seed gives."""

    shop: Catalogue

    @property
    def catalogue(self) -> Catalogue:
        """The site as this customer sees it."""
        return self.shop


@dataclass(frozen=True, slots=True)
class World:
    """A site to run a plan on."""

    name: str
    shop: Catalogue


@cache
def usual_worlds() -> tuple[World, ...]:
    """The site as it is under each seed."""
    return tuple(World(f"seed {seed}", catalogue(seed)) for seed in SEEDS)


@cache
def odd_worlds() -> tuple[World, ...]:
    """Sites on which loops run zero times and branches go the other way."""
    return tuple(World(name, change(catalogue(0))) for name, change in _CHANGES.items())


def worlds() -> tuple[World, ...]:
    """All of them, the usual ones first."""
    return (*usual_worlds(), *odd_worlds())


def _each_store(change: Callable[[Store], Store]) -> Callable[[Catalogue], Catalogue]:
    return lambda shop: replace(shop, stores=tuple(map(change, shop.stores)))


def _each_item(change: Callable[[Item], Item]) -> Callable[[Catalogue], Catalogue]:
    return _each_store(lambda store: replace(store, menu=_changed(store.menu, change)))


def _changed(menu: tuple[Section, ...], change: Callable[[Item], Item]) -> tuple[Section, ...]:
    return tuple(Section(part.title, tuple(map(change, part.items))) for part in menu)


_CHANGES: Final[dict[str, Callable[[Catalogue], Catalogue]]] = {
    "nothing is available": _each_item(lambda item: replace(item, sold_out=True)),
    "no store delivers": _each_store(lambda s: replace(s, delivers=False, picks_up=True)),
    "every store only delivers": _each_store(lambda s: replace(s, delivers=True, picks_up=False)),
    "no store is in a category": _each_store(lambda s: replace(s, categories=())),
    "nobody wrote a review": _each_store(lambda s: replace(s, reviews=(), review_count=0)),
    "everything costs a dollar": _each_item(lambda item: replace(item, cents=100)),
    "everything costs a fortune": _each_item(lambda item: replace(item, cents=item.cents + 90_000)),
    "the menus are empty": _each_store(lambda store: replace(store, menu=())),
    "there are no stores": lambda shop: replace(shop, stores=()),
}
