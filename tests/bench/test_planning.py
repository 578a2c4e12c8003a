from __future__ import annotations

from agentjit.bench.planning import N_VALID, PLANS, ROUNDS, TASK, WORKERS, measure_planning
from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.select import judge
from agentjit.sites import load_site

TOOLSET = load_site("dashdish").toolset


def test_the_scripted_plans_are_what_they_are_taken_for() -> None:
    assert len(PLANS) == WORKERS
    task = Task(TASK, TOOLSET)
    valid = [judge(Candidate(plan=p, origin="script"), task).checked is not None for p in PLANS]
    assert sum(valid) >= N_VALID
    assert not valid[3]


def test_each_round_is_measured_and_the_endpoint_sees_who_hangs_up() -> None:
    figures = measure_planning(TOOLSET, first=0.02, rate=400.0)
    data = figures.to_json()
    assert data["requests"] == (ROUNDS + 1) * WORKERS
    # The longest answer is never heard to its end.
    assert ROUNDS + 1 <= data["dropped"] < data["requests"]
    assert {each["runs"] for each in data["times"]} == {ROUNDS}
    assert all(each["min"] > 0 for each in data["times"][:2])
    assert "cut short, as the endpoint saw it" in figures.show()
