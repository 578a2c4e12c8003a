"""What was proven of a plan, as it is kept with its run: the facts before each call."""

from __future__ import annotations

from typing import Any

from agentjit.compiler.check import CheckedProgram
from agentjit.compiler.ir import calls_in


def proof_to_json(checked: CheckedProgram) -> dict[str, Any]:
    """What holds before each call on every path, and at the end; None: that is never reached."""
    return {
        "calls": [
            {
                "node": call.id,
                "line": call.span.line,
                "tool": call.tool,
                "facts": checked.facts[call.id].show(),
            }
            for call in calls_in(checked.program.body)
            if call.id in checked.facts
        ],
        "end": checked.final.show() if checked.final else None,
    }
