"""The diagnostics of toolsets that load all the same: likely mistakes, and stale examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from agentjit.diagnostics import Diagnostic, Severity
from agentjit.toolspecs.messages import ToolDiagnostic


@dataclass(frozen=True, kw_only=True)
class UnverifiableCommit(ToolDiagnostic):
    """A COMMIT whose lost answer could not be settled."""

    code = "unverifiable-commit"
    title = "{tool}: is irreversible but {problem}"
    hint = 'name the READ tool that shows whether it took effect, e.g. verify="list_orders"'
    explanation = (
        "When the answer to an irreversible call is lost, agentjit never repeats it blindly. With "
        "`verify` it can look whether the call took effect; without, such a run ends as unknown. "
        "`verify` is read in the tab of the call, before it and after it, and what is new in the "
        "list shows that it was done."
    )
    severity: ClassVar[Severity] = Severity.WARNING
    problem: str


@dataclass(frozen=True, kw_only=True)
class NothingWritten(ToolDiagnostic):
    """A tool that is declared to change the account, and to write nothing of it."""

    code = "nothing-written"
    title = "{tool}: is declared {effect}, but `writes` is empty"
    hint = "name what it changes, or make it READ or NAVIGATE"
    explanation = (
        "Calls whose footprints do not meet may run at the same time. A WRITE or COMMIT with "
        "writes=() would meet nothing, so it could run beside a call that reads what it changes. "
        "Leave `writes` out where you are not sure: it then counts as everything."
    )
    severity: ClassVar[Severity] = Severity.WARNING
    effect: str


@dataclass(frozen=True, kw_only=True)
class IdleOption(ToolDiagnostic):
    """An option that means nothing for a tool of this effect."""

    code = "idle-option"
    title = "{tool}: `{option}` means nothing on a {effect} tool"
    hint = "drop it, or make the tool {meant}"
    explanation = (
        "`verify` and `terms` belong to COMMIT tools: only those are approved and settled. "
        "`idempotent` belongs to WRITE tools: READ and NAVIGATE may be repeated anyway. On "
        "another tool the option is read by nothing, so either it or the effect is a mistake."
    )
    severity: ClassVar[Severity] = Severity.WARNING
    option: str
    effect: str
    meant: str


@dataclass(frozen=True, kw_only=True)
class DeadEnd(ToolDiagnostic):
    """A requirement that holds at the start, and never again once a call has broken it."""

    code = "dead-end"
    title = "{tool}: once {breaking}() was called, nothing brings `{clause}` back"
    label = "holds at the start only"
    hint = "add a tool that ensures it, such as one that goes back"
    explanation = (
        "The requirement is true at the start, a tool makes it false, and no tool makes it true "
        "again. A plan that has called that tool can call this one no more, and repair has "
        "nothing to insert. Sites have a way back; the toolset should have it, too."
    )
    severity: ClassVar[Severity] = Severity.WARNING
    clause: str
    breaking: str


@dataclass(frozen=True, kw_only=True)
class UnusedVariable(Diagnostic):
    """A state variable that no contract speaks of."""

    code = "unused-variable"
    title = "no contract speaks of the state variable `{variable}`"
    hint = "drop it, or say in `requires` and `ensures` what it is for"
    explanation = (
        "A variable that no tool requires or ensures is followed through every plan and decides "
        "nothing. Often a tool's `ensures` was forgotten, and the checker believes that the "
        "variable keeps its start value."
    )
    severity: ClassVar[Severity] = Severity.WARNING
    variable: str


@dataclass(frozen=True, kw_only=True)
class StaleExample(ToolDiagnostic):
    """An example of a tool that is no valid call of it (any more)."""

    code = "stale-example"
    title = "{tool}: its example does not check: {problem}"
    label = "here"
    hint = "write one call as in a plan; the signature is {signature}"
    explanation = (
        "The examples of a tool are shown to models and read by the symbolic planner, so a wrong "
        "one teaches wrong calls. Each is one call of that very tool, in the plan language, with "
        "arguments that fit the signature."
    )
    problem: str
    signature: str
