"""Put away what a toolset says may be in the way."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from playwright.async_api import Error as PlaywrightError

from agentjit.toolspecs.obstacle import Obstacle

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Milliseconds that an obstacle's button may take.
CLICK_MS: Final = 2_000


async def clear_away(page: Page, obstacles: Iterable[Obstacle]) -> tuple[str, ...]:
    """Dismiss each obstacle that is on the page; the names of those that were."""
    cleared = []
    for obstacle in obstacles:
        with suppress(PlaywrightError):
            shown = page.locator(obstacle.shown)
            if await shown.is_visible():
                await shown.locator(obstacle.dismiss).click(timeout=CLICK_MS)
                cleared.append(obstacle.name)
    return tuple(cleared)
