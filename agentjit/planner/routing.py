"""Find the shortest calls that the contracts allow and that use every thing asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from agentjit.planner.domain import Domain, Kind
from agentjit.planner.request import Reference
from agentjit.toolspecs.contract import (
    Clause,
    Constant,
    Differs,
    Equals,
    Forgets,
    Known,
    OneOf,
    ParamRef,
)
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.state import Scope, StateValue
from agentjit.toolspecs.tool import Tool

#: Calls in a route, and states looked at: a toolset that needs more needs a better planner.
MAX_CALLS: Final = 12
MAX_STATES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Move:
    """One call of a route: `uses` is what it takes the key of, `reads` the kind it lists."""

    tool: Tool
    uses: Reference | None = None
    param: str | None = None
    reads: Kind | None = None


@dataclass(frozen=True, slots=True)
class Some:
    """A state value that the search cannot know, told apart by where it came from."""

    origin: str
    #: Whether it is certain to be set.
    known: bool = True


_State = Mapping[str, "StateValue | Some"]


@dataclass(frozen=True, slots=True)
class _Node:
    state: tuple[tuple[str, StateValue | Some], ...]
    used: frozenset[Reference]
    #: Kinds whose list has been read on the page that the tab still shows.
    listed: frozenset[str]
    done: bool


def find_route(
    domain: Domain,
    start: Mapping[str, StateValue],
    references: Sequence[Reference],
    goal: Tool,
    *,
    reads: Kind | None = None,
    writes: bool = False,
) -> tuple[Move, ...] | None:
    """The shortest route that uses every reference and ends with a call of `goal`.

    READ and NAVIGATE calls may be put in freely; WRITE calls only with `writes`, and only those
    that take a reference; no COMMIT but the goal.
    """
    moves = [*_moves(domain, references, goal, reads=reads, writes=writes)]
    first = _Node(tuple(start.items()), frozenset(), frozenset(), done=False)
    queue: deque[tuple[_Node, tuple[Move, ...]]] = deque([(first, ())])
    seen = {first}
    while queue:
        node, path = queue.popleft()
        if node.done:
            return path
        if len(path) == MAX_CALLS or len(seen) > MAX_STATES:
            continue
        for move in moves:
            following = _follow(domain, node, move, goal, references)
            if following is not None and following not in seen:
                seen.add(following)
                queue.append((following, (*path, move)))
    return None


def _moves(
    domain: Domain, references: Sequence[Reference], goal: Tool, *, reads: Kind | None, writes: bool
) -> Iterator[Move]:
    for reference in references:
        if not reference.literal:
            yield Move(reference.kind.reader, reads=reference.kind)
    for use in domain.uses:
        allowed = use.tool.effect is Effect.NAVIGATE or use.tool is goal
        allowed = allowed or (writes and use.tool.effect is Effect.WRITE)
        lone = all(not p.required or p is use.param for p in use.tool.params)
        if allowed and lone:
            for reference in references:
                if reference.kind is use.kind:
                    yield Move(use.tool, uses=reference, param=use.param.name)
    for tool in domain.toolset.tools:
        free = not any(p.required for p in tool.params)
        if free and tool.effect is Effect.NAVIGATE and tool is not goal:
            yield Move(tool)
    if not any(p.required for p in goal.params):
        yield Move(goal, reads=reads)


def _follow(
    domain: Domain, node: _Node, move: Move, goal: Tool, references: Sequence[Reference]
) -> _Node | None:
    """Where the move leads; None where it may not be made."""
    state = dict(node.state)
    if not all(is_met(clause, state) for clause in move.tool.requires):
        return None
    used, listed = node.used, node.listed
    if move.uses is not None:
        if move.uses in used:
            return None
        if not move.uses.literal and move.uses.kind.reader.name not in listed:
            return None
        used |= {move.uses}
    for clause in move.tool.ensures:
        state[clause.var] = _given(clause, move)
    if move.tool.effect is Effect.READ:
        listed |= {move.tool.name}
    elif _tab_changed(domain, node.state, state):
        # A list is good for choosing only on the page that it was read from.
        listed = frozenset()
    done = move.tool is goal and used == frozenset(references)
    if move.tool is goal and not done and goal.effect in (Effect.WRITE, Effect.COMMIT):
        return None
    return _Node(tuple(state.items()), used, listed, done)


def is_met(clause: Clause, state: _State) -> bool:
    """Whether a requirement holds in a state, as far as it is known."""
    value = state[clause.var]
    match clause:
        case Equals(value=Constant(wanted)):
            return value == wanted
        case Differs(value=Constant(other)):
            if isinstance(value, Some):
                return other is None and value.known
            return value != other
        case OneOf(values=values):
            return value in values
        case Known():
            return value.known if isinstance(value, Some) else value is not None
        case _:
            return False


def _given(clause: Clause, move: Move) -> StateValue | Some:
    match clause:
        case Equals(value=Constant(value)):
            return value
        case Equals(value=ParamRef()) if move.uses is not None and move.uses.literal:
            return move.uses.name
        case Equals(value=value):
            return Some(f"{move.tool.name}.{value}")
        case OneOf(values=values):
            return values[0] if len(values) == 1 else Some(f"{move.tool.name}.{clause.var}")
        case Forgets():
            return Some(f"{move.tool.name}.{clause.var}", known=False)
        case _:
            return Some(f"{move.tool.name}.{clause.var}")


def _tab_changed(
    domain: Domain, before: tuple[tuple[str, StateValue | Some], ...], after: _State
) -> bool:
    tab = {v.name for v in domain.toolset.state.variables if v.scope is Scope.TAB}
    return any(after[name] != value for name, value in before if name in tab)


def establishers(domain: Domain, goal: Tool, holds: Callable[[Clause], bool]) -> list[Tool]:
    """WRITE tools that make a requirement of the goal true which does not hold yet."""
    missing = [c for c in goal.requires if not holds(c)]

    def helps(tool: Tool) -> bool:
        pairs = ((c, e) for c in missing for e in tool.ensures if e.var == c.var)
        return any(is_met(c, {c.var: _given(e, Move(tool))}) for c, e in pairs)

    return [t for t in domain.toolset.tools if t.effect is Effect.WRITE and helps(t)]


def holds_at(start: Mapping[str, StateValue]) -> Callable[[Clause], bool]:
    """Whether a clause holds in this state."""
    return lambda clause: is_met(clause, start)
