"""Put away what a toolset says may be in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from playwright.async_api import Error as PlaywrightError

from agentjit.toolspecs.obstacle import Obstacle

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Milliseconds that an obstacle's button may take.
CLICK_MS: Final = 2_000


async def clear_away(page: Page, obstacles: Sequence[Obstacle]) -> tuple[str, ...]:
    """Dismiss each obstacle that is on the page; the names of those that were."""
    left, cleared = list(obstacles), list[str]()
    while left:
        # All are looked for at once: mostly there is none, and this is done before every call.
        there = await find_obstacles(page, left)
        dismissed = [each.name for each in there if await _dismiss(page, each)]
        cleared += dismissed
        # Behind one that is gone there may be another, which only shows now.
        left = [each for each in left if each not in there] if dismissed else []
    return tuple(cleared)


async def find_obstacles(page: Page, known: Sequence[Obstacle]) -> list[Obstacle]:
    """Those of them that are on the page now. Never raises for the page's sake."""
    shown = await asyncio.gather(*(_is_shown(page, each) for each in known))
    return [each for each, seen in zip(known, shown, strict=True) if seen]


async def _dismiss(page: Page, obstacle: Obstacle) -> bool:
    with suppress(PlaywrightError):
        await page.locator(obstacle.shown).locator(obstacle.dismiss).click(timeout=CLICK_MS)
        return True
    return False


async def _is_shown(page: Page, obstacle: Obstacle) -> bool:
    try:
        return await page.locator(obstacle.shown).is_visible()
    except PlaywrightError:
        return False
