"""The gate of irreversible calls: shown, granted, recorded, attempted once; done or unknown."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from agentjit.errors import (
    AgentjitError,
    ApprovalRefused,
    ContractBroken,
    OutcomeUnknown,
    ToolError,
    ValueRejected,
)
from agentjit.ports import ApprovalRequest, Approver
from agentjit.runtime.approval import digest_of
from agentjit.runtime.calling import Caller, CallReport, drifted
from agentjit.runtime.guarding import Interrupted
from agentjit.runtime.observing import Observation
from agentjit.runtime.recorder import Recorder
from agentjit.toolspecs.tool import Tool

if TYPE_CHECKING:
    from playwright.async_api import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One irreversible call that was attempted. `outcome` is "unknown" until it is seen "done"."""

    tool: str
    arguments: Mapping[str, Any]
    terms: Any
    outcome: str = "unknown"
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
        """Ask, record, attempt.

        Raises ApprovalRefused before anything happened, OutcomeUnknown when it cannot be told
        whether it happened, and a RunError when it certainly did not.
        """
        clock = self.caller.clock
        started = clock.now()
        given, before = await self.caller.before(tool, page, arguments)
        terms = await self._terms(tool, page)
        ready = clock.now()
        digest = await self._ask(tool, given, terms)
        self.recorder.record(
            "commit-intent", tool=tool.name, arguments=given, terms=terms, digest=digest
        )
        granted = clock.now()
        commit = Commit(tool=tool.name, arguments=given, terms=terms)
        # From here on it may have happened, whatever breaks in: it counts as attempted.
        self.commits.append(commit)
        value, after, acted = await self._attempt(commit, tool, page)
        self.commits[-1] = replace(commit, outcome="done", value=value)
        self.recorder.record("commit-done", tool=tool.name, result=value)
        ended = clock.now()
        # The time that a person took to decide is not the call's.
        return CallReport(
            value=value,
            before=before.state,
            after=after.state,
            seconds=(ready - started) + (ended - granted),
            checking=(ready - started) + (ended - acted),
            drift=drifted(tool, before, after),
        )

    async def _terms(self, tool: Tool, page: Page) -> Any:
        """What the site says the call is about, read at the last moment."""
        if tool.terms is None:
            return None
        reader = self.caller.toolset.by_name[tool.terms]
        try:
            return (await self.caller.call(reader, page, {})).value
        except (ContractBroken, ToolError, ValueRejected) as error:
            raise type(error)(
                f"{tool.name}() was not attempted, for its terms cannot be read: {error.message}",
                error.hint,
            ) from error

    async def _ask(self, tool: Tool, given: Mapping[str, Any], terms: Any) -> str:
        """The digest of what was granted. Raises ApprovalRefused."""
        digest = digest_of(tool.name, given, terms, self.account)
        request = ApprovalRequest(
            tool=tool.name, summary=tool.summary, arguments=given, terms=terms, digest=digest
        )
        self.recorder.record("approval-asked", tool=tool.name, digest=digest, terms=terms)
        if await self.approver.approve(request):
            return digest
        self.recorder.record("approval-refused", tool=tool.name, digest=digest)
        raise ApprovalRefused(
            f"{tool.name}() was not granted; nothing was done",
            "grant it when asked, or pass --yes (in Python: approve=True)",
        )

    async def _attempt(
        self, commit: Commit, tool: Tool, page: Page
    ) -> tuple[Any, Observation, float]:
        """The one attempt: its value, what is seen after it, and when its body had ended."""
        try:
            value = await self.caller.act(tool, page, commit.arguments)
            acted = self.caller.clock.now()
            return value, await self.caller.after(tool, page, commit.arguments, value), acted
        except Interrupted as error:
            raise self._lost(tool, error) from error
        except ToolError as refusal:
            # The law of COMMIT bodies: they raise one themselves only if they did not act.
            self.commits.pop()
            self.recorder.record("commit-not-done", tool=tool.name, reason=refusal.message)
            raise
        except AgentjitError as error:
            raise self._lost(tool, error) from error
        except asyncio.CancelledError:
            self.recorder.record("commit-unknown", tool=tool.name, reason="cancelled")
            raise

    def _lost(self, tool: Tool, error: AgentjitError) -> OutcomeUnknown:
        self.recorder.record("commit-unknown", tool=tool.name, reason=error.message)
        where = f"look with {tool.verify}()" if tool.verify else "look at the site"
        return OutcomeUnknown(
            f"{tool.name}() was attempted, but its outcome is not known: {error.message}",
            f"{where} before you run it again; agentjit will not repeat it by itself",
        )
