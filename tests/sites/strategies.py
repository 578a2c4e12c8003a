"""The paper's tasks by their reference plans, under every strategy, on slow sites: who is faster.

Runs of one task are made in turn, a strategy after the other, so that what else the machine does
meets all of them; the site draws the same delays for all strategies of a turn, and others in the
next. Seconds are of the run itself: starting the browser and the site is not in them. `auto` is
what forecasts choose, from a profile that earlier runs filled.

    python -m tests.sites.strategies [--repeats 5] [--task dashdish-2 …] [--json FILE]
    python -m tests.sites.strategies --read FILE
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
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
#: Where the longest chain of a plan is that much shorter than all its work, tabs can help.
WIDE: Final = 1.5


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds that it took, and what was forecast of them."""

    strategy: str
    seconds: float
    #: What was chosen, where the forecast chose.
    chosen: str
    #: The forecast's 80 % interval.
    low: float
    high: float
    #: All the work of the plan by its longest chain, both forecast.
    width: float
    passed: bool

    @property
    def held(self) -> bool:
        """Whether the run was within its interval."""
        return self.low <= self.seconds <= self.high


@dataclass(frozen=True, slots=True)
class Row:
    """One task and its runs, in the order in which they were made."""

    task: str
    runs: tuple[Run, ...]

    def mean(self, strategy: str) -> float:
        """Mean seconds of the runs."""
        return fmean(run.seconds for run in self.runs if run.strategy == strategy)

    @property
    def oracle(self) -> str:
        """The fixed strategy that was the fastest for this task."""
        return min(STRATEGIES[:-1], key=self.mean)

    @property
    def wide(self) -> bool:
        """Whether there is much that can run at the same time."""
        return fmean(run.width for run in self.runs) >= WIDE

    @property
    def failed(self) -> int:
        """Runs that did not pass their grader."""
        return sum(not run.passed for run in self.runs)

    @property
    def later(self) -> tuple[Run, ...]:
        """The second half of the runs: forecasts have seen the first."""
        return self.runs[len(self.runs) // 2 :]


async def measure(reference: Reference, repeats: int, latency: str) -> Row:
    """Run the plan under each strategy in turn. A run that fails its grader counts as failed."""
    runs: list[Run] = []
    for repeat in range(repeats):
        drawn = f"{latency}:draw={repeat + 1}" if ":" in latency else latency
        # Whoever is first meets a cold cache: each is, in turn.
        turn = repeat % len(STRATEGIES)
        order = (*STRATEGIES[turn:], *STRATEGIES[:turn])
        runs += [await _run(reference, drawn, strategy) for strategy in order]
    return Row(reference.task.id, tuple(runs))


async def _run(reference: Reference, latency: str, strategy: str) -> Run:
    with TemporaryDirectory() as folder:
        graded = await run_reference(reference, 1, Path(folder), latency=latency, strategy=strategy)
        if not graded.passed:
            print(f"{reference.task.id}, {strategy}: {graded}", file=sys.stderr)
        assert graded.result.run_dir is not None
        kept = json.loads((graded.result.run_dir / "schedule.json").read_text("utf-8"))
    told = next(f for f in kept["forecasts"] if f["strategy"] == kept["strategy"])
    low, high = told["interval"]
    work, chain = kept["bounds"]["work"], kept["bounds"]["path"]
    return Run(
        strategy=strategy,
        seconds=graded.result.timing["running"],
        chosen=kept["strategy"],
        low=low,
        high=high,
        width=work / chain if work and chain else 1.0,
        passed=graded.passed,
    )


def show_row(row: Row) -> str:
    """A line of the table."""
    means = "  ".join(f"{row.mean(name):8.2f}" for name in STRATEGIES)
    gain = row.mean("serial") / row.mean("auto")
    chosen = [run.chosen for run in row.runs if run.strategy == "auto"]
    held = f"{sum(run.held for run in row.later)}/{len(row.later)}"
    return (
        f"{row.task:14} {means}  {gain:5.2f}x  {'wide' if row.wide else '':4}  {held:>5}"
        f"  {chosen[-1]:22} {row.failed or ''}"
    ).rstrip()


def show_totals(rows: Sequence[Row]) -> str:
    """What each strategy took in all, and how far the choice is from the best of each task."""
    if not rows:
        return "nothing was run"
    sums = {name: sum(row.mean(name) for row in rows) for name in STRATEGIES}
    lines = [f"{'all together':14} " + "  ".join(f"{sums[name]:8.2f}" for name in STRATEGIES)]
    for name in STRATEGIES:
        # By task: a long one says no more than a short one.
        off = _geometric([row.mean(name) / row.mean(row.oracle) for row in rows])
        lines += [f"  {name:20} {off - 1:+6.1%} from the best fixed strategy of each task"]
    for what, some in (
        ("with much that can run at once", [row for row in rows if row.wide]),
        ("without", [row for row in rows if not row.wide]),
    ):
        if some:
            gain = _geometric([row.mean("serial") / row.mean("auto") for row in some])
            lines += [f"{len(some)} tasks {what}: auto is {gain:.2f} times as fast as serial"]
    later = [run for row in rows for run in row.later]
    held = sum(run.held for run in later)
    share = f"{held} of {len(later)} within the 80 % interval of their forecast"
    lines += [f"second half of the runs: {share} ({held / len(later):.0%})"]
    lines += [f"runs that failed: {sum(row.failed for row in rows)}"]
    return "\n".join(lines)


def _geometric(ratios: Sequence[float]) -> float:
    return exp(fmean(log(ratio) for ratio in ratios))


def read_rows(path: Path) -> list[Row]:
    """The rows that were kept in a file."""
    kept: list[Mapping[str, Any]] = json.loads(path.read_text("utf-8"))
    return [Row(row["task"], tuple(Run(**run) for run in row["runs"])) for row in kept]


def _keep(rows: Sequence[Row], path: Path) -> None:
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1), "utf-8")


def show(rows: Sequence[Row]) -> str:
    """The whole table."""
    return "\n".join([heads(), *map(show_row, rows), show_totals(rows)])


def heads() -> str:
    """The line over the table."""
    names = "  ".join(f"{name[-8:]:>8}" for name in STRATEGIES)
    return f"{'seconds':14} {names}    gain         held  chosen"


async def compare(
    some: Sequence[Reference], repeats: int, latency: str, kept: Path | None
) -> list[Row]:
    """Measure all, print each row when it is there, and keep what there is."""
    print(heads())
    rows = []
    for reference in some:
        rows.append(await measure(reference, repeats, latency))
        print(show_row(rows[-1]), flush=True)
        if kept is not None:
            _keep(rows, kept)
    print(show_totals(rows))
    return rows


def main() -> int:
    """Print the table; 1 where a run failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.sites.strategies")
    parser.add_argument("--task", action="append", help="only this one; may be said several times")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--latency", default=LATENCY)
    parser.add_argument("--json", type=Path, help="keep all runs in this file")
    parser.add_argument("--read", type=Path, help="print the table of runs that were kept")
    options = parser.parse_args()
    if options.read is not None:
        print(show(read_rows(options.read)))
        return 0
    papers = [each for site in site_names() for each in references(site) if each.task.paper]
    some = [each for each in papers if options.task is None or each.task.id in options.task]
    with TemporaryDirectory() as cache:
        os.environ["AGENTJIT_CACHE"] = cache
        rows = asyncio.run(compare(some, options.repeats, options.latency, options.json))
    return 1 if any(row.failed for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
