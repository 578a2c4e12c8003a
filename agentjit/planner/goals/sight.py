"""What the site lists now, inside of what: read at most once each, through the planner's port."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agentjit.errors import RunError
from agentjit.planner.abstaining import Abstained
from agentjit.planner.catalogue import Lookup
from agentjit.planner.goals.composing import trace_calls
from agentjit.planner.goals.goal import Condition, Things
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.toolset import Toolset


class Sight:
    """The lists of a site, from where a task begins."""

    def __init__(self, toolset: Toolset, start: Mapping[str, StateValue], lookup: Lookup) -> None:
        self._toolset = toolset
        self._start = start
        self._lookup = lookup
        self._known: dict[tuple[Things, ...], list[Any]] = {}

    async def rows(self, levels: tuple[Things, ...]) -> list[Any]:
        """All that the innermost list has; of the outer levels the first thing is opened.

        Raises Abstained where no calls lead there, or the site fails.
        """
        *outer, inner = levels
        bare = replace(inner, conditions=(), ranking=None, count=None, names=(), single=False)
        opened = [await self._one_of(tuple(levels[: i + 1])) for i in range(len(outer))]
        wanted = (*opened, bare)
        if wanted not in self._known:
            calls = trace_calls(wanted, self._toolset, self._start)
            steps = [(call.tool.name, dict(call.values)) for call in calls]
            try:
                self._known[wanted] = await self._lookup.look(steps)
            except RunError as error:
                raise Abstained(f"could not look it up: {error.message}", error.hint) from error
        return self._known[wanted]

    async def chosen(self, levels: tuple[Things, ...]) -> list[Any]:
        """Those of the innermost list that its conditions admit."""
        rows = await self.rows(levels)
        return [row for row in rows if admits(levels[-1], row)]

    async def _one_of(self, levels: tuple[Things, ...]) -> Things:
        """The innermost of these levels, as one thing that is named."""
        things = levels[-1]
        if things.names:
            return replace(things, names=things.names[:1], single=True)
        rows = await self.chosen(levels)
        if not rows:
            raise Abstained(f"{things.reader.name}() lists nothing of that kind")
        row = rows[0]
        if things.ranking is not None:
            field = things.ranking.field
            ranked = [r for r in rows if r.get(field) is not None]
            row = (max if things.ranking.largest else min)(ranked, key=lambda r: r[field])
        key = row if things.key is None else row[things.key]
        return Things(things.reader, things.key, names=(str(key),), after=things.after, single=True)


def admits(things: Things, row: Any) -> bool:
    """Whether the conditions admit a record."""
    return all(_admits(condition, row) for condition in things.conditions)


def _admits(condition: Condition, row: Any) -> bool:
    held = row if condition.field is None else row.get(condition.field)
    return any(_compares(held, condition.operator, value) for value in condition.values)


def _compares(held: Any, operator: str, value: Any) -> bool:
    match operator:
        case "==":
            return bool(held == value)
        case "!=":
            return bool(held != value)
        case "has" if isinstance(held, list):
            return value in held
        case "has":
            return str(value).casefold() in str(held).casefold()
        case _ if held is None:
            return False
        case "<":
            return bool(held < value)
        case "<=":
            return bool(held <= value)
        case ">":
            return bool(held > value)
        case _:
            return bool(held >= value)
