"""Prove the preconditions: a forward dataflow analysis to a fixpoint, then one pass of reports."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from typing import Final

from agentjit.compiler.atoms import Atom, Something, Symbol
from agentjit.compiler.branching import suppose
from agentjit.compiler.cfg import Cfg, build_cfg
from agentjit.compiler.facts import Facts, Step, start_facts
from agentjit.compiler.ir import Call, NodeId, Program
from agentjit.compiler.joining import join_facts
from agentjit.compiler.messages import PreconditionNotMet
from agentjit.compiler.statements import follow
from agentjit.compiler.transfer import Breach, breaches, enter, establishes
from agentjit.diagnostics import Diagnostic, Note
from agentjit.source import Source
from agentjit.toolspecs.contract import Clause, Constant, Differs, Known
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.toolset import Toolset

#: Characters of a call that a message repeats; of longer ones it names the tool.
MAX_TOLD: Final = 60


def prove(
    program: Program, toolset: Toolset, start: Mapping[str, StateValue] | None = None
) -> tuple[Mapping[NodeId, Facts], list[Diagnostic], Facts | None]:
    """The facts before each call, the preconditions that may break, and the facts at the end.

    The facts at the end are None when the end cannot be reached.
    """
    cfg = build_cfg(program)
    before = solve(cfg, toolset, start_facts(toolset.state, start))
    found: list[Diagnostic] = []
    at_calls: dict[NodeId, Facts] = {}
    for point in cfg.points:
        facts = before[point.index]
        if facts is not None and isinstance(point.stmt, Call):
            at_calls[point.stmt.id] = facts
            found += _report(point.stmt, toolset, facts, program.source)
    return at_calls, found, before[-1]


def solve(cfg: Cfg, toolset: Toolset, start: Facts) -> list[Facts | None]:
    """The least fixpoint: what holds before each point on every path; None is unreachable."""
    before: list[Facts | None] = [None] * len(cfg.points)
    before[0] = start
    # Indices follow the text, so a heap visits bodies before what comes after them.
    queue = [0]
    while queue:
        index = heapq.heappop(queue)
        facts = before[index]
        assert facts is not None
        point = cfg.points[index]
        after = follow(point, toolset, facts)
        for successor, when in point.successors if after is not None else ():
            assert after is not None
            along = suppose(after, when.test, holds=when.holds) if when else after
            if along is None:
                continue
            along = _living(along, cfg, successor)
            old = before[successor]
            new = along if old is None else join_facts(old, along, successor)
            if old is None or new != old:
                before[successor] = new
                if successor not in queue:
                    heapq.heappush(queue, successor)
    return before


def _living(facts: Facts, cfg: Cfg, point: int) -> Facts:
    """Facts without the temporaries that nothing reads any more."""
    uses = cfg.last_uses
    if all(uses.get(name, point) >= point for name in facts.env if isinstance(name, str)):
        return facts
    env = {
        name: atom
        for name, atom in facts.env.items()
        if not isinstance(name, str) or uses.get(name, point) >= point
    }
    return Facts(facts.state, env)


def _report(call: Call, toolset: Toolset, facts: Facts, source: Source) -> list[Diagnostic]:
    tool = toolset.by_name[call.tool]
    entered = enter(call, tool, facts)
    if entered is None:
        return []
    broken = breaches(tool, entered, toolset.state)
    return [_diagnostic(call, breach, toolset, source) for breach in broken]


def _diagnostic(call: Call, breach: Breach, toolset: Toolset, source: Source) -> Diagnostic:
    clause = breach.clause
    steps = tuple(_told(s, source) for s in breach.path.path()) if breach.path else ()
    helpers = tuple(t.name for t in toolset.tools if establishes(t, clause))
    signatures = [toolset.by_name[name].signature().split(" -> ")[0] for name in helpers]
    advice = (
        f"call {' or '.join(f'`{s}`' for s in signatures)} before it, to establish `{clause}`"
        if helpers
        else f"no tool establishes `{clause}`; it must hold at the start"
    )
    return PreconditionNotMet(
        span=call.span,
        tool=call.tool,
        clause=str(clause),
        actual=f"`{clause.var}` {_told_atom(breach.atom)}{_doubt(clause, breach.atom)}",
        path=tuple(f"line {line}: {text}" for text, line in steps),
        establishers=helpers,
        notes=(_path_note(steps, call),),
        advice=advice,
    )


def _told_atom(atom: Atom | None) -> str:
    match atom:
        case None:
            return "is not known"
        case Something():
            return "has a value that is not known"
        case _:
            return f"is {atom}"


def _doubt(clause: Clause, atom: Atom | None) -> str:
    """Why a value that is some value does not do."""
    wants_some = isinstance(clause, Known) or clause == Differs(
        clause.var, Constant(None), clause.span
    )
    return ", which may be None" if wants_some and isinstance(atom, Symbol) else ""


def _told(step: Step, source: Source) -> tuple[str, int]:
    """The call as the plan writes it, if that is short, and its line."""
    written = source.cut(step.span)
    short = len(written) <= MAX_TOLD and "\n" not in written
    return written if short else f"{step.text}(…)", step.span.line


def _path_note(steps: tuple[tuple[str, int], ...], call: Call) -> Note:
    if not steps:
        return Note(f"on the path: start of the plan → {call.tool}()")
    shown = [f"{text} (line {line})" for text, line in steps]
    return Note("on the path: " + " → ".join([*shown, f"{call.tool}()"]))
