"""From a seed to the whole site: which stores there are, in which order, and what they sell.

A seed moves prices, ratings, review counts, times, fees, services, the order of stores and of the
home page's sections, and item names. Store names stay, and so do the items that tasks name.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from random import Random

from agentjit.sites.dashdish.menu import Item, Section, Store, slug
from agentjit.sites.dashdish.pricelist import Priced, price_menu
from agentjit.sites.dashdish.reviewing import write_reviews
from agentjit.sites.dashdish.stock import Category, StockStore, load_stock

#: How many stores the first section leads the whole list with.
_LEADERS = 3


@dataclass(frozen=True)
class Catalogue:
    """All stores of a seed, in the order of the list, and the home page's sections in theirs."""

    seed: int
    categories: tuple[Category, ...]
    stores: tuple[Store, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Store]:
        """The stores by their ids."""
        return {store.id: store for store in self.stores}

    def in_category(self, title: str) -> tuple[Store, ...]:
        """The stores of one section."""
        return tuple(s for s in self.stores if title in s.categories)

    def search(self, query: str) -> tuple[Store, ...]:
        """The stores whose name, cuisine or menu has every word of the query."""
        words = query.casefold().split()
        return tuple(s for s in self.stores if all(w in _searchable(s) for w in words))


@lru_cache(maxsize=64)
def catalogue(seed: int) -> Catalogue:
    """The site under a seed; the same seed gives the same site."""
    stock = load_stock()
    random = Random(f"stores/{seed}")
    numbers = _deal_numbers(stock.stores, seed, random)
    categories = list(stock.categories)
    order = list(range(len(stock.stores)))
    if seed:
        random.shuffle(categories)
        random.shuffle(order)
    titles = {c.key: c.title for c in categories}
    stores = [_make_store(stock.stores[i], numbers[i], titles, seed) for i in order]
    # The first stores on the page are the first of the list, whichever way a reader looks.
    first = categories[0].title
    leaders = [s for s in stores if first in s.categories][:_LEADERS]
    stores = leaders + [s for s in stores if s not in leaders]
    return Catalogue(seed, tuple(categories), tuple(stores))


@dataclass(frozen=True, slots=True)
class _Numbers:
    rating: int
    review_count: int
    minutes: int
    fee_cents: int
    serves: str


def _deal_numbers(
    stores: tuple[StockStore, ...], seed: int, random: Random
) -> tuple[_Numbers, ...]:
    """Each store's numbers. Ratings and review counts are never shared by two stores."""
    plain = tuple(
        _Numbers(s.rating, s.review_count, s.minutes, s.fee_cents, s.serves) for s in stores
    )
    if not seed:
        return plain
    ratings = random.sample(range(352, 494), len(stores))
    counts = [max(3, round(n.review_count * random.uniform(0.7, 1.4))) for n in plain]
    random.shuffle(counts)
    # So many that how many of them there are is a question worth asking.
    few = Random(f"few/{seed}")
    counts = [
        few.randint(3, 19) if "near" in store.sections and few.random() < 0.4 else count
        for store, count in zip(stores, counts, strict=True)
    ]
    return tuple(
        _Numbers(
            rating=rating,
            review_count=count,
            minutes=random.randint(12, 58),
            fee_cents=_deal_fee(store, random),
            serves="both" if store.fixed else random.choice(("both", "both", "delivery", "pickup")),
        )
        for store, rating, count in zip(stores, ratings, _separate(counts), strict=True)
    )


def _deal_fee(store: StockStore, random: Random) -> int:
    """A fee on the side of a dollar on which the store's sections promise it."""
    if "fee" in store.sections:
        return random.choice((0, 49, 79, 99))
    return random.choice((149, 199, 249, 299, 349, 399))


def _separate(counts: list[int]) -> list[int]:
    """The same numbers, each moved up to the next free one."""
    free: dict[int, None] = {}
    for wanted in counts:
        free[next(c for c in itertools.count(wanted) if c not in free)] = None
    return list(free)


def _make_store(
    stock: StockStore, numbers: _Numbers, titles: Mapping[str, str], seed: int
) -> Store:
    prices = price_menu(stock, seed)
    menu = _make_menu(stock, prices, seed)
    names = [item.name for section in menu for item in section.items]
    return Store(
        id=slug(stock.name),
        name=stock.name,
        cuisine=stock.cuisine,
        rating=numbers.rating,
        review_count=numbers.review_count,
        minutes=numbers.minutes,
        fee_cents=numbers.fee_cents,
        level=stock.level,
        delivers=numbers.serves != "pickup",
        picks_up=numbers.serves != "delivery",
        categories=tuple(titles[key] for key in stock.sections),
        menu=menu,
        reviews=write_reviews(stock.name, names, numbers.rating, numbers.review_count, seed=seed),
    )


def _make_menu(stock: StockStore, prices: tuple[Priced, ...], seed: int) -> tuple[Section, ...]:
    gone = _sold_out(stock, prices, seed)
    items = [
        Item(
            id=f"{index + 101}",
            name=priced.name,
            cents=priced.cents,
            description=item.description,
            art=item.art,
            options=item.options,
            sold_out=index == gone,
            was_cents=priced.was_cents,
        )
        for index, (item, priced) in enumerate(zip(stock.items(), prices, strict=True))
    ]
    left = iter(items)
    return tuple(
        Section(section.title, tuple(next(left) for _ in section.items)) for section in stock.menu
    )


def _sold_out(stock: StockStore, prices: tuple[Priced, ...], seed: int) -> int | None:
    """The position of the item that is sold out, if any; never the cheapest or the dearest one."""
    random = Random(f"sold out/{stock.name}/{seed}")
    if random.random() < 0.6:
        return None
    by_price = sorted(range(len(prices)), key=lambda i: prices[i].cents)
    free = [i for i in by_price[2:-2] if not stock.items()[i].pinned]
    return random.choice(free) if free else None


def _searchable(store: Store) -> str:
    items = " ".join(item.name for item in store.items())
    return f"{store.name} {store.cuisine} {items}".casefold()
