"""The gate of irreversible calls: shown, granted, recorded, attempted once, settled."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from agentjit.errors import (
    AgentjitError,
    ApprovalRefused,
    ContractBroken,
    NotDone,
    OutcomeUnknown,
    RunError,
    ToolError,
    ValueRejected,
)
from agentjit.ports import ApprovalRequest, Approver
from agentjit.runtime.approval import digest_of
from agentjit.runtime.calling import Caller, CallReport, drifted
from agentjit.runtime.observing import Observation
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.settling import had_answer, read_entries, result_from, settle
from agentjit.toolspecs.jsontypes import mismatch
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.tool import Tool

if TYPE_CHECKING:
    from playwright.async_api import Page

#: How often somebody is asked about one call whose terms change while they think.
ROUNDS: Final = 3


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grant:
    """What was granted, what `verify` listed just before, and how long the deciding took."""

    terms: Any
    digest: str
    entries: list[Any] | None
    thinking: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """How an attempt that took effect ended, and when its body had."""

    value: Any
    state: Mapping[str, StateValue]
    acted: float
    drift: tuple[str, ...] = ()


@dataclass(slots=True)
class CommitGate:
    """Every COMMIT of a run goes through here; none is attempted twice."""

    caller: Caller
    approver: Approver
    recorder: Recorder
    account: str
    commits: list[Commit]

    async def call(
        self,
        tool: Tool,
        page: Page,
        arguments: Mapping[str, Any],
        *,
        untrusted: Mapping[str, tuple[str, ...]] | None = None,
    ) -> CallReport:
        """Ask, record, attempt, and settle what became of it.

        Raises ApprovalRefused before it is attempted, OutcomeUnknown when it cannot be told whether
        it took effect, and a RunError when it certainly did not.
        """
        clock = self.caller.clock
        started = clock.now()
        given, before = await self.caller.before(tool, page, arguments)
        grant = await self._granted(tool, page, given, untrusted or {})
        self.recorder.record(
            "commit-intent", tool=tool.name, arguments=given, terms=grant.terms, digest=grant.digest
        )
        begun = clock.now()
        commit = Commit(tool=tool.name, arguments=given, terms=grant.terms)
        # From here on it may have happened, whatever breaks in: it counts as attempted.
        self.commits.append(commit)
        try:
            answer = await self._attempt(commit, tool, page, before, grant.entries)
        except asyncio.CancelledError:
            self.recorder.record("commit-unknown", tool=tool.name, reason="cancelled")
            raise
        ended = clock.now()
        # The time that a person took to decide is not the call's.
        return CallReport(
            value=answer.value,
            before=before.state,
            after=answer.state,
            seconds=ended - started - grant.thinking,
            checking=(begun - started - grant.thinking) + (ended - answer.acted),
            drift=answer.drift,
        )

    async def _granted(
        self,
        tool: Tool,
        page: Page,
        given: Mapping[str, Any],
        untrusted: Mapping[str, tuple[str, ...]],
    ) -> _Grant:
        """A grant of the terms as they are now: who thinks long is asked again where they changed.

        Raises ApprovalRefused, and a RunError where the terms cannot be read.
        """
        terms = await self._terms(tool, page)
        thinking, digest = 0.0, ""
        for _ in range(ROUNDS):
            asked = self.caller.clock.now()
            digest = await self._ask(tool, given, terms, untrusted)
            thinking += self.caller.clock.now() - asked
            entries = await read_entries(self.caller, tool, page)
            terms_now = await self._terms(tool, page)
            if digest_of(tool.name, given, terms_now, self.account) == digest:
                return _Grant(terms=terms, digest=digest, entries=entries, thinking=thinking)
            self.recorder.record("terms-changed", tool=tool.name, granted=terms, terms=terms_now)
            terms = terms_now
        self.recorder.record("approval-refused", tool=tool.name, digest=digest)
        raise ApprovalRefused(
            f"{tool.name}() was not attempted: its terms keep changing, {ROUNDS} times after they "
            "were granted; what came before it stays done",
            "look at the site, and run it again when what it asks for stays the same",
        )

    async def _terms(self, tool: Tool, page: Page) -> Any:
        """What the site says the call is about."""
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

    async def _ask(
        self,
        tool: Tool,
        given: Mapping[str, Any],
        terms: Any,
        untrusted: Mapping[str, tuple[str, ...]],
    ) -> str:
        """The digest of what was granted. Raises ApprovalRefused."""
        digest = digest_of(tool.name, given, terms, self.account)
        request = ApprovalRequest(
            tool=tool.name,
            summary=tool.summary,
            arguments=given,
            terms=terms,
            untrusted=untrusted,
            digest=digest,
        )
        self.recorder.record("approval-asked", tool=tool.name, digest=digest, terms=terms)
        if await self.approver.approve(request):
            return digest
        self.recorder.record("approval-refused", tool=tool.name, digest=digest)
        raise ApprovalRefused(
            f"{tool.name}() was not granted: it was not attempted; what came before it stays done",
            "grant it when asked, or pass --yes (in Python: approve=True)",
        )

    async def _attempt(
        self,
        commit: Commit,
        tool: Tool,
        page: Page,
        before: Observation,
        entries: list[Any] | None,
    ) -> _Answer:
        """The one attempt, and what became of it."""
        value: Any = None
        try:
            value = await self.caller.act(tool, page, commit.arguments)
            acted = self.caller.clock.now()
            after = await self.caller.after(tool, page, commit.arguments, value)
        except NotDone as refusal:
            self._not_done(tool, refusal.message)
            raise
        except AgentjitError as error:
            # Where only the postcondition was missed, the value is there.
            return await self._settle(replace(commit, value=value), tool, page, entries, error)
        self._done(commit, value)
        drift = drifted(tool, before, after)
        return _Answer(value=value, state=after.state, acted=acted, drift=drift)

    async def _settle(
        self,
        commit: Commit,
        tool: Tool,
        page: Page,
        entries: list[Any] | None,
        error: AgentjitError,
    ) -> _Answer:
        """What `verify` says of an attempt whose answer was lost."""
        acted = self.caller.clock.now()
        if entries is None:
            raise self._lost(tool, error) from error
        settled = await settle(self.caller, tool, page, entries)
        if settled.outcome == "unknown" or (
            settled.outcome == "not-done" and not had_answer(error)
        ):
            raise self._lost(tool, error) from error
        self.recorder.record(
            "commit-settled", tool=tool.name, outcome=settled.outcome, reason=error.message
        )
        if settled.outcome == "not-done":
            self._not_done(tool, error.message)
            raise NotDone(
                f"{tool.name}() was attempted and did not take effect: {error.message}; "
                f"{tool.verify}() lists nothing new",
                "what came before it stays done",
            ) from error
        value = result_from(tool, settled.entries) if commit.value is None else commit.value
        self._done(commit, value)
        if value is None and mismatch(value, tool.returns, "the result"):
            raise RunError(
                f"{tool.name}() took effect, but its answer was lost: {error.message}",
                f"{tool.verify}() lists what it did; do not repeat it",
            ) from error
        return _Answer(value=value, state=await self._look(page), acted=acted)

    async def _look(self, page: Page) -> Mapping[str, StateValue]:
        """What can be seen on a page that may not be one of the site's."""
        try:
            return await self.caller.look(page) or {}
        except RunError:
            return {}

    def _done(self, commit: Commit, value: Any) -> None:
        self.commits[-1] = replace(commit, outcome="done", value=value)
        self.recorder.record("commit-done", tool=commit.tool, result=value)

    def _not_done(self, tool: Tool, reason: str) -> None:
        self.commits.pop()
        self.recorder.record("commit-not-done", tool=tool.name, reason=reason)

    def _lost(self, tool: Tool, error: AgentjitError) -> OutcomeUnknown:
        self.recorder.record("commit-unknown", tool=tool.name, reason=error.message)
        where = f"look with {tool.verify}()" if tool.verify else "look at the site"
        return OutcomeUnknown(
            f"{tool.name}() was attempted, but its outcome is not known: {error.message}",
            f"{where} before you run it again; agentjit will not repeat it by itself",
        )
