"""From an error to what a person reads, or to the object that a machine reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from agentjit.cli.consoles import print_json, printable, show, standard_error

#: The exit code of a command that Ctrl-C ended, as shells have it.
INTERRUPTED: Final = 130

if TYPE_CHECKING:
    from rich.console import RenderableType

    from agentjit.errors import AgentjitError


def show_failure(error: AgentjitError, *, line: int | None = None) -> None:
    """Print one clear block on standard error."""
    show(standard_error(), render_failure(error, line=line))


def render_failure(error: AgentjitError, *, line: int | None = None) -> RenderableType:
    """Code, message and hint; the diagnostics, where the error carries any."""
    from rich.console import Group
    from rich.text import Text

    from agentjit.cli.findings import colour, render_findings

    place = f" (plan, line {line})" if line else ""
    text = f"error[{error.code}]: {printable(error.message)}{place}"
    if error.hint:
        text += f"\n  hint: {printable(error.hint)}"
    parts: list[RenderableType] = [colour(text)]
    found = getattr(error, "diagnostics", ())
    if found:
        parts += [Text(), render_findings(found, getattr(error, "source", None))]
    return Group(*parts)


def failure_to_json(error: AgentjitError) -> dict[str, Any]:
    """The keys that every command's object has when it fails."""
    from agentjit.runtime.result import error_to_json, status_of

    return {
        "status": status_of(error),
        "exit_code": error.exit_code,
        "error": error_to_json(error),
        "diagnostics": [d.to_json() for d in getattr(error, "diagnostics", ())],
    }


def run_shape(task: str, error: AgentjitError) -> dict[str, Any]:
    """What `agentjit run --json` prints where it ended before there was a run: the same keys."""
    from agentjit.runtime.result import RunResult, status_of

    found = tuple(getattr(error, "diagnostics", ()))
    return RunResult(task=task, status=status_of(error), error=error, diagnostics=found).to_json()


def interruption_to_json() -> dict[str, Any]:
    """The keys of a command that Ctrl-C ended."""
    error = {"code": "interrupted", "message": "interrupted", "hint": "", "line": None}
    return {"status": "interrupted", "exit_code": INTERRUPTED, "error": error}


def report_failure(error: AgentjitError, *, as_json: bool) -> int:
    """Tell whoever called, in their way; gives the exit code."""
    if as_json:
        print_json(failure_to_json(error))
    else:
        show_failure(error)
    return error.exit_code
