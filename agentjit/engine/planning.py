"""From a task on an open session to the plan that is chosen for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from agentjit.engine.arriving import Arrival, beside
from agentjit.engine.hearing import hear
from agentjit.engine.options import check_text
from agentjit.engine.session import Session
from agentjit.errors import PlanningError, UsageError
from agentjit.planner.budget import Budget, MeteredModel
from agentjit.planner.candidate import Candidate, Choice, Task, Verdict
from agentjit.planner.capability import choose_form, find_memory
from agentjit.planner.catalogue import Lookup
from agentjit.planner.goals.proposing import Proposing
from agentjit.planner.plan_cache import Found
from agentjit.planner.prompt import FailedPlan
from agentjit.planner.sampling import Sampling, sample_plans
from agentjit.planner.select import choose, judge
from agentjit.planner.symbolic import plan_symbolically
from agentjit.ports import Usage
from agentjit.runtime.head_start import HeadStart
from agentjit.runtime.looking import SiteLookup
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.tabs import observe_start

if TYPE_CHECKING:
    from playwright.async_api import Page


#: The origin of a plan that came from elsewhere.
GIVEN: Final = "given"


class NoValidPlan(PlanningError):
    """Every candidate was rejected; the verdicts say why."""

    def __init__(self, verdicts: list[Verdict], usage: Usage | None = None) -> None:
        if len(verdicts) == 1:
            first = verdicts[0].diagnostics[0]
            where = f" (line {first.span.line})" if first.span else ""
            message = f"the plan is not valid: {first.message}{where}"
            hint = first.remedy or "see the diagnostics"
        else:
            message = f"none of the {len(verdicts)} candidate plans is valid"
            hint = "see the diagnostics; another model (--model) or plainer words may help"
        super().__init__(message, hint)
        self.verdicts = tuple(verdicts)
        #: Of all model calls for it.
        self.usage = usage or Usage()


@dataclass(frozen=True, slots=True)
class Planned:
    """A task with what was observed at its start, and the choice."""

    task: Task
    choice: Choice


async def choose_plan(
    session: Session,
    text: str,
    page: Arrival[Page],
    recorder: Recorder,
    budget: Budget,
    *,
    plan: str | None,
    failed: FailedPlan | None = None,
    head: HeadStart | None = None,
) -> Planned:
    """Candidates, judged, and the choice. Raises PlanningError, or BudgetSpent.

    `page` is the tab, which may be on its way yet. `plan` is a plan's text that came from
    elsewhere; then it is the only candidate. One that `failed` on the site is no candidate again.
    What a model writes is begun by `head` while it is written.
    """
    check_text(text)
    planning = _Planning(session, page, recorder, budget, plan, failed, head)
    async with budget.deadline():
        task, verdicts = await planning.run(Task(text, session.toolset))
    if failed is not None:
        verdicts = [v for v in verdicts if v.candidate.plan != failed.plan]
        if not verdicts:
            raise PlanningError("there is no other plan than the one that failed")
    choice = choose(verdicts, task, agree=session.options.agree)
    if choice is None:
        raise NoValidPlan(verdicts, budget.spent)
    winner = choice.winner
    chosen = winner.candidate.plan
    recorder.record(
        "planned",
        origin=winner.candidate.origin,
        cost=winner.cost,
        plan=chosen,
        lost=[
            {"origin": v.candidate.origin, "cost": v.cost, "why": why, "plan": v.candidate.plan}
            for v, why in choice.losers
        ],
    )
    return Planned(task, replace(choice, usage=budget.spent))


@dataclass(frozen=True, slots=True)
class _Planning:
    """How candidates for one task are made."""

    session: Session
    page: Arrival[Page]
    recorder: Recorder
    budget: Budget
    plan: str | None
    failed: FailedPlan | None
    head: HeadStart | None

    async def run(self, task: Task) -> tuple[Task, list[Verdict]]:
        """The task as it stands on the site, and the candidates for it, judged.

        A model is asked while the tab is on its way: nearly always it comes to where the tools say
        that they start. Where it does not, the model is asked again; so it is not asked ahead where
        what may be spent is limited.
        """
        anywhere = self.session.options.start_path is not None
        asked = bool(self.session.models) and self.plan is None
        ahead = asked and not anywhere and not self.budget.limited
        async with beside(self._plan(task) if ahead else _nothing()) as begun:
            page = await self.page()
            self.recorder.record("site-opened")
            observed = await observe_start(page, self.session.caller, anywhere=anywhere)
            standing = replace(task, start=tuple(observed.items()))
            if ahead and standing.facts == task.facts:
                if self.head is not None:
                    self.head.stands()
                return standing, await begun
        return standing, await self._plan(standing, seen=True)

    async def _plan(self, task: Task, *, seen: bool = False) -> list[Verdict]:
        """Candidates for the task; `seen`: the site was seen to stand where it begins."""
        session, recorder = self.session, self.recorder
        fresh = self.plan is None and self.failed is None
        kept = _find_kept(session, task, recorder) if fresh else None
        recorder.record("planning", planner=_planner_name(session, self.plan, kept))
        if self.plan is not None:
            return [judge(Candidate(plan=self.plan, origin=GIVEN), task, provenance=False)]
        if kept is not None:
            return [kept]
        lookup = SiteLookup(session.context, session.url, self.page, session.caller, recorder)
        if session.models:
            goals = _goals(session, self.budget, lookup) if fresh else None
            return await self._sample(task, goals, self._hear(task, seen=seen))
        return [judge(await plan_symbolically(task, lookup), task)]

    def _hear(self, task: Task, *, seen: bool) -> Callable[[str], None] | None:
        """Who begins what is being written. What was written for another start is forgotten."""
        if self.head is None:
            return None
        listener = hear(task, self.head)
        if seen:
            self.head.stands()
        return listener

    async def _sample(
        self, task: Task, goals: Proposing | None, listener: Callable[[str], None] | None
    ) -> list[Verdict]:
        session, options = self.session, self.session.options
        memory = find_memory(options.env)
        for endpoint in session.endpoints:
            endpoint.form = await choose_form(
                endpoint, options.grammar, memory, lambda probe: MeteredModel(probe, self.budget)
            )
        constrained = any(endpoint.form != "none" for endpoint in session.endpoints)
        how = Sampling(
            max_rounds=options.max_rounds,
            protocol=options.protocol,
            failed=self.failed,
            goals=goals,
            hear=listener,
            # Made once a session, and away from the loop: a large one takes a tenth of a second.
            grammar=await asyncio.to_thread(lambda: session.grammar.grammars)
            if constrained
            else None,
        )
        return await sample_plans(
            task,
            [MeteredModel(model, self.budget) for model in session.models],
            how,
            on_verdict=self._tell_verdict,
        )

    def _tell_verdict(self, verdict: Verdict) -> None:
        self.recorder.record(
            "candidate",
            origin=verdict.candidate.origin,
            cost=verdict.cost,
            problem=verdict.diagnostics[0].message if verdict.cost is None else None,
        )


async def _nothing() -> list[Verdict]:
    return []


def _find_kept(session: Session, task: Task, recorder: Recorder) -> Verdict | None:
    """The plan that the cache has for the task; entries that were tampered with are told of."""
    found = session.cache.find(task) if session.cache is not None else Found()
    for entry in found.refused:
        recorder.record("plan-refused", id=entry.id, message="it was changed after it was kept")
    return found.verdict


def remember(session: Session, planned: Planned, status: str, recorder: Recorder) -> None:
    """Keep the plan of a run that was verified; forget one that was kept, and failed."""
    cache, candidate = session.cache, planned.choice.winner.candidate
    if cache is None or candidate.origin == GIVEN:
        return
    try:
        if status == "done" and not candidate.kept_as:
            entry = cache.keep(planned.task, candidate)
            if entry is not None:
                recorder.record("plan-kept", id=entry.id, task=entry.template.show())
        elif status == "failed" and candidate.kept_as:
            cache.forget(cache.get(candidate.kept_as))
            recorder.record("plan-forgotten", id=candidate.kept_as)
    except UsageError as error:
        # What was done is done: a full disk is no reason to say otherwise.
        recorder.record("plan-not-kept", message=error.message)


def _goals(session: Session, budget: Budget, lookup: Lookup) -> Proposing | None:
    """How a plan by way of a goal is made beside the samples. Not for a plan that failed: the same
    words give the same goal again.
    """
    if not session.options.goals:
        return None
    read = session.options.planner == "auto"
    return Proposing(MeteredModel(session.models[0], budget), lookup if read else None)


def _planner_name(session: Session, plan: str | None, kept: Verdict | None) -> str:
    if plan is not None:
        return "a plan that was given"
    if kept is not None:
        return kept.candidate.origin
    return ", ".join(m.name for m in session.models) or "built-in symbolic planner"
