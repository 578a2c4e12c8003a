"""How it grows: runs side by side in one process, long plans, and long loops.

Side by side, runs share one browser process, each with an account of its own; so many of them work
at once as there are tabs, the others wait, and their waiting is in their time.
"""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from agentjit.bench.compiling import make_plan
from agentjit.bench.latency.memory import memory_of, watch_memory
from agentjit.bench.latency.statistics import quantile
from agentjit.bench.latency.world import open_worlds
from agentjit.compiler.check import CheckedProgram, check
from agentjit.engine import AgentJIT
from agentjit.errors import RunError
from agentjit.runtime.launch import require_browser
from agentjit.toolspecs import Toolset

#: Runs side by side, and how many tabs they have together.
SIDE_BY_SIDE: Final = (1, 4, 16, 64)
TABS: Final = 16
#: Statements of a plan; those that are too many are refused, which is told.
STATEMENTS: Final = (100, 300, 1_000, 2_000, 10_000)
#: Rounds of a loop over stores.
ROUNDS: Final = (10, 100, 1_000)

_ORDER: Final = """\
goto_store("Taco Bell")
items = [item for item in list_menu_items() if item["available"]]
add_to_cart(items[0]["name"])
goto_checkout()
result = place_order()["order_id"]
"""
_LOOP: Final = """\
count = 0
for number in range({rounds}):
    goto_store("Taco Bell")
    count += get_store_details()["review_count"] > 0
    goto_home()
result = count
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Runs side by side: all of them, how many were done, and what they took."""

    runs: int
    tabs: int
    done: int
    #: Runs that ended in a second, and the seconds that one run in twenty exceeds.
    throughput: float
    p95: float
    #: Bytes that all of it had at most beyond what it had before.
    bytes: int

    @property
    def bytes_a_run(self) -> int:
        """Of these, the share of one of the runs that had a tab: one that waits has nothing yet."""
        return self.bytes // self.tabs


@dataclass(frozen=True, slots=True)
class LongPlan:
    """A plan of so many statements: seconds and bytes of checking it; what refused it, if so."""

    statements: int
    seconds: float
    bytes: int
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class LongLoop:
    """A loop of three calls a round."""

    rounds: int
    strategy: str
    done: bool
    seconds: float
    #: The most that the process had, without the browser, and what is kept of the run on disk.
    own_bytes: int
    kept_bytes: int


@dataclass(frozen=True, slots=True)
class Scale:
    """All of it."""

    crowds: tuple[Crowd, ...]
    plans: tuple[LongPlan, ...]
    loops: tuple[LongLoop, ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "side_by_side": [
                {**asdict(each), "bytes_a_run": each.bytes_a_run} for each in self.crowds
            ],
            "plans": [asdict(each) for each in self.plans],
            "loops": [asdict(each) for each in self.loops],
        }

    def show(self) -> str:
        """As tables."""
        lines = [
            "orders side by side, one process, one browser",
            f"  {'runs':>5} {'tabs':>5} {'done':>5} {'runs/s':>7} {'p95 s':>7} {'MiB a run':>10}",
        ]
        lines += [
            f"  {c.runs:>5} {c.tabs:>5} {c.done:>5} {c.throughput:>7.2f} {c.p95:>7.2f}"
            f" {c.bytes_a_run / 2**20:>10.1f}"
            for c in self.crowds
        ]
        lines += ["", "plans", f"  {'statements':>10} {'seconds':>8} {'µs each':>8} {'MiB':>7}"]
        lines += [
            f"  {p.statements:>10,} {p.seconds:>8.3f} {p.seconds / p.statements * 1e6:>8.0f}"
            f" {p.bytes / 2**20:>7.1f}{f'  refused: {p.refused}' if p.refused else ''}"
            for p in self.plans
        ]
        lines += [
            "",
            "loops of three calls a round",
            f"  {'rounds':>6} {'strategy':>10} {'seconds':>8} {'ms each':>8} {'own MiB':>8}  kept",
        ]
        lines += [
            f"  {x.rounds:>6,} {x.strategy:>10} {x.seconds:>8.2f}"
            f" {x.seconds / x.rounds * 1e3:>8.1f} {x.own_bytes / 2**20:>8.1f}"
            f" {x.kept_bytes / 2**20:>6.2f}{'' if x.done else '  failed'}"
            for x in self.loops
        ]
        return "\n".join(lines)


