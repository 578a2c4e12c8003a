"""Arguments must come from somewhere: from a tool's answer, or from the task's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agentjit.compiler.facts import Facts, Literal
from agentjit.compiler.ir import Expr, NodeId, Program, calls_in
from agentjit.compiler.messages import InventedArgument
from agentjit.compiler.transfer import atom_of
from agentjit.diagnostics import Diagnostic
from agentjit.toolspecs.toolset import Toolset


def check_provenance(
    program: Program, toolset: Toolset, task: str, facts: Mapping[NodeId, Facts]
) -> list[Diagnostic]:
    """Literal arguments of parameters with an origin that the task does not contain.

    `facts` are those before each call: a name that is known to hold a literal counts as one.
    """
    words = _normal(task)
    found: list[Diagnostic] = []
    for call in calls_in(program.body):
        tool = toolset.by_name[call.tool]
        for name, expr in call.args:
            param = tool.param(name)
            value = _text(expr, facts.get(call.id))
            if param is None or param.origin is None or value is None or _normal(value) in words:
                continue
            found.append(
                InventedArgument(
                    tool=tool.name,
                    parameter=name,
                    value=repr(value),
                    origin=param.origin.path,
                    span=expr.span,
                )
            )
    return found


def _text(expr: Expr, facts: Facts | None) -> str | None:
    atom = atom_of(expr, facts) if facts else None
    return atom.value if isinstance(atom, Literal) and isinstance(atom.value, str) else None


def _normal(text: str) -> str:
    """Lower case, punctuation and runs of space as one space, padded to match whole words."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "
