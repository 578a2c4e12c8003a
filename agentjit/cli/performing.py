"""One run from the command line: display, approval, the engine, and the report at its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from agentjit.cli.approving import make_approver
from agentjit.cli.consoles import print_json, show, standard_error, standard_output
from agentjit.cli.display import make_display
from agentjit.cli.evidence import render_end, render_error, render_interruption
from agentjit.cli.failures import INTERRUPTED, interruption_to_json, run_shape, show_failure
from agentjit.cli.phases import Moments, Phase, list_phases, process_began
from agentjit.cli.selection import Selection, read_own_plan, require_task, select_again
from agentjit.cli.values import render_value
from agentjit.cli.witness import Witness
from agentjit.errors import AgentjitError
from agentjit.runtime.result import RunResult

if TYPE_CHECKING:
    from agentjit.engine import AgentJIT


#: What is to be done with an open engine.
Work: TypeAlias = Callable[[], Awaitable[RunResult]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How the run is to be done and told."""

    plan: str | None
    yes: bool
    runs_dir: Path
    as_json: bool
    quiet: bool


def perform(task: str, selection: Selection, wishes: Wishes) -> int:
    """Do the task and report it; gives the exit code."""
    return _tell(task, lambda witness: _run(task, selection, wishes, witness), wishes)


def resume_run(run: Path, wishes: Wishes, changes: Mapping[str, Any]) -> int:
    """Continue a run and report it; gives the exit code. `changes` are fields of Selection."""
    folder = run if run.is_dir() else wishes.runs_dir / run
    task = ""

    def doing(witness: Witness) -> tuple[RunResult, float]:
        nonlocal task
        task, selection = select_again(folder)
        selection = replace(selection, **changes)
        return _perform(selection, wishes, witness, lambda jit: lambda: jit.resume(folder))

    return _tell(task, doing, wishes)


def _tell(task: str, doing: Callable[[Witness], tuple[RunResult, float]], wishes: Wishes) -> int:
    witness = Witness()
    began = process_began()
    try:
        result, loaded = doing(witness)
    except KeyboardInterrupt:
        return _report_interruption(task, witness, wishes)
    except AgentjitError as error:
        if wishes.as_json:
            print_json(run_shape(task, error))
        else:
            show_failure(error)
        return error.exit_code
    moments = Moments(
        began=began, loaded=loaded, started=witness.started, closed=time.perf_counter()
    )
    _report(result, witness, list_phases(witness.events, result.timing, moments), wishes)
    return result.exit_code


def _run(
    task: str, selection: Selection, wishes: Wishes, witness: Witness
) -> tuple[RunResult, float]:
    """The result, and when everything was loaded."""
    text = require_task(task)

    def prepare(jit: AgentJIT) -> Work:
        # Read before anything is started for it.
        plan = read_own_plan(wishes.plan, jit.toolset)
        return lambda: jit.run(text, plan=plan)

    return _perform(selection, wishes, witness, prepare)


def _perform(
    selection: Selection,
    wishes: Wishes,
    witness: Witness,
    prepare: Callable[[AgentJIT], Work],
) -> tuple[RunResult, float]:
    console = standard_error()
    display = make_display(console, quiet=wishes.quiet, as_json=wishes.as_json)
    engine = selection.make_engine(
        approve=make_approver(console, display.paused, yes=wishes.yes),
        runs_dir=wishes.runs_dir,
        listeners=(witness.watch, display.progress.watch),
    )
    work = prepare(engine)
    loaded = time.perf_counter()

    async def run() -> RunResult:
        async with engine:
            return await work()

    with display:
        display.progress.begin("starting the browser and the site")
        return asyncio.run(run()), loaded


def _report(result: RunResult, witness: Witness, phases: tuple[Phase, ...], wishes: Wishes) -> None:
    if wishes.as_json:
        print_json(result.to_json())
        return
    if result.error is not None:
        show(standard_error(), render_error(result))
    if wishes.quiet:
        if result.value is not None:
            show(standard_output(), render_value(result.value))
        return
    show(standard_output(), render_end(result, witness.events, phases))


def _report_interruption(task: str, witness: Witness, wishes: Wishes) -> int:
    """Say what had been done when Ctrl-C came."""
    commits = witness.list_commits()
    if wishes.as_json:
        data = run_shape(task, AgentjitError("interrupted")) | interruption_to_json()
        print_json({**data, "commits": [c.to_json() for c in commits]})
    else:
        show(standard_error(), render_interruption(task, commits))
    return INTERRUPTED
