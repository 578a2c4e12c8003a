from __future__ import annotations

from agentjit.cli.proposing import Extras, render_choice
from agentjit.cli.verdicts import choice_to_json
from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.select import choose, judge
from agentjit.ports import RunEvent, Usage
from tests.cli.conftest import text_of
from tests.cli.shop import TOOLSET
from tests.conftest import Golden

TASK = Task("take Emma from Fiction", TOOLSET)
WINNER = 'open_shelf("Fiction")\ntake_book("Emma")\n'
DEARER = 'shelves = list_shelves()\nopen_shelf("Fiction")\ntake_book("Emma")\n'
BROKEN = 'take_book("Emma")\n'
CHOICE = choose(
    [
        judge(Candidate(plan=plan, origin=f"model #{number}", usage=Usage(1, 100, 20)), TASK)
        for number, plan in enumerate((BROKEN, DEARER, WINNER, WINNER), start=1)
    ]
)
LOOKED = RunEvent(kind="looked-up", at=0.1, data={"calls": ["list_shelves"], "found": 7})


def test_a_plan_is_shown_with_its_proof_and_the_plans_that_lost(golden: Golden) -> None:
    assert CHOICE is not None
    golden("cli/plan.txt", text_of(render_choice(CHOICE, (LOOKED,))))


def test_a_plan_is_shown_with_its_graph_when_that_is_asked_for(golden: Golden) -> None:
    assert CHOICE is not None
    golden("cli/plan_graph.txt", text_of(render_choice(CHOICE, (), Extras(graph=True))))


def test_candidates_as_data_say_why_they_lost() -> None:
    assert CHOICE is not None
    candidates = choice_to_json(CHOICE)
    assert [c["origin"] for c in candidates] == ["model #3", "model #1", "model #2", "model #4"]
    assert [c["chosen"] for c in candidates] == [True, False, False, False]
    assert candidates[1]["diagnostics"][0]["code"] == "precondition-not-met"
    assert [c["reason"] for c in candidates[2:]] == ["cost 0.3 against 0.2", "the same plan"]
    assert candidates[0]["tokens"] == 120


def test_a_plan_is_shown_with_its_forecast_when_that_is_asked_for(golden: Golden) -> None:
    assert CHOICE is not None
    golden("cli/plan_forecast.txt", text_of(render_choice(CHOICE, (), Extras(forecast=True))))
