"""The paper's tasks by their reference plans, under every strategy, on slow sites: who is faster.

Runs of one task are made in turn, a strategy after the other, so that what else the machine does
meets all of them. Seconds are of the run itself: starting the browser and the site is not in them.
`auto` is what forecasts choose, from a profile that earlier runs of the same program filled.

    python -m tests.sites.strategies [--repeats 5] [--task dashdish-2 …] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any, Final

from agentjit.sites import site_names
from tests.sites.references import Reference, references, run_reference

#: Mean 0.3 s with the tail, one answer in twenty slow.
LATENCY: Final = "lognormal:0.24:tail=0.05x6"
STRATEGIES: Final = ("serial", "parallel:4", "parallel:4+hedge:2", "auto")


@dataclass(frozen=True, slots=True)
class Row:
    """One task: seconds of its runs by strategy, what `auto` chose, and how many runs failed."""

    task: str
    seconds: Mapping[str, tuple[float, ...]]
    chosen: tuple[str, ...]
    failed: int

    def mean(self, strategy: str) -> float:
        """Mean seconds of the runs."""
        return fmean(self.seconds[strategy])

    @property
    def oracle(self) -> str:
        """The fixed strategy that was the fastest for this task."""
        return min(STRATEGIES[:-1], key=self.mean)

    def to_json(self) -> dict[str, Any]:
        """As data."""
        return {
            "task": self.task,
            "seconds": {name: list(times) for name, times in self.seconds.items()},
            "chosen": list(self.chosen),
            "failed": self.failed,
        }


async def measure(reference: Reference, repeats: int, latency: str) -> Row:
    """Run the plan under each strategy in turn. A run that fails its grader counts as failed."""
    seconds: dict[str, list[float]] = {name: [] for name in STRATEGIES}
    chosen: list[str] = []
    failed = 0
    for _ in range(repeats):
        for strategy in STRATEGIES:
            with TemporaryDirectory() as folder:
                graded = await run_reference(
                    reference, 1, Path(folder), latency=latency, strategy=strategy
                )
                if not graded.passed:
                    failed += 1
                    print(f"{reference.task.id}, {strategy}: {graded}", file=sys.stderr)
                seconds[strategy].append(graded.result.timing["running"])
                if strategy == "auto" and graded.result.run_dir is not None:
                    kept = (graded.result.run_dir / "schedule.json").read_text("utf-8")
                    chosen.append(json.loads(kept)["strategy"])
    return Row(
        reference.task.id,
        {name: tuple(times) for name, times in seconds.items()},
        tuple(chosen),
        failed,
    )


def show_row(row: Row) -> str:
    """A line of the table."""
    means = "  ".join(f"{row.mean(name):8.2f}" for name in STRATEGIES)
    gain = row.mean("serial") / row.mean("auto")
    last = row.chosen[-1] if row.chosen else "-"
    return f"{row.task:14} {means}  {gain:5.2f}x  {last:22} {row.failed or ''}"


def show_totals(rows: Sequence[Row]) -> str:
    """What each strategy took in all, and how far the choice is from the best of each task."""
    if not rows:
        return "nothing was run"
    sums = {name: sum(row.mean(name) for row in rows) for name in STRATEGIES}
    oracle = sum(row.mean(row.oracle) for row in rows)
    gain = exp(fmean(log(row.mean("serial") / row.mean("auto")) for row in rows))
    lines = [f"{'all together':14} " + "  ".join(f"{sums[name]:8.2f}" for name in STRATEGIES)]
    lines += [f"the best fixed strategy of each task: {oracle:.2f} s"]
    lines += [f"auto is {sums['auto'] / oracle - 1:+.1%} from it"]
    lines += [f"auto to serial, geometric mean: {gain:.2f} times as fast"]
    lines += [f"runs that failed: {sum(row.failed for row in rows)}"]
    return "\n".join(lines)


async def compare(some: Sequence[Reference], repeats: int, latency: str) -> list[Row]:
    """Measure all, and print each row when it is there."""
    heads = "  ".join(f"{name[-8:]:>8}" for name in STRATEGIES)
    print(f"{'seconds':14} {heads}   gain  chosen")
    rows = []
    for reference in some:
        rows.append(await measure(reference, repeats, latency))
        print(show_row(rows[-1]), flush=True)
    print(show_totals(rows))
    return rows


def main() -> int:
    """Print the table; 1 where a run failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.sites.strategies")
    parser.add_argument("--task", action="append", help="only this one; may be said several times")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--latency", default=LATENCY)
    parser.add_argument("--json", type=Path, help="write all seconds to this file")
    options = parser.parse_args()
    papers = [each for site in site_names() for each in references(site) if each.task.paper]
    some = [each for each in papers if options.task is None or each.task.id in options.task]
    with TemporaryDirectory() as cache:
        os.environ["AGENTJIT_CACHE"] = cache
        rows = asyncio.run(compare(some, options.repeats, options.latency))
    if options.json is not None:
        options.json.write_text(json.dumps([row.to_json() for row in rows]), "utf-8")
    return 1 if any(row.failed for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
