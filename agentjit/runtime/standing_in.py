"""Whoever may do a call's work where its tool cannot: the last rung of the ladder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from agentjit.errors import RunError
from agentjit.runtime.calling import CallReport
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.tool import Tool

if TYPE_CHECKING:
    from playwright.async_api import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedCall:
    """A call that failed, and would not be repeated any more."""

    tool: Tool
    page: Page
    arguments: Mapping[str, Any]
    error: RunError
    #: The plan's line.
    line: int
    #: Whether it may have taken effect all the same.
    open: bool
    #: Where the tab stood before it, as far as that was seen.
    stood: Mapping[str, StateValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """What came of it: a report only where the postcondition was seen to hold afterwards."""

    report: CallReport | None
    #: Whether anything was sent that may have changed the account.
    sent: bool = False


class StandIn(Protocol):
    """Does the work of one call by other means, where that is safe."""

    def willing(self, call: FailedCall) -> bool:
        """Whether it would; it records why not, where it might have been asked to."""

    async def take_over(self, call: FailedCall) -> TakenOver:
        """Try, and hold the call's postcondition against the page. Raises no RunError."""

    async def release(self, page: Page) -> None:
        """A tool is to change something in this tab, which was held back. Raises a RunError."""
