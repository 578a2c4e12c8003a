"""Find the shortest calls that lead to a call: from one state, or from several at once.

A call that a loop repeats must be possible from the state before the loop and from the state at the
end of its body, so the search goes on from all of them together.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from agentjit.planner.routing import Some, is_met
from agentjit.toolspecs.contract import Clause, Constant, Equals, Forgets, OneOf, ParamRef
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import JsonValue
from agentjit.toolspecs.state import Scope, StateValue
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: Calls in a stretch, and nodes looked at: a toolset that needs more needs a better planner.
MAX_CALLS: Final = 9
MAX_NODES: Final = 30_000

State: TypeAlias = Mapping[str, "StateValue | Some"]
Facts: TypeAlias = tuple[tuple[str, "StateValue | Some"], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the plan will have it: arguments as written, and their values where known."""

    tool: Tool
    written: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, JsonValue], ...] = ()
    #: What must hold when it is made: the list that its argument is from is still the one shown.
    holding: Facts = ()

    def text(self) -> str:
        """As a plan writes it; what comes first in the signature needs no name."""
        given = dict(self.written)
        parts, positional = [], True
        for param in self.tool.params:
            if param.name not in given:
                positional = False
                continue
            value = given[param.name]
            parts.append(value if positional else f"{param.name}={value}")
        return f"{self.tool.name}({', '.join(parts)})"

    def effect_on(self, var: str, clause: Clause) -> StateValue | Some:
        """The value that a clause of `ensures` gives a variable."""
        match clause:
            case Equals(value=Constant(value)):
                return value
            case Equals(value=ParamRef(name)):
                known = dict(self.values)
                written = dict(self.written)
                if name in known and isinstance(known[name], str | int | bool):
                    return known[name]  # type: ignore[return-value]
                if name not in written:
                    default = self.tool.param(name)
                    return default.default if default is not None else None
                return Some(f"{self.tool.name}.{written[name]}")
            case OneOf(values=values) if len(values) == 1:
                return values[0]
            case Forgets():
                return Some(f"{self.tool.name}.{var}", known=False)
            case _:
                arguments = ",".join(text for _, text in self.written)
                return Some(f"{self.tool.name}({arguments}).{var}")

    def facts(self) -> Facts:
        """What tells that it was made: what its arguments or result set; else all it sets."""
        own: list[tuple[str, StateValue | Some]] = []
        fixed: list[tuple[str, StateValue | Some]] = []
        for clause in self.tool.ensures:
            value = self.effect_on(clause.var, clause)
            if value is None or isinstance(clause, Forgets):
                continue
            constant = isinstance(clause, Equals) and isinstance(clause.value, Constant)
            (fixed if constant else own).append((clause.var, value))
        return tuple(own or fixed)


@dataclass(frozen=True, slots=True)
class Route:
    """Calls in their order, and the states after them."""

    calls: tuple[Call, ...]
    states: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    states: tuple[Facts, ...]
    used: frozenset[int]


def find_calls(
    toolset: Toolset,
    states: Sequence[State],
    required: Sequence[Call],
    target: Call | None,
    *,
    holding: Facts = (),
    feeding: bool = False,
    again: Sequence[Call] = (),
) -> Route | None:
    """The shortest route with every required call once, and `target` at its end.

    `holding` must hold when the target is called. NAVIGATE calls without arguments may be put in;
    with `feeding` also WRITE calls without arguments that make a requirement of the target true.
    The calls `again` were made before, and may be repeated.
    """
    moves = [*_free_moves(toolset, target, feeding=feeding), *again]
    first = _Node(tuple(_frozen(s) for s in states), frozenset())
    queue: deque[tuple[_Node, tuple[Call, ...]]] = deque([(first, ())])
    seen = {first}
    while queue:
        node, path = queue.popleft()
        if len(node.used) == len(required):
            if target is None:
                return Route(path, tuple(dict(s) for s in node.states))
            after = _advance(node, target, holding)
            if after is not None:
                return Route((*path, target), tuple(dict(s) for s in after))
        if len(path) >= MAX_CALLS or len(seen) > MAX_NODES:
            continue
        options = [(i, call) for i, call in enumerate(required) if i not in node.used]
        for index, call in [*options, *((-1, m) for m in moves)]:
            after = _advance(node, call, call.holding)
            if after is None:
                continue
            used = node.used | {index} if index >= 0 else node.used
            following = _Node(after, used)
            if following not in seen:
                seen.add(following)
                queue.append((following, (*path, call)))
    return None


def _free_moves(toolset: Toolset, target: Call | None, *, feeding: bool) -> Iterator[Call]:
    for tool in toolset.tools:
        if any(p.required for p in tool.params) or (target and tool is target.tool):
            continue
        if tool.effect is Effect.NAVIGATE or (
            feeding and tool.effect is Effect.WRITE and target and feeds(toolset, tool, target.tool)
        ):
            yield Call(tool)


def feeds(toolset: Toolset, tool: Tool, goal: Tool) -> bool:
    """Whether a WRITE tool makes an account's requirement of the goal true."""
    accounts = {v.name for v in toolset.state.variables if v.scope is Scope.ACCOUNT}
    pairs = ((c, e) for c in goal.requires for e in tool.ensures if e.var == c.var in accounts)
    return any(is_met(c, {c.var: Call(tool).effect_on(e.var, e)}) for c, e in pairs)


def _advance(node: _Node, call: Call, holding: Facts) -> tuple[Facts, ...] | None:
    """The states after a call; None where it may not be made in one of them."""
    found = []
    for facts in node.states:
        state = dict(facts)
        if any(state.get(var) != value for var, value in holding):
            return None
        if not all(is_met(c, state) for c in call.tool.requires):
            return None
        for clause in call.tool.ensures:
            state[clause.var] = call.effect_on(clause.var, clause)
        found.append(_frozen(state))
    return tuple(dict.fromkeys(found))


def _frozen(state: State) -> Facts:
    return tuple(sorted(state.items()))
