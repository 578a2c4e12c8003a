"""What a run gives back: how it ended, its value, the evidence, and what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from agentjit.diagnostics import Diagnostic
from agentjit.errors import AgentjitError
from agentjit.planner.candidate import Choice
from agentjit.ports import Usage
from agentjit.runtime.committing import Commit
from agentjit.runtime.happenings import Downloaded
from agentjit.runtime.runfolder import REPORT

#: The exit code of each way in which a run can end.
EXIT_CODES: Final = {
    "done": 0,
    "failed": 1,
    "usage": 2,
    "no-plan": 3,
    "refused": 4,
    "unknown": 5,
    "budget-spent": 6,
}
_STATUS: Final = {code: status for status, code in EXIT_CODES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """The end of one run. `status` is a key of EXIT_CODES; success is decided by postconditions."""

    task: str
    status: str
    #: The plan's value: an answer, or what the last call returned.
    value: Any = None
    error: AgentjitError | None = None
    #: The plan's line at which it failed.
    line: int | None = None
    choice: Choice | None = None
    #: Why candidates were rejected, where none was good.
    diagnostics: tuple[Diagnostic, ...] = ()
    commits: tuple[Commit, ...] = ()
    usage: Usage = Usage()
    #: What the bundled site's own record says has changed; None for other sites.
    record: Any = None
    #: How often the site's pages asked for other origins, which were refused.
    blocked: Mapping[str, int] = field(default_factory=dict)
    #: The files that the site gave.
    downloads: tuple[Downloaded, ...] = ()
    #: Seconds from the call of `run` to its end, and of its parts by name.
    wall_seconds: float = 0.0
    timing: Mapping[str, float] = field(default_factory=dict)
    run_dir: Path | None = None

    @property
    def ok(self) -> bool:
        """Whether the task was done and its postconditions were seen to hold."""
        return self.status == "done"

    @property
    def report(self) -> Path | None:
        """The page that shows the run; None where nothing of it could be kept."""
        return self.run_dir / REPORT if self.run_dir else None

    @property
    def exit_code(self) -> int:
        """The command's exit code."""
        return EXIT_CODES[self.status]

    @property
    def plan(self) -> str | None:
        """The text of the plan that was chosen."""
        return self.choice.winner.candidate.plan if self.choice else None

    @property
    def origin(self) -> str | None:
        """Who wrote the plan."""
        return self.choice.winner.candidate.origin if self.choice else None

    def raise_for_status(self) -> RunResult:
        """Itself when the task was done; else raises the error that ended it."""
        if self.error is not None:
            raise self.error
        return self

    def to_json(self) -> dict[str, Any]:
        """As JSON data, with stable keys."""
        return {
            "task": self.task,
            "status": self.status,
            "exit_code": self.exit_code,
            "result": self.value,
            "error": error_to_json(self.error, self.line) if self.error else None,
            "plan": self.plan,
            "origin": self.origin,
            "diagnostics": [d.to_json() for d in self.diagnostics],
            "wall_seconds": round(self.wall_seconds, 4),
            "timing": {k: round(v, 4) for k, v in self.timing.items()},
            **usage_to_json(self.usage),
            "commits": [c.to_json() for c in self.commits],
            "record": self.record,
            "blocked": dict(self.blocked),
            "downloads": [d.to_json() for d in self.downloads],
            "run_dir": str(self.run_dir) if self.run_dir else None,
            "report": str(self.report) if self.report else None,
        }


def status_of(error: AgentjitError) -> str:
    """The status of a run that ended with this error."""
    return _STATUS[error.exit_code]


def error_to_json(error: AgentjitError, line: int | None = None) -> dict[str, Any]:
    """An error as data."""
    return {"code": error.code, "message": error.message, "hint": error.hint, "line": line}


def usage_to_json(usage: Usage) -> dict[str, Any]:
    """What model calls cost, as data; dollars are not known where the price of a model is not."""
    return {
        "model_calls": usage.calls,
        "tokens": {"prompt": usage.prompt_tokens, "completion": usage.completion_tokens},
        "estimated_calls": usage.estimated,
        "dollars": None if usage.unpriced else round(usage.dollars, 6),
    }
