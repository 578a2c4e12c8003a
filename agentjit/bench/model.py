"""Measure a model as a planner: sample, judge, count."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agentjit.bench.answers import Source
from agentjit.bench.asking import Question, Sample, ask_all, order
from agentjit.bench.grading import grade_run
from agentjit.bench.judging import Attempt, Judge, Judged, attempts_of, judge_all, read_judged
from agentjit.bench.passing import Figures, count
from agentjit.engine import AgentJIT
from agentjit.errors import UsageError
from agentjit.runtime.result import RunResult
from agentjit.sites.tasks import SiteTask, all_tasks

#: Samples of each question with the protocol, and as many without it.
SAMPLES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Measuring:
    """How a model is measured."""

    samples: int = SAMPLES
    #: Requests under way at once.
    parallel: int = 1
    #: The longest that sampling may take; what is missing then, is missing in the figures.
    seconds: float | None = None
    #: Where verdicts on plans are kept.
    verdicts: Path | None = None
    #: Whether plans are run that have no verdict yet; else they are counted as not right.
    judging: bool = True
    on_sample: Callable[[Sample], None] | None = None
    on_judged: Callable[[Attempt, Judged], None] | None = None

    def __post_init__(self) -> None:
        if self.samples < 1 or self.parallel < 1:
            raise UsageError("there is nothing to measure", "give 1 or more, of both")


async def measure_model(
    questions: list[Question], source: Source, judge: Judge, how: Measuring
) -> Figures:
    """The figures of a model. Raises UsageError where the recording holds no answer to them."""
    samples = await ask_all(
        order(questions, how.samples),
        source,
        parallel=how.parallel,
        seconds=how.seconds,
        on_sample=how.on_sample,
    )
    if not samples:
        raise UsageError(
            f"there is no answer of {source.name} to any of the tasks",
            "a recording answers the very prompts that it was made with: tools and tasks must be "
            "the same",
        )
    if how.judging:
        judged = await judge_all(samples, judge, how.verdicts, on_judged=how.on_judged)
    else:
        judged = read_judged(attempts_of(samples), how.verdicts) if how.verdicts else {}
    return count(samples, judged)


def paper_tasks() -> dict[Question, SiteTask]:
    """The paper's tasks on the bundled sites, each with our exact grader alone."""
    return {
        Question(task.site, task.goal): task.by_ours()
        for task in all_tasks()
        if task.paper is not None
    }


def judge_by(tasks: Mapping[Question, SiteTask], seed: int = 0) -> Judge:
    """Whoever runs a plan on a replica of its own, and asks the task's grader."""

    async def judge(question: Question, plan: str) -> Judged:
        task = tasks[question]
        with tempfile.TemporaryDirectory() as folder:
            result = await run_plan(question, plan, Path(folder), seed=seed, task=task)
            return judge_run(result, task)

    return judge


async def run_plan(
    question: Question, plan: str, folder: Path, *, seed: int = 0, task: SiteTask | None = None
) -> RunResult:
    """The plan's run in a browser, as if someone had granted whatever it asks for."""
    async with AgentJIT(
        question.site,
        approve=True,
        cache=False,
        replan=False,
        planner="symbolic",
        seed=seed,
        today=None if task is None or task.today is None else task.today.isoformat(),
        start_path=None if task is None else task.start_path,
        runs_dir=folder,
    ) as jit:
        return await jit.run(question.text, plan=plan)


def judge_run(result: RunResult, task: SiteTask) -> Judged:
    """What the task's grader says of a run."""
    commits = tuple(commit.tool for commit in result.commits)
    if not result.ok or result.run_dir is None:
        reason = result.error.message if result.error else result.status
        return Judged(right=False, detail=f"{result.status}: {reason}", commits=commits)
    finding = grade_run(result.run_dir, task).main
    return Judged(finding.passed, "; ".join(finding.findings), commits)
