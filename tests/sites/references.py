"""Reference plans: read, damaged, run on a served replica in a browser, and graded.

A plan is `tests/sites/SITE/plans/TASK.plan`. Its comments come first: `# task: ` with the goal, and
lines such as `# damage one too many: OLD => NEW`, each of which replaces the one OLD of the plan by
NEW (nothing, where NEW is empty) and must make the run fail its graders. No planner reads them.

    python -m tests.sites.references --table [--seeds 5]     # the table of the README, in an hour
    python -m tests.sites.references TASK [--seed 1]         # run one, and print its verdict
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from agentjit.bench.graders.originals import find_python
from agentjit.bench.grading import grade_run
from agentjit.bench.verdict import Verdict
from agentjit.engine import AgentJIT
from agentjit.errors import UsageError
from agentjit.runtime.result import RunResult
from agentjit.sites import load_site, site_names
from agentjit.sites.tasks import SiteTask, all_tasks, find_task, load_tasks

SITES: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Reference:
    """A task with a plan that does it, and the ways in which the plan can be damaged."""

    task: SiteTask
    plan: str
    #: What is damaged -> the text that is replaced, and by what.
    damages: Mapping[str, tuple[str, str]]

    def damaged(self, name: str) -> Reference:
        """The same task, with a plan that does not do it. AssertionError without a change."""
        old, new = self.damages[name]
        assert self.plan.count(old) == 1, f"{self.task.id}: {old!r} is not there once"
        return replace(self, plan=self.plan.replace(old, new))


@dataclass(frozen=True, slots=True)
class Graded:
    """How a run of a plan ended, and what its graders say; no verdict where nothing was run."""

    result: RunResult
    verdict: Verdict | None

    @property
    def passed(self) -> bool:
        """Whether the run was done, and no grader found anything."""
        return self.result.ok and self.verdict is not None and self.verdict.faultless

    def __str__(self) -> str:
        ended = f"{self.result.status}: {self.result.error}" if self.result.error else "done"
        return f"{ended}\n{self.verdict.render() if self.verdict else 'not run'}"


def references(site: str) -> tuple[Reference, ...]:
    """The reference plans of a site, in the order of its tasks."""
    folder = SITES / site / "plans"
    return tuple(
        read_reference(task, folder / f"{task.id}.plan")
        for task in load_tasks(site)
        if (folder / f"{task.id}.plan").is_file()
    )


def read_reference(task: SiteTask, path: Path) -> Reference:
    """A task's plan from its file. AssertionError where the file is not as it should be."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if line.startswith("# ")]
    assert lines[: len(comments)] == comments, f"{path.name}: comments come first"
    assert comments[:1] == [f"# task: {task.goal}"], f"{path.name}: not the goal of {task.id}"
    plan = "\n".join(lines[len(comments) :]) + "\n"
    return Reference(task, plan, dict(_damages(comments[1:])))


def _damages(comments: list[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    for comment in comments:
        name, colon, change = comment.removeprefix("# damage ").partition(": ")
        old, arrow, new = change.partition(" =>")
        assert comment.startswith("# damage "), comment
        assert colon, comment
        assert arrow, comment
        yield name, (old, new.removeprefix(" "))


async def run_reference(
    reference: Reference,
    seed: int,
    folder: Path,
    *,
    latency: str = "0",
    strategy: str = "auto",
) -> Graded:
    """Run the plan in a browser on a replica of its own, and grade what it left behind.

    Where the original evaluators are not installed, the task's exact grader speaks alone.
    """
    task = without_originals(reference.task, seed)
    engine = AgentJIT(
        task.site,
        approve=True,
        seed=seed,
        latency=latency,
        strategy=strategy,
        today=None if task.today is None else task.today.isoformat(),
        start_path=task.start_path,
        har=task.grader_at(seed).evaluator == "webarena-verified",
        planner="symbolic",
        runs_dir=folder,
    )
    async with engine as jit:
        result = await jit.run(task.goal, plan=reference.plan)
    assert result.run_dir is not None
    if result.record is None:
        return Graded(result, None)
    return Graded(result, grade_run(result.run_dir, task))


def without_originals(task: SiteTask, seed: int) -> SiteTask:
    """The task as it can be graded here: by ours alone, where its original is not installed."""
    grader = task.grader_at(seed)
    if grader.evaluator == "agentjit" or installed(grader.evaluator):
        return task
    assert task.exact is not None, f"{task.id} has no exact grader, and {grader} is not installed"
    return task.by_ours()


@cache
def installed(evaluator: str) -> bool:
    """Whether an original evaluator can be asked here (`make graders`)."""
    try:
        find_python(evaluator)
    except UsageError:
        return False
    return True


async def _passed(some: Iterable[Reference], seeds: range) -> set[str]:
    """The ids of the tasks whose plan passed at all seeds; what else was seen goes to stderr."""
    passed = set()
    for reference in some:
        for seed in seeds:
            with TemporaryDirectory() as folder:
                graded = await run_reference(reference, seed, Path(folder))
            if not graded.passed:
                print(f"{reference.task.id}, seed {seed}: {graded}", file=sys.stderr)
                break
        else:
            passed.add(reference.task.id)
    return passed


def print_table(seeds: range) -> None:
    """The README's table, from runs that are made now. UsageError without the originals."""
    for evaluator in {task.grader.evaluator for task in all_tasks()} - {"agentjit"}:
        find_python(evaluator)
    span = f"{seeds.start} to {seeds.stop - 1}"
    print(
        f"| replica | judged by | paper's tasks | passed, seeds {span} | others | passed, seed 1 |"
    )
    print("|---|---|---:|---:|---:|---:|")
    for site in site_names():
        papers = [each for each in references(site) if each.task.paper]
        others = [each for each in references(site) if not each.task.paper]
        passed = asyncio.run(_passed(papers, seeds)) | asyncio.run(_passed(others, range(1, 2)))
        for row in rows(site, passed):
            print(row, flush=True)


def rows(site: str, passed: set[str]) -> Iterator[str]:
    """A site's rows of the table: one for each evaluator of its tasks."""
    title, tasks = load_site(site).title.partition(",")[0], load_tasks(site)
    for evaluator in sorted({task.grader.evaluator for task in tasks}, reverse=True):
        name = "ours, exact" if evaluator == "agentjit" else evaluator
        counts = []
        for of_paper in (True, False):
            some = [
                task.id
                for task in tasks
                if task.grader.evaluator == evaluator and bool(task.paper) is of_paper
            ]
            counts += [len(some), len(passed.intersection(some))]
        yield f"| {' | '.join([title, name, *map(str, counts)])} |"


def main() -> int:
    """Print the table, or one verdict."""
    parser = argparse.ArgumentParser(prog="python -m tests.sites.references")
    parser.add_argument("task", nargs="?", choices=[task.id for task in all_tasks()])
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--seeds", type=int, default=5, help="of the paper's tasks: 1 to this")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.task is None:
        print_table(range(1, options.seeds + 1))
        return 0
    task = find_task(options.task)
    path = SITES / task.site / "plans" / f"{task.id}.plan"
    with TemporaryDirectory() as folder:
        graded = asyncio.run(run_reference(read_reference(task, path), options.seed, Path(folder)))
    print(graded)
    return 0 if graded.passed else 1


if __name__ == "__main__":
    sys.exit(main())
