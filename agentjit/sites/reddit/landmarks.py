"""What tasks and evaluators name, and what is therefore the same at every seed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any, Final

from agentjit.sites.reddit.writing import fill, load_data, load_phrases

#: Who is signed in.
ME: Final = "MarvelsGrantMan136"


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """A submission that is always there, with how old it is in hours."""

    id: int
    forum: str
    author: str
    title: str
    hours: float
    ups: int
    downs: int = 0
    text: str = ""
    link: str = ""
    #: The hash of its picture.
    picture: str = ""
    #: How many comments it has; drawn where None.
    comments: int | None = None
    #: Whether only the author has comments below zero there.
    calm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment that is always there, at the top of its submission."""

    id: int
    post: int
    author: str
    text: str
    ups: int


@cache
def load_remarks() -> tuple[Remark, ...]:
    """All remarks."""
    return tuple(Remark(**entry) for entry in load_data("series")["comment"])


def draw_landmarks(words: dict[str, tuple[str, ...]], seed: int) -> list[Landmark]:
    """All landmarks; what is not said of a series, its titles and ages, is drawn.

    `words` are what each forum writes about.
    """
    found = [Landmark(**entry) for entry in load_data("landmarks")["post"]]
    for entry in load_data("series")["series"]:
        found += _draw_series(entry, words[entry["forum"]], seed)
    return found


def _draw_series(entry: dict[str, Any], words: tuple[str, ...], seed: int) -> list[Landmark]:
    random = Random(f"series/{entry['author']}/{entry['forum']}/{seed}")
    titles = random.sample(load_phrases().titles, len(entry["ids"]))
    return [
        Landmark(
            id=number,
            forum=entry["forum"],
            author=entry["author"],
            title=fill(title, random.choice(words)),
            hours=random.randint(30, 9000) + random.random(),
            ups=random.randint(15, 900),
            downs=random.randint(0, 12),
        )
        for number, title in zip(entry["ids"], titles, strict=True)
    ]
