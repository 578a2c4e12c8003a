"""The most memory that a process and its children had at once, looked at a few times a second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: Seconds between two looks: a look at twenty processes takes a few milliseconds.
EVERY: Final = 0.5
_PROC: Final = Path("/proc")


@dataclass(slots=True)
class Peak:
    """The highest figure so far, in bytes; 0 where the system does not tell (no /proc)."""

    #: Whether children do not count.
    alone: bool = False
    bytes: int = 0

    def look(self, root: int, without: Collection[int] = ()) -> None:
        """Look once."""
        now = _proportional(root) if self.alone else memory_of(root, without)
        self.bytes = max(self.bytes, now)


@asynccontextmanager
async def watch_memory(
    root: int, *, without: Collection[int] = (), alone: bool = False
) -> AsyncIterator[Peak]:
    """Look at the process `root` and all its children, or at it `alone`, while the block lasts.

    Children that are `without` do not count, nor do theirs.
    """
    peak = Peak(alone)

    async def look_on() -> None:
        while True:
            await asyncio.to_thread(peak.look, root, without)
            await asyncio.sleep(EVERY)

    looking = asyncio.create_task(look_on())
    try:
        yield peak
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
        peak.look(root, without)


def memory_of(root: int, without: Collection[int] = ()) -> int:
    """Bytes of a process and its children, shared pages counted by their share."""
    return sum(_proportional(pid) for pid in family(root, without))


def family(root: int, without: Collection[int] = ()) -> Iterator[int]:
    """A process, its children, and theirs, but for those that are `without`."""
    if root in without:
        return
    yield root
    with suppress(OSError):
        for task in (_PROC / str(root) / "task").iterdir():
            with suppress(OSError):
                for child in (task / "children").read_text("ascii").split():
                    yield from family(int(child), without)


def _proportional(pid: int) -> int:
    try:
        for line in (_PROC / str(pid) / "smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        # It has ended, or is not ours to look into.
        return 0
    return 0
