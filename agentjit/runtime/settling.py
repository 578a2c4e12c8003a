"""Settle what became of an irreversible call whose answer was lost, by what `verify` lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from agentjit.errors import AgentjitError, BrowserError, RunError, ToolError
from agentjit.runtime.calling import Caller
from agentjit.runtime.guarding import Interrupted
from agentjit.runtime.observing import consistent
from agentjit.toolspecs.jsontypes import ListOf, Record, mismatch
from agentjit.toolspecs.tool import Tool

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Seconds before each look: a site may need a moment until its list has what it has just taken.
PAUSES: Final = (0.0, 0.2, 0.4, 0.8, 1.6)
#: Seconds that one look may take, and after which there is no further one.
LOOK_SECONDS: Final = 3.0
PATIENCE: Final = 6.0


@dataclass(frozen=True, slots=True)
class Settled:
    """What `verify` says: "done" with the new entries, "not-done", or "unknown"."""

    outcome: str
    entries: tuple[Any, ...] = ()


async def read_entries(caller: Caller, tool: Tool, page: Page) -> list[Any] | None:
    """What the tool's `verify` lists now; None where it lists nothing or cannot be read here.

    Raises BrowserError.
    """
    reader = caller.toolset.by_name[tool.verify] if tool.verify else None
    if reader is None or not isinstance(reader.returns, ListOf):
        return None
    quick = replace(reader, timeout=min(reader.timeout, LOOK_SECONDS))
    try:
        state = await caller.look(page)
        if state is None or not all(consistent(c, state, {}) for c in reader.requires):
            return None
        entries: list[Any] = (await caller.call(quick, page, {})).value
    except BrowserError:
        raise
    except RunError:
        return None
    return entries


async def settle(caller: Caller, tool: Tool, page: Page, before: list[Any]) -> Settled:
    """Compare what is listed now with what was listed before the attempt.

    Only entries that were added prove that it was done; only the last look, unchanged, that it was
    not. Where earlier entries are missing the list proves nothing.
    """
    end = caller.clock.now() + PATIENCE
    last: tuple[Any, ...] | None = None
    for pause in PAUSES:
        await caller.clock.sleep(pause)
        try:
            after = await read_entries(caller, tool, page)
        except BrowserError:
            return Settled("unknown")
        last = None if after is None else added(before, after)
        if last:
            return Settled("done", last)
        if caller.clock.now() >= end:
            return Settled("unknown")
    return Settled("unknown" if last is None else "not-done")


def added(before: Sequence[Any], after: Sequence[Any]) -> tuple[Any, ...] | None:
    """The entries that came on top of those before; None where one of those is missing."""
    new = list(after)
    for entry in before:
        if entry not in new:
            return None
        new.remove(entry)
    return tuple(new)


def had_answer(error: AgentjitError) -> bool:
    """Whether the body itself gave up on an answer of the site, not on time, browser or mistake.

    A site that is only late may still act after the last look at its list.
    """
    if not isinstance(error, ToolError) or isinstance(error, Interrupted):
        return False
    cause: BaseException | None = error
    while cause is not None:
        # Playwright's own is no TimeoutError of Python's, but has its name.
        if type(cause).__name__ == "TimeoutError":
            return False
        cause = cause.__cause__ or cause.__context__
    return True


def result_from(tool: Tool, entries: Sequence[Any]) -> Any:
    """The call's result as far as the one new entry has it; None where it has not."""
    if len(entries) != 1:
        return None
    (entry,) = entries
    if isinstance(tool.returns, Record) and isinstance(entry, dict):
        entry = {f.name: entry[f.name] for f in tool.returns.fields if f.name in entry}
    return None if mismatch(entry, tool.returns, "the entry") else entry
