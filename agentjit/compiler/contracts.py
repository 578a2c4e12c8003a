"""Prove the preconditions: a forward dataflow analysis to a fixpoint, then one pass of reports."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from agentjit.compiler.assigned import check_assigned
from agentjit.compiler.branching import suppose
from agentjit.compiler.cfg import Cfg, build_cfg
from agentjit.compiler.facts import Facts, start_facts
from agentjit.compiler.ir import Call, NodeId, Program
from agentjit.compiler.partitioning import Setting, Ways, add_way, find_flags, join_ways
from agentjit.compiler.reporting import report
from agentjit.compiler.statements import follow
from agentjit.compiler.transfer import breaches, enter
from agentjit.diagnostics import Diagnostic
from agentjit.source import Source
from agentjit.toolspecs.contract import Clause
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.toolset import Toolset

#: Preconditions that are told of one plan; who has broken so many has seen enough.
MAX_REPORTS: Final = 50


@dataclass(frozen=True, slots=True)
class Proof:
    """What the analysis found out about a program."""

    #: The facts before each call that can be reached.
    facts: Mapping[NodeId, Facts]
    #: What may break, or stop in mid-run.
    found: tuple[Diagnostic, ...]
    #: The facts at the end; None where it cannot be reached.
    final: Facts | None


def prove(
    program: Program, toolset: Toolset, start: Mapping[str, StateValue] | None = None
) -> Proof:
    """Follow the site's state along every path, and say which preconditions may break."""
    cfg = build_cfg(program)
    before, taken = solve(cfg, toolset, start_facts(toolset.state, start))
    found: list[Diagnostic] = []
    at_calls: dict[NodeId, Facts] = {}
    for point in cfg.points:
        ways = before[point.index]
        if ways and isinstance(point.stmt, Call):
            at_calls[point.stmt.id] = join_ways(ways, point.index)
            if len(found) < MAX_REPORTS:
                found += _reports(point.stmt, toolset, ways, program.source)
    found += check_assigned(program, cfg, taken)
    last = before[-1]
    final = join_ways(last, len(cfg.points)) if last else None
    return Proof(at_calls, tuple(found), final)


def solve(
    cfg: Cfg, toolset: Toolset, start: Facts
) -> tuple[list[Ways], frozenset[tuple[int, int]]]:
    """The least fixpoint: what holds before each point on every path, and the ways taken.

    A point that no path reaches has no facts.
    """
    flags = find_flags(cfg)
    before: list[Ways] = [{} for _ in cfg.points]
    taken: set[tuple[int, int]] = set()
    # Indices follow the text, so a heap visits bodies before what comes after them.
    queue = [0]
    changed: list[dict[Setting, None]] = [{} for _ in cfg.points]
    first = add_way(before[0], start, flags, 0, again=False)
    assert first is not None
    changed[0][first] = None
    followed: set[int] = set()
    met: set[int] = set()
    while queue:
        index = heapq.heappop(queue)
        point = cfg.points[index]
        settings, changed[index] = list(changed[index]), {}
        for setting in settings:
            facts = before[index].get(setting)
            if facts is None:
                # It has been joined with others since.
                continue
            after = follow(point, toolset, facts, again=index in followed)
            followed.add(index)
            if after is None:
                continue
            for successor, when in point.successors:
                along = suppose(after, when.test, holds=when.holds) if when else after
                if along is None:
                    continue
                taken.add((index, successor))
                along = _living(along, cfg, index, successor)
                ways = before[successor]
                joins = bool(ways)
                new = add_way(ways, along, flags, successor, again=successor in met)
                if joins:
                    met.add(successor)
                if new is not None:
                    changed[successor][new] = None
                    if successor not in queue:
                        heapq.heappush(queue, successor)
    return before, frozenset(taken)


def _living(facts: Facts, cfg: Cfg, index: int, successor: int) -> Facts:
    """Facts without the temporaries that were used last on the way from point to point."""
    dead = [
        name
        for between in range(index, successor)
        for name in cfg.last_uses.get(between, ())
        if name in facts.env
    ]
    if not dead:
        return facts
    return Facts(facts.state, {n: a for n, a in facts.env.items() if n not in dead})


def _reports(call: Call, toolset: Toolset, ways: Ways, source: Source) -> list[Diagnostic]:
    """The clauses that may not hold, each once, with the first way on which it does not."""
    tool = toolset.by_name[call.tool]
    found: dict[Clause, Diagnostic] = {}
    for setting in sorted(ways, key=str):
        entered = enter(call, tool, ways[setting], again=False)
        if entered is None:
            continue
        for breach in breaches(tool, entered, toolset.state):
            if breach.clause not in found:
                found[breach.clause] = report(call, breach, toolset, source)
    return list(found.values())
