"""How long a sentence takes to become a verified order, and where the time goes."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

from agentjit.bench.measuring import Spread
from agentjit.engine import AgentJIT
from agentjit.errors import RunError

TASK: Final = "order the cheapest item from Taco Bell"
#: The parts of a run, in order of time.
PARTS: Final = ("planning", "running", "checking contracts")


@dataclass(frozen=True, slots=True)
class Ordering:
    """Repeated orders: the spreads of their parts, and how many were done."""

    spreads: tuple[Spread, ...]
    done: int
    runs: int


async def measure_orders(seeds: int) -> Ordering:
    """One order for each of the seeds 1, 2, …, each with a browser and an account of its own."""
    opening: list[float] = []
    parts: dict[str, list[float]] = {part: [] for part in PARTS}
    whole: list[float] = []
    done = 0
    with tempfile.TemporaryDirectory() as runs:
        for seed in range(1, seeds + 1):
            started = perf_counter()
            async with AgentJIT(
                "dashdish", approve=True, cache=False, seed=seed, runs_dir=runs
            ) as jit:
                opening.append(perf_counter() - started)
                result = await jit.run(TASK)
            if not result.ok:
                raise RunError(f"seed {seed}: {result.error}")
            done += _one_order(result.record)
            whole.append(result.wall_seconds)
            for part in PARTS:
                parts[part].append(result.timing[part])
    spreads = [
        Spread("opening site and browser", tuple(opening)),
        Spread("sentence to verified order", tuple(whole)),
        *(Spread(f"  of which {name}", tuple(values)) for name, values in parts.items()),
    ]
    return Ordering(tuple(spreads), done, seeds)


def _one_order(record: Any) -> bool:
    return len(record["foodOrders"]["added"]) == 1
