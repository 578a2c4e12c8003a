"""A plan that only reads, on a site where one answer in ten takes twenty times as long.

Runs without copies come first: they teach the profile when a call is late. Then runs without and
with copies take turns. Requests are tool calls that were begun, those of copies among them.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, quantiles
from typing import Any, Final

from agentjit.bench.measuring import Spread, show_spreads
from agentjit.engine import AgentJIT
from agentjit.errors import RunError
from agentjit.ports import RunEvent
from agentjit.sites import load_site

LATENCY: Final = "lognormal:0.3:sigma=0.3:tail=0.1x20"
#: The same graph in one tab, without and with copies.
STRATEGIES: Final = ("parallel:1", "hedge:2")
#: Runs before any counts: a tool must have been seen eight times for its lateness to be known.
TEACHING: Final = 4

PLAN: Final = """\
found = []
for name in ["Taco Bell", "Souvla", "Wingstop"]:
    goto_store(name)
    found.append(get_store_details()["review_count"])
    goto_home()
result = found
"""


@dataclass(frozen=True, slots=True)
class Hedged:
    """Seconds and tool calls of runs, by strategy."""

    seconds: dict[str, tuple[float, ...]]
    requests: dict[str, tuple[int, ...]]

    def p95(self, strategy: str) -> float:
        """The time that one run in twenty exceeds, in seconds."""
        return quantiles(self.seconds[strategy], n=20, method="inclusive")[-1]

    @property
    def tail(self) -> float:
        """The hedged p95 by the plain one."""
        return self.p95(STRATEGIES[1]) / self.p95(STRATEGIES[0])

    @property
    def price(self) -> float:
        """Calls of hedged runs by those of plain ones."""
        return fmean(self.requests[STRATEGIES[1]]) / fmean(self.requests[STRATEGIES[0]])

    def show(self) -> str:
        """A table."""
        spreads = [Spread(name, times) for name, times in self.seconds.items()]
        table = show_spreads(f"a plan that reads, answers {LATENCY}", spreads, "s")
        p95 = ", ".join(f"{name} {self.p95(name):.2f} s" for name in STRATEGIES)
        return (
            f"{table}\n  p95: {p95}; hedged / plain {self.tail:.2f}, at {self.price:.2f} times"
            " the tool calls"
        )

    def to_json(self) -> dict[str, Any]:
        """As data, in seconds."""
        return {
            "latency": LATENCY,
            "seconds": {name: list(times) for name, times in self.seconds.items()},
            "requests": {name: list(calls) for name, calls in self.requests.items()},
            "p95_ratio": round(self.tail, 4),
            "request_ratio": round(self.price, 4),
        }


async def measure_hedging(runs: int) -> Hedged:
    """So many runs under each strategy. Raises RunError."""
    from agentjit.sites.common.serve import serving
    from agentjit.sites.common.settings import make_settings

    seconds: dict[str, list[float]] = {name: [] for name in STRATEGIES}
    requests: dict[str, list[int]] = {name: [] for name in STRATEGIES}
    site = load_site("dashdish")
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        urls = await stack.enter_async_context(serving([site], make_settings(latency=LATENCY)))
        engines = {}
        for name in STRATEGIES:
            counter = _Counter()
            engine = _engine(urls[site.name], name, folder, counter)
            engines[name] = (await stack.enter_async_context(engine), counter)
        for _ in range(TEACHING):
            await _run(*engines[STRATEGIES[0]])
        for _ in range(runs):
            for name, (engine, counter) in engines.items():
                took, calls = await _run(engine, counter)
                seconds[name].append(took)
                requests[name].append(calls)
    return Hedged(
        {name: tuple(times) for name, times in seconds.items()},
        {name: tuple(calls) for name, calls in requests.items()},
    )


@dataclass(slots=True)
class _Counter:
    """Counts the tool calls that are begun."""

    calls: int = 0

    def __call__(self, event: RunEvent) -> None:
        self.calls += event.kind == "call-started"


def _engine(url: str, strategy: str, folder: str, counter: _Counter) -> AgentJIT:
    return AgentJIT(
        "dashdish",
        url=url,
        strategy=strategy,
        cache=False,
        env={**os.environ, "AGENTJIT_CACHE": folder},
        runs_dir=Path(folder) / "runs",
        listeners=(counter,),
    )


async def _run(engine: AgentJIT, counter: _Counter) -> tuple[float, int]:
    before = counter.calls
    result = await engine.run("read of three stores", plan=PLAN)
    if not result.ok:
        raise RunError(f"a run failed: {result.error}")
    return result.timing["running"], counter.calls - before
