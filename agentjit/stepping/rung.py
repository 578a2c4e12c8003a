"""The last rung of the ladder: the step loop for one call's goal, believed only if it is seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import Error as PlaywrightError

from agentjit.errors import (
    AgentjitError,
    BudgetSpent,
    ContractBroken,
    ModelError,
    NotDone,
    RunError,
    ToolError,
)
from agentjit.ports import Model
from agentjit.runtime.allowed import Allowed
from agentjit.runtime.calling import SETTLE_SECONDS, Caller, CallReport, complete_arguments
from agentjit.runtime.guarding import browser_failure
from agentjit.runtime.observing import same
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.secrets import speaks_of_one
from agentjit.runtime.settling import had_answer
from agentjit.runtime.standing_in import FailedCall, TakenOver
from agentjit.stepping.door import TabDoor, release
from agentjit.stepping.goal import describe_goal
from agentjit.stepping.loop import step
from agentjit.stepping.outcome import Step, StepLimits, StepOutcome
from agentjit.toolspecs.contract import (
    Clause,
    Constant,
    Equals,
    Forgets,
    ParamRef,
)
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import mismatch
from agentjit.toolspecs.state import Scope, StateValue
from agentjit.toolspecs.tool import Tool

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Calls of one run that may be taken over.
MOST_CALLS: Final = 4


@dataclass(slots=True, kw_only=True)
class StepRung:
    """Stands in for tools that the site has outgrown. One call at a time, and few in all."""

    caller: Caller
    model: Model
    recorder: Recorder
    #: Where a tab may be sent.
    origins: Allowed
    limits: StepLimits = field(default_factory=StepLimits)
    #: Whether nothing higher on the ladder is left for an error.
    ripe: Callable[[AgentjitError], bool] = lambda _: True
    taken: int = 0
    #: Whether it would have stood in, had it not been another's turn.
    waited: bool = False
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    #: Tabs that may send nothing but questions.
    _held: set[Page] = field(default_factory=set)

    def willing(self, call: FailedCall) -> bool:
        """Whether the loop may try it; it records why not, where it is the rung's turn."""
        if not is_stale(call.error):
            return False
        reason = self._reason_against(call)
        if not self.ripe(call.error):
            self.waited = self.waited or reason is None
            return False
        if reason is not None:
            self.recorder.record("not-stepped", tool=call.tool.name, line=call.line, reason=reason)
        return reason is None

    def _reason_against(self, call: FailedCall) -> str | None:
        tool = call.tool
        if tool.effect is Effect.COMMIT:
            return "it is irreversible: only its own tool may attempt it"
        if call.open:
            return "it may have been done already"
        if tool.effect is not Effect.READ:
            if mismatch(None, tool.returns, "the result"):
                return "it gives a result, which only its own tool can read"
            if not _tab_clauses(self.caller, tool) and tool.effect is Effect.NAVIGATE:
                return "its contract does not say how it would be seen to be done"
            if untold := _untold(call):
                return f"its contract does not say how `{untold}` would be seen to be so"
        if speaks_of_one(call.arguments):
            return "it needs a secret, and no model is given one"
        if self.taken >= MOST_CALLS:
            return f"{MOST_CALLS} calls of this run were taken over already"
        return None

    async def take_over(self, call: FailedCall) -> TakenOver:
        """Let the loop try, then look: a report only where the postcondition is seen to hold."""
        async with self._turn:
            self.taken += 1
            door = TabDoor(call.page, self.caller, writes=call.tool.effect is Effect.WRITE)
            self._tell("stepping", call, code=call.error.code, message=call.error.message)
            begun = self.caller.clock.now()
            outcome: StepOutcome | None = None
            report, reason = None, ""
            self._held.add(call.page)
            try:
                async with door.held():
                    outcome = await self._step(call, door)
                if outcome.status == "done":
                    report = await self._verify(call, begun)
                else:
                    reason = outcome.reason
            except (ModelError, BudgetSpent, RunError) as error:
                self.caller.secrets.hide_in_error(error)
                reason = error.message
            except PlaywrightError as error:
                reason = error.message.split("\n")[0]
            self._tell_end(call, outcome, report, reason)
            return TakenOver(report=report, sent=door.sent > 0)

    async def release(self, page: Page) -> None:
        """Let the tab send what a tool does in it. Raises a RunError."""
        if page not in self._held:
            return
        try:
            await release(page)
        except PlaywrightError as error:
            raise browser_failure(error, page.context, "releasing the tab") from error
        self._held.discard(page)

    async def _step(self, call: FailedCall, door: TabDoor) -> StepOutcome:
        return await step(
            call.page,
            describe_goal(call),
            self.model,
            limits=self.limits,
            origins=self.origins,
            secrets=self.caller.secrets,
            clock=self.caller.clock,
            watch=lambda made: self._tell_step(call, made),
            door=door.around,
        )

    async def _verify(self, call: FailedCall, begun: float) -> CallReport:
        """Hold the contract against the tab; a READ is made by its own tool, where that now can.

        Raises a RunError where it is not so, and where it cannot be seen.
        """
        tool, page, clock = call.tool, call.page, self.caller.clock
        looked = clock.now()
        if tool.effect is Effect.READ:
            report = await self.caller.call(tool, page, call.arguments)
            _check_left_alone(call, report.after)
            return CallReport(
                value=report.value,
                before=report.before,
                after=report.after,
                seconds=clock.now() - begun,
                checking=report.checking,
                stood_in=True,
            )
        given = complete_arguments(tool, call.arguments)
        # The page is at rest: what is not there soon will not come.
        quick = replace(tool, timeout=min(tool.timeout, SETTLE_SECONDS))
        after = await self.caller.after(quick, page, given, None)
        for clause in _tab_clauses(self.caller, tool):
            if clause.var not in after.state:
                raise ContractBroken(
                    f"whether {tool.name}() was done cannot be seen: nothing shows {clause.var}"
                )
        _check_left_alone(call, after.state)
        return CallReport(
            value=None,
            before={},
            after=after.state,
            seconds=clock.now() - begun,
            checking=clock.now() - looked,
            stood_in=True,
        )

    def _tell(self, kind: str, call: FailedCall, **data: Any) -> None:
        self.recorder.record(kind, tool=call.tool.name, line=call.line, **data)

    def _tell_step(self, call: FailedCall, made: Step) -> None:
        self._tell(
            "stepped",
            call,
            number=made.number,
            url=made.url,
            actions=list(made.actions),
            # Of what the page said enough is in the run's folder to follow it.
            told=[told[:300] for told in made.told],
            seconds=round(made.thinking, 4),
            tokens=made.usage.tokens,
            output_tokens=made.usage.completion_tokens,
        )

    def _tell_end(
        self,
        call: FailedCall,
        outcome: StepOutcome | None,
        report: CallReport | None,
        reason: str,
    ) -> None:
        self._tell(
            "stepping-ended",
            call,
            outcome="failed" if report is None else "done",
            reason=reason,
            steps=len(outcome.steps) if outcome else 0,
            actions=outcome.actions if outcome else 0,
            tokens=outcome.usage.tokens if outcome else 0,
        )


