"""Tabs that a run has left, closed while nobody waits: a browser may never answer the closing."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

#: Seconds to wait for what is being closed once the browser itself is closed.
LAST_SECONDS: Final = 2.0


@dataclass(eq=False, slots=True)
class Leavings:
    """What is being closed. It belongs to whoever holds the browser."""

    _closing: set[asyncio.Task[None]] = field(default_factory=set)

    def take(self, closing: Coroutine[Any, Any, None]) -> None:
        """Close something from now on."""
        task = asyncio.create_task(closing)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def aclose(self) -> None:
        """Wait until all is closed, or give it up."""
        closing = set(self._closing)
        if closing:
            await asyncio.wait(closing, timeout=LAST_SECONDS)
        for task in closing:
            task.cancel()
        await asyncio.gather(*closing, return_exceptions=True)
