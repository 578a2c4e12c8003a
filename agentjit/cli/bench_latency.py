"""`agentjit bench latency`: systems side by side on the same tasks, and what came of it."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentjit.cli.options import AsJson, Quiet
from agentjit.errors import UsageError

if TYPE_CHECKING:
    from agentjit.bench.latency.exercises import Exercise
    from agentjit.bench.latency.measuring import Told
    from agentjit.bench.latency.trial import Trial

Systems = Annotated[
    str,
    typer.Option("--systems", metavar="NAME,…", help="Which; all are all that are installed here."),
]
Programs = Annotated[
    list[str] | None,
    typer.Option(
        "--external",
        metavar="NAME=COMMAND",
        help="A system that is a program; docs/benchmark.md says how it is spoken to.",
    ),
]
Tasks = Annotated[
    str,
    typer.Option(
        "--tasks", metavar="NAME,…", help="Ids of tasks or sites, or paper, ladder, short, all."
    ),
]
TaskFile = Annotated[
    Path | None,
    typer.Option("--task-file", metavar="FILE", help="Tasks of your own, instead of the bundled."),
]
Plans = Annotated[
    Path | None,
    typer.Option("--plans", metavar="DIR", help="Reference plans (default: the repository's)."),
]
Seeds = Annotated[
    str, typer.Option("--seeds", metavar="N,…", help="Seeds of the replicas' data, each task once.")
]
Repeats = Annotated[
    int, typer.Option("--repeats", min=1, metavar="N", help="Trials of each task by each system.")
]
WarmUp = Annotated[
    int,
    typer.Option("--warm-up", min=0, metavar="N", help="Trials of each system that don't count."),
]
Pace = Annotated[
    str,
    typer.Option(
        "--think",
        metavar="PACE",
        help="How long the scripted model thinks: a preset, or seconds+tokens a second.",
    ),
]
Kind = Annotated[
    str, typer.Option("--model", metavar="KIND", help="Who answers: scripted, recorded or live.")
]
ModelName = Annotated[
    str | None,
    typer.Option("--model-name", metavar="PROVIDER/NAME", help="The live or recorded model."),
]
Recording = Annotated[
    Path | None,
    typer.Option(
        "--recording",
        metavar="FILE",
        help="Answers: written with a live model, read when recorded.",
    ),
]
Lateness = Annotated[
    str,
    typer.Option("--latency", metavar="SPEC", help="The replicas' answer times, as for `run`."),
]
PriceOf = Annotated[
    str | None,
    typer.Option("--price", metavar="MODEL", help="Tell the money, at the price of this model."),
]
TrialSeconds = Annotated[
    float,
    typer.Option("--trial-seconds", metavar="SECONDS", help="The longest that a trial takes."),
]
MaxSeconds = Annotated[
    float | None,
    typer.Option("--max-seconds", metavar="SECONDS", help="Begin no trial after this time."),
]
Short = Annotated[
    bool,
    typer.Option("--short", help="A few tasks, each once, in under ten minutes on two cores."),
]
Yes = Annotated[
    bool,
    typer.Option("--yes", help="Grant irreversible calls on sites of --task-file, each time anew."),
]
Plots = Annotated[
    bool, typer.Option("--plots/--no-plots", help="Whether pictures are drawn; needs matplotlib.")
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the results go.")]

#: What --short makes of the options that it is about.
_SHORT_SECONDS = 540.0


def bench_latency(  # noqa: PLR0913 - an option each
    *,
    systems: Systems = "all",
    external: Programs = None,
    tasks: Tasks = "all",
    task_file: TaskFile = None,
    plans: Plans = None,
    seeds: Seeds = "0",
    repeats: Repeats = 3,
    warm_up: WarmUp = 1,
    think: Pace = "yardstick",
    model: Kind = "scripted",
    model_name: ModelName = None,
    recording: Recording = None,
    latency: Lateness = "0",
    price: PriceOf = "openai/gpt-4.1",
    trial_seconds: TrialSeconds = 300.0,
    max_seconds: MaxSeconds = None,
    short: Short = False,
    plots: Plots = True,
    yes: Yes = False,
    out: Out = Path("benchmarks/latest"),
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare systems: wall time, calls, tokens, success by the graders.

    Every trial is on a fresh replica session, with a browser of the same build that has shown the
    site once, and a model on loopback that really waits. Results, tables, plots and a page go to
    --out; failures stay in the tables.
    """
    from agentjit.bench.latency.hosting import ModelWish
    from agentjit.bench.latency.measuring import Plan, run_measuring
    from agentjit.bench.latency.page import write_page
    from agentjit.bench.latency.plots import require_matplotlib
    from agentjit.bench.latency.results import make_results, write_results
    from agentjit.bench.latency.system import Limits
    from agentjit.bench.latency.systems import find_systems
    from agentjit.bench.latency.thinking import parse_think
    from agentjit.cli.consoles import print_json, show, standard_output
    from agentjit.cli.latency import render_results
    from agentjit.runtime.launch import require_browser

    named = systems.split(",") if systems else []
    wish = ModelWish(kind=model, think=parse_think(think), name=model_name, path=recording)
    plan = Plan(
        systems=find_systems([name.strip() for name in named], external or ()),
        exercises=_exercises("short" if short else tasks, task_file, seeds, plans),
        browser=require_browser(os.environ).path,
        repeats=1 if short else repeats,
        warm_up=warm_up,
        latency=latency,
        model=wish,
        limits=Limits(seconds=trial_seconds),
        approve=yes,
        seconds=_SHORT_SECONDS if short else max_seconds,
    )
    priced = _price(price)
    if plots:
        require_matplotlib()
    with _progress(quiet=quiet) as tell:
        findings = run_measuring(plan, tell)
    if not findings.trials:
        raise UsageError("no trial was made", "give it more time with --max-seconds")
    results = make_results(plan, findings, _command(), priced)
    write_results(results, out)
    write_page(results, out, plots=plots)
    if as_json:
        print_json(results.to_json())
    else:
        show(standard_output(), render_results(results))
        print(f"\nwritten to {out}")


