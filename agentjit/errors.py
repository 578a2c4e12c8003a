"""The exceptions of agentjit. Each has a message, and a hint where there is something to do.

AgentjitError
├── UsageError            wrong command line, unknown site, empty task                  exit 2
├── ToolsetError          a toolset that cannot be loaded, with its diagnostics         exit 2
├── CompileError          a plan that does not check, with its diagnostics              exit 3
├── PlanningError         no valid plan: abstained, or every candidate was rejected     exit 3
│   └── ModelError        the model's endpoint refused, failed, or answered nonsense    exit 3
├── ApprovalRefused       an irreversible call was not granted                          exit 4
├── OutcomeUnknown        an irreversible call may or may not have taken effect         exit 5
├── BudgetSpent           a ceiling on time, money or tokens was reached                exit 6
└── RunError              the run failed                                                exit 1
    ├── ToolError         a tool could not do its work (raised by the tool's own body)
    │   └── NotDone       an irreversible call certainly did not take effect
    ├── ContractBroken    a pre- or postcondition was observed not to hold
    ├── ValueRejected     an argument or a result does not have its declared type
    ├── EvaluationError   the plan's own code raised
    ├── BrowserError      no browser, or it went away
    └── SiteUnreachable   the site does not answer
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from agentjit.diagnostics import Diagnostic, render_all
from agentjit.source import Source


class AgentjitError(Exception):
    """The root: `message` says what went wrong, `hint` what can be done about it."""

    exit_code: ClassVar[int] = 1
    #: Stable, kebab-case name for JSON output.
    code: ClassVar[str] = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(AgentjitError):
    """Something that the caller asked for makes no sense."""

    exit_code = 2
    code = "usage"


class _WithDiagnostics(AgentjitError):
    def __init__(
        self, message: str, diagnostics: Sequence[Diagnostic], source: Source | None = None
    ) -> None:
        super().__init__(message)
        self.diagnostics = tuple(diagnostics)
        self.source = source

    def __str__(self) -> str:
        return f"{self.message}\n{render_all(self.diagnostics, self.source)}"


class ToolsetError(_WithDiagnostics):
    """A toolset is broken: a contract does not parse, a tool names an unknown variable, …"""

    exit_code = 2
    code = "toolset"


class CompileError(_WithDiagnostics):
    """A plan is not in the language, not well typed, or breaks a contract."""

    exit_code = 3
    code = "invalid-plan"


class PlanningError(AgentjitError):
    """No plan: the planner abstained, or nothing that it proposed was valid."""

    exit_code = 3
    code = "no-plan"


class ModelError(PlanningError):
    """The model's endpoint could not be used."""

    code = "model"


class ApprovalRefused(AgentjitError):
    """An irreversible call was not granted; it was not attempted."""

    exit_code = 4
    code = "approval-refused"


class OutcomeUnknown(AgentjitError):
    """An irreversible call was attempted and its outcome could not be settled."""

    exit_code = 5
    code = "outcome-unknown"


class BudgetSpent(AgentjitError):
    """A ceiling on time, money or tokens was reached."""

    exit_code = 6
    code = "budget-spent"


class RunError(AgentjitError):
    """The run failed in a way that is known: what was done before is in the trace."""

    code = "run-failed"


class ToolError(RunError):
    """A tool could not do its work; its body says why and, where it can, what would help."""

    code = "tool-failed"


class NotDone(ToolError):
    """An irreversible call certainly did not take effect.

    The body of a COMMIT raises it, and only where the site said explicitly that it refuses: no
    order, no payment, nothing. Whatever else such a body raises, once it has started, leaves the
    outcome open, a plain ToolError too: the site may have acted and its answer been lost.
    """

    code = "not-done"


class ContractBroken(RunError):
    """A precondition or a postcondition was observed not to hold on the live site."""

    code = "contract-broken"


class ValueRejected(RunError):
    """An argument or a result does not have the type that the tool declares."""

    code = "value-rejected"


class EvaluationError(RunError):
    """The plan's own code raised an error or hit a limit of the sandbox."""

    code = "plan-raised"


class BrowserError(RunError):
    """There is no browser to use, or it went away."""

    code = "browser"


class SiteUnreachable(RunError):
    """The site does not answer at its address."""

    code = "site-unreachable"
