"""agentjit: a compiler for web tasks. The public face; everything is imported when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from agentjit.compiler.check import CheckedProgram, check
    from agentjit.diagnostics import Diagnostic
    from agentjit.engine import AgentJIT, run
    from agentjit.errors import AgentjitError, NotDone, ToolError
    from agentjit.ports import ApprovalRequest
    from agentjit.runtime.result import RunResult
    from agentjit.source import Source
    from agentjit.toolspecs import (
        Effect,
        From,
        Obstacle,
        Scope,
        StateModel,
        StateVar,
        Tool,
        Toolset,
        tool,
    )

__all__ = [
    "AgentJIT",
    "AgentjitError",
    "ApprovalRequest",
    "CheckedProgram",
    "Diagnostic",
    "Effect",
    "From",
    "NotDone",
    "Obstacle",
    "RunResult",
    "Scope",
    "Source",
    "StateModel",
    "StateVar",
    "Tool",
    "ToolError",
    "Toolset",
    "check",
    "run",
    "tool",
]

#: Where each public name lives. Loading all of it at once would make `agentjit --help` slow.
_HOMES: Final = {
    "AgentJIT": "agentjit.engine",
    "AgentjitError": "agentjit.errors",
    "ApprovalRequest": "agentjit.ports",
    "CheckedProgram": "agentjit.compiler.check",
    "Diagnostic": "agentjit.diagnostics",
    "Effect": "agentjit.toolspecs",
    "From": "agentjit.toolspecs",
    "NotDone": "agentjit.errors",
    "Obstacle": "agentjit.toolspecs",
    "RunResult": "agentjit.runtime.result",
    "Scope": "agentjit.toolspecs",
    "Source": "agentjit.source",
    "StateModel": "agentjit.toolspecs",
    "StateVar": "agentjit.toolspecs",
    "Tool": "agentjit.toolspecs",
    "ToolError": "agentjit.errors",
    "Toolset": "agentjit.toolspecs",
    "check": "agentjit.compiler.check",
    "run": "agentjit.engine",
    "tool": "agentjit.toolspecs",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'agentjit' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
