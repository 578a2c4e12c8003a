"""A plan that only reads, on a site where one answer in ten takes twenty times as long.

Runs without copies come first: they teach the profile when a call is late. Then runs without and
with copies take turns. Requests are tool calls that were begun, those of copies among them.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, quantiles
from typing import TYPE_CHECKING, Any, Final

from agentjit.bench.measuring import Spread, show_spreads
from agentjit.engine import AgentJIT
from agentjit.errors import RunError
from agentjit.ports import RunEvent
from agentjit.sites import load_site
from agentjit.sites.site import Site

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.types import ASGIApp, Receive, Scope, Send

    from agentjit.sites.common.settings import SiteSettings

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
    """Seconds, requests and tool calls of runs, by strategy."""

    seconds: dict[str, tuple[float, ...]]
    requests: dict[str, tuple[int, ...]]
    calls: dict[str, tuple[int, ...]]

    def p95(self, strategy: str) -> float:
        """The time that one run in twenty exceeds, in seconds."""
        return quantiles(self.seconds[strategy], n=20, method="inclusive")[-1]

    @property
    def tail(self) -> float:
        """The hedged p95 by the plain one."""
        return self.p95(STRATEGIES[1]) / self.p95(STRATEGIES[0])

    @property
    def price(self) -> float:
        """Requests of hedged runs by those of plain ones."""
        return _ratio(self.requests)

    def show(self) -> str:
        """A table."""
        spreads = [Spread(name, times) for name, times in self.seconds.items()]
        table = show_spreads(f"a plan that reads, answers {LATENCY}", spreads, "s")
        p95 = ", ".join(f"{name} {self.p95(name):.2f} s" for name in STRATEGIES)
        return (
            f"{table}\n  p95: {p95}; hedged / plain {self.tail:.2f}, at {self.price:.2f} times"
            f" the requests and {_ratio(self.calls):.2f} times the tool calls"
        )

    def to_json(self) -> dict[str, Any]:
        """As data, in seconds."""
        return {
            "latency": LATENCY,
            "seconds": {name: list(times) for name, times in self.seconds.items()},
            "requests": {name: list(each) for name, each in self.requests.items()},
            "calls": {name: list(each) for name, each in self.calls.items()},
            "p95_ratio": round(self.tail, 4),
            "request_ratio": round(self.price, 4),
            "call_ratio": round(_ratio(self.calls), 4),
        }


def _ratio(counts: dict[str, tuple[int, ...]]) -> float:
    return fmean(counts[STRATEGIES[1]]) / fmean(counts[STRATEGIES[0]])


async def measure_hedging(runs: int) -> Hedged:
    """So many runs under each strategy. Raises RunError."""
    from agentjit.sites.common.serve import serving
    from agentjit.sites.common.settings import make_settings

    seen: dict[str, list[tuple[float, int, int]]] = {name: [] for name in STRATEGIES}
    site = _CountedSite(load_site("dashdish").name, "")
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        urls = await stack.enter_async_context(serving([site], make_settings(latency=LATENCY)))
        engines = {}
        for name in STRATEGIES:
            calls = _Counter()
            engine = _engine(urls[site.name], name, folder, calls)
            engines[name] = (await stack.enter_async_context(engine), calls)
        for _ in range(TEACHING):
            await _run(*engines[STRATEGIES[0]], site.requests)
        for _ in range(runs):
            for name, (engine, calls) in engines.items():
                seen[name].append(await _run(engine, calls, site.requests))
    return Hedged(
        seconds={name: tuple(each[0] for each in told) for name, told in seen.items()},
        requests={name: tuple(each[1] for each in told) for name, told in seen.items()},
        calls={name: tuple(each[2] for each in told) for name, told in seen.items()},
    )


@dataclass(slots=True)
class _Counter:
    """Counts tool calls that are begun, or requests."""

    count: int = 0

    def __call__(self, event: RunEvent) -> None:
        self.count += event.kind == "call-started"


@dataclass(frozen=True, slots=True)
class _CountedSite(Site):
    """A site that counts what it answers itself."""

    requests: _Counter = field(default_factory=_Counter)

    def create_app(self, settings: SiteSettings) -> Starlette:
        app = Site.create_app(self, settings)
        app.add_middleware(_Counting, counter=self.requests)
        return app


class _Counting:
    """An ASGI layer that counts requests for anything but files."""

    def __init__(self, app: ASGIApp, counter: _Counter) -> None:
        self.app = app
        self.counter = counter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.counter.count += scope["type"] == "http" and "." not in scope["path"]
        await self.app(scope, receive, send)


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


async def _run(engine: AgentJIT, calls: _Counter, requests: _Counter) -> tuple[float, int, int]:
    """Seconds, requests and tool calls of one run."""
    before = requests.count, calls.count
    result = await engine.run("read of three stores", plan=PLAN)
    if not result.ok:
        raise RunError(f"a run failed: {result.error}")
    told = requests.count - before[0], calls.count - before[1]
    return result.timing["running"], *told
