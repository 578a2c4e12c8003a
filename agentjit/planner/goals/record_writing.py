"""Write a goal as its record: the inverse of `record.parse_goal`."""

from __future__ import annotations

import json
from collections.abc import Sequence

from agentjit.planner.goals.goal import (
    Act,
    Condition,
    Count,
    Found,
    Given,
    Goal,
    Part,
    Read,
    Step,
    Tell,
    Things,
)


def show_goal(goal: Goal) -> str:
    """The line. What is read from it is the same goal."""
    return " then ".join(_part(part) for part in goal.parts)


def _part(part: Part) -> str:
    match part:
        case Act():
            return _act(part)
        case Count(levels=levels):
            return f"count {_levels(levels)}"
        case Tell(levels=levels, fields=fields, detail=detail, best=best):
            words = ["tell"]
            if best is not None:
                words = [*words, "largest" if best.largest else "smallest", best.field]
            words += [f"{', '.join(fields)} of"] if fields else []
            words.append(_levels(levels))
            words += [f"by {detail.name}"] if detail is not None else []
            return " ".join(words)
        case Read(tool=tool, arguments=arguments, fields=fields, levels=levels):
            told = f"{', '.join(fields)} of " if fields else ""
            around = f" for {_levels(levels)}" if levels else ""
            return f"read {told}{_call(Step(tool, arguments))}{around}"


def _act(act: Act) -> str:
    words = [_call(Step(act.tool, act.arguments))]
    words += [f"with {_call(step)}" for step in act.settings]
    if act.levels:
        words.append(f"for {_levels(act.levels)}")
    if act.same:
        words.append("same")
    if act.each is not None:
        name, values = act.each
        words.append(f"each {name} in [{', '.join(_quote(v) for v in values)}]")
    if act.below is not None:
        words.append(f"if {act.below[0]} < {_quote(act.below[1])}")
    return " ".join(words)


def _levels(levels: Sequence[Things]) -> str:
    return " in ".join(_things(things) for things in reversed(levels))


def _things(things: Things) -> str:
    words = [_call(Step(things.reader, things.arguments))]
    if things.names:
        words.append(f"= {', '.join(_quote(name) for name in things.names)}")
    if things.conditions:
        words.append(f"where {' and '.join(_condition(c) for c in things.conditions)}")
    if things.ranking is not None:
        words.append(f"{'max' if things.ranking.largest else 'min'} {things.ranking.field}")
    if things.count is not None:
        words.append(f"{'of the ' if things.early else ''}first {things.count}")
    words += [f"after {_call(step)}" for step in things.after]
    words += ["one"] if things.single and len(things.names) != 1 else []
    return " ".join(words)


def _condition(condition: Condition) -> str:
    values = " | ".join(_quote(value) for value in condition.values)
    return f"{condition.field or 'it'} {condition.operator} {values}"


def _call(step: Step) -> str:
    inside = ", ".join(f"{name}={_given(value)}" for name, value in step.arguments)
    return f"{step.tool.name}({inside})"


def _given(value: Given) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_given(each) for each in value)}]"
    if isinstance(value, Found):
        return f"find {value.reader.name} {_quote(value.text)}"
    return _quote(value)


def _quote(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
