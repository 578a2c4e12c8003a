"""Tell whether a WRITE that must not be repeated took effect, by the account before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from agentjit.errors import RunError
from agentjit.runtime.calling import Caller, complete_arguments
from agentjit.runtime.observing import consistent
from agentjit.runtime.settling import PAUSES
from agentjit.toolspecs.contract import Clause, Equals
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.state import Scope, StateValue
from agentjit.toolspecs.tool import Tool

if TYPE_CHECKING:
    from playwright.async_api import Page

#: What is kept where no reader could be asked.
NOTHING: Final = {"reader": None, "value": None}


def telling_clauses(
    caller: Caller, tool: Tool, before: Mapping[str, StateValue], arguments: Mapping[str, Any]
) -> tuple[Clause, ...]:
    """What the call ensures of the account that was not so before: it tells whether it was done."""
    model = caller.toolset.state
    return tuple(
        clause
        for clause in tool.ensures
        if isinstance(clause, Equals)
        and (variable := model.get(clause.var)) is not None
        and variable.scope is Scope.ACCOUNT
        and clause.var in before
        and not consistent(clause, before, arguments)
    )


def find_reader(caller: Caller, tool: Tool) -> Tool | None:
    """A READ of what the tool writes, that needs no place and no arguments."""
    written = tool.touches.writes
    for reader in caller.toolset.tools:
        if (
            reader.effect is Effect.READ
            and not reader.requires
            and reader.ready is None
            and reader.touches.reads
            and written
            and reader.touches.reads <= written
            and not any(p.required for p in reader.params)
        ):
            return reader
    return None


async def take_witness(
    caller: Caller,
    tool: Tool,
    page: Page,
    before: Mapping[str, StateValue],
    arguments: Mapping[str, Any],
) -> dict[str, Any]:
    """What is to be known before the attempt, for telling afterwards. Changes nothing."""
    if telling_clauses(caller, tool, before, arguments):
        return NOTHING
    reader = find_reader(caller, tool)
    if reader is None:
        return NOTHING
    try:
        # The call has just looked at the page, and dismissed what was in the way: it reads at once.
        value = await caller.act(reader, page, complete_arguments(reader, {}))
    except RunError:
        return NOTHING
    return {"reader": reader.name, "value": value}


async def tell(
    caller: Caller, tool: Tool, page: Page, attempt: Mapping[str, Any], *, patience: float = 0.0
) -> str:
    """Say "done", "not-done" or "unknown", by what the journal kept of the attempt.

    It is looked for until `patience` seconds are over, and for a few more looks after.
    """
    deadline = caller.clock.now() + patience
    last = "unknown"
    while True:
        for pause in PAUSES:
            await caller.clock.sleep(pause)
            last = await _look(caller, tool, page, attempt)
            if last == "done":
                return last
        if caller.clock.now() >= deadline:
            return last


async def _look(caller: Caller, tool: Tool, page: Page, attempt: Mapping[str, Any]) -> str:
    clauses = telling_clauses(caller, tool, attempt["before"], attempt["arguments"])
    witness = attempt.get("witness") or NOTHING
    try:
        if clauses:
            state = await caller.look(page) or {}
            if not all(clause.var in state for clause in clauses):
                return "unknown"
            held = all(consistent(clause, state, attempt["arguments"]) for clause in clauses)
            return "done" if held else "not-done"
        if witness["reader"] is None:
            return "unknown"
        reader = caller.toolset.by_name[witness["reader"]]
        value = (await caller.call(reader, page, {})).value
    except RunError:
        return "unknown"
    if value == witness["value"]:
        return "not-done"
    # Something was done. Of a call for several things that need not be all of it.
    return "unknown" if _is_for_several(attempt["arguments"]) else "done"


def _is_for_several(arguments: Mapping[str, Any]) -> bool:
    return any(isinstance(value, list) and len(value) > 1 for value in arguments.values())
