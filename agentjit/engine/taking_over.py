"""The ladder's last rung in a run: when the step loop may stand in for a tool."""

from __future__ import annotations

from agentjit.engine.planning import Planned
from agentjit.engine.replanning import Run, keep_plan, may_replan
from agentjit.engine.resuming import changed_nothing
from agentjit.engine.session import Session
from agentjit.planner.budget import Budget, MeteredModel
from agentjit.runtime.driver import Outcome
from agentjit.stepping.rung import StepRung, is_stale


def make_rung(session: Session, run: Run, planned: Planned, budget: Budget) -> StepRung | None:
    """Who stands in for the tools of a plan; None where nobody may, or there is no model.

    It waits for its turn: while another plan may be made of the task, that goes before.
    """
    if not session.options.steps or not session.models:
        return None
    return StepRung(
        caller=session.caller,
        model=MeteredModel(session.models[0], budget),
        recorder=run.recorder,
        origins=session.fence.allowed,
        limits=session.options.step_limits,
        ripe=lambda error: not may_replan(session, run, planned, error),
    )


def begin_anew(run: Run, planned: Planned, outcome: Outcome, rung: StepRung | None) -> bool:
    """Whether the plan is to be performed once more from its beginning, the loop standing in now.

    That is so where it waited for another plan, and there is none. Where anything was attempted
    that changes the account it would be done twice: what the rung waited for may have been the copy
    of a call that another made, or a round that a loop broke off, so that the plan went on.
    """
    error = outcome.error
    if error is None or rung is None or not rung.waited:
        return False
    if not is_stale(error) or not changed_nothing(run.journal):
        return False
    rung.waited = False
    run.recorder.record("begun-anew", message=error.message)
    keep_plan(run, planned, number=(run.journal.fact("plan") or {}).get("number", 0) + 1)
    return True
