"""One run on an open session: plan the task, perform the plan, keep what happened."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agentjit.diagnostics import Diagnostic
from agentjit.engine.planning import NoValidPlan, Planned, choose_plan, remember
from agentjit.engine.session import Session
from agentjit.errors import AgentjitError, RunError
from agentjit.planner.budget import Budget, MeteredModel
from agentjit.planner.candidate import Choice
from agentjit.ports import Approver
from agentjit.runtime.clock import SystemClock
from agentjit.runtime.committing import CommitGate
from agentjit.runtime.driver import Driver, Outcome
from agentjit.runtime.network import NETWORK, recorded_network
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.result import RunResult, status_of
from agentjit.runtime.runfolder import RunFolder, new_run_folder
from agentjit.runtime.sandbox import open_sandbox
from agentjit.sites.evidence import keep_evidence

if TYPE_CHECKING:
    from playwright.async_api import Page


async def record_run(
    session: Session, task: str, plan: str | None, approver: Approver
) -> RunResult:
    """Plan and perform, in a run folder of its own. A run that fails is a result too."""
    options, begun = session.options, perf_counter()
    folder = new_run_folder(Path(options.runs_dir))
    har = folder.path / NETWORK if options.har else None
    with closing(folder):
        recorder = Recorder(SystemClock(), folder, options.listeners)
        recorder.record("run-started", task=task, site=session.toolset.name, url=session.url)
        try:
            async with recorded_network(session.context, har):
                result = await _run(session, task, plan, approver, (folder, recorder))
        except asyncio.CancelledError:
            recorder.record("run-ended", status="interrupted", message="")
            raise
        timing = {**session.startup, **result.timing}
        result = replace(result, wall_seconds=perf_counter() - begun, timing=timing)
        return _keep(result, folder, recorder)


async def _run(
    session: Session,
    task: str,
    plan: str | None,
    approver: Approver,
    kept: tuple[RunFolder, Recorder],
) -> RunResult:
    timing = dict[str, float]()
    folder, recorder = kept
    planned: Planned | None = None
    outcome = Outcome()
    record: Any = None
    error: AgentjitError | None = None
    budget, begun = session.make_budget(), perf_counter()
    try:
        async with session.tab() as page:
            started = perf_counter()
            timing["opening the site"] = started - begun
            planned = await choose_plan(session, task, page, recorder, budget, plan=plan)
            folder.write("plan.py", planned.choice.winner.candidate.plan)
            timing["planning"] = perf_counter() - started
            choice = planned.choice
            outcome = await _perform(session, choice, page, (recorder, approver), budget)
            error = outcome.error
            timing["running"] = perf_counter() - started - timing["planning"]
            timing["checking contracts"] = outcome.check_seconds
            if session.site is not None and session.options.url is None:
                record = await keep_evidence(session.site, session.url, session.context, folder)
    except AgentjitError as failure:
        # How the run itself ended says more than what went wrong after it.
        error = error or failure
    status = status_of(error) if error else "done"
    if planned is not None:
        remember(session, planned, status, recorder)
    return RunResult(
        task=task,
        status=status,
        value=outcome.value,
        error=error,
        line=outcome.span.line if outcome.span else None,
        choice=planned.choice if planned else None,
        diagnostics=_diagnostics_of(error),
        commits=outcome.commits,
        usage=budget.spent,
        record=record,
        timing=timing,
        run_dir=folder.path,
    )


async def _perform(
    session: Session,
    choice: Choice,
    page: Page,
    asked: tuple[Recorder, Approver],
    budget: Budget,
) -> Outcome:
    recorder, approver = asked
    gate = CommitGate(session.caller, approver, recorder, account=session.url, commits=[])
    model = MeteredModel(session.models[0], budget) if session.models else None
    async with open_sandbox() as sandbox:
        driver = Driver(choice.checked, page, gate, sandbox, recorder, model, budget)
        return await driver.run()


def _keep(result: RunResult, folder: RunFolder, recorder: Recorder) -> RunResult:
    """Write how the run ended; where that is not possible, the result says so by its `run_dir`."""
    message = result.error.message if result.error else ""
    try:
        recorder.record("run-ended", status=result.status, message=message)
        folder.write("result.json", result.to_json())
    except RunError:
        # A full disk must not keep the caller from learning what was done.
        return replace(result, run_dir=None)
    return result


def _diagnostics_of(error: AgentjitError | None) -> tuple[Diagnostic, ...]:
    if not isinstance(error, NoValidPlan):
        return ()
    return tuple(d for v in error.verdicts for d in v.diagnostics)
