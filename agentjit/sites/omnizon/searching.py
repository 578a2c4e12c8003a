"""From words or a category to the products that the shop lists for them, narrowed and sorted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from agentjit.sites.omnizon.catalogue import Catalogue
from agentjit.sites.omnizon.product import Product, stems

#: How lists can be sorted: what a visitor sees, and what stands in the address.
ORDERS: Final[Mapping[str, str]] = {
    "featured": "Featured",
    "price-low": "Price: Low to High",
    "price-high": "Price: High to Low",
    "rating": "Avg. Customer Review",
}

#: Suggestions that the search field shows.
_FEW: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a visitor asks for. Prices are cents; the rating is whole stars."""

    words: str = ""
    category: str = ""
    least: int | None = None
    most: int | None = None
    stars: int = 0
    order: str = "featured"


def find(shop: Catalogue, wish: Wish) -> tuple[Product, ...]:
    """The products that meet the wish, in its order."""
    found = shop.on_shelf(wish.category) if wish.category else shop.products
    if wish.words:
        found = _matching(found, wish.words)
    kept = [product for product in found if _fits(product, wish)]
    match wish.order:
        case "price-low":
            kept.sort(key=lambda product: product.cents)
        case "price-high":
            kept.sort(key=lambda product: -product.cents)
        case "rating":
            kept.sort(key=lambda product: (-product.rating, product.rank))
        case _:
            pass
    return tuple(kept)


def suggest(shop: Catalogue, typed: str) -> tuple[str, ...]:
    """Names of products and categories that have words beginning as typed."""
    wanted = [word.casefold() for word in typed.split()]
    if not wanted:
        return ()

    def begins(name: str) -> bool:
        words = name.casefold().split()
        return all(any(word.startswith(each) for word in words) for each in wanted)

    names = [*shop.categories, *(product.name for product in shop.products)]
    return tuple(name for name in names if begins(name))[:_FEW]


def _matching(products: tuple[Product, ...], words: str) -> tuple[Product, ...]:
    """Products that have every word: those that lead first, then those with all in their names."""
    wanted = stems(words)
    found = [product for product in products if wanted and wanted <= product.all_stems]
    found.sort(key=lambda p: (not p.ware.lead, not wanted <= p.name_stems, p.rank))
    return tuple(found)


def _fits(product: Product, wish: Wish) -> bool:
    return (
        (wish.least is None or product.cents >= wish.least)
        and (wish.most is None or product.cents <= wish.most)
        and product.rating >= wish.stars * 10
    )
