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
    ├── SignedOut         the site has signed the account out
    ├── OriginRefused     the site leads to an address that it may not speak to
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
    #: What can be done about any error of this class; an error's own `hint` is more exact.
    remedy: ClassVar[str] = "read the message: it says what was expected"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(AgentjitError):
    """Something that the caller asked for makes no sense."""

    exit_code = 2
    code = "usage"
    remedy = "say it as `--help` shows, or as the message's hint says"


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
    remedy = "mend the toolset where the diagnostics point: agentjit tools check FILE"


class CompileError(_WithDiagnostics):
    """A plan is not in the language, not well typed, or breaks a contract."""

    exit_code = 3
    code = "invalid-plan"
    remedy = "mend the plan where the diagnostics point: agentjit check FILE"


class PlanningError(AgentjitError):
    """No plan: the planner abstained, or nothing that it proposed was valid."""

    exit_code = 3
    code = "no-plan"
    remedy = "word the task plainly, after the examples of the tools: agentjit tools list"


class ModelError(PlanningError):
    """The model's endpoint could not be used."""

    code = "model"
    remedy = (
        "check OPENAI_API_KEY, OPENAI_BASE_URL and --model, or plan without a model: "
        "--planner symbolic"
    )


class ApprovalRefused(AgentjitError):
    """An irreversible call was not granted; it was not attempted."""

    exit_code = 4
    code = "approval-refused"
    remedy = "grant the call when asked, or grant it beforehand with --yes"


class OutcomeUnknown(AgentjitError):
    """An irreversible call was attempted and its outcome could not be settled."""

    exit_code = 5
    code = "outcome-unknown"
    remedy = "look at the site before anything is repeated: it may have been done"


class BudgetSpent(AgentjitError):
    """A ceiling on time, money or tokens was reached."""

    exit_code = 6
    code = "budget-spent"
    remedy = "raise the ceiling that the message names, or ask for less"


class RunError(AgentjitError):
    """The run failed in a way that is known: what was done before is in the trace."""

    code = "run-failed"
    remedy = "see events.jsonl in the run's folder for what was done, and run it again"


class ToolError(RunError):
    """A tool could not do its work; its body says why and, where it can, what would help."""

    code = "tool-failed"
    remedy = "see what the tool says about the site; what came before it stays done"


class NotDone(ToolError):
    """An irreversible call certainly did not take effect.

    The body of a COMMIT raises it, and only where the site said explicitly that it refuses: no
    order, no payment, nothing. Whatever else such a body raises, once it has started, leaves the
    outcome open, a plain ToolError too: the site may have acted and its answer been lost.
    """

    code = "not-done"
    remedy = "nothing irreversible happened: mend what the site complained of, and run it again"


class ContractBroken(RunError):
    """A precondition or a postcondition was observed not to hold on the live site."""

    code = "contract-broken"
    remedy = "the site changed, or a step before went wrong: look at the page, then at the tool"


class ValueRejected(RunError):
    """An argument or a result does not have the type that the tool declares."""

    code = "value-rejected"
    remedy = "give a value of the declared type, or mend the tool that read it"


class EvaluationError(RunError):
    """The plan's own code raised an error or hit a limit of the sandbox."""

    code = "plan-raised"
    remedy = "mend the plan at the line that is named, or word the task so that another one is made"


class BrowserError(RunError):
    """There is no browser to use, or it went away."""

    code = "browser"
    remedy = "find out what is wrong with the browser: agentjit doctor"


class SiteUnreachable(RunError):
    """The site does not answer at its address."""

    code = "site-unreachable"
    remedy = "start the site, or give its address with --url"


class SignedOut(RunError):
    """The site has signed the account out, and asks to sign in again."""

    code = "signed-out"
    remedy = "sign in again: agentjit auth save NAME, then --account NAME"


class OriginRefused(RunError):
    """The site leads to an address outside its own origin and those that the tools allow."""

    code = "origin-refused"
    remedy = "allow the origin with --allow-origin, if the site needs it and you trust it"
