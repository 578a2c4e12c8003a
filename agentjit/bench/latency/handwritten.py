"""The floor: scripts for Playwright, which check nothing.

Of the ladder's orders a person wrote one. For the other tasks, what the reference plan did in a
browser is done again: that reads nothing, its answer being in the script: a lower bound.
"""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as PlaywrightError

from agentjit.bench.ladder import order_by_hand
from agentjit.bench.latency.browsing import opened
from agentjit.bench.latency.exercises import Exercise
from agentjit.bench.latency.memory import watch_memory
from agentjit.bench.latency.scripts import read_script, record, why_no_script
from agentjit.bench.latency.system import Attempt, Setting
from agentjit.bench.latency.world import Visit
from agentjit.bench.recordings.recording import Recording
from agentjit.bench.recordings.replaying import replay
from agentjit.errors import RunError

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext


@dataclass(frozen=True, slots=True)
class Handwritten:
    """The ladder's orders by hand, or what was `recorded` of any task."""

    name: str = "handwritten"
    recorded: bool = False
    needs_model: bool = False

    def refusal(self, exercise: Exercise, setting: Setting) -> str | None:  # noqa: ARG002
        """It takes part where there is a script."""
        if self.recorded and exercise.rung is not None:
            # Done again, a click waits for messages to go that a person's script knows to ignore.
            return "a person has written a better script for it"
        if self.recorded:
            return why_no_script(exercise)
        return None if exercise.rung is not None else "nobody has written a script for it"

    async def prepare(self, exercise: Exercise, setting: Setting) -> None:
        """Record what is to be done again. Raises RunError."""
        if self.recorded:
            await record(exercise, setting)

    async def attempt(self, exercise: Exercise, setting: Setting) -> Attempt:
        """Do it in a new tab."""
        script = await read_script(exercise, setting) if self.recorded else None
        begun = time.monotonic()
        url = await setting.worlds.start(exercise)
        async with (
            watch_memory(os.getpid(), without=setting.others()) as peak,
            opened(setting.browser, url) as context,
        ):
            started = time.monotonic()
            answer, error = None, None
            try:
                async with asyncio.timeout(setting.limits.seconds):
                    answer = await _do(context, url, exercise, script)
            except (PlaywrightError, RunError, TimeoutError) as failure:
                error = str(failure).partition("\n")[0] or "its time is over"
            ended = time.monotonic()
            cookies = {each["name"]: each["value"] for each in await context.cookies()}
        return Attempt(
            visit=Visit(done=error is None, answer=answer, cookies=cookies),
            wall_seconds=ended - started,
            startup_seconds=started - begun,
            first_action_seconds=0.0,
            actions=1 + _count(exercise, script),
            peak_bytes=peak.bytes,
            error=error,
        )


def _count(exercise: Exercise, script: Recording | None) -> int:
    """Browser actions, without the opening of the first page."""
    if script is not None:
        return len(script.actions)
    return exercise.rung.actions if exercise.rung is not None else 0


async def _do(
    context: BrowserContext, url: str, exercise: Exercise, script: Recording | None
) -> Any:
    page = await context.new_page()
    await page.goto(url)
    if script is not None:
        await replay(page, script, url)
        answer = script.answer
    else:
        assert exercise.rung is not None
        answer = await order_by_hand(page, exercise.rung, exercise.items)
    # The tab is closed with the browser: the others' clocks do not wait for theirs, either.
    return answer
