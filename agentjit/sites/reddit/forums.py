"""The forums of a seed, and what each of them writes about."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any, Final

from agentjit.sites.reddit.entries import Forum
from agentjit.sites.reddit.writing import load_data

#: Ids of forums that no evaluator names begin here.
_FIRST_ID: Final = 10101


@dataclass(frozen=True, slots=True)
class Ground:
    """A forum with what is written there: on what, and mostly links, pictures or texts."""

    forum: Forum
    words: tuple[str, ...]
    kind: str


def draw_grounds(people: list[str], seed: int) -> list[Ground]:
    """All forums, by name. How many subscribe, and who runs them, depends on the seed."""
    data, places = load_data("forums"), load_data("places")
    entries = [*data["forum"], *(_place(entry, places["words"]) for entry in places["place"])]
    entries.sort(key=lambda entry: entry["name"].casefold())
    return [_draw(index, entry, people, seed) for index, entry in enumerate(entries)]


def _place(entry: dict[str, Any], words: list[str]) -> dict[str, Any]:
    where = entry["where"]
    return {
        "name": entry["name"],
        "id": entry.get("id"),
        "title": where[0].upper() + where[1:],
        "about": f"Life in {where}",
        "words": words,
    }


def _draw(index: int, entry: dict[str, Any], people: list[str], seed: int) -> Ground:
    random = Random(f"forum/{entry['name']}/{seed}")
    moderator = random.choice(people)
    forum = Forum(
        id=entry.get("id") or _FIRST_ID + index,
        name=entry["name"],
        title=entry["title"],
        description=entry["about"],
        sidebar=(
            f"{entry['about']}.\n\n**Be kind.** Stay on topic: *{entry['words'][0]}* and the like. "
            "Search before you ask."
        ),
        tags=tuple(random.sample(("advice", "news", "local", "hobby", "pictures", "talk"), 2)),
        subscribers=int(random.lognormvariate(6.5, 1.2)) + 3,
        featured=entry.get("featured", False),
        moderator=moderator,
    )
    kind = "links" if entry.get("links") else "pictures" if entry.get("pictures") else "texts"
    return Ground(forum, tuple(entry["words"]), kind)
