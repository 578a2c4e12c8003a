"""When a plan may be performed once more from its beginning, the step loop standing in."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agentjit.engine.planning import Planned
from agentjit.engine.replanning import Run
from agentjit.engine.scheduling import Measured
from agentjit.engine.taking_over import begin_anew
from agentjit.errors import AgentjitError, ApprovalRefused, ContractBroken
from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.select import choose, judge
from agentjit.ports import ApprovalRequest
from agentjit.runtime.allowed import read_origins
from agentjit.runtime.driver import Outcome
from agentjit.runtime.journal import RunJournal
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.runfolder import RunFolder, new_run_folder
from agentjit.stepping.rung import StepRung
from tests.runtime.pretend import TOOLSET, Diary, VirtualClock, caller
from tests.stepping.script import Script

STALE = ContractBroken("the page is not the shop's")
PLAN = "goto_shop()\n"


class _Nobody:
    async def approve(self, request: ApprovalRequest) -> bool:
        return False


def _planned() -> Planned:
    task = Task("go to the shop", TOOLSET, (("screen", "home"), ("item", None)))
    choice = choose([judge(Candidate(plan=PLAN, origin="replay"), task)])
    assert choice is not None
    return Planned(task, choice)


def _run(folder: RunFolder, journal: RunJournal) -> Run:
    recorder = Recorder(VirtualClock(), Diary())
    return Run(
        task="go to the shop",
        given=None,
        approver=_Nobody(),
        folder=folder,
        journal=journal,
        recorder=recorder,
        measured=Measured(),
    )


@pytest.mark.parametrize(
    ("effect", "step", "error", "anew"),
    [
        ("read", "done", STALE, True),
        ("commit", "done", STALE, False),
        ("commit", "unknown", STALE, False),
        ("write", "attempt", STALE, False),
        # It is no stale tool that ended the run.
        ("commit", "intent", ApprovalRefused("no"), False),
    ],
)
def test_a_plan_that_changed_something_is_not_begun_anew(
    tmp_path: Path, effect: str, step: Any, error: AgentjitError, anew: bool
) -> None:
    journal = RunJournal.in_memory()
    journal.write("1.1", step, tool="pay", effect=effect, arguments={})
    folder = new_run_folder(tmp_path)
    run = _run(folder, journal)
    # A copy of a READ failed while a plan might still have been made; the other copy did not.
    rung = StepRung(
        caller=caller(),
        model=Script([]),
        recorder=run.recorder,
        origins=read_origins(("http://127.0.0.1:1",)),
        waited=True,
    )
    with closing(journal), closing(folder):
        assert begin_anew(run, _planned(), Outcome(error=error), rung) is anew
