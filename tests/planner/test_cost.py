"""Cost and choice."""

from __future__ import annotations

import pytest

from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.cost import cost_of
from agentjit.planner.select import choose, judge
from tests.fixtures.toolhire.tools import TOOLSET

TASK = Task("book the mole drill at Millbrook", TOOLSET)


@pytest.mark.parametrize(
    ("plan", "cost"),
    [
        ("show_depots()", 0.1),
        ("show_depots()\nshow_depots()", 0.2),
        ("for _ in [1, 2]:\n    show_depots()", 1.0),
        ("[show_depots() for _ in [1, 2]]", 1.0),
        ("for a in [1]:\n    for b in [1]:\n        show_depots()", 10.0),
        ("if len(show_depots()) > 1:\n    show_depots()\nelse:\n    back_to_start()", 0.2),
        ("x = ai_eval('which?', d=show_depots())", 10.1),
        # What follows a loop is not inside it, however the loop is left.
        ("for a in [1]:\n    if a:\n        break\n    back_to_start()\nai_eval('?')", 11.0),
        ("x = len([1])", 0.0),
    ],
)
def test_cost_follows_the_paper(plan: str, cost: float) -> None:
    verdict = judge(Candidate(plan=plan, origin="test"), TASK)
    assert verdict.checked is not None, verdict.diagnostics
    assert cost_of(verdict.checked.program) == pytest.approx(cost)


def test_the_cheapest_valid_plan_wins_and_the_others_are_told_why() -> None:
    plans = ("show_machines()", "x = ai_eval('?')", "show_depots()", "show_depots( )")
    verdicts = [judge(Candidate(plan=p, origin=str(i)), TASK) for i, p in enumerate(plans)]
    choice = choose(verdicts)
    assert choice is not None
    assert choice.winner.candidate.plan == "show_depots()"
    reasons = {v.candidate.origin: why for v, why in choice.losers}
    assert reasons["0"].startswith("precondition-not-met: show_machines() requires")
    assert reasons["1"] == "cost 10 against 0.1"
    assert reasons["3"] == "same cost 0.1, but longer or later"


def test_nothing_valid_is_no_choice() -> None:
    assert choose([judge(Candidate(plan="show_machines()", origin="x"), TASK)]) is None
    assert choose([]) is None


def test_a_plan_that_stops_half_way_is_not_the_cheapest() -> None:
    half = 'open_depot("Millbrook")\nchoose_machine("mole drill")\n'
    whole = f"{half}review_booking()\nconfirm_booking()\n"
    verdicts = [judge(Candidate(plan=p, origin=p[-18:]), TASK) for p in (half, whole)]
    choice = choose(verdicts, TASK)
    assert choice is not None
    assert choice.winner.candidate.plan == whole
    assert [why for _, why in choice.losers] == [
        "never calls confirm_booking(), which the task asks for"
    ]


def test_of_plans_of_one_cost_the_one_that_needed_no_repair_wins() -> None:
    mended = judge(Candidate(plan="show_depots()", origin="x", diff="+show_depots()\n"), TASK)
    whole = judge(Candidate(plan="show_depots()  # as it was written", origin="y"), TASK)
    choice = choose([mended, whole])
    assert choice is not None
    assert choice.winner is whole
