"""The floor: a Playwright script that a person wrote, where there is one. It checks nothing."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.async_api import Error as PlaywrightError

from agentjit.bench.ladder import order_by_hand
from agentjit.bench.latency.browsing import opened
from agentjit.bench.latency.exercises import Exercise
from agentjit.bench.latency.memory import watch_memory
from agentjit.bench.latency.system import Attempt, Setting
from agentjit.bench.latency.world import Visit

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext


@dataclass(frozen=True, slots=True)
class Handwritten:
    """The ladder's orders by hand."""

    name: str = "handwritten"
    needs_model: bool = False

    def refusal(self, exercise: Exercise, setting: Setting) -> str | None:  # noqa: ARG002
        """It takes part where somebody has written a script."""
        return None if exercise.rung is not None else "nobody has written a script for it"

    async def prepare(self, exercise: Exercise, setting: Setting) -> None:
        """There is nothing to do before."""

    async def attempt(self, exercise: Exercise, setting: Setting) -> Attempt:
        """Do it in a new tab."""
        begun = time.monotonic()
        url = await setting.worlds.start(exercise)
        aside = {p.pid for p in (setting.model.program, *setting.worlds.programs)}
        async with (
            watch_memory(os.getpid(), without=aside) as peak,
            opened(setting.browser, url) as context,
        ):
            started = time.monotonic()
            answer, error = None, None
            try:
                async with asyncio.timeout(setting.limits.seconds):
                    answer = await _order(context, url, exercise)
            except (PlaywrightError, TimeoutError) as failure:
                error = str(failure).partition("\n")[0] or "its time is over"
            ended = time.monotonic()
            cookies = {each["name"]: each["value"] for each in await context.cookies()}
        assert exercise.rung is not None
        return Attempt(
            visit=Visit(done=error is None, answer=answer, cookies=cookies),
            wall_seconds=ended - started,
            startup_seconds=started - begun,
            first_action_seconds=0.0,
            actions=exercise.rung.actions + 1,
            peak_bytes=peak.bytes,
            error=error,
        )


async def _order(context: BrowserContext, url: str, exercise: Exercise) -> str:
    page = await context.new_page()
    await page.goto(url)
    assert exercise.rung is not None
    answer = await order_by_hand(page, exercise.rung, exercise.items)
    with suppress(PlaywrightError):
        await page.close()
    return answer
