"""Tab privatisation: which calls must share a tab, and which may begin on a fresh one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from agentjit.compiler.atoms import literal
from agentjit.compiler.cfg import Cfg, reads_of
from agentjit.compiler.facts import Facts
from agentjit.compiler.ir import Call, For, If, NodeId, Program, While, calls_in
from agentjit.compiler.transfer import holds
from agentjit.scheduler.graph import Start
from agentjit.scheduler.objects import statements
from agentjit.scheduler.unions import Unions
from agentjit.toolspecs.contract import Constant, Equals
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.state import Scope, StateModel, StateValue
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: Stands for what the tab went through before the program: not a call of it.
BEGINNING: Final = NodeId(0)

Compound = If | For | While


@dataclass(frozen=True, slots=True)
class Tabs:
    """Which calls share a tab."""

    starts: Mapping[NodeId, Start]
    #: For each call that goes on in a tab, the calls that may have been there just before.
    before: Mapping[NodeId, frozenset[NodeId]]
    #: Navigations whose effect nobody sees.
    dropped: frozenset[NodeId]
    #: The calls inside each branch and loop.
    inside: Mapping[NodeId, frozenset[NodeId]]
    _shared: Unions[NodeId] = field(repr=False)

    def episode(self, node: NodeId) -> NodeId:
        """What stands for the episode of a call, or of a region that shares its tab."""
        return self._shared.find(node)

    def crossing(self, region: NodeId) -> NodeId | None:
        """A call outside the region that shares a tab with one inside, if there is one."""
        inside = self.inside[region]
        for call, earlier in self.before.items():
            for one in sorted(earlier):
                if (one in inside) != (call in inside):
                    return one if call in inside else call
        return None


def share_tabs(
    program: Program,
    toolset: Toolset,
    cfg: Cfg,
    *,
    facts: Mapping[NodeId, Facts],
    final: Facts | None,
    fresh: Mapping[str, StateValue],
) -> Tabs:
    """Find the episodes. `fresh` are the facts of a tab that has just been opened."""
    calls = {call.id: call for call in calls_in(program.body)}
    tools = {node: toolset.by_name[call.tool] for node, call in calls.items()}
    wanted = frozenset(clause.var for tool in tools.values() for clause in tool.requires)
    starts = {
        node: _start(tool, facts.get(node), toolset.state, fresh=fresh, wanted=wanted)
        for node, tool in tools.items()
    }
    at_end = final is None or is_fresh(final, toolset.state, fresh)
    read = {name for point in cfg.points for name in reads_of(point.stmt)}
    read |= {program.result} if program.result else set()

    def droppable(node: NodeId) -> bool:
        call = calls[node]
        if call.target is not None and call.target in read:
            return False
        # Arguments that may fail to be evaluated are evaluated.
        plain = all(expr.literal or expr.text.isidentifier() for _, expr in call.args)
        return plain and toolset.by_name[call.tool].effect is Effect.NAVIGATE

    idle = frozenset(
        node
        for node, tool in tools.items()
        if starts[node] is not Start.NO and droppable(node) and _is_idle(tool, toolset.state, fresh)
    )
    for node, earlier in _last_calls(cfg, frozenset()).items():
        # In a fresh tab of its own it does without them.
        if starts.get(node) is Start.NO and earlier and earlier <= idle:
            starts[node] = Start.FRESH

    dropped: frozenset[NodeId] = frozenset()
    while True:
        last = _last_calls(cfg, dropped)
        before = {n: last[n] for n in calls if n not in dropped and starts[n] is Start.NO}
        seen = frozenset[NodeId]().union(*before.values())
        if not at_end:
            seen |= last[_END]
        more = frozenset(n for n in calls if n not in seen and droppable(n))
        if more <= dropped:
            break
        dropped |= more
    inside = {
        stmt.id: frozenset(c.id for c in calls_in((stmt,)))
        for stmt in statements(program.body)
        if isinstance(stmt, Compound)
    }
    return Tabs(starts, before, dropped, inside, _unions(before, inside))


#: Stands for the end of the program among calls.
_END: Final = NodeId(-1)


def _unions(
    before: Mapping[NodeId, frozenset[NodeId]], inside: Mapping[NodeId, frozenset[NodeId]]
) -> Unions[NodeId]:
    shared: Unions[NodeId] = Unions()
    for call, earlier in before.items():
        for one in earlier:
            shared.join(call, one)
            # A region whose tab goes on beyond it is of that episode as a whole.
            for region, calls in inside.items():
                if (one in calls) != (call in calls):
                    shared.join(call, region)
    return shared


def _last_calls(cfg: Cfg, dropped: frozenset[NodeId]) -> dict[NodeId, frozenset[NodeId]]:
    """For each call, those that may have been the last before it; also for the end."""
    before: list[frozenset[NodeId]] = [frozenset() for _ in cfg.points]
    before[0] = frozenset((BEGINNING,))
    todo = [0]
    while todo:
        point = cfg.points[todo.pop()]
        after = before[point.index]
        if isinstance(point.stmt, Call) and point.stmt.id not in dropped:
            after = frozenset((point.stmt.id,))
        for successor, _ in point.successors:
            if not after <= before[successor]:
                before[successor] |= after
                todo.append(successor)
    found = {p.stmt.id: before[p.index] for p in cfg.points if isinstance(p.stmt, Call)}
    return {**found, _END: before[-1]}


def _start(
    tool: Tool,
    facts: Facts | None,
    model: StateModel,
    *,
    fresh: Mapping[str, StateValue],
    wanted: frozenset[str],
) -> Start:
    if facts is None:
        # No path leads here.
        return Start.RESET
    if tool.resets_tab and _resets(tool, model, fresh, wanted):
        return Start.FRESH if _looks(tool) else Start.RESET
    return Start.FRESH if is_fresh(facts, model, fresh) else Start.NO


def _looks(tool: Tool) -> bool:
    """Whether anything is looked at in the tab before the call does something.

    A used tab may stand elsewhere, and show the account as it was before another tab changed it.
    """
    return bool(tool.requires) or tool.ready is not None or not tool.effect.harmless


def is_fresh(facts: Facts, model: StateModel, fresh: Mapping[str, StateValue]) -> bool:
    """Whether every tab variable is known to be as in a fresh tab."""
    return not any(unlike_fresh(facts, model, fresh))


def unlike_fresh(facts: Facts, model: StateModel, fresh: Mapping[str, StateValue]) -> Iterator[str]:
    """The facts, as text, that do not hold in a fresh tab."""
    for variable in model.variables:
        fact = facts.state[variable.name]
        only = frozenset((literal(fresh[variable.name]),))
        if variable.scope is Scope.TAB and fact.atoms != only:
            yield f"{variable.name} = {fact}"


def _resets(
    tool: Tool, model: StateModel, fresh: Mapping[str, StateValue], wanted: frozenset[str]
) -> bool:
    """Whether the call leaves any tab, a fresh one too, in the same state.

    That is what `resets_tab` declares: a whole page, loaded from the arguments alone. Yet of a
    variable that `ensures` leaves out the checker knows what held before; so a call that requires
    something of it would be proven by what another tab went through.
    """
    tab = {v.name for v in model.variables if v.scope is Scope.TAB}
    required = all(
        holds(clause, literal(fresh[clause.var]), {}, model.get(clause.var))
        for clause in tool.requires
        if clause.var in tab
    )
    left_out = tab - {clause.var for clause in tool.ensures}
    return required and not left_out & wanted


def _is_idle(tool: Tool, model: StateModel, fresh: Mapping[str, StateValue]) -> bool:
    """Whether the call leaves a fresh tab as it is, and everything else too."""
    scopes = {v.name: v.scope for v in model.variables}
    return all(
        isinstance(clause, Equals)
        and isinstance(clause.value, Constant)
        and scopes[clause.var] is Scope.TAB
        and literal(clause.value.value) == literal(fresh[clause.var])
        for clause in tool.ensures
    )


def first_calls(cfg: Cfg, loop: For, dropped: frozenset[NodeId]) -> list[Call]:
    """The calls of a loop's body that may be an iteration's first."""
    inside = {c.id for c in calls_in(loop.body)}
    todo = [p.index for p in cfg.points if p.stmt is loop and not p.entry]
    seen = set(todo)
    found: list[Call] = []
    while todo:
        for successor, _ in cfg.points[todo.pop()].successors:
            stmt = cfg.points[successor].stmt
            if successor in seen:
                continue
            seen.add(successor)
            if isinstance(stmt, Call) and stmt.id not in dropped:
                found += [stmt] if stmt.id in inside else []
            else:
                todo.append(successor)
    return sorted(found, key=lambda c: c.id)
