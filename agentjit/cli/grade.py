"""`agentjit bench grade`: what the graders of a task say of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentjit.cli.options import AsJson


def grade(
    run_dir: Annotated[
        Path, typer.Argument(metavar="RUN_DIR", help="The run's folder.", show_default=False)
    ],
    *,
    task: Annotated[
        str, typer.Option("--task", metavar="ID", help="Which task it was: agentjit tasks list.")
    ],
    as_json: AsJson = False,
) -> None:
    """Grade a run: by the task's original evaluator, or by ours where a model would judge.

    Exit code 0 is passed, 1 failed. An exact check of ours may stand beside the original's verdict.
    """
    from agentjit.bench.grading import grade_run
    from agentjit.cli.consoles import print_json
    from agentjit.sites.tasks import find_task

    verdict = grade_run(run_dir, find_task(task))
    if as_json:
        print_json(verdict.to_json())
    else:
        print(verdict.render())
    raise typer.Exit(0 if verdict.passed else 1)
