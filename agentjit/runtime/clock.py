"""The real clock."""

from __future__ import annotations

import asyncio
import time


class SystemClock:
    """Monotonic time of this machine."""

    def now(self) -> float:
        """Seconds since some fixed point, never going back."""
        return time.perf_counter()

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        await asyncio.sleep(seconds)
