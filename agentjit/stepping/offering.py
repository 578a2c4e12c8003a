"""The tools of a site, offered to the step loop as actions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from agentjit.errors import RunError
from agentjit.planner.prompt import describe_toolset
from agentjit.runtime.calling import Caller
from agentjit.runtime.committing import CommitGate
from agentjit.toolspecs.effects import Effect

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Characters of a result that the model is shown.
RESULT_CHARS: Final = 8_000


class SiteTools(Protocol):
    """What the loop may call beside its own actions."""

    def describe(self) -> str:
        """The tools as the model is told of them."""

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> Any:
        """What the tool gives: JSON data. Raises a RunError, which the model is told of."""


@dataclass(frozen=True, slots=True)
class CallerTools:
    """A toolset's tools on one page, contracts observed; what is irreversible goes by the gate."""

    caller: Caller
    page: Page
    #: None where nothing irreversible may be called.
    gate: CommitGate | None = None
    #: Whether the model is told the contracts, too.
    contracts: bool = True

    def describe(self) -> str:
        """The toolset's records, signatures and contracts."""
        return describe_toolset(self.caller.toolset, protocol=self.contracts)

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> Any:
        """Make the call. Raises a RunError, ApprovalRefused or OutcomeUnknown."""
        found = self.caller.toolset.get(tool)
        if found is None:
            known = ", ".join(each.name for each in self.caller.toolset.tools)
            raise RunError(f"there is no tool {tool!r}", f"there are: {known}")
        if found.effect is not Effect.COMMIT:
            return (await self.caller.call(found, self.page, arguments)).value
        if self.gate is None:
            raise RunError(f"{tool}() is irreversible, and nobody is there to grant it")
        return (await self.gate.call(found, self.page, arguments)).value


def show_result(value: Any) -> str:
    """A tool's result as the model is told of it, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= RESULT_CHARS:
        return text
    return f"{text[:RESULT_CHARS]}… (cut: it has {len(text)} characters)"