def _silent(_: str) -> None:
    pass


def measure_plans(toolset: Toolset, sizes: Sequence[int] = STATEMENTS) -> tuple[LongPlan, ...]:
    """Check plans of these sizes: once for the time, and once more for the memory."""
    return tuple(_check_long(size, toolset) for size in sizes)


def _check_long(size: int, toolset: Toolset) -> LongPlan:
    plan = make_plan(size)
    started = time.perf_counter()
    found = check(plan, toolset)
    seconds = time.perf_counter() - started
    tracemalloc.start()
    check(plan, toolset)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    refused = None if isinstance(found, CheckedProgram) else found[0].message
    return LongPlan(size, seconds, peak, refused)


async def measure_crowds(
    sizes: Sequence[int] = SIDE_BY_SIDE, tabs: int = TABS, tell: Callable[[str], None] = _silent
) -> tuple[Crowd, ...]:
    """So many orders at once, each by an engine of its own in the same browser. Raises RunError.

    `tell` is told what is measured now.
    """
    found = []
    async with open_worlds() as worlds:
        url = (await worlds.addresses(0, None))["dashdish"]
        for size in sizes:
            tell(f"{size} orders at once")
            async with _shared_browser() as address:
                found.append(await _crowd(size, min(tabs, size), url, address))
    return tuple(found)


@asynccontextmanager
async def _shared_browser() -> AsyncIterator[str]:
    """A browser of its own, and its DevTools address."""
    from playwright.async_api import async_playwright

    found = require_browser(os.environ)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=found.path,
            chromium_sandbox=False,
            args=[f"--remote-debugging-port={port}"],
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            await browser.close()


async def _crowd(size: int, tabs: int, url: str, browser: str) -> Crowd:
    turns, times = asyncio.Semaphore(tabs), list[float]()

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        before = await asyncio.to_thread(memory_of, os.getpid())
        begun = time.perf_counter()

        async def one() -> bool:
            async with turns, _engine(url, folder, cdp=browser, strategy="serial") as jit:
                result = await jit.run("order the first item of Taco Bell", plan=_ORDER)
            times.append(time.perf_counter() - begun)
            return result.ok

        async with watch_memory(os.getpid()) as peak:
            done = sum(await asyncio.gather(*(one() for _ in range(size))))
    return Crowd(
        size,
        tabs,
        done,
        size / max(times),
        quantile(times, 0.95).value,
        max(0, peak.bytes - before),
    )


async def measure_loops(
    rounds: Sequence[int] = ROUNDS,
    strategies: Sequence[str] = ("serial", "auto"),
    tell: Callable[[str], None] = _silent,
) -> tuple[LongLoop, ...]:
    """Loops of these lengths, each in a browser of its own. Raises RunError."""
    loops = []
    async with open_worlds() as worlds:
        url = (await worlds.addresses(0, None))["dashdish"]
        for number in rounds:
            for strategy in strategies:
                tell(f"a loop of {number:,} rounds, {strategy}")
                loops.append(await _loop(number, strategy, url))
    return tuple(loops)


async def _loop(rounds: int, strategy: str, url: str) -> LongLoop:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        async with (
            _engine(url, folder, strategy=strategy) as jit,
            watch_memory(os.getpid(), alone=True) as peak,
        ):
            result = await jit.run(
                "look at a store again and again", plan=_LOOP.format(rounds=rounds)
            )
        if result.run_dir is None:
            raise RunError(f"a loop of {rounds} rounds kept nothing: {result.error}")
        kept = sum(path.stat().st_size for path in result.run_dir.rglob("*") if path.is_file())
        return LongLoop(
            rounds, strategy, result.ok, result.timing.get("running", 0.0), peak.bytes, kept
        )


def _engine(url: str, folder: str, **more: Any) -> AgentJIT:
    return AgentJIT(
        "dashdish",
        url=url,
        approve=True,
        cache=False,
        planner="symbolic",
        runs_dir=Path(folder) / "runs",
        env={**os.environ, "AGENTJIT_CACHE": folder},
        **more,
    )
