"""`agentjit bench model`: what a model's plans are worth, with the contracts and without them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentjit.cli.options import AsJson, Constraint, Quiet
from agentjit.errors import UsageError

if TYPE_CHECKING:
    from agentjit.bench.answers import Source
    from agentjit.bench.asking import Question, Sample
    from agentjit.bench.judging import Attempt, Judge, Judged

OneSite = Annotated[
    str | None,
    typer.Option("--site", metavar="NAME", help="The tasks of one bundled site (default: all)."),
]
Told = Annotated[
    Path | None,
    typer.Option("--replay", metavar="FILE", help="Count what a recording holds; ask no model."),
]
Samples = Annotated[
    int, typer.Option("--samples", metavar="N", help="Of each task, with and without the protocol.")
]
Every = Annotated[
    int,
    typer.Option("--every", min=1, metavar="N", help="Only every Nth task, to take less time."),
]
Parallel = Annotated[
    int, typer.Option("--parallel", metavar="N", help="Requests that are under way at once.")
]
OneModel = Annotated[
    str | None,
    typer.Option("--model", metavar="PROVIDER/NAME", help="The model; needs OPENAI_API_KEY."),
]
Answers = Annotated[
    Path,
    typer.Option(
        "--record",
        metavar="FILE",
        help="Where answers are kept; what is there already is not asked again.",
    ),
]
Verdicts = Annotated[
    Path,
    typer.Option(
        "--verdicts",
        metavar="FILE",
        help="Where verdicts on plans are kept; what is there already is not run again.",
    ),
]
Longest = Annotated[
    float | None,
    typer.Option("--max-seconds", metavar="SECONDS", help="The longest that sampling may take."),
]
Judging = Annotated[
    bool,
    typer.Option(
        "--run/--no-run", help="Whether valid plans are run; else those count that were, before."
    ),
]


def make_command(load: Callable[[], tuple[list[Question], Judge]]) -> Callable[..., None]:
    """The command for these questions, which whoever judges them comes with."""

    def bench_model(
        *,
        site: OneSite = None,
        model: OneModel = None,
        samples: Samples = 8,
        every: Every = 1,
        parallel: Parallel = 1,
        grammar: Constraint = "auto",
        max_seconds: Longest = None,
        record: Answers = Path("model-answers.jsonl"),
        replay: Told = None,
        verdicts: Verdicts = Path("model-verdicts.jsonl"),
        judging: Judging = True,
        as_json: AsJson = False,
        quiet: Quiet = False,
    ) -> None:
        """Ask a model for plans of many tasks, run the valid ones on the replicas, and count.

        It can be stopped at any time: the same command goes on where it was. Every irreversible
        call of a plan is granted, on a replica that nobody else uses.
        """
        from agentjit.bench.model import Measuring, measure_model
        from agentjit.cli.consoles import print_json, show, standard_output
        from agentjit.cli.passing import render_figures
        from agentjit.sites import load_site

        wanted = None if site is None else load_site(site).name
        questions, judge = load()
        chosen = [q for q in questions if wanted in (None, q.site)][::every]
        how = Measuring(
            samples=samples,
            parallel=parallel,
            seconds=max_seconds,
            verdicts=verdicts,
            judging=judging,
            on_sample=None if quiet or as_json else _tell_sample,
            on_judged=None if quiet or as_json else _tell_judged,
        )

        async def measure() -> tuple[str, Any]:
            async with _open(model, record, replay, grammar) as source:
                return source.name, await measure_model(chosen, source, judge, how)

        name, figures = asyncio.run(measure())
        if as_json:
            print_json({"model": name, **figures.to_json()})
        else:
            show(standard_output(), f"\n{name}\n", render_figures(figures))

    return bench_model


def load_paper() -> tuple[list[Question], Judge]:
    """The paper's tasks, and their graders."""
    from agentjit.bench.model import judge_by, paper_tasks

    tasks = paper_tasks()
    return list(tasks), judge_by(tasks)


bench_model = make_command(load_paper)


@asynccontextmanager
async def _open(
    model: str | None,
    record: Path,
    replay: Path | None,
    grammar: str,
    env: Mapping[str, str] = os.environ,
) -> AsyncIterator[Source]:
    from agentjit.bench.answers import Source, open_source, read_answers
    from agentjit.planner.capability import find_memory
    from agentjit.planner.models import settings_from_env

    if replay is not None:
        name, recorded = read_answers(replay, model)
        yield Source(name=name, recorded=recorded)
        return
    settings = settings_from_env(env, model)
    if settings is None:
        raise UsageError(
            "there is no model to measure",
            "set OPENAI_API_KEY (and OPENAI_BASE_URL), or give a recording with --replay FILE",
        )
    async with open_source(settings, record, grammar=grammar, memory=find_memory(env)) as source:
        yield source


def _tell_sample(sample: Sample) -> None:
    ask = sample.ask
    how = f"#{ask.number} {'with' if ask.protocol else 'without':7}"
    found = sample.problem or ("repaired" if sample.repaired else "valid")
    print(f"{how} {ask.question.site:9} {sample.seconds:6.1f} s  {found:24} {ask.question.text}")


def _tell_judged(attempt: Attempt, judged: Judged) -> None:
    question, _ = attempt
    found = "right" if judged.right else "wrong"
    print(f"{found:6} {question.site:9} {question.text}\n{'':17}{judged.detail[:200]}")
