"""The compiler's one entrance: plan text in, a checked program or diagnostics out."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from agentjit.compiler.bindings import check_bindings
from agentjit.compiler.contracts import prove
from agentjit.compiler.facts import Facts
from agentjit.compiler.ir import NodeId, Program
from agentjit.compiler.lower import lower
from agentjit.compiler.messages import PlanTooLarge
from agentjit.compiler.origins import trace_origins
from agentjit.compiler.parse import check_calls, check_scopes, parse_plan
from agentjit.compiler.provenance import check_provenance
from agentjit.compiler.show import show_program
from agentjit.compiler.subset import check_subset
from agentjit.compiler.taint import Untrusted, tell_untrusted, trace_untrusted
from agentjit.compiler.typecheck import check_types
from agentjit.diagnostics import Diagnostic, Severity, has_errors, in_order
from agentjit.errors import CompileError
from agentjit.source import Source
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.toolset import Toolset

_BY_CHECK = object()


@dataclass(frozen=True, slots=True)
class CheckedProgram:
    """A program that `check` found good. Nothing else makes one."""

    program: Program
    toolset: Toolset
    #: What holds before each call, on every path.
    facts: Mapping[NodeId, Facts]
    #: What holds at the end; None when the end is never reached.
    final: Facts | None
    #: What is worth saying of it all the same: warnings and notes.
    warnings: tuple[Diagnostic, ...] = ()
    #: What untrusted values its irreversible calls are given.
    untrusted: Untrusted = field(default_factory=dict)
    _made_by: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self._made_by is not _BY_CHECK:
            raise TypeError("a CheckedProgram is made by agentjit.compiler.check only")

    def show(self) -> str:
        """The intermediate form with the facts before each call."""
        return show_program(self.program, {k: f.show() for k, f in self.facts.items()})


def check(
    source: Source,
    toolset: Toolset,
    *,
    task: str | None = None,
    start: Mapping[str, StateValue] | None = None,
) -> CheckedProgram | tuple[Diagnostic, ...]:
    """Check a plan: language, types, contracts and, where the task is known, provenance.

    `start` overrides start values of the state model. Later stages run only where the earlier ones
    found nothing that would make their findings noise; types and contracts are told together.
    """
    try:
        return _check(source, toolset, task, start)
    except RecursionError:
        # Within the limits, and yet more than the stack holds: it depends on who calls.
        limit = sys.getrecursionlimit()
        what = "the depth of its analysis in calls"
        return (PlanTooLarge(what=what, size=limit + 1, limit=limit),)


def read_program(source: Source, toolset: Toolset) -> Program | tuple[Diagnostic, ...]:
    """The plan's program, whatever its types and contracts; or why it is none.

    Raises RecursionError where the stack is too short for it.
    """
    tree = parse_plan(source)
    if isinstance(tree, Diagnostic):
        return (tree,)
    crowded = check_calls(tree, source, toolset.by_name)
    if crowded:
        return (crowded,)
    outside = check_subset(tree, source, toolset.by_name)
    if outside:
        return tuple(outside)
    rebound = in_order(check_bindings(tree, source))
    if rebound:
        return tuple(rebound)
    misplaced = check_scopes(source)
    if misplaced:
        return (misplaced,)
    program, hidden = lower(tree, source, toolset)
    return tuple(hidden) or program


def _check(
    source: Source,
    toolset: Toolset,
    task: str | None,
    start: Mapping[str, StateValue] | None,
) -> CheckedProgram | tuple[Diagnostic, ...]:
    program = read_program(source, toolset)
    if isinstance(program, tuple):
        return program
    proof = prove(program, toolset, start)
    origins = trace_origins(program, toolset)
    untrusted = trace_untrusted(program, origins)
    found = [*check_types(source, toolset), *proof.found]
    if task is not None:
        found += check_provenance(program, toolset, task=task, facts=proof.facts, origins=origins)
    found += tell_untrusted(program, toolset, untrusted)
    if has_errors(found):
        return tuple(d for d in found if d.severity is not Severity.NOTE)
    return CheckedProgram(
        program, toolset, proof.facts, proof.final, tuple(found), untrusted, _BY_CHECK
    )


def check_or_raise(
    source: Source,
    toolset: Toolset,
    *,
    task: str | None = None,
    start: Mapping[str, StateValue] | None = None,
) -> CheckedProgram:
    """Like `check`, but a bad plan is a CompileError that carries the diagnostics."""
    checked = check(source, toolset, task=task, start=start)
    if isinstance(checked, CheckedProgram):
        return checked
    raise CompileError(f"{source.name} is not a valid plan", checked, source)
