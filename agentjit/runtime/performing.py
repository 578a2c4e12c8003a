"""Perform a plan's calls: out of the journal, or on the site, and again where that is safe."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from agentjit.compiler.facts import Facts
from agentjit.errors import (
    BrowserError,
    ContractBroken,
    OutcomeUnknown,
    RunError,
    SignedOut,
    SiteUnreachable,
    ToolError,
)
from agentjit.runtime.calling import Caller, CallReport
from agentjit.runtime.committing import CommitGate, recall
from agentjit.runtime.ending import check_goal
from agentjit.runtime.head_start import HeadStart
from agentjit.runtime.journal import OPEN, Past, RunJournal
from agentjit.runtime.observing import Observation
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.settling import had_answer
from agentjit.runtime.signing import is_signed_out, signed_out
from agentjit.runtime.standing_in import FailedCall, StandIn
from agentjit.runtime.tabkeeping import Tab, Whereabouts
from agentjit.runtime.witnessing import NOTHING, take_witness, tell, telling_clauses
from agentjit.scheduler.walk import ToolUse
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import mismatch
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.tool import Tool

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Seconds before each repetition of a call that is safe to repeat.
BACKOFF: Final = (0.1, 0.4, 1.2)

#: Seconds for which a tab is believed to show what a call saw at its end, before a call that can be
#: undone. Between a look and the click that follows it, as much time may pass.
RECENT_SECONDS: Final = 0.05
#: What may pass by itself: the site was late, or broke down, or the tab did.
_PASSING: Final = (ToolError, ContractBroken, SiteUnreachable, BrowserError)


@dataclass(frozen=True, slots=True)
class _Made:
    """A call that is to be made on the site."""

    use: ToolUse
    key: str
    tool: Tool
    untrusted: Mapping[str, tuple[str, ...]]

    @property
    def about(self) -> dict[str, Any]:
        """What the journal says of it in each of its steps."""
        tool = self.tool
        return {
            "tool": tool.name,
            "effect": tool.effect.value,
            "arguments": dict(self.use.arguments),
        }


@dataclass(slots=True)
class Calls:
    """Performs the calls of one plan in one tab. Of a call that is done nothing is repeated."""

    gate: CommitGate
    journal: RunJournal
    recorder: Recorder
    where: Whereabouts
    tab: Tab
    retry: bool = True
    #: Does what a tool cannot do any more.
    stand_in: StandIn | None = None
    #: Keeps the browser's side of the account, where that has changed; asked before each change.
    keep: Callable[[], Awaitable[None]] | None = None
    #: Whether the tab is known to stand where the run stands; after a crash it is not.
    arrived: bool = True
    #: Whether the tab has just been opened.
    fresh: bool = False
    #: What was made of the plan before it was there; nothing once the plan goes on by itself.
    head: HeadStart | None = None
    #: Calls that were made on the site, not only read out of the journal.
    made: int = 0
    #: What the last call saw at its end, in which page and when; nothing after a failure.
    _last: tuple[Page, float, Observation] | None = field(default=None, init=False)

    @property
    def caller(self) -> Caller:
        """Who makes the calls."""
        return self.gate.caller

    @property
    def page(self) -> Page:
        """The tab as it is now."""
        return self.tab.page

    async def call(
        self, use: ToolUse, key: str, untrusted: Mapping[str, tuple[str, ...]]
    ) -> CallReport:
        """What the call gives; `key` is its name in the journal. Raises an AgentjitError."""
        tool = self.caller.toolset.by_name[use.tool]
        # A copy runs against what the journal may know of its call already: it is made anyhow.
        past = None if use.copy else self.journal.get(key)
        if past is not None:
            _check_same(use, past)
        if past is not None and past.step == "done":
            report = recall(past)
            # What it did to the tab was done to another one.
            self.arrived = False
            self.recorder.record("call-replayed", tool=tool.name, result=report.value, key=key)
        else:
            made = _Made(use, key, tool, untrusted)
            found = await self._settle_past(tool, past) or await self._take(made)
            report = found or await self._make(made)
            self.made += 1
        self.where.moved(tool, use.arguments, report)
        if not report.seen:
            # What its page would have shown was never seen.
            self.arrived = False
        return report

    async def check_end(self, final: Facts) -> None:
        """Hold what the plan promises for its end against the tab. Raises a RunError."""
        await self.leave_head()
        if not self.arrived and not self.fresh:
            await self.tab.renew()
        await check_goal(self.caller, self.page, final, tab=self.arrived)

    # --- calls that were made before the plan was there -----------------------------------------

    async def is_made(self, use: ToolUse) -> bool:
        """Whether the call was made ahead, in order. From the first that was not, none was."""
        made = self.head is not None and not use.copy and self.head.is_next(use)
        if not made:
            await self.leave_head()
        return made

    async def _take(self, call: _Made) -> CallReport | None:
        """What a call gave that was made ahead; None where it is to be made."""
        head = self.head if await self.is_made(call.use) else None
        report = await head.take() if head is not None else None
        if head is None or report is None:
            await self.leave_head()
            return None
        if head.taken == 1:
            self.tab.swap(head.tab)
        self.fresh = False
        self._write_done(call, report)
        return report

    async def leave_head(self) -> None:
        """The plan goes on by itself; its tab may have gone another way."""
        head, self.head = self.head, None
        if head is not None:
            self.arrived = self.arrived and not head.astray
            await head.end()

    async def stop_short(self) -> None:
        """The plan goes no further; a tab that did is not to show where the plan never was."""
        astray = self.head is not None and self.head.astray
        await self.leave_head()
        if astray:
            with suppress(RunError):
                await self.tab.renew()

    # --- calls that were under way when a process ended -----------------------------------------

    async def _settle_past(self, tool: Tool, past: Past | None) -> CallReport | None:
        """What became of a call that the journal leaves open; None where it is to be made."""
        if past is None or past.step not in OPEN:
            return None
        if tool.effect is Effect.COMMIT:
            return await self.gate.reconsider(past.key, tool, self.page)
        if tool.idempotent:
            return None
        wait = past.at + tool.timeout - self.journal.now()
        came = await tell(self.caller, tool, self.page, past.data, patience=max(wait, 0.0))
        return self._conclude(tool, past, came)

    def _conclude(self, tool: Tool, past: Past, came: str) -> CallReport | None:
        """Write down what came of a WRITE that is not to be repeated. Raises a RunError."""
        if came == "unknown":
            raise OutcomeUnknown(
                f"{tool.name}() was attempted, and it cannot be told whether it was done",
                "look at the site before you run it again; agentjit will not repeat it by itself",
            )
        self.recorder.record("call-settled", tool=tool.name, outcome=came)
        if came == "not-done":
            self.journal.write(past.key, "not-done")
            return None
        self.journal.write(past.key, "done", forced=True, value=None, after=None)
        if mismatch(None, tool.returns, "the result"):
            raise RunError(
                f"{tool.name}() took effect, but its answer was lost", "do not repeat it"
            )
        return recall(past)

    # --- calls on the site ----------------------------------------------------------------------

    async def _make(self, call: _Made) -> CallReport:
        try:
            return await self._repeat(call)
        except RunError as error:
            await self._check_signed_in(call, error)
            if not isinstance(error, _PASSING):
                raise
            report = await self._take_over(call, error)
            if report is None:
                raise
            return report

    async def _repeat(self, call: _Made) -> CallReport:
        """The call, made again where it fails and that is safe."""
        said = ""
        for number, pause in enumerate((*BACKOFF, None), start=1):
            try:
                return await self._once(call)
            except _PASSING as error:
                # The same answer twice is an answer.
                if pause is None or not self.retry or error.message == said or self.tab.gone:
                    raise
                await self._check_signed_in(call, error)
                found = await self._after_failure(call.key, call.tool, error)
                if found is not None:
                    return found
                said = error.message
                self.recorder.record(
                    "call-repeated",
                    tool=call.tool.name,
                    line=call.use.span.line,
                    repetition=number,
                    seconds=pause,
                    message=said,
                )
                await self.caller.clock.sleep(pause)
        raise AssertionError("the last repetition returns or raises")

    async def _once(self, call: _Made) -> CallReport:
        use, key, tool = call.use, call.key, call.tool
        if not self.arrived:
            fresh, self.fresh = self.fresh, False
            await self.where.bring_back(self.tab, tool, use.arguments, fresh=fresh)
            self.arrived, self._last = True, None
        self.fresh = False
        if self.keep is not None and not tool.effect.harmless:
            await self.keep()
        if self.stand_in is not None and not tool.effect.harmless:
            await self.stand_in.release(self.page)
        if tool.effect is Effect.COMMIT:
            self._last = None
            return await self.gate.call(
                tool, self.page, use.arguments, key=key, untrusted=call.untrusted
            )

        async def write_attempt(seen: Observation) -> None:
            before = dict(seen.state)
            data: dict[str, Any] = {**call.about, "before": before}
            if not tool.idempotent:
                data["witness"] = await take_witness(
                    self.caller, tool, self.page, before, use.arguments
                )
            self.journal.write(key, "attempt", **data)

        ready = None if tool.effect.harmless else write_attempt
        recent = self._recent()
        report = await self.caller.call(tool, self.page, use.arguments, ready=ready, recent=recent)
        self._last = (self.page, self.caller.clock.now(), report.glimpse)
        self._write_done(call, report)
        return report

    def _write_done(self, call: _Made, report: CallReport, *, forced: bool = False) -> None:
        done = self.journal.get(call.key)
        # Of a call and its copies, the first one stands.
        if done is None or done.step != "done":
            seen = {"value": report.value, "before": report.before, "after": report.after}
            self.journal.write(call.key, "done", forced=forced, **call.about, **seen)

    def _recent(self) -> Observation | None:
        """What the call just before saw at its end, while that is believed."""
        last, self._last = self._last, None
        if last is None or last[0] is not self.page:
            return None
        return last[2] if self.caller.clock.now() - last[1] <= RECENT_SECONDS else None

    async def _after_failure(self, key: str, tool: Tool, error: RunError) -> CallReport | None:
        """Make ready for another try; what the call gives, where it turns out to be done.

        Raises the error where the call must not be repeated.
        """
        past = self.journal.get(key)
        attempted = past is not None and past.step in {*OPEN, "not-done"}
        if tool.effect is Effect.COMMIT and attempted:
            raise error
        try:
            if await self.where.still_there(self.page):
                self.arrived = True
            else:
                self.arrived = False
                await self.tab.renew()
                self.fresh = True
        except RunError:
            self.arrived = self.fresh = False
        if past is None or not attempted or tool.idempotent or tool.effect.harmless:
            return None
        came = await tell(self.caller, tool, self.page, past.data)
        if came == "unknown" or (came == "not-done" and not had_answer(error)):
            raise error
        return self._conclude(tool, past, came)

    # --- calls whose tools cannot do them --------------------------------------------------------

    async def _take_over(self, call: _Made, error: RunError) -> CallReport | None:
        """What the call gives, done by other means; None where it was not. Raises OutcomeUnknown.

        One that changes the account is only handed over where its contract tells whether it was
        done, and is an attempt like any other.
        """
        if self.stand_in is None or self.tab.gone:
            return None
        use, tool, past = call.use, call.tool, self.journal.get(call.key)
        failed = FailedCall(
            tool=tool,
            page=self.page,
            arguments=dict(use.arguments),
            error=error,
            line=use.span.line,
            open=past is not None and past.step in OPEN and not tool.idempotent,
            stood=self.where.stands,
        )
        self._last = None
        if not self.stand_in.willing(failed):
            return None
        if tool.effect.harmless:
            report = (await self.stand_in.take_over(failed)).report
        else:
            before = await self._look()
            if not telling_clauses(self.caller, tool, before, failed.arguments):
                reason = "nothing would tell whether it was done"
                self.recorder.record("not-stepped", tool=tool.name, line=failed.line, reason=reason)
                return None
            self.journal.write(
                call.key, "attempt", **call.about, before=dict(before), witness=dict(NOTHING)
            )
            report = await self._settle_taken(call, failed)
        if report is not None:
            self._write_done(call, report, forced=not tool.effect.harmless)
        return report

    async def _settle_taken(self, call: _Made, failed: FailedCall) -> CallReport | None:
        """What came of a change that was made by other means. Raises OutcomeUnknown."""
        assert self.stand_in is not None
        taken = await self.stand_in.take_over(failed)
        past = self.journal.get(call.key)
        assert past is not None
        if not taken.sent:
            self.journal.write(call.key, "not-done")
            return None
        came = await tell(self.caller, call.tool, self.page, past.data)
        if came == "done" and taken.report is not None:
            return taken.report
        # What was sent may still be acted upon after the last look.
        return self._conclude(call.tool, past, "done" if came == "done" else "unknown")

    async def _check_signed_in(self, call: _Made, error: RunError) -> None:
        """Raise SignedOut where the tab shows that, unless the call may have been done before."""
        if isinstance(error, SignedOut):
            return
        past = self.journal.get(call.key)
        done = past is not None and past.step in OPEN and not call.tool.idempotent
        if not done and await is_signed_out(self.page, self.caller.toolset):
            self.recorder.record("signed-out", url=self.page.url)
            raise signed_out(f"during {call.tool.name}()") from error

    async def _look(self) -> Mapping[str, StateValue]:
        """What can be seen on the tab, if anything can."""
        try:
            return await self.caller.look(self.page) or {}
        except RunError:
            return {}


def _check_same(use: ToolUse, past: Past) -> None:
    """Raise a RunError where the plan's code gave something else than before the crash."""
    tool, arguments = past.data.get("tool", use.tool), past.data.get("arguments", {})
    given = dict(use.arguments)
    if tool != use.tool or any(arguments.get(name) != value for name, value in given.items()):
        raise RunError(
            f"the plan went another way than before: it calls {use.tool}() with {given}, where it "
            f"called {tool}() with {arguments}",
            "what was done before stays done; do the rest by a task of its own",
        )