def is_stale(error: AgentjitError) -> bool:
    """Whether the page seems not to be as the tool expects it; an answer of the site's is none."""
    if isinstance(error, ContractBroken):
        return True
    if not isinstance(error, ToolError) or isinstance(error, NotDone):
        return False
    return not had_answer(error)


def _untold(call: FailedCall) -> str | None:
    """An argument of which nothing would tell that the model has not done it otherwise."""
    given = {param.name: param.default for param in call.tool.params} | dict(call.arguments)
    told = {
        clause.value.name
        for clause in call.tool.ensures
        if isinstance(clause, Equals) and isinstance(clause.value, ParamRef)
    }
    return next((n for n, value in given.items() if value is not None and n not in told), None)


def _check_left_alone(call: FailedCall, after: Mapping[str, StateValue]) -> None:
    """Raise ContractBroken where the tab was also moved in a way that the contract has not.

    The plan is proven for a tab that is in all else where it was: in the same store, say.
    """
    assigned = {clause.var for clause in call.tool.ensures}
    for name in sorted((call.stood.keys() & after.keys()) - assigned):
        if not same(call.stood[name], after[name]):
            raise ContractBroken(
                f"{call.tool.name}() leaves {name} as it was, {call.stood[name]!r}, but on the "
                f"page it is {after[name]!r}"
            )


def _tab_clauses(caller: Caller, tool: Tool) -> list[Clause]:
    """What a call promises of the tab that must be seen there: not that something is unset."""
    state = caller.toolset.state
    return [
        clause
        for clause in tool.ensures
        if not isinstance(clause, Forgets)
        and not (isinstance(clause, Equals) and clause.value == Constant(None))
        and (variable := state.get(clause.var)) is not None
        and variable.scope is Scope.TAB
    ]
