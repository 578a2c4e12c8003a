"""From a store's rating and menu to what its customers wrote, newest first."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from agentjit.sites.dashdish.menu import Review

#: At most so many reviews of a store have a text.
_MOST = 14


@dataclass(frozen=True, slots=True)
class _Phrases:
    names: tuple[str, ...]
    good: tuple[str, ...]
    fair: tuple[str, ...]
    poor: tuple[str, ...]


@cache
def _load_phrases() -> _Phrases:
    path = files("agentjit.sites.dashdish") / "data" / "reviews.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return _Phrases(**{key: tuple(texts) for key, texts in data.items()})


def write_reviews(
    store: str, items: Sequence[str], rating: int, review_count: int, *, seed: int
) -> tuple[Review, ...]:
    """The reviews that have a text; no reviewer and no text comes twice."""
    random = Random(f"reviews/{store}/{seed}")
    phrases = _load_phrases()
    amount = min(review_count, random.randint(5, _MOST))
    reviewers = random.sample(phrases.names, amount)
    texts = {
        tone: random.sample(list_, len(list_))
        for tone, list_ in (("good", phrases.good), ("fair", phrases.fair), ("poor", phrases.poor))
    }
    days, reviews = 0, []
    for reviewer in reviewers:
        days += random.randint(1, 16)
        stars = _draw_stars(rating, random)
        tone = "good" if stars >= 4 else "fair" if stars == 3 else "poor"
        # Where a tone has no texts left, the middle one speaks for it.
        pile = texts[tone] or texts["fair"] or texts["good"]
        text = pile.pop().replace("{item}", random.choice(items))
        reviews.append(Review(reviewer=reviewer, rating=stars, days=days, text=text))
    return tuple(reviews)


def _draw_stars(rating: int, random: Random) -> int:
    """Stars around the store's rating, which is in hundredths."""
    return max(1, min(5, round(random.gauss(rating / 100, 0.9))))
