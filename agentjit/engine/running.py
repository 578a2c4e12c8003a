"""One run on an open session: plan the task, perform the plan, keep what happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, TypedDict

from agentjit.compiler.check import CheckedProgram
from agentjit.diagnostics import Diagnostic
from agentjit.engine.arriving import Arrival, arriving
from agentjit.engine.planning import NoValidPlan, Planned, choose_plan, remember
from agentjit.engine.proving import proof_to_json
from agentjit.engine.replanning import Run, keep_plan, plan_prefix, replan
from agentjit.engine.resuming import (
    check_same_site,
    describe_run,
    keep_strategy,
    keep_widths,
    open_journal,
    past_commits,
    recall_plan,
)
from agentjit.engine.scheduling import Measured, forecast, learn, past_forecasts, policy_of
from agentjit.engine.session import Session
from agentjit.engine.stopping import keep_stop
from agentjit.engine.taking_over import begin_anew, make_rung
from agentjit.engine.watching import recorded, watched
from agentjit.errors import AgentjitError, RunError, UsageError
from agentjit.planner.budget import Budget, MeteredModel
from agentjit.ports import Approver, Model
from agentjit.reporting import write_report
from agentjit.runtime.account import AccountKeeper, take_account
from agentjit.runtime.clock import SystemClock
from agentjit.runtime.committing import CommitGate
from agentjit.runtime.driver import Driver, Outcome
from agentjit.runtime.head_start import HeadStart
from agentjit.runtime.journal import JOURNAL, RunJournal
from agentjit.runtime.performing import Calls
from agentjit.runtime.policy import PolicyApprover
from agentjit.runtime.profile_store import known_profile
from agentjit.runtime.recorder import Listener, Recorder
from agentjit.runtime.result import RunResult, status_of
from agentjit.runtime.runfolder import RunFolder, new_run_folder
from agentjit.runtime.sandbox import open_sandbox, open_sandboxes
from agentjit.runtime.secrets import handles_in
from agentjit.runtime.tabkeeping import Tab, Whereabouts
from agentjit.runtime.tabpool import TabPool
from agentjit.runtime.weaving import WovenDriver
from agentjit.scheduler.building import build_graph
from agentjit.scheduler.calls import Widen
from agentjit.scheduler.coming import leaves_tabs
from agentjit.scheduler.exporting import graph_to_json
from agentjit.scheduler.forecast import Schedule
from agentjit.scheduler.graph import Graph
from agentjit.scheduler.strategies import SPARES, Serial, Strategy
from agentjit.sites.evidence import keep_evidence
from agentjit.stepping.rung import StepRung

if TYPE_CHECKING:
    from playwright.async_api import Page


#: What a run waits for before its plan is made; what overlaps is told of the first.
_OPENING: Final = "opening the site"


async def record_run(
    session: Session, task: str, plan: str | None, approver: Approver
) -> RunResult:
    """Plan and perform, in a run folder of its own. A run that fails is a result too."""
    folder = new_run_folder(Path(session.options.runs_dir), session.secrets)
    with closing(folder), closing(RunJournal.open(folder.path / JOURNAL)) as journal:
        journal.tell(**describe_run(session, task, plan))
        return await perform_run(session, _run_of(session, folder, journal, approver))


async def resume_run(session: Session, path: Path, approver: Approver) -> RunResult:
    """Do what a run that ended early has left. Raises UsageError where it cannot be resumed."""
    with closing(open_journal(path)) as journal:
        session.secrets.require(handles_in(journal.fact("task"), journal.fact("given") or ""))
        check_same_site(session, journal, path)
        await take_account(session.context, path)
        with closing(RunFolder(path, session.secrets)) as folder:
            return await perform_run(session, _run_of(session, folder, journal, approver))


def _run_of(session: Session, folder: RunFolder, journal: RunJournal, approver: Approver) -> Run:
    """The run that a journal is of."""
    measured = Measured()
    return Run(
        task=journal.fact("task"),
        given=journal.fact("given"),
        approver=approver,
        folder=folder,
        journal=journal,
        recorder=_recorder(session, folder, measured),
        measured=measured,
    )


async def perform_run(session: Session, run: Run) -> RunResult:
    """Do what is left to be done of a run, and keep how it ended."""
    begun, recorder = perf_counter(), run.recorder
    about = {"task": run.task, "site": session.toolset.name, "url": session.url}
    recorder.record("run-started", **about)
    if len(run.journal):
        recorder.record("run-resumed", done=sum(past.step == "done" for past in run.journal))
    try:
        async with (
            recorded(session, run.folder.path),
            watched(session, run.folder.path, recorder) as seen,
        ):
            result = await _run(session, run)
    except asyncio.CancelledError:
        run.journal.tell(status="interrupted")
        recorder.record("run-ended", status="interrupted", message="")
        _report(run)
        raise
    timing = {**session.startup, **result.timing}
    result = replace(
        result,
        value=session.secrets.hide_in(result.value),
        record=session.secrets.hide_in(result.record),
        blocked=dict(seen.blocked),
        downloads=tuple(seen.downloads),
        wall_seconds=perf_counter() - begun,
        timing=timing,
    )
    return _keep(result, run)


def _recorder(session: Session, folder: RunFolder, measured: Measured) -> Recorder:
    listeners: tuple[Listener, ...] = (measured, *session.options.listeners)
    return Recorder(SystemClock(), folder, listeners, session.secrets)


async def _run(session: Session, run: Run) -> RunResult:
    timing = dict[str, float]()
    planned: Planned | None = None
    outcome = Outcome()
    record: Any = None
    error: AgentjitError | None = None
    budget, begun = session.make_budget(), perf_counter()
    try:
        tab = Tab(session.tab, retry=session.options.retry, alive=lambda: session.browsers.alive)
        keeper = AccountKeeper(lambda: session.context, run.folder.path)
        async with (
            arriving(
                _arrive(tab, keeper, lambda: timing.update({_OPENING: perf_counter() - begun}))
            ) as page,
            _make_head(session, run) as head,
        ):
            planned = await _plan(session, run, page, budget, head)
            started = perf_counter()
            # A model may be asked meanwhile: what comes first hides the other.
            timing["planning"] = started - begun - timing[_OPENING]
            rung = make_rung(session, run, planned, budget)
            means = _Means(tab=tab, budget=budget, keeper=keeper, rung=rung)
            outcome = await _perform(session, run, planned, means, head)
            again = await replan(session, run, planned, outcome, (tab, budget))
            if again is None and begin_anew(run, planned, outcome, rung):
                await tab.renew()
                again = planned
            if again is not None:
                planned = again
                outcome = await _perform(session, run, planned, means)
            error = outcome.error
            await keep_stop(session, run, tab, error)
            timing["running"] = perf_counter() - started
            timing["checking contracts"] = outcome.check_seconds
            if session.site is not None and session.options.url is None:
                site, context = session.site, session.context
                record = await keep_evidence(site, session.url, context, run.folder)
    except AgentjitError as failure:
        session.secrets.hide_in_error(failure)
        # How the run itself ended says more than what went wrong after it.
        error = error or failure
    status = status_of(error) if error else "done"
    if planned is not None:
        remember(session, planned, status, run.recorder)
    return RunResult(
        task=run.task,
        status=status,
        value=outcome.value,
        error=error,
        line=outcome.span.line if outcome.span else None,
        choice=planned.choice if planned else None,
        diagnostics=_diagnostics_of(error),
        commits=outcome.commits or past_commits(run.journal),
        usage=budget.spent,
        record=record,
        timing=timing,
        run_dir=run.folder.path,
    )


@asynccontextmanager
async def _arrive(tab: Tab, keeper: AccountKeeper, tell: Callable[[], None]) -> AsyncIterator[Page]:
    async with tab:
        tell()
        await keeper.keep()
        yield tab.page


def _make_head(session: Session, run: Run) -> HeadStart:
    tab = Tab(session.tab, alive=lambda: session.browsers.alive)
    return HeadStart(session.caller, run.recorder, tab, session.leavings.take)


async def _plan(
    session: Session, run: Run, page: Arrival[Page], budget: Budget, head: HeadStart
) -> Planned:
    """The plan that the run had before, or else one that is made now. Raises PlanningError."""
    planned = await recall_plan(session, run.task, run.journal, page)
    if planned is not None:
        return planned
    planned = await choose_plan(
        session,
        run.task,
        page,
        run.recorder,
        budget,
        plan=run.given,
        head=head if session.options.head_start else None,
    )
    keep_plan(run, planned)
    return planned


@dataclass(frozen=True, slots=True, kw_only=True)
class _Means:
    """What the plans of a run have in common."""

    tab: Tab
    budget: Budget
    keeper: AccountKeeper
    rung: StepRung | None


async def _perform(
    session: Session, run: Run, planned: Planned, means: _Means, head: HeadStart | None = None
) -> Outcome:
    recorder, journal = run.recorder, run.journal
    gate = CommitGate(
        session.caller,
        run.approver,
        recorder,
        account=session.account,
        commits=list(past_commits(journal)),
        journal=journal,
        max_commits=_cap(run.approver),
    )
    where = Whereabouts(session.caller, recorder, dict(planned.task.start))
    prefix = plan_prefix(journal)
    calls = Calls(
        gate,
        journal,
        recorder,
        where,
        means.tab,
        retry=session.options.retry,
        stand_in=means.rung,
        keep=means.keeper.keep,
        arrived=not any(past.key.startswith(prefix) for past in journal),
        fresh=True,
        head=head,
    )
    driver = _Performance(
        checked=planned.choice.checked,
        calls=calls,
        recorder=recorder,
        model=MeteredModel(session.models[0], means.budget) if session.models else None,
        budget=means.budget,
        prefix=prefix,
        allowed=handles_in(run.task, run.given or ""),
    )
    outcome = await _schedule(session, run, driver)
    # Nothing that was begun ahead outlives its plan.
    await calls.leave_head()
    return outcome


class _Performance(TypedDict):
    """What every driver needs."""

    checked: CheckedProgram
    calls: Calls
    recorder: Recorder
    model: Model | None
    budget: Budget
    prefix: str
    #: The secrets that the plan may use.
    allowed: frozenset[str]


async def _schedule(session: Session, run: Run, what: _Performance) -> Outcome:
    """Choose how the plan is run, run it so, and learn. One that is resumed keeps to its choice."""
    checked, begins, head = what["checked"], what["calls"].arrived, what["calls"].head
    graph = build_graph(checked, what["calls"].where.start)
    known = known_profile(session.profiles, session.toolset)
    schedule, widen = await forecast(session, graph, known)
    strategy = keep_strategy(run.journal, what["prefix"], schedule.strategy)
    widen = keep_widths(run.journal, what["prefix"], widen)
    run.recorder.record(
        "scheduled",
        strategy=str(strategy),
        because=schedule.because if strategy == schedule.strategy else "the run was begun so",
        episodes=len(graph.episodes),
    )
    run.folder.write("graph.json", graph_to_json(graph))
    run.folder.write("schedule.json", schedule.to_json() | {"past": past_forecasts(known, graph)})
    run.folder.write("proof.json", proof_to_json(checked))
    started = perf_counter()
    outcome = await _drive(session, what, graph, schedule, (strategy, widen))
    # A person's time to decide is nobody's latency.
    seconds = perf_counter() - started - what["calls"].gate.thinking
    whole = begins and outcome.error is None and strategy == schedule.strategy
    ahead = head.taken if head is not None else 0
    # What was done is done, and its value is there: a full disk is no reason to lose it.
    with suppress(RunError):
        run.recorder.record("performed", seconds=round(seconds, 4), ahead=ahead)
        # A forecast is of all of a plan's calls.
        kept = (graph, schedule, seconds) if whole and not ahead else None
        learn(session, run.measured, run.recorder, kept)
    return outcome


async def _drive(
    session: Session,
    what: _Performance,
    graph: Graph,
    schedule: Schedule,
    how: tuple[Strategy, Widen | None],
) -> Outcome:
    strategy, widen = how
    if isinstance(strategy, Serial):
        async with open_sandbox() as sandbox:
            return await Driver(**what, sandbox=sandbox).run()
    policy = policy_of(strategy, schedule, session.toolset, widen)
    # Iterations of a loop in a loop have variables beside those of the outer ones.
    async with open_sandboxes(2 * max(policy.width, policy.most) + 2) as sandboxes:
        woven = WovenDriver(
            **what,
            sandbox=await sandboxes.get(0),
            graph=graph,
            policy=policy,
            tabs=TabPool(
                what["calls"],
                session.tabs,
                ahead=policy.width - 1,
                spares=SPARES if policy.spare or leaves_tabs(graph.root) else 0,
                late=schedule.tab_late if policy.spare else None,
            ),
            sandboxes=sandboxes,
        )
        return await woven.run()


def _cap(approver: Approver) -> int | None:
    return approver.policy.max_commits if isinstance(approver, PolicyApprover) else None


def _keep(result: RunResult, run: Run) -> RunResult:
    """Write how the run ended; where that is not possible, the result says so by its `run_dir`."""
    message = result.error.message if result.error else ""
    try:
        run.journal.tell(status=result.status)
        run.recorder.record("run-ended", status=result.status, message=message)
        run.folder.write("result.json", result.to_json())
    except RunError:
        # A full disk must not keep the caller from learning what was done.
        return replace(result, run_dir=None)
    _report(run)
    return result


def _report(run: Run) -> None:
    # It can be made at any time, out of what is kept: a run does not fail for it.
    with suppress(UsageError):
        write_report(run.folder.path)


def _diagnostics_of(error: AgentjitError | None) -> tuple[Diagnostic, ...]:
    if not isinstance(error, NoValidPlan):
        return ()
    return tuple(d for v in error.verdicts for d in v.diagnostics)
