"""The gate of irreversible calls: shown, granted, recorded, attempted once, settled."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from agentjit.errors import (
    ApprovalRefused,
    ContractBroken,
    OutcomeUnknown,
    RunError,
    ToolError,
)
from agentjit.ports import ApprovalRequest, Approver
from agentjit.runtime.approval import digest_of
from agentjit.runtime.calling import Caller, CallReport
from agentjit.runtime.recorder import Recorder
from agentjit.toolspecs.tool import Tool

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Seconds that the site gets to show the postcondition after an attempt went wrong.
SETTLE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One irreversible call that was attempted. `outcome` is "done" or "unknown"."""

    tool: str
    arguments: Mapping[str, Any]
    terms: Any
    outcome: str
    value: Any = None

    def to_json(self) -> dict[str, Any]:
        """As data, with stable keys."""
        return {
            "tool": self.tool,
            "arguments": dict(self.arguments),
            "terms": self.terms,
            "outcome": self.outcome,
            "result": self.value,
        }


@dataclass(slots=True)
class CommitGate:
    """Every COMMIT of a run goes through here; none is attempted twice."""

    caller: Caller
    approver: Approver
    recorder: Recorder
    account: str
    commits: list[Commit]

    async def call(self, tool: Tool, page: Page, arguments: Mapping[str, Any]) -> CallReport:
        """Ask, record, attempt, settle.

        Raises ApprovalRefused before anything happened, OutcomeUnknown when it cannot be told
        whether it happened, and a RunError when it certainly did not.
        """
        given, seen = await self.caller.before(tool, page, arguments)
        terms = await self._terms(tool, page)
        request = ApprovalRequest(
            tool=tool.name,
            summary=tool.summary,
            arguments=given,
            terms=terms,
            digest=digest_of(tool.name, given, terms, self.account),
        )
        self.recorder.record("approval-asked", tool=tool.name, digest=request.digest, terms=terms)
        if not await self.approver.approve(request):
            self.recorder.record("approval-refused", tool=tool.name, digest=request.digest)
            raise ApprovalRefused(
                f"{tool.name}() was not granted; nothing was done",
                "grant it when asked, or pass --yes (in Python: approve=True)",
            )
        self.recorder.record(
            "commit-intent", tool=tool.name, arguments=given, terms=terms, digest=request.digest
        )
        started = self.caller.clock.now()
        try:
            value = await self._attempt(tool, page, given)
        except ToolError as refusal:
            # The law of COMMIT bodies: they raise ToolError themselves only if they did not act.
            self.recorder.record("commit-not-done", tool=tool.name, reason=refusal.message)
            raise
        acted = self.caller.clock.now()
        try:
            after = await self.caller.after(tool, page, given, value)
        except RunError as error:
            self._lost(tool, given, terms, error)
        self.commits.append(
            Commit(tool=tool.name, arguments=given, terms=terms, outcome="done", value=value)
        )
        self.recorder.record("commit-done", tool=tool.name, result=value)
        ended = self.caller.clock.now()
        return CallReport(
            value=value,
            before=seen.state,
            after=after.state,
            seconds=ended - started,
            checking=ended - acted,
        )

    async def _attempt(self, tool: Tool, page: Page, given: Mapping[str, Any]) -> Any:
        """The one attempt. A cancelled or broken one may still have reached the site."""
        try:
            return await self.caller.act(tool, page, given)
        except ToolError as error:
            if error.__cause__ is None:
                raise
            # A time-out or a browser error inside the body: the click may have gone out.
            self._lost(tool, given, None, error)
        except RunError as error:
            self._lost(tool, given, None, error)
        except asyncio.CancelledError:
            self._note_unknown(tool, given, None, "cancelled")
            raise

    def _lost(self, tool: Tool, given: Mapping[str, Any], terms: Any, error: RunError) -> Any:
        self._note_unknown(tool, given, terms, error.message)
        where = f"look with {tool.verify}()" if tool.verify else "look at the site"
        raise OutcomeUnknown(
            f"{tool.name}() was attempted, but its outcome is not known: {error.message}",
            f"{where} before you run it again; agentjit will not repeat it by itself",
        ) from error

    def _note_unknown(
        self, tool: Tool, given: Mapping[str, Any], terms: Any, reason: str
    ) -> None:
        self.commits.append(
            Commit(tool=tool.name, arguments=given, terms=terms, outcome="unknown")
        )
        self.recorder.record("commit-unknown", tool=tool.name, reason=reason)

    async def _terms(self, tool: Tool, page: Page) -> Any:
        """What the site says the call is about, read at the last moment."""
        reader = self.caller.toolset.get(tool.terms) if tool.terms else None
        if reader is None:
            return None
        try:
            return (await self.caller.call(reader, page, {})).value
        except ContractBroken as error:
            raise ContractBroken(
                f"{tool.name}(): its terms cannot be read: {error.message}", error.hint
            ) from error
