"""Lint of reach: what no plan can call, what no plan can return to, what nothing speaks of."""

from __future__ import annotations

from collections.abc import Iterator

from agentjit.diagnostics import Diagnostic
from agentjit.source import Span
from agentjit.toolspecs.contract import Clause, Constant, Differs, Equals, Forgets, Known, OneOf
from agentjit.toolspecs.lint_clauses import constants, exclude
from agentjit.toolspecs.messages import UnreachablePrecondition
from agentjit.toolspecs.remarks import DeadEnd, UnusedVariable
from agentjit.toolspecs.toolset import Toolset


def lint_reachable(toolset: Toolset) -> Iterator[Diagnostic]:
    """Tools that no plan could ever call."""
    given = _at_start(toolset)
    waiting = list(toolset.tools)
    # A tool whose requirements can be met adds what it ensures, until none is added any more.
    while ready := [t for t in waiting if all(_can_hold(c, given) for c in t.requires)]:
        given += [clause for tool in ready for clause in tool.ensures]
        waiting = [t for t in waiting if t not in ready]
    for tool in waiting:
        for clause in tool.requires:
            if not _can_hold(clause, given):
                yield UnreachablePrecondition(
                    tool=tool.name,
                    clause=str(clause),
                    span=clause.span,
                    source=tool.requires_source,
                )


def _can_hold(clause: Clause, given: list[Clause]) -> bool:
    return any(_may_meet(g, clause) for g in given if g.var == clause.var)


def _may_meet(given: Clause, wanted: Clause) -> bool:
    if isinstance(given, Forgets):
        return False
    values = constants(given)
    if not values:  # a parameter, a result, or merely known: it may be anything but unset
        return wanted != Equals(wanted.var, Constant(None), wanted.span)
    match wanted:
        case Equals(value=Constant(value)):
            return value in values
        case OneOf(values=wanted_values):
            return bool(set(values) & set(wanted_values))
        case Differs(value=Constant(value)):
            return any(v != value for v in values)
        case Known():
            return any(v is not None for v in values)
        case _:
            return any(v is not None for v in values)


def _at_start(toolset: Toolset) -> list[Clause]:
    return [Equals(v.name, Constant(v.start), Span(1, 1, 1, 1)) for v in toolset.state.variables]


def lint_dead_ends(toolset: Toolset) -> Iterator[Diagnostic]:
    """Requirements that hold at the start, that a call breaks, and that no call brings back.

    Each is told once, of the first tool that has it.
    """
    told: set[str] = set()
    for tool in toolset.tools:
        for needed in tool.requires:
            ensured = [(t, c) for t in toolset.tools for c in t.ensures if c.var == needed.var]
            if any(_may_meet(c, needed) for _, c in ensured):
                continue
            breaking = next((t for t, c in ensured if exclude(c, needed)), None)
            if breaking is not None and str(needed) not in told:
                told.add(str(needed))
                yield DeadEnd(
                    tool=tool.name,
                    clause=str(needed),
                    breaking=breaking.name,
                    span=needed.span,
                    source=tool.requires_source,
                )


def lint_unused(toolset: Toolset) -> Iterator[Diagnostic]:
    """Variables that no contract speaks of."""
    told = {c.var for t in toolset.tools for c in (*t.requires, *t.ensures)}
    for variable in toolset.state.variables:
        if toolset.tools and variable.name not in told:
            yield UnusedVariable(variable=variable.name)
