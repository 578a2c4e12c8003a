"""Obstacles are put away, one behind the other; where there is none, one look is enough."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from agentjit.runtime.clearing import clear_away
from agentjit.toolspecs.obstacle import Obstacle

OBSTACLES = (
    Obstacle("survey", "#survey", "text=later"),
    Obstacle("consent", "#consent", "text=none"),
    Obstacle("offer", "#offer", "text=no"),
)


@dataclass
class Covered:
    """A page on which obstacles lie in a stack: only the topmost shows."""

    stack: list[str]
    looks: list[str] = field(default_factory=list)

    def locator(self, selector: str) -> Any:
        return Within(self, selector)


@dataclass
class Within:
    page: Covered
    selector: str

    async def is_visible(self) -> bool:
        self.page.looks.append(self.selector)
        return self.page.stack[-1:] == [self.selector]

    def locator(self, _: str) -> Any:
        return self

    async def click(self, timeout: float) -> None:
        self.page.stack.remove(self.selector)


async def test_what_lies_behind_an_obstacle_is_put_away_too() -> None:
    page: Any = Covered(["#offer", "#survey", "#consent"])
    assert await clear_away(page, OBSTACLES) == ("consent", "survey", "offer")
    assert page.stack == []


async def test_where_nothing_is_in_the_way_each_is_looked_for_once() -> None:
    page: Any = Covered([])
    assert await clear_away(page, OBSTACLES) == ()
    assert page.looks == ["#survey", "#consent", "#offer"]
