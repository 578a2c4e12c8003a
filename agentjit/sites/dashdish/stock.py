"""From the data files to the unshuffled stores and menus, exactly as they are written there."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from agentjit.sites.dashdish.menu import Choice, OptionGroup

_DATA: Final = files("agentjit.sites.dashdish") / "data"
_VARIANTS: Final = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StockItem:
    """An item before a seed has chosen its name and price. `names` are its variants."""

    names: tuple[str, ...]
    cents: int
    description: str
    art: str
    options: tuple[OptionGroup, ...]
    #: Named by a task: it keeps its name, and never sells out.
    pinned: bool


@dataclass(frozen=True, slots=True)
class StockSection:
    """A titled part of a stock menu."""

    title: str
    items: tuple[StockItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StockStore:
    """A store before a seed has moved its numbers."""

    name: str
    cuisine: str
    rating: int
    review_count: int
    minutes: int
    fee_cents: int
    level: int
    serves: str
    #: Keeps delivery and pickup under every seed.
    fixed: bool
    sections: tuple[str, ...]
    menu: tuple[StockSection, ...]

    def items(self) -> tuple[StockItem, ...]:
        """All items, in the order of the menu."""
        return tuple(item for section in self.menu for item in section.items)


@dataclass(frozen=True, slots=True)
class Category:
    """A section of the home page."""

    key: str
    title: str
    blurb: str


@dataclass(frozen=True, slots=True)
class Stock:
    """Everything that the data files hold."""

    categories: tuple[Category, ...]
    stores: tuple[StockStore, ...]


@cache
def load_stock() -> Stock:
    """Read the data files. They are part of the package: a mistake in them is ours."""
    options = {key: _read_options(group) for key, group in _read("options.toml").items()}
    menus = {
        store["name"]: tuple(_read_section(s, options) for s in store["section"])
        for path in sorted(p.name for p in (_DATA / "menus").iterdir() if p.name.endswith(".toml"))
        for store in _read(f"menus/{path}")["store"]
    }
    return Stock(
        tuple(Category(**row) for row in _read("sections.toml")["section"]),
        tuple(_read_store(row, menus[row["name"]]) for row in _read("stores.toml")["stores"]),
    )


def _read(path: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / path).read_text(encoding="utf-8"))


def _cents(dollars: float) -> int:
    return round(dollars * 100)


def _read_options(group: dict[str, Any]) -> OptionGroup:
    choices = tuple(Choice(label, _cents(dollars)) for label, dollars in group["choices"])
    return OptionGroup(group["title"], choices, group.get("many", False))


def _read_section(row: dict[str, Any], options: dict[str, OptionGroup]) -> StockSection:
    return StockSection(row["title"], tuple(_read_item(i, row, options) for i in row["items"]))


def _read_item(
    row: list[Any], section: dict[str, Any], options: dict[str, OptionGroup]
) -> StockItem:
    name, dollars, description, *rest = row
    own = {
        "art": section["art"],
        "options": section.get("options", []),
        **(rest[0] if rest else {}),
    }
    return StockItem(
        names=_variants(name),
        cents=_cents(dollars),
        description=description,
        art=own["art"],
        options=tuple(options[key] for key in own["options"]),
        pinned=own.get("pin", False),
    )


def _variants(name: str) -> tuple[str, ...]:
    found = _VARIANTS.search(name)
    if found is None:
        return (name,)
    return tuple(name.replace(found[0], variant) for variant in found[1].split("/"))


def _read_store(row: dict[str, Any], menu: tuple[StockSection, ...]) -> StockStore:
    return StockStore(
        name=row["name"],
        cuisine=row["cuisine"],
        rating=round(row["rating"] * 100),
        review_count=row["reviews"],
        minutes=row["minutes"],
        fee_cents=_cents(row["fee"]),
        level=row["level"],
        serves=row["serves"],
        fixed=row.get("fixed", False),
        sections=tuple(row["sections"]),
        menu=menu,
    )
