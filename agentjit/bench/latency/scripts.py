"""What a scripted model does on a page: recordings of what reference plans do in a browser.

They are made by `agentjit.bench.recordings`, once for each task and seed, before any trial.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agentjit.bench.latency.exercises import Exercise
from agentjit.bench.latency.system import Setting
from agentjit.bench.latency.thinking import Think
from agentjit.ports import Model
from agentjit.stepping.outcome import Step

if TYPE_CHECKING:
    from playwright.async_api import Page

_RECORDINGS: Final = "agentjit.bench.recordings"


def can_record(exercise: Exercise) -> bool:
    """Whether a script can be made of a task: it has a plan, and is on a replica."""
    known = find_spec(_RECORDINGS) is not None
    return known and exercise.task is not None and exercise.plan is not None


async def record(exercise: Exercise, setting: Setting) -> Path:
    """The file with the script of a task. Raises RunError where its plan is not done."""
    folder = setting.scratch / "recordings"
    folder.mkdir(exist_ok=True)
    making: Any = import_module(f"{_RECORDINGS}.making")
    path: Path = await making.recorded(exercise.task, exercise.seed, folder, plan=exercise.plan)
    return path


async def read_script(exercise: Exercise, setting: Setting) -> Any:
    """The script itself."""
    reading: Any = import_module(f"{_RECORDINGS}.recording")
    return reading.read_recording(await record(exercise, setting))


def follow(script: Any, page: Page, think: Think) -> tuple[Model, Callable[[Step], None]]:
    """The model that answers our step loop by the script, and what the loop tells each step to."""
    following: Any = import_module(f"{_RECORDINGS}.following")
    follower = following.Follower(script, page, think.seconds)
    return follower, lambda step: follower.note(step.told)


async def replay(page: Page, script: Any, url: str) -> Any:
    """Do what the script says with Playwright alone; gives its answer. Raises RunError."""
    replaying: Any = import_module(f"{_RECORDINGS}.replaying")
    await replaying.replay(page, script, url)
    return script.answer
