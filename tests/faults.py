"""The fault test: the reference plans of the paper's tasks, on sites that fail on purpose.

    python -m tests.faults --runs 500
    python -m tests.faults --runs 37 --faults error@0.1
    python -m tests.faults --runs 500 --strategy parallel:4+hedge:2

One request in ten has a fault. A run may end as done, as a typed failure, or as unknown; it must
not hang, it must not do anything twice, and where it says done, the site's record must say so too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from agentjit.bench.grading import grade_run
from agentjit.engine import AgentJIT
from agentjit.runtime.result import RunResult
from agentjit.sites import site_names
from agentjit.sites.common.settings import FAULTS_VARIABLE
from tests.sites.references import Reference, references, without_originals

#: Together one in ten; each is drawn for itself.
FAULTS: Final = "error@0.03,lost@0.02,slow@0.02x1,modal@0.02,expire@0.005,layout@0.005"

#: A fault that never strikes. Those before the others change what is drawn for them.
_BLANK: Final = "error@/nowhere"

#: Seconds after which a run counts as hanging.
PATIENCE: Final = 240.0

#: Seeds of the data on which the plans are known to work.
SEEDS: Final = 5


@dataclass(frozen=True, slots=True)
class Faulty:
    """A run on a failing site: how it ended, and what is wrong with that."""

    task: str
    status: str
    code: str
    repeated: int
    #: Copies of late calls that were started.
    copies: int = 0
    #: "twice", "false success", "hangs"; empty where nothing is wrong.
    wrong: str = ""


async def run_on(
    reference: Reference, seed: int, faults: str, folder: Path, strategy: str = "auto"
) -> RunResult:
    """Run the plan on a replica with these faults. Raises TimeoutError where it hangs."""
    task = reference.task
    engine = AgentJIT(
        task.site,
        approve=True,
        seed=seed,
        today=None if task.today is None else task.today.isoformat(),
        start_path=task.start_path,
        planner="symbolic",
        cache=False,
        runs_dir=folder,
        strategy=strategy,
        env={FAULTS_VARIABLE: faults},
    )
    async with asyncio.timeout(PATIENCE), engine as jit:
        return await jit.run(task.goal, plan=reference.plan)


class Trial:
    """Runs of the tasks with faults, held against the same runs without."""

    def __init__(self, strategy: str = "auto") -> None:
        self._strategy = strategy
        self._intended: dict[tuple[str, int], Mapping[str, int]] = {}

    async def run(self, reference: Reference, number: int, faults: str) -> Faulty:
        """One run; its number decides seed and draws."""
        seed, name = 1 + number % SEEDS, reference.task.id
        blanks = ",".join([_BLANK] * (number % 97))
        with TemporaryDirectory() as place:
            try:
                drawn = f"{blanks},{faults}".strip(",")
                result = await run_on(reference, seed, drawn, Path(place), self._strategy)
            except TimeoutError:
                return Faulty(name, "hangs", "", 0, wrong="hangs")
            wrong = await self._judge(reference, seed, result)
            assert result.run_dir is not None
            told = (result.run_dir / "events.jsonl").read_text("utf-8")
            code = result.error.code if result.error else ""
            if result.error is not None:
                print(f"    {result.error.code}: {result.error.message[:200]}")
            events = [json.loads(line) for line in told.splitlines()]
            repeated = sum(each["kind"] == "call-repeated" for each in events)
            copies = sum(each["kind"] == "call-started" and "copy" in each for each in events)
            return Faulty(name, result.status, code, repeated, copies, wrong)

    async def _judge(self, reference: Reference, seed: int, result: RunResult) -> str:
        """What is wrong. An exact grader that finds nothing has found nothing done twice."""
        if result.ok and self._graded(reference, seed, result):
            return ""
        found = added(result.record)
        if any(found.values()):
            # What a whole run leaves behind; a cart, say, is left by one that did not come so far.
            intended = await self._intended_of(reference, seed)
            if any(found[name] > count > 0 for name, count in intended.items()):
                return "twice"
        return "false success" if result.ok else ""

    def _graded(self, reference: Reference, seed: int, result: RunResult) -> bool:
        assert result.run_dir is not None
        return grade_run(result.run_dir, without_originals(reference.task, seed)).faultless

    async def _intended_of(self, reference: Reference, seed: int) -> Mapping[str, int]:
        key = (reference.task.id, seed)
        if key not in self._intended:
            with TemporaryDirectory() as place:
                result = await run_on(reference, seed, "none", Path(place))
                assert result.ok, f"{key}: {result.error}"
                self._intended[key] = added(result.record)
        return self._intended[key]


def added(record: Any) -> Mapping[str, int]:
    """How many entries each collection of a site's record has got."""
    found = Counter[str]()
    for name, changes in (record or {}).items():
        if isinstance(changes, Mapping):
            found[name] = len(changes.get("added") or ())
        elif isinstance(changes, list):
            found[name] = len(changes)
    return found


def paper_references() -> list[Reference]:
    """The reference plans of the paper's tasks."""
    every = [reference for site in site_names() for reference in references(site)]
    return [reference for reference in every if reference.task.paper is not None]


async def try_all(
    runs: int, faults: str, *, first: int = 0, strategy: str = "auto"
) -> list[Faulty]:
    """So many runs, the tasks in turn."""
    trial, chosen, found = Trial(strategy), paper_references(), list[Faulty]()
    for number in range(first, first + runs):
        faulty = await trial.run(chosen[number % len(chosen)], number, faults)
        found.append(faulty)
        said = f"{faulty.status} {faulty.code}".strip()
        print(
            f"{number} {faulty.task}: {said}, {faulty.repeated} repeated {faulty.wrong}".strip(),
            flush=True,
        )
    return found


def report(found: Sequence[Faulty]) -> int:
    """Print the table; 0 where nothing is wrong."""
    print(f"{len(found)} runs: {dict(Counter(f.status for f in found))}")
    print(f"failures by code: {dict(Counter(f.code for f in found if f.code))}")
    wrong = Counter(f.wrong for f in found if f.wrong)
    print(
        f"twice {wrong['twice']}, false success {wrong['false success']}, "
        f"hangs {wrong['hangs']}; calls repeated {sum(f.repeated for f in found)}, "
        f"copies {sum(f.copies for f in found)}"
    )
    return 1 if wrong else 0


def main() -> int:
    """Run as often as was asked."""
    parser = argparse.ArgumentParser(description="Run the tasks on sites that fail.")
    parser.add_argument("--runs", type=int, default=37)
    parser.add_argument("--first", type=int, default=0, help="number of the first run")
    parser.add_argument("--faults", default=FAULTS)
    parser.add_argument("--strategy", default="auto", help="as of agentjit run")
    options = parser.parse_args()
    found = try_all(options.runs, options.faults, first=options.first, strategy=options.strategy)
    return report(asyncio.run(found))


if __name__ == "__main__":
    sys.exit(main())
