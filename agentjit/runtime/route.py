"""Find the way from a fresh tab to where a run stood: harmless calls, by contract alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from agentjit.runtime.observing import consistent, resolve, same
from agentjit.toolspecs.contract import Constant, Equals, ParamRef, ResultRef
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import mismatch
from agentjit.toolspecs.state import Scope, StateValue
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: Calls of the longest way, and states that are looked at before there is none.
MAX_CALLS: Final = 4
MAX_STATES: Final = 2_000

State = Mapping[str, StateValue]


@dataclass(frozen=True, slots=True)
class Hop:
    """One call of a way."""

    tool: str
    arguments: Mapping[str, Any]


def tab_part(toolset: Toolset, state: State) -> dict[str, StateValue]:
    """The variables that belong to the tab."""
    tabs = {v.name for v in toolset.state.variables if v.scope is Scope.TAB}
    return {name: value for name, value in state.items() if name in tabs}


def stands_at(state: State, wanted: State) -> bool:
    """Whether nothing that can be seen differs from what is wanted."""
    return all(same(state[name], value) for name, value in wanted.items() if name in state)


def after_call(tool: Tool, state: State, arguments: Mapping[str, Any]) -> dict[str, StateValue]:
    """What its contract says of the tab after a call; what it leaves open is left out."""
    after = dict(state)
    for clause in tool.ensures:
        after.pop(clause.var, None)
        if isinstance(clause, Equals):
            value = resolve(clause.value, arguments)
            # What stands in an argument or a result that is not there is not known.
            if value is not None or isinstance(clause.value, Constant):
                after[clause.var] = value
    return after


def find_route(
    toolset: Toolset, start: State, wanted: State, known: Sequence[Hop]
) -> tuple[Hop, ...] | None:
    """The shortest way of NAVIGATE calls from `start` to `wanted`; None where none is found.

    Arguments come from what is wanted, where a tool ensures it, and from calls that are `known`.
    """
    hops = list(_hops(toolset, wanted, known))
    queue: deque[tuple[dict[str, StateValue], tuple[Hop, ...]]] = deque([(dict(start), ())])
    seen: set[str] = set()
    while queue and len(seen) < MAX_STATES:
        state, way = queue.popleft()
        mark = repr(sorted(state.items()))
        if mark in seen:
            continue
        seen.add(mark)
        if way and stands_at(state, wanted):
            return way
        if len(way) == MAX_CALLS:
            continue
        for hop in hops:
            tool = toolset.by_name[hop.tool]
            if all(consistent(clause, state, hop.arguments) for clause in tool.requires):
                queue.append((after_call(tool, state, hop.arguments), (*way, hop)))
    return None


def _hops(toolset: Toolset, wanted: State, known: Sequence[Hop]) -> Iterator[Hop]:
    yield from known
    for tool in toolset.tools:
        if tool.effect is not Effect.NAVIGATE:
            continue
        choices = [list(_values(tool, name, wanted)) for name in _required(tool)]
        for values in product(*choices):
            yield Hop(tool.name, dict(zip(_required(tool), values, strict=True)))


def _required(tool: Tool) -> tuple[str, ...]:
    return tuple(p.name for p in tool.params if p.required)


def _values(tool: Tool, name: str, wanted: State) -> Iterator[StateValue]:
    """What an argument must be for the call to ensure what is wanted.

    Where the contract ties what is wanted to the result only, a tool's one argument is likely the
    same thing by name; whether it is, is seen on the page.
    """
    param = tool.param(name)
    assert param is not None
    for clause in tool.ensures:
        if not isinstance(clause, Equals):
            continue
        alone = isinstance(clause.value, ResultRef) and _required(tool) == (name,)
        if clause.value == ParamRef(name) or alone:
            value = wanted.get(clause.var)
            if value is not None and not mismatch(value, param.type, name):
                yield value
