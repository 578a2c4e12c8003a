"""`agentjit tasks`: the tasks on the bundled sites, and who judges them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentjit.cli.options import AsJson, Site

if TYPE_CHECKING:
    from agentjit.sites.tasks import SiteTask


def list_tasks(*, site: Site = None, as_json: AsJson = False) -> None:
    """List the tasks on the bundled sites, or on one."""
    from agentjit.cli.consoles import print_json, show, standard_output
    from agentjit.cli.values import render_records
    from agentjit.sites import load_site
    from agentjit.sites.tasks import all_tasks

    wanted = None if site is None else load_site(site).name
    tasks = [task for task in all_tasks() if wanted in (None, task.site)]
    if as_json:
        print_json({"tasks": [_to_json(task) for task in tasks]})
        return
    rows = [
        {"id": task.id, "class": task.kind, "grader": str(task.grader), "goal": task.goal}
        for task in tasks
    ]
    show(standard_output(), render_records(rows))


def show_task(
    name: Annotated[str, typer.Argument(metavar="ID", help="The task's id.", show_default=False)],
    *,
    as_json: AsJson = False,
) -> None:
    """Show one task: its goal, its graders, and how to run and grade it."""
    from agentjit.cli.consoles import print_json
    from agentjit.sites.tasks import find_task

    task = find_task(name)
    if as_json:
        print_json(_to_json(task))
        return
    for key, value in _to_json(task).items():
        if value not in (None, {}):
            print(f"{key:<12} {value}")
    print(f"\n{_command(task)}\nagentjit bench grade runs/… --task {task.id}")


def _to_json(task: SiteTask) -> dict[str, Any]:
    return {
        "id": task.id,
        "goal": task.goal,
        "site": task.site,
        "grader": str(task.grader),
        "other_seeds": None if task.other_seeds is None else str(task.other_seeds),
        "exact": None if task.exact is None else str(task.exact),
        "class": task.kind,
        "start": task.start,
        "today": None if task.today is None else task.today.isoformat(),
        "paper": task.paper,
        "cardinality": task.cardinality,
        "expect": dict(task.expect),
    }


def _command(task: SiteTask) -> str:
    """How the task is run by hand, with all that its graders need."""
    day = f"AGENTJIT_SITE_TODAY={task.today} " if task.today is not None else ""
    start = f" --start {shlex.quote(task.start)}" if task.start != "/" else ""
    har = " --har" if task.grader.evaluator == "webarena-verified" else ""
    return f"{day}agentjit run {shlex.quote(task.goal)} --site {task.site}{start}{har}"
