"""The shop's data: every ware, from the families and from those that tasks name, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from agentjit.sites.omnizon.product import Ware

_DATA: Final = Path(__file__).parent / "data"

#: How many products a family has that does not say so.
_USUAL: Final = 14
#: Numbers below are kept for products that tasks name.
_FIRST_FREE: Final = 301


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a customer may say of any product."""

    stars: int
    title: str
    text: str


@cache
def load_wares() -> tuple[Ware, ...]:
    """All wares; the order means nothing."""
    families = [*_read("families.toml")["family"], *_read("families_home.toml")["family"]]
    named = [_named(entry) for entry in _read("named.toml")["products"]]
    made = [ware for family in families for ware in _make(family)]
    numbered = (_numbered(ware, str(_FIRST_FREE + place)) for place, ware in enumerate(made))
    return (*named, *numbered)


@cache
def load_opinions() -> tuple[Opinion, ...]:
    """What customers say."""
    return tuple(Opinion(**entry) for entry in _read("opinions.toml")["opinion"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / name).read_text("utf-8"))


def _named(entry: Mapping[str, Any]) -> Ware:
    return Ware(
        id=str(entry["id"]),
        name=entry["name"],
        shelves=tuple(entry["shelves"]),
        art=entry["art"],
        cents=round(entry["price"] * 100),
        colors=tuple(entry["colors"]),
        text=entry["text"],
        facts=tuple(entry["facts"].items()),
        tags=entry.get("tags", ""),
        lead=entry.get("lead", False),
        named=True,
        touchscreen=entry.get("touchscreen", False),
    )


def _make(family: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    count = family.get("count", _USUAL)
    low, high = family["price"]
    makers, styles, colors = family["makers"], family["styles"], family["colors"]
    for place in range(count):
        maker, style = makers[place % len(makers)], styles[place % len(styles)]
        # Dearer ones come later, and the steps grow.
        dollars = low + (high - low) * (place / (count - 1)) ** 1.6
        turn = place % len(colors)
        facts = {
            name: values[(place * 3 + number) % len(values)]
            for number, (name, values) in enumerate(family["facts"].items())
        }
        yield {
            "name": f"{maker} {style} {family['noun']}",
            "shelves": tuple(family["shelves"]),
            "art": family["art"],
            "cents": round(dollars) * 100,
            "colors": (*colors[turn:], *colors[:turn])[:4],
            "text": family["text"],
            "facts": (("Brand", maker.strip(",")), *facts.items()),
        }


def _numbered(made: dict[str, Any], number: str) -> Ware:
    return Ware(id=number, **made)
