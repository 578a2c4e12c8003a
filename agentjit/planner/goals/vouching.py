"""Whether a task's own words stand behind a goal: its slots, and what cannot be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from agentjit.diagnostics import Diagnostic
from agentjit.planner.goals.goal import (
    Act,
    Condition,
    Found,
    Given,
    Goal,
    Part,
    Read,
    Step,
    Tell,
    Things,
)
from agentjit.planner.goals.reader import asked_verbs
from agentjit.planner.goals.record_messages import RecordInvented, RecordMany, RecordUnasked
from agentjit.planner.goals.sentence import Sentence
from agentjit.planner.goals.terms import ALL
from agentjit.planner.goals.tooling import Tooling
from agentjit.planner.lexicon import NUMBERS
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: Words by which several things are meant.
_SEVERAL: Final = ALL | frozenset(("both", "everyone", "everybody"))


def offered(task: str, toolset: Toolset) -> tuple[Tool, ...]:
    """The tools that a goal may name: what changes something only where the task asks for it."""
    verbs = asked_verbs(task, toolset)
    tooling = Tooling(toolset)
    meant = [m.tool for m in tooling.meant(verbs, frozenset())]
    meant += [setter for tool in meant for setter in tooling.setters(tool)]
    return tuple(t for t in toolset.tools if t.effect.harmless or t in meant)


def vouch(goal: Goal, task: str, toolset: Toolset) -> list[Diagnostic]:
    """What is in the goal and not in the task. Empty where the task's words stand behind it all.

    For whoever else than the reader made the goal: a model, most of all. What cannot be taken back
    needs a verb that means it, and a word for several where it is done to several.
    """
    words = _normal(task)
    wrong: list[Diagnostic] = [
        RecordInvented(value=repr(text)) for text in _texts(goal) if _normal(text) not in words
    ]
    numbers = _said_numbers(task)
    wrong += [RecordInvented(value=f"{n:g}") for n in _numbers(goal) if n not in numbers]
    wrong += [_unasked(tool) for tool in _changing(goal, task, toolset)]
    several, counted = bool({*words.split()} & _SEVERAL), _said_counts(task)
    commits = [
        part
        for part in goal.parts
        if isinstance(part, Act) and any(t.effect is Effect.COMMIT for t in _tools(part))
    ]
    for act in commits:
        # A number that nobody said has been told of.
        untold = [t for t in act.levels if t.count is None or t.count in numbers - counted]
        many = any(map(_many, untold))
        if (many and not several) or _repeats(act, commits):
            wrong.append(RecordMany(tool=act.tool.name))
    return wrong


def _repeats(act: Act, commits: Sequence[Act]) -> bool:
    """Whether what cannot be taken back is done again, to the same with the same values."""
    place = next(n for n, each in enumerate(commits) if each is act)
    again = any(
        (each.tool, each.arguments, each.settings) == (act.tool, act.arguments, act.settings)
        and (act.same or each.levels == act.levels)
        for each in commits[:place]
    )
    rows = [*(things.names for things in act.levels), act.each[1] if act.each else ()]
    return again or any(len({*map(repr, row)}) < len(row) for row in rows)


def _changing(goal: Goal, task: str, toolset: Toolset) -> Iterator[Tool]:
    """The tools of a goal that would change something which the task does not ask for."""
    tooling = Tooling(toolset)
    sure = [m.tool for m in tooling.meant(asked_verbs(task, toolset), frozenset())
            if m.sureness > 1]  # fmt: skip
    known = offered(task, toolset)
    for part in goal.parts:
        for tool in _tools(part):
            commits = tool.effect is Effect.COMMIT
            if tool not in known or (commits and tool not in sure):
                yield tool
        # Reading a list asks for no change, whatever else is asked for.
        yield from (tool for tool in _reading(part) if not tool.effect.harmless)


def _unasked(tool: Tool) -> RecordUnasked:
    harm = "cannot be taken back" if tool.effect is Effect.COMMIT else "changes the account"
    return RecordUnasked(tool=tool.name, harm=harm)


def _many(things: Things) -> bool:
    return not things.single and not things.names and things.count != 1


def _tools(part: Part) -> Iterator[Tool]:
    if isinstance(part, Act):
        yield part.tool
        yield from (step.tool for step in part.settings)


def _reading(part: Part) -> Iterator[Tool]:
    """The tools by which a part finds what it is about."""
    for things in part.levels:
        yield things.reader
        yield from (step.tool for step in things.after)
    if isinstance(part, Read):
        yield part.tool
    if isinstance(part, Tell) and part.detail is not None:
        yield part.detail


def _said_numbers(task: str) -> set[float]:
    """The numbers that a task says, in digits or in a word; a quote's are its own."""
    pieces = Sentence(task).pieces
    said = {p.amount for p in pieces if p.kind in ("number", "money")}
    words = {p.plain for p in pieces}
    digits = {float(d) for d in re.findall(r"\d+(?:\.\d+)?", task)}
    return said | digits | {float(n) for word, n in NUMBERS.items() if word in words}


def _said_counts(task: str) -> set[float]:
    """The numbers of a task that may say how many: no sums of money, and none inside of names."""
    pieces = Sentence(task).pieces
    words = {p.plain for p in pieces if p.kind == "word"}
    digits = {p.amount for p in pieces if p.kind == "number"}
    return digits | {float(n) for word, n in NUMBERS.items() if word in words}


def _numbers(goal: Goal) -> Iterator[float]:
    """The numbers of a goal that stand for a decision: how many, how much, more than what."""
    for part in goal.parts:
        steps = [step for things in part.levels for step in things.after]
        if isinstance(part, Act):
            steps += [Step(part.tool, part.arguments), *part.settings]
            yield from (part.below[1],) if part.below else ()
            yield from _amounts(part.each[1] if part.each else ())
        yield from _amounts(v for step in steps for _, v in step.arguments)
        for things in part.levels:
            yield from _amounts(v for c in things.conditions for v in c.values)
            yield from (things.count,) if things.count not in (None, 1) else ()


def _amounts(values: Iterable[object]) -> Iterator[float]:
    for value in values:
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield float(value)


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
