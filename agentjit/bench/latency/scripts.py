"""What a scripted model does on a page: recordings of what reference plans do in a browser.

They are made once for each task and seed, before any trial.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from agentjit.bench.latency.exercises import Exercise
from agentjit.bench.latency.system import Setting
from agentjit.bench.latency.thinking import Think
from agentjit.bench.recordings.following import Follower
from agentjit.bench.recordings.making import recorded
from agentjit.bench.recordings.recording import Recording, read_recording
from agentjit.ports import Model
from agentjit.stepping.outcome import Step

if TYPE_CHECKING:
    from playwright.async_api import Page


def why_no_script(exercise: Exercise) -> str | None:
    """Why no script can be made of a task; None where it has a plan, and is on a replica."""
    if exercise.task is not None and exercise.plan is not None:
        return None
    return "nothing to make a script of"


async def record(exercise: Exercise, setting: Setting) -> Path:
    """The file with the script of a task. Raises RunError where its plan is not done."""
    assert exercise.task is not None
    folder = setting.scratch / "recordings"
    folder.mkdir(exist_ok=True)
    return await recorded(exercise.task, exercise.seed, folder, plan=exercise.plan)


async def read_script(exercise: Exercise, setting: Setting) -> Recording:
    """The script itself."""
    return read_recording(await record(exercise, setting))


def follow(
    script: Recording, page: Page, think: Think, most: int
) -> tuple[Model, Callable[[Step], None]]:
    """The model that answers our step loop by the script, up to `most` actions at once, and what
    the loop tells each step to.
    """
    follower = Follower(script, page, think.seconds, most)
    return follower, lambda step: follower.note(step.told)
