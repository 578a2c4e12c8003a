"""From phrases to what people write: titles, bodies, comments, and the names they have."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

#: How many people write, besides those that a landmark names.
_PEOPLE = 420


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of `data/phrases.toml`, by what they are for."""

    titles: tuple[str, ...]
    headlines: tuple[str, ...]
    captions: tuple[str, ...]
    sentences: tuple[str, ...]
    comments: tuple[str, ...]
    names: Mapping[str, Sequence[str]]


def load_data(name: str) -> Mapping[str, Any]:
    """A TOML file of this site's data."""
    path = files("agentjit.sites.reddit") / "data" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def load_phrases() -> Phrases:
    """All phrases."""
    data = load_data("phrases")
    lists = {key: tuple(data[key]) for key in data if key != "names"}
    return Phrases(**lists, names=data["names"])


def write_titles(
    patterns: Sequence[str], words: Sequence[str], amount: int, random: Random
) -> list[str]:
    """So many titles, or as many as the patterns and words allow; none comes twice."""
    pairs = [(pattern, word) for pattern in patterns for word in words]
    chosen = random.sample(pairs, min(amount, len(pairs)))
    return [fill(pattern, word) for pattern, word in chosen]


def fill(pattern: str, word: str) -> str:
    """A pattern with its word: {w} as it is, {W} as it begins a sentence."""
    return pattern.replace("{w}", word).replace("{W}", word[0].upper() + word[1:])


def write_body(random: Random) -> str:
    """One to four sentences, sometimes in two paragraphs."""
    chosen = random.sample(load_phrases().sentences, random.randint(1, 4))
    if len(chosen) < 3:
        return " ".join(chosen)
    return f"{chosen[0]}\n\n{' '.join(chosen[1:])}"


def draw_people(random: Random) -> list[str]:
    """Names of people, none twice."""
    names = load_phrases().names
    found: dict[str, None] = {}
    while len(found) < _PEOPLE:
        joint = random.choice(("", "", "_"))
        tail = random.choice(("", "", str(random.randint(2, 99))))
        name = f"{random.choice(names['first'])}{joint}{random.choice(names['second'])}{tail}"
        found[name] = None
    return list(found)
