"""Whether a task's own words stand behind a goal: its slots, and what cannot be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agentjit.diagnostics import Diagnostic
from agentjit.planner.goals.goal import Act, Condition, Found, Given, Goal, Part, Step, Things
from agentjit.planner.goals.reader import asked_verbs
from agentjit.planner.goals.record_messages import RecordInvented, RecordUnasked
from agentjit.planner.goals.tooling import Tooling
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset


def vouch(goal: Goal, task: str, toolset: Toolset) -> list[Diagnostic]:
    """What is in the goal and not in the task. Empty where the task's words stand behind it all.

    For whoever else than the reader made the goal: a model, most of all.
    """
    tooling = Tooling(toolset)
    words = _normal(task)
    said = [text for text in _texts(goal) if _normal(text) not in words]
    wrong: list[Diagnostic] = [RecordInvented(value=repr(text)) for text in said]
    verbs = asked_verbs(task, toolset)
    meant = {m.tool.name for m in tooling.meant(verbs, frozenset()) if m.sureness > 1}
    tools = [tool for part in goal.parts for tool in _tools(part)]
    unasked = [t for t in tools if t.effect is Effect.COMMIT and t.name not in meant]
    return wrong + [RecordUnasked(tool=tool.name) for tool in unasked]


def _tools(part: Part) -> Iterator[Tool]:
    if isinstance(part, Act):
        yield part.tool
        yield from (step.tool for step in part.settings)


def _texts(goal: Goal) -> Iterator[str]:
    """The texts that a goal has of its own, but for values that a tool itself lists as choices."""
    for part in goal.parts:
        if isinstance(part, Act):
            yield from _of_step(Step(part.tool, part.arguments))
            for step in part.settings:
                yield from _of_step(step)
            yield from (v for v in (part.each[1] if part.each else ()) if isinstance(v, str))
        for things in part.levels:
            yield from _of_things(things)


def _of_things(things: Things) -> Iterator[str]:
    yield from things.names
    for step in things.after:
        yield from _of_step(step)
    for condition in things.conditions:
        yield from _of_condition(condition)


def _of_condition(condition: Condition) -> Iterator[str]:
    for value in condition.values:
        # A part of a date («-07-») is no word; the reader makes it of a month's name.
        if isinstance(value, str) and re.search(r"[^\W\d_]", value):
            yield value


def _of_step(step: Step) -> Iterator[str]:
    for name, value in step.arguments:
        param = step.tool.param(name)
        if param is not None and "Literal" in param.show():
            continue
        yield from _of_given(value)


def _of_given(value: Given) -> Iterator[str]:
    if isinstance(value, tuple):
        for each in value:
            yield from _of_given(each)
    elif isinstance(value, Found):
        yield value.text
    elif isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        yield value


def _normal(text: str) -> str:
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "
