"""The hire company with an engine on it: what a run does, and what the site's server knows."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

from agentjit.engine import AgentJIT
from agentjit.runtime.result import RunResult
from agentjit.toolspecs import Toolset
from tests.fixtures.toolhire.serve import toolhire_site
from tests.fixtures.toolhire.tools import TOOLSET
from tests.processes import running_browsers, wait_for_end

#: Seconds after which an engine that does not come to its end counts as hanging.
PATIENCE: Final = 30.0

BOOK: Final = "book the cheapest drill at Millbrook for 2 days"
CHEAPEST_DRILL: Final = {
    "depot": "Millbrook",
    "machine": "Wren cordless drill",
    "days": 2,
    "rate": 14.0,
}

PLAN: Final = """\
open_depot("Millbrook")
drills = [m for m in show_machines() if m["kind"] == "drill"]
cheapest = min(drills, key=lambda m: m["daily_rate"])
choose_machine(cheapest["machine_name"], days=2)
review_booking()
result = confirm_booking()
"""


@dataclass(frozen=True, slots=True)
class Hire:
    """An open engine on the site."""

    jit: AgentJIT
    url: str

    async def run(self, task: str = BOOK, *, plan: str | None = None) -> RunResult:
        """Run a task; a run that hangs is an error."""
        async with asyncio.timeout(PATIENCE):
            return await self.jit.run(task, plan=plan)

    async def truth(self) -> Any:
        """What the site's server knows."""
        return await truth(self.url)

    async def bookings(self) -> list[Any]:
        """The lines of each booking that the server knows."""
        return [booking["lines"] for booking in (await self.truth())["bookings"]]


async def truth(url: str) -> Any:
    """What the server at an address knows, asked without the engine's browser."""
    return json.loads(await asyncio.to_thread(lambda: urlopen(f"{url}/truth").read()))


@asynccontextmanager
async def open_hire(
    runs_dir: Path, *, tools: Toolset | Path = TOOLSET, **options: Any
) -> AsyncIterator[Hire]:
    """The site with an empty ledger and an engine on it; closing must not hang either."""
    async with toolhire_site(lateness=0.02) as url:
        jit = AgentJIT(
            tools=tools, url=url, runs_dir=runs_dir, **{"planner": "symbolic", **options}
        )
        async with asyncio.timeout(PATIENCE):
            await jit.__aenter__()
        try:
            yield Hire(jit, url)
        finally:
            async with asyncio.timeout(PATIENCE):
                await jit.__aexit__(None, None, None)


def with_body(tool_name: str, body: Callable[..., Awaitable[Any]]) -> Toolset:
    """The company's tools, with one that does something else under the same contract."""
    tools = tuple(replace(t, body=body) if t.name == tool_name else t for t in TOOLSET.tools)
    return replace(TOOLSET, tools=tools)


def kill_browsers(marker: str) -> None:
    """Kill all browsers of this test session at once, as a crash or an impatient person would."""
    found = running_browsers(marker)
    assert found, "there is no browser to kill"
    for process in found:
        try:
            os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # its parent's end was its own
        wait_for_end(process.pid, 5.0)


def events_of(run_dir: Path | None) -> list[dict[str, Any]]:
    """What the run's folder holds."""
    assert run_dir is not None
    text = (run_dir / "events.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]
