"""What a seed's shop offers: prices, ratings, ranks and colours, made once and shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from random import Random
from typing import Final

from agentjit.sites.omnizon.product import Product, Ware
from agentjit.sites.omnizon.stock import load_wares

#: The categories in the order of the unshuffled home page.
CATEGORIES: Final = (
    "Electronics",
    "Home & Kitchen",
    "Gaming",
    "Toys",
    "Gift",
    "Cosmetics",
    "Books",
    "Headphones",
    "Smartphones",
    "Computers",
    "Coffee",
    "Furniture",
    "Watches",
    "Sports",
    "Pets",
)

#: Of so many products one is out of stock.
_ONE_OUT_OF: Final = 25


@dataclass(frozen=True)
class Catalogue:
    """All products of a seed, in the order of their ranks."""

    products: tuple[Product, ...]
    categories: tuple[str, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Product]:
        """The products by their numbers."""
        return {product.id: product for product in self.products}

    def on_shelf(self, category: str) -> tuple[Product, ...]:
        """The products of a category, by rank; none where there is no such category."""
        return self._shelves.get(category, ())

    @cached_property
    def _shelves(self) -> Mapping[str, tuple[Product, ...]]:
        return {
            each: tuple(p for p in self.products if each in p.ware.shelves) for each in CATEGORIES
        }


@cache
def catalogue(seed: int) -> Catalogue:
    """The shop of a seed. Seed 0 has the usual prices."""
    random = Random(f"omnizon {seed}")
    wares = list(load_wares())
    random.shuffle(wares)
    with_screen = random.choice(sorted(w.id for w in wares if w.touchscreen))
    taken: set[int] = set()
    products = tuple(
        _offer(ware, rank, random, taken=taken, steady=seed == 0, screen=ware.id == with_screen)
        for rank, ware in enumerate(wares)
    )
    categories = list(CATEGORIES)
    if seed:
        random.shuffle(categories)
    return Catalogue(products, tuple(categories))


def _offer(
    ware: Ware, rank: int, random: Random, *, taken: set[int], steady: bool, screen: bool
) -> Product:
    moved = ware.cents * (random.uniform(0.97, 1.03) if ware.named else random.uniform(0.86, 1.16))
    cents = ware.cents if steady else round(moved / 100) * 100
    cents -= random.choice((1, 1, 5, 51))
    # No two products cost the same: the cheapest and the dearest of any list are clear.
    while cents in taken:
        cents += 1
    taken.add(cents)
    reduced = random.random() < 0.22
    colors = list(ware.colors)
    random.shuffle(colors)
    facts = {
        **dict(ware.facts),
        **({"Touchscreen": "Yes" if screen else "No"} if ware.touchscreen else {}),
    }
    return Product(
        ware=ware,
        cents=cents,
        was_cents=round(cents * random.uniform(1.1, 1.5)) if reduced else 0,
        rating=random.choice((29, *range(34, 50))),
        review_count=random.randint(3, random.choice((60, 900, 22_000))),
        rank=rank,
        colors=tuple(colors),
        facts=facts,
        in_stock=ware.named or random.randrange(_ONE_OUT_OF) > 0,
    )
