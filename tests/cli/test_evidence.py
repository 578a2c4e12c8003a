from __future__ import annotations

from pathlib import Path
from typing import Any

from agentjit.cli.evidence import render_end, render_error, render_interruption
from agentjit.cli.phases import Moments, list_phases, process_began
from agentjit.cli.witness import Witness
from agentjit.engine import NoValidPlan
from agentjit.errors import OutcomeUnknown, ToolError
from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.select import choose, judge
from agentjit.ports import RunEvent
from agentjit.runtime.committing import Commit
from agentjit.runtime.result import RunResult
from tests.cli.conftest import text_of
from tests.cli.shop import TOOLSET
from tests.conftest import Golden

TASK = Task("borrow Emma from Fiction", TOOLSET)
GOOD = Candidate(
    plan='open_shelf("Fiction")\ntake_book("Emma")\nresult = borrow()\n', origin="the test"
)
BAD = Candidate(plan='take_book("Emma")\n', origin="model #2")
LOAN = Commit(tool="borrow", arguments={}, terms=None, outcome="done", value="L-1")
RECORD = {
    "loans": {
        "added": {
            "0": {
                "id": "L-1",
                "books": [{"name": "Emma", "copies": 1, "shelf": {"id": 3}}],
                "due": {"date": "2030-01-01", "reminders": {"days": 3}},
            }
        },
        "deleted": {},
        "updated": {"7": {}},
    },
    "basket": {"added": {}, "deleted": {}, "updated": {}},
}


def event(kind: str, at: float, **data: Any) -> RunEvent:
    return RunEvent(kind=kind, at=at, data=data)


EVENTS = (
    event("run-started", 0.0),
    event("planning", 0.5),
    event("planned", 1.0),
    event("call-started", 1.0),
    event("call-done", 1.5, drift=[]),
    event("approval-asked", 2.0),
    event("commit-intent", 4.0, tool="borrow", arguments={}, terms=None),
    event("commit-done", 4.5, result="L-1"),
    event("call-done", 4.5, drift=["shelf"]),
    event("run-ended", 5.0, status="done"),
)
TIMING = {"site start": 0.25, "browser start": 1.0, "checking contracts": 0.5}
MOMENTS = Moments(began=0.0, loaded=0.5, started=1.5, closed=7.0)


def result(**more: Any) -> RunResult:
    settings: dict[str, Any] = {
        "task": TASK.text,
        "status": "done",
        "choice": choose([judge(GOOD, TASK)]),
        "timing": TIMING,
        "run_dir": Path("runs/1"),
        **more,
    }
    return RunResult(**settings)


def test_the_end_of_a_run_tells_what_why_and_where(golden: Golden) -> None:
    done = result(value="L-1", commits=(LOAN,), record=RECORD)
    phases = list_phases(EVENTS, TIMING, MOMENTS)
    golden("cli/end_done.txt", text_of(render_end(done, EVENTS, phases)))


def test_a_failure_shows_its_line_and_what_was_done(golden: Golden) -> None:
    error = ToolError("there is no book 'Emma'", "there are others")
    failed = result(status="failed", error=error, line=2)
    shown = text_of(render_error(failed), render_end(failed, EVENTS[:5], ()))
    golden("cli/end_failed.txt", shown)


def test_an_unknown_outcome_is_told_as_such() -> None:
    lost = Commit(tool="borrow", arguments={}, terms=None)
    unknown = result(status="unknown", error=OutcomeUnknown("lost", "look"), commits=(lost,))
    assert "? outcome unknown" in text_of(render_error(unknown))
    assert "borrow()  unknown" in text_of(render_end(unknown, (), ()))


def test_rejected_plans_are_shown_with_their_diagnostics(golden: Golden) -> None:
    bad = judge(BAD, TASK)
    nothing = result(status="no-plan", choice=None, error=NoValidPlan([bad, bad]))
    golden("cli/end_no_plan.txt", text_of(render_error(nothing)))


def test_the_phases_are_the_whole_command() -> None:
    phases = {p.name: p for p in list_phases(EVENTS, TIMING, MOMENTS)}
    assert {name: p.seconds for name, p in phases.items()} == {
        "loading": 0.5,
        "starting": 1.0,
        "opening the site": 0.5,
        "planning": 0.5,
        "running": 4.0,
        "closing": 0.5,
    }
    assert sum(p.seconds for p in phases.values()) == MOMENTS.closed - MOMENTS.began
    assert phases["running"].note == (
        "of it checking contracts 0.50 s, waiting for approval 2.00 s"
    )


def test_a_run_that_never_planned_has_fewer_phases() -> None:
    events = (EVENTS[0], event("run-ended", 2.0, status="failed"))
    names = [p.name for p in list_phases(events, {}, MOMENTS)]
    assert names == ["loading", "starting", "opening the site", "closing"]


def test_this_process_began_before_now() -> None:
    assert process_began() < process_began() + 1.0


def witness(*events: RunEvent) -> Witness:
    seen = Witness()
    for each in events:
        seen.watch(each)
    return seen


def test_an_interruption_tells_what_had_been_done() -> None:
    assert witness(*EVENTS).list_commits() == (LOAN,)
    assert "borrow()  done" in text_of(render_interruption("t", (LOAN,)))
    nothing = witness(*EVENTS[:6]).list_commits()
    assert nothing == ()
    assert "nothing irreversible was done" in text_of(render_interruption("t", nothing))


def test_a_call_that_was_cut_short_is_unknown() -> None:
    (cut,) = witness(*EVENTS[:7]).list_commits()
    assert cut.outcome == "unknown"
    shown = text_of(render_interruption("t", (cut,)))
    assert "borrow()  unknown" in shown
    assert "look at the site before you run it again" in shown
    refused = event("commit-not-done", 5.0)
    assert witness(*EVENTS[:7], refused).list_commits() == ()
