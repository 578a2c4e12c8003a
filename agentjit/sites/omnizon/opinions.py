"""What customers wrote about a product: drawn from the pool, the same for a seed every time."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from agentjit.sites.omnizon.product import Product
from agentjit.sites.omnizon.stock import Opinion, load_opinions

_NAMES: Final = (
    *("Dana", "Milo", "Priya", "Jonas", "Amira", "Teo", "Saskia", "Ravi", "Noor", "Colette"),
    *("Ines", "Bram", "Yuki", "Olga", "Femi", "Lars", "Maren", "Tomas", "Ada", "Kwame"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """One customer's opinion. `days`: so long ago."""

    name: str
    opinion: Opinion
    days: int


def opinions_of(product: Product, seed: int) -> tuple[Written, ...]:
    """Up to twelve opinions, newest first; kind ones are likelier where the rating is high."""
    random = Random(f"opinions {seed} {product.id}")
    pool = load_opinions()
    weights = [10 - abs(opinion.stars * 10 - product.rating) / 5 for opinion in pool]
    count = min(product.review_count, random.randint(2, 12))
    chosen: dict[str, Opinion] = {}
    while len(chosen) < count:
        (opinion,) = random.choices(pool, [max(weight, 0.3) for weight in weights])
        chosen[opinion.title] = opinion
    days = sorted(random.sample(range(1, 700), count))
    names = random.sample(_NAMES, count)
    return tuple(map(Written, names, chosen.values(), days))
