"""From a task on an open session to the plan that is chosen for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentjit.engine.options import check_text
from agentjit.engine.session import Session
from agentjit.errors import PlanningError
from agentjit.planner.candidate import Candidate, Choice, Task, Verdict
from agentjit.planner.sampling import sample_plans
from agentjit.planner.select import choose, judge
from agentjit.planner.symbolic import plan_symbolically
from agentjit.ports import Usage
from agentjit.runtime.looking import SiteLookup
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.tabs import observe_start

if TYPE_CHECKING:
    from playwright.async_api import Page


class NoValidPlan(PlanningError):
    """Every candidate was rejected; the verdicts say why."""

    def __init__(self, verdicts: list[Verdict]) -> None:
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


async def choose_plan(
    session: Session, text: str, page: Page, recorder: Recorder, plan: str | None
) -> tuple[Choice, Usage]:
    """Candidates, judged; the choice, and what the model calls cost. Raises PlanningError.

    `plan` is a plan's text that came from elsewhere; then it is the only candidate.
    """
    check_text(text)
    anywhere = session.options.start_path is not None
    observed = await observe_start(page, session.caller, anywhere=anywhere)
    task = Task(text, session.toolset, tuple(observed.items()))
    recorder.record("planning", planner=_planner_name(session, plan))
    if plan is not None:
        verdicts = [judge(Candidate(plan=plan, origin="given"), task, provenance=False)]
    elif session.model is not None:
        verdicts = await _sample(session, task, recorder)
    else:
        lookup = SiteLookup(session.context, session.url, page, session.caller, recorder)
        verdicts = [judge(await plan_symbolically(task, lookup), task)]
    choice = choose(verdicts, task)
    if choice is None:
        raise NoValidPlan(verdicts)
    winner = choice.winner
    chosen = winner.candidate.plan
    recorder.record("planned", origin=winner.candidate.origin, cost=winner.cost, plan=chosen)
    return choice, sum((v.candidate.usage for v in verdicts), Usage())


async def _sample(session: Session, task: Task, recorder: Recorder) -> list[Verdict]:
    settings = session.settings
    assert settings is not None
    assert session.model is not None
    return await sample_plans(
        task,
        session.model,
        workers=settings.workers,
        n_valid=settings.n_valid,
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        on_verdict=lambda v: recorder.record(
            "candidate",
            origin=v.candidate.origin,
            cost=v.cost,
            problem=v.diagnostics[0].message if v.cost is None else None,
        ),
    )


def _planner_name(session: Session, plan: str | None) -> str:
    if plan is not None:
        return "a plan that was given"
    return session.settings.name if session.settings else "built-in symbolic planner"
