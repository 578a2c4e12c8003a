"""From a plan that is being written to what can be begun of it."""

from __future__ import annotations

from collections.abc import Callable

from agentjit.compiler.check import CheckedProgram, check
from agentjit.planner.candidate import Task
from agentjit.planner.early import finished_part
from agentjit.runtime.head_start import HeadStart
from agentjit.source import Source


def hear(task: Task, head: HeadStart) -> Callable[[str], None]:
    """Who is told plans in whole lines while they are written, and has `head` begin one of them.

    It is the first of which something checks; others are followed as far as they go on with it.
    """
    begun, refused = "", set[str]()

    def listen(plan: str) -> None:
        nonlocal begun
        text, close = finished_part(plan)
        if text == begun or text in refused or not text.startswith(begun):
            return
        found = check(
            Source("plan.py", text + close), task.toolset, task=task.text, start=dict(task.start)
        )
        if isinstance(found, CheckedProgram):
            begun = text
            head.follow(found)
        else:
            refused.add(text)

    head.begin()
    return listen
