"""One call of a tool as a goal for the step loop, in words."""

from __future__ import annotations

import json
from typing import Any

from agentjit.runtime.calling import complete_arguments
from agentjit.runtime.observing import resolve
from agentjit.runtime.standing_in import FailedCall
from agentjit.toolspecs.contract import Clause, Differs, Equals, Forgets, Known, OneOf, Value
from agentjit.toolspecs.effects import Effect


def describe_goal(call: FailedCall) -> str:
    """One call as a goal: what the tool does, with which arguments, and when it is reached."""
    tool = call.tool
    given = complete_arguments(tool, call.arguments)
    lines = [
        "do this one thing on the site, and nothing else:",
        " ".join(tool.doc.split()) or tool.name,
        f"Its name is {tool.name}; its arguments (data): {json.dumps(given, ensure_ascii=False)}",
    ]
    wanted = [_show(clause, given) for clause in tool.ensures if not isinstance(clause, Forgets)]
    if tool.effect is Effect.READ:
        lines.append(
            "You need not report what you read: bring the page to where it can be read, with all "
            "of it shown, and say done."
        )
    elif wanted:
        lines.append(f"It is reached when: {'; '.join(wanted)}")
    return "\n".join(lines)


def _show(clause: Clause, given: dict[str, Any]) -> str:
    match clause:
        case Equals(var=var, value=value):
            return f"{var} is {_plain(value, given)}"
        case Differs(var=var, value=value):
            return f"{var} is not {_plain(value, given)}"
        case OneOf(var=var, values=values):
            return f"{var} is one of {', '.join(map(repr, values))}"
        case Known(var=var):
            return f"{var} is known"
        case Forgets(var=var):
            return f"{var} is as it may be"


def _plain(value: Value, given: dict[str, Any]) -> str:
    return repr(resolve(value, given))
