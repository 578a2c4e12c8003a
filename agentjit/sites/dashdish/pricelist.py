"""From a stock menu and a seed to names and prices, such that every seed has another cheapest item.

Seed 0 is the stock as it is written. Under another seed each price moves, each item with variants
takes one of its names, and two items are chosen to be the cheapest and the dearest of the menu, by
a margin, so that neither is ever tied. Which two runs through all (item, variant) pairs before it
repeats: for a menu with 12 candidates of 3 variants, 36 seeds in a row have 36 different answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from agentjit.sites.dashdish.stock import StockItem, StockStore

#: Nothing but the chosen cheapest item costs less than this many cents.
_LEAST: Final = 99
#: Cents at which prices end.
_ENDINGS: Final = (5, 15, 25, 29, 35, 45, 49, 55, 65, 75, 79, 85, 89, 95, 99)


@dataclass(frozen=True, slots=True)
class Priced:
    """An item's name and price under one seed, and what it cost before a discount."""

    name: str
    cents: int
    was_cents: int | None = None


def price_menu(store: StockStore, seed: int) -> tuple[Priced, ...]:
    """Name and price of each of the store's items, in the order of the menu."""
    items = store.items()
    if seed == 0:
        return tuple(Priced(item.names[0], item.cents) for item in items)
    random = Random(f"prices/{store.name}/{seed}")
    priced = [
        Priced(random.choice(item.names), _ending(item.cents * random.uniform(0.8, 1.3), random))
        for item in items
    ]
    low, low_name = _pick(items, seed, dear=False)
    high, high_name = _pick(items, seed, dear=True)
    floor = min(p.cents for i, p in enumerate(priced) if i != low)
    ceiling = max(p.cents for i, p in enumerate(priced) if i != high)
    usual = priced[low].cents
    cheapest = _ending_below(floor * random.uniform(0.78, 0.93), floor)
    discounted = usual if usual > cheapest * 1.15 else None
    priced[low] = Priced(low_name, cheapest, discounted)
    dearest = _ending(ceiling * random.uniform(1.06, 1.25) + 10, random)
    priced[high] = replace(priced[high], name=high_name, cents=dearest)
    return tuple(priced)


def _pick(items: tuple[StockItem, ...], seed: int, *, dear: bool) -> tuple[int, str]:
    """Which item is the cheapest (or dearest) under the seed, and by which name."""
    order = sorted(range(len(items)), key=lambda i: items[i].cents, reverse=dear)
    # The dearest comes from the upper third only, so that no side dish costs more than a feast.
    likely = order[: len(items) // 3] if dear else order[: len(items) // 2]
    pairs = [(i, name) for i in likely if not items[i].pinned for name in items[i].names]
    # A step without a common divisor visits every pair before it comes back to the first.
    step = next(
        s for s in range(len(pairs) // 2 + 1, len(pairs) + 2) if math.gcd(s, len(pairs)) == 1
    )
    return pairs[(seed * step) % len(pairs)]


def _ending(cents: float, random: Random) -> int:
    return max(_LEAST, int(cents // 100) * 100 + random.choice(_ENDINGS))


def _ending_below(cents: float, floor: int) -> int:
    """The nearest amount that a price could have, below the floor by at least two cents."""
    whole = int(cents // 100) * 100
    endings = [whole + e for e in _ENDINGS] + [whole - 100 + e for e in _ENDINGS]
    return min((e for e in endings if e <= floor - 2), key=lambda e: abs(e - cents))
