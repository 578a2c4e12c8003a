"""Another plan for a run whose plan failed on the site, while nothing has been changed yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from agentjit.engine.arriving import there
from agentjit.engine.planning import GIVEN, Planned, choose_plan, remember
from agentjit.engine.resuming import changed_nothing
from agentjit.engine.scheduling import Measured
from agentjit.engine.session import Session
from agentjit.errors import (
    AgentjitError,
    BrowserError,
    BudgetSpent,
    PlanningError,
    RunError,
    SignedOut,
    SiteUnreachable,
)
from agentjit.planner.budget import Budget
from agentjit.planner.prompt import FailedPlan
from agentjit.ports import Approver
from agentjit.runtime.driver import Outcome
from agentjit.runtime.journal import RunJournal
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.runfolder import RunFolder
from agentjit.runtime.tabkeeping import Tab

#: How many plans one run may have after its first.
MAX_REPLANS: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run, and where what happens in it is kept."""

    task: str
    #: A plan's text that came from elsewhere.
    given: str | None
    approver: Approver
    folder: RunFolder
    journal: RunJournal
    recorder: Recorder
    #: What it tells of the site's latencies.
    measured: Measured


def keep_plan(run: Run, planned: Planned, *, number: int = 0) -> None:
    """Write the plan down, before anything of it is done; the first one has the number 0."""
    candidate = planned.choice.winner.candidate
    run.folder.write("plan.py", candidate.plan)
    run.journal.tell(
        plan={
            "text": candidate.plan,
            "origin": candidate.origin,
            "kept_as": candidate.kept_as,
            "start": dict(planned.task.start),
            "number": number,
        }
    )


def plan_prefix(journal: RunJournal) -> str:
    """What the journal's names of the present plan's calls begin with."""
    number = (journal.fact("plan") or {}).get("number", 0)
    return f"{number}/" if number else ""


async def replan(
    session: Session, run: Run, planned: Planned, outcome: Outcome, given: tuple[Tab, Budget]
) -> Planned | None:
    """Another plan, from a fresh tab as it is now; None where there is none, or must be none.

    There is none where a person gave the plan, where the site or the browser is gone, and where
    anything was attempted that changes the account: another plan might do it again.
    """
    error, candidate = outcome.error, planned.choice.winner.candidate
    if error is None or not may_replan(session, run, planned, error):
        return None
    kept = run.journal.fact("plan") or {}
    tab, budget = given
    line = outcome.span.line if outcome.span else None
    run.recorder.record("replanning", code=error.code, message=error.message, line=line)
    failed = FailedPlan(candidate.plan, line, error.code)
    try:
        page = await tab.renew()
        again = await choose_plan(
            session, run.task, there(page), run.recorder, budget, plan=None, failed=failed
        )
    except (PlanningError, BudgetSpent, RunError) as failure:
        run.recorder.record("not-replanned", code=failure.code, message=failure.message)
        return None
    remember(session, planned, "failed", run.recorder)
    keep_plan(run, again, number=kept.get("number", 0) + 1)
    return again


def may_replan(session: Session, run: Run, planned: Planned, error: AgentjitError) -> bool:
    """Whether another plan may be made where the plan fails with this error."""
    kept = run.journal.fact("plan") or {}
    return (
        session.options.replan
        and kept.get("number", 0) < MAX_REPLANS
        and planned.choice.winner.candidate.origin != GIVEN
        and _may_be_the_plan(error)
        and changed_nothing(run.journal)
    )


def _may_be_the_plan(error: AgentjitError) -> bool:
    return isinstance(error, RunError) and not isinstance(
        error, BrowserError | SiteUnreachable | SignedOut
    )