def _exercises(
    tasks: str, task_file: Path | None, seeds: str, plans: Path | None
) -> tuple[Exercise, ...]:
    from agentjit.bench.latency.exercises import PLANS, find_exercises, read_own
    from agentjit.sites.common.settings import parse_seed

    if task_file is not None:
        return read_own(task_file)
    names = [name.strip() for name in tasks.split(",") if name.strip()]
    return tuple(
        exercise
        for seed in dict.fromkeys(parse_seed(each) for each in seeds.split(","))
        for exercise in find_exercises(names, seed, plans or PLANS)
    )


def _price(name: str | None) -> tuple[str, Any] | None:
    from agentjit.planner.prices import PRICES

    if name is None:
        return None
    if name not in PRICES:
        raise UsageError(f"the price of {name!r} is not known", f"known: {', '.join(PRICES)}")
    return name, PRICES[name]


def _command() -> str:
    return shlex.join(["agentjit", *sys.argv[1:]])


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Told | None]:
    """A line a trial on standard error, with the time that is left."""
    from agentjit.cli.consoles import standard_error

    if quiet:
        yield None
        return
    console, begun = standard_error(), time.monotonic()

    def tell(number: int, count: int, trial: Trial) -> None:
        left = (time.monotonic() - begun) / number * (count - number)
        found = "passed" if trial.passed else f"FAILED {trial.error or '; '.join(trial.findings)}"
        console.out(
            f"{number:>4}/{count}  {_span(left):>7} left  {trial.system:20} {trial.task:14} "
            f"{trial.wall_seconds:7.2f} s  {trial.calls:>3} calls  {found}"[: console.width],
            highlight=False,
        )

    yield tell


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
