"""When to try again: waits that double, or as long as the endpoint says, for all its requests."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from agentjit.ports import Clock

#: Seconds before the second attempt, doubled each time, and the most of it.
FIRST_WAIT: Final = 0.5
LONGEST_WAIT: Final = 8.0
#: What is taken off at random, so that requests which failed together do not return together.
_JITTER: Final = 0.25


class LoopClock:
    """The time of the running event loop."""

    def now(self) -> float:
        """Seconds since some fixed point, never going back."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        await asyncio.sleep(seconds)


@dataclass(slots=True)
class Patience:
    """How long the requests to one endpoint hold back: one that is told to wait speaks for all."""

    clock: Clock
    _free_at: float = -math.inf
    _random: random.Random = field(default_factory=random.Random)

    async def wait(self) -> None:
        """Return when requests may be sent."""
        # Another request may have been told to wait longer meanwhile.
        while (left := self._free_at - self.clock.now()) > 0:
            await self.clock.sleep(left)

    def back_off(self, attempt: int, told: float | None) -> float:
        """Hold back after the failure of attempt 0, 1, …; gives the seconds.

        `told` is what the endpoint asks for.
        """
        seconds = told
        if seconds is None:
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempt, 10))
            seconds = wait * (1 - _JITTER * self._random.random())
        self._free_at = max(self._free_at, self.clock.now() + seconds)
        return seconds


def read_retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """The seconds that the endpoint asks to wait; None where it does not say.

    `retry-after-ms` in milliseconds, `retry-after` in seconds or as a date.
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        text = headers.get(name, "")
        try:
            seconds = float(text) * unit
        except ValueError:
            continue
        return max(0.0, seconds) if math.isfinite(seconds) else None
    try:
        at = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
