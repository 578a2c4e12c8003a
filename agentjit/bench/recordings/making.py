"""Makes the recordings of tasks, from their reference plans, and keeps them in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from agentjit.bench.recordings.recorder import record_plan
from agentjit.bench.recordings.recording import write_recording
from agentjit.errors import UsageError
from agentjit.sites.tasks import SiteTask

#: Where the reference plans are, from the root of a clone: SITE/plans/TASK.plan.
PLANS: Final = Path("tests/sites")


async def recorded(
    task: SiteTask, seed: int, folder: Path, *, plan: str | None = None, plans: Path = PLANS
) -> Path:
    """The file with the task's recording, which is made where it is not there.

    Raises UsageError without a plan, RunError where the plan is not done.
    """
    path = folder / f"{task.id}-{seed}.json"
    if path.is_file():
        return path
    text = read_plan(task, plans) if plan is None else plan
    return write_recording(await record_plan(task, text, seed), path)


def read_plan(task: SiteTask, plans: Path = PLANS) -> str:
    """The task's reference plan. Raises UsageError where there is none."""
    path = plans / task.site / "plans" / f"{task.id}.plan"
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise UsageError(
            f"there is no reference plan of {task.id}: {path}",
            "go to the root of a clone, or say where the plans are",
        ) from error
