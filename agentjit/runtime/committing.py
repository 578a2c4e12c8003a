"""The gate of irreversible calls: shown, granted, recorded, attempted once, settled."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from agentjit.errors import AgentjitError, ApprovalRefused, NotDone, OutcomeUnknown, RunError
from agentjit.ports import Approver
from agentjit.runtime.calling import Caller, CallReport, drifted
from agentjit.runtime.granting import Asked, Grant, Granting
from agentjit.runtime.journal import OPEN, Past, RunJournal
from agentjit.runtime.observing import Observation
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.settling import Settled, had_answer, result_from, settle
from agentjit.toolspecs.jsontypes import mismatch
from agentjit.toolspecs.state import StateValue
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
    #: Its name in the run's journal.
    key: str = field(default="", compare=False)

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
class _Answer:
    """How an attempt that took effect ended, and when its body had."""

    value: Any
    state: Mapping[str, StateValue]
    acted: float
    drift: tuple[str, ...] = ()
    #: Whether its page was seen; not where `verify` told how it ended.
    seen: bool = True


@dataclass(slots=True)
class CommitGate:
    """Every COMMIT of a run goes through here; none is attempted twice with one grant.

    It may be called from several tasks: one call at a time is asked for, attempted and settled.
    """

    caller: Caller
    approver: Approver
    recorder: Recorder
    account: str
    commits: list[Commit]
    journal: RunJournal = field(default_factory=RunJournal.in_memory)
    #: How many irreversible calls the run may make; None for any number.
    max_commits: int | None = None
    #: Seconds that were waited for answers of whoever grants.
    thinking: float = 0.0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def call(
        self,
        tool: Tool,
        page: Page,
        arguments: Mapping[str, Any],
        *,
        key: str = "",
        untrusted: Mapping[str, tuple[str, ...]] | None = None,
    ) -> CallReport:
        """Ask, record, attempt, and settle what became of it.

        `key` names the call in the journal: a call that has been done is not done again, and one
        that may have been is settled first. Raises ApprovalRefused before it is attempted,
        OutcomeUnknown when it cannot be told whether it took effect, and a RunError when it
        certainly did not.
        """
        async with self._turn:
            key = key or f"#{len(self.journal)}"
            past = self.journal.get(key)
            if past is not None and past.step == "done":
                return recall(past)
            if past is not None and past.step in OPEN:
                report = await self._reconsider(past, tool, page)
                if report is not None:
                    return report
            return await self._call(key, tool, page, arguments, untrusted or {})

    async def reconsider(self, key: str, tool: Tool, page: Page) -> CallReport | None:
        """What became of a call that may have been done; None where it certainly was not.

        Any page will do on which the tool's `verify` can be called. Raises OutcomeUnknown.
        """
        async with self._turn:
            past = self.journal.get(key)
            if past is not None and past.step in OPEN:
                return await self._reconsider(past, tool, page)
            return None

    async def _call(
        self,
        key: str,
        tool: Tool,
        page: Page,
        arguments: Mapping[str, Any],
        untrusted: Mapping[str, tuple[str, ...]],
    ) -> CallReport:
        clock = self.caller.clock
        started = clock.now()
        given, before = await self.caller.before(tool, page, arguments)
        self._intend(key, tool, given)
        asked = Asked(key=key, tool=tool, page=page, arguments=given, untrusted=untrusted)
        grant = await Granting(
            self.caller, self.approver, self.recorder, self.journal, self.account
        ).grant(asked)
        self.thinking += grant.thinking
        self.recorder.record(
            "commit-intent", tool=tool.name, arguments=given, terms=grant.terms, digest=grant.digest
        )
        begun = clock.now()
        commit = Commit(tool=tool.name, arguments=given, terms=grant.terms, key=key)
        self._start(commit, before, grant)
        try:
            answer = await self._attempt(commit, tool, page, before, grant.entries)
        except asyncio.CancelledError:
            self.journal.write(key, "unknown")
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
            seen=answer.seen,
        )

    def _intend(self, key: str, tool: Tool, given: Mapping[str, Any]) -> None:
        """Write the intent down, where it is new. Raises ApprovalRefused where it is one too many.

        A call that was granted before the process ended, and not attempted, keeps its grant.
        """
        if self.max_commits is not None and len(self.commits) >= self.max_commits:
            self.recorder.record("approval-refused", tool=tool.name, digest="")
            raise ApprovalRefused(
                f"{tool.name}() was not attempted: the policy allows {self.max_commits} "
                "irreversible calls a run, and so many were made",
                "raise max_commits in the policy",
            )
        past = self.journal.get(key)
        if past is None or past.step == "not-done":
            effect = tool.effect.value
            self.journal.write(key, "intent", tool=tool.name, effect=effect, arguments=given)

    def _start(self, commit: Commit, before: Observation, grant: Grant) -> None:
        """From here on it may have happened, whatever breaks in: it counts as attempted."""
        state = dict(before.state)
        self.journal.write(commit.key, "attempt", entries=grant.entries, before=state)
        try:
            self.recorder.record("commit-attempted", tool=commit.tool)
        except RunError:
            self.journal.write(commit.key, "not-done")
            raise
        self.commits.append(commit)

    async def _reconsider(self, past: Past, tool: Tool, page: Page) -> CallReport | None:
        """What became of an attempt of which a process that ended left no outcome.

        None where it certainly did not take effect: its grant is used up all the same. That is only
        believed when the site had as long for it as the tool's own time. Raises OutcomeUnknown.
        """
        clock, entries = self.caller.clock, past.data.get("entries")
        arguments, terms = past.data["arguments"], past.data.get("terms")
        commit = Commit(tool=tool.name, arguments=arguments, terms=terms, key=past.key)
        self._update(commit)
        gone = RunError("the process that attempted it ended before it had an answer")
        if entries is None:
            raise self._lost(commit, tool, gone)
        patience = clock.now() + past.at + tool.timeout - self.journal.now()
        settled = await settle(self.caller, tool, page, entries)
        while settled.outcome != "done" and clock.now() < patience:
            settled = await settle(self.caller, tool, page, entries)
        if settled.outcome == "unknown":
            raise self._lost(commit, tool, gone)
        self.recorder.record(
            "commit-settled", tool=tool.name, outcome=settled.outcome, reason=gone.message
        )
        if settled.outcome == "not-done":
            self._not_done(commit, gone.message)
            return None
        value = self._value(commit, tool, settled, gone)
        before = past.data.get("before", {})
        return CallReport(
            value=value, before=before, after={}, seconds=0.0, checking=0.0, seen=False
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
            self._not_done(commit, refusal.message)
            raise
        except AgentjitError as error:
            # Where only the postcondition was missed, the value is there.
            return await self._settle(replace(commit, value=value), tool, page, entries, error)
        self._done(commit, value, after.state)
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
            raise self._lost(commit, tool, error) from error
        settled = await settle(self.caller, tool, page, entries)
        if settled.outcome == "unknown" or (
            settled.outcome == "not-done" and not had_answer(error)
        ):
            raise self._lost(commit, tool, error) from error
        self.recorder.record(
            "commit-settled", tool=tool.name, outcome=settled.outcome, reason=error.message
        )
        if settled.outcome == "not-done":
            self._not_done(commit, error.message)
            raise NotDone(
                f"{tool.name}() was attempted and did not take effect: {error.message}; "
                f"{tool.verify}() lists nothing new",
                "what came before it stays done",
            ) from error
        value = self._value(commit, tool, settled, error)
        return _Answer(value=value, state=await self._look(page), acted=acted, seen=False)

    def _value(self, commit: Commit, tool: Tool, settled: Settled, error: AgentjitError) -> Any:
        """The result of a call that took effect. Raises a RunError where it was lost."""
        value = result_from(tool, settled.entries) if commit.value is None else commit.value
        self._done(commit, value)
        if value is None and mismatch(value, tool.returns, "the result"):
            raise RunError(
                f"{tool.name}() took effect, but its answer was lost: {error.message}",
                f"{tool.verify}() lists what it did; do not repeat it",
            ) from error
        return value

    async def _look(self, page: Page) -> Mapping[str, StateValue]:
        """What can be seen on a page that may not be one of the site's."""
        try:
            return await self.caller.look(page) or {}
        except RunError:
            return {}

    def _update(self, commit: Commit) -> None:
        others = [c for c in self.commits if c.key != commit.key]
        self.commits[:] = [*others, commit]

    def _done(
        self, commit: Commit, value: Any, state: Mapping[str, StateValue] | None = None
    ) -> None:
        self._update(replace(commit, outcome="done", value=value))
        after = None if state is None else dict(state)
        self.journal.write(commit.key, "done", forced=True, value=value, after=after)
        self.recorder.record("commit-done", tool=commit.tool, result=value)

    def _not_done(self, commit: Commit, reason: str) -> None:
        self.commits[:] = [c for c in self.commits if c.key != commit.key]
        self.journal.write(commit.key, "not-done", reason=reason)
        self.recorder.record("commit-not-done", tool=commit.tool, reason=reason)

    def _lost(self, commit: Commit, tool: Tool, error: AgentjitError) -> OutcomeUnknown:
        self.journal.write(commit.key, "unknown", reason=error.message)
        self.recorder.record("commit-unknown", tool=tool.name, reason=error.message)
        where = f"look with {tool.verify}()" if tool.verify else "look at the site"
        return OutcomeUnknown(
            f"{tool.name}() was attempted, but its outcome is not known: {error.message}",
            f"{where} before you run it again; agentjit will not repeat it by itself",
        )


def recall(past: Past) -> CallReport:
    """A call that is done, from the journal."""
    before, after = past.data.get("before") or {}, past.data.get("after")
    return CallReport(
        value=past.data.get("value"),
        before=before,
        after=after or {},
        seconds=0.0,
        checking=0.0,
        seen=after is not None,
    )
