"""Run the ten tasks on a fresh Fossil, by their plans and by their damaged plans: a table."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agentjit import AgentJIT, AgentjitError, RunResult
from examples.fossil.facts import read_facts
from examples.fossil.seeding import PASSWORD, USER
from examples.fossil.serve import FossilError, Served, serving
from examples.fossil.tasks import HERE, Task, grade, load_tasks

#: Who can notice a mistake, by how the run ended where it was not done.
_NOTICED: Final = {"no-plan": "checker", "failed": "run", "unknown": "run"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one plan fared: who objected, and why; nobody where it passed."""

    task: Task
    noticed: str
    reasons: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Bench:
    """An engine on a served repository."""

    jit: AgentJIT
    site: Served

    async def judge(self, task: Task, plan: str) -> Verdict:
        """Run a plan on the start data, and grade what the repository holds then."""
        self.site.reset()
        before = read_facts(self.site.repository)
        begun = time.perf_counter()
        result = await self.jit.run(task.text, plan=plan)
        seconds = time.perf_counter() - begun
        noticed, reasons = _objections(result)
        if result.ok:
            after = read_facts(self.site.repository)
            reasons = grade(task, before, after, result.value)
            noticed = "grader" if reasons else ""
        return Verdict(task, noticed, reasons, seconds)


@asynccontextmanager
async def open_bench(site: Served) -> AsyncIterator[Bench]:
    """A browser on a served repository. Raises AgentjitError."""
    with tempfile.TemporaryDirectory(prefix="agentjit-runs-") as runs:
        # Where the tools look for who signs in.
        os.environ.update(FOSSIL_USER=USER, FOSSIL_PASSWORD=PASSWORD)
        jit = AgentJIT(
            tools=HERE / "tools.py",
            url=site.url,
            planner="symbolic",
            # What is granted here goes to a repository that is thrown away.
            approve=True,
            runs_dir=Path(runs),
        )
        async with jit:
            yield Bench(jit, site)


def _objections(result: RunResult) -> tuple[str, tuple[str, ...]]:
    if result.error is None:
        return "", ()
    return _NOTICED.get(result.status, result.status), (result.error.message,)


async def run_all(site: Served) -> bool:
    """Print the table; whether all plans passed and all damage was noticed where it should be."""
    tasks = load_tasks()
    passed = noticed = 0
    async with open_bench(site) as bench:
        print(f"{bench.site.version}, {bench.site.url}")
        print(f"{'task':22}{'plan':16}damaged plan")
        for task in tasks:
            right = await bench.judge(task, task.plan)
            wrong = await bench.judge(task, task.damaged)
            passed += not right.noticed
            noticed += wrong.noticed == task.noticed
            print(f"{task.id:22}{_passing(right):16}{_noticing(wrong)}", flush=True)
            for reason in right.reasons:
                print(f"    {reason}")
    count = len(tasks)
    print(f"\n{passed} of {count} plans passed, graded on Fossil's own database")
    print(f"{noticed} of {count} damaged plans were noticed where they should be")
    return passed == noticed == count


def _passing(right: Verdict) -> str:
    return "FAILED" if right.noticed else f"passed {right.seconds:4.1f} s"


def _noticing(wrong: Verdict) -> str:
    if not wrong.noticed:
        return "NOT NOTICED"
    if wrong.noticed == wrong.task.noticed:
        return f"noticed by the {wrong.noticed}"
    return f"noticed by the {wrong.noticed}, NOT by the {wrong.task.noticed}: {wrong.reasons[0]}"


def main() -> int:
    """The exit code: 0 where everything went as it should."""
    try:
        with serving() as site:
            return 0 if asyncio.run(run_all(site)) else 1
    except (FossilError, AgentjitError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
