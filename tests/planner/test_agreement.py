"""Candidates by what they do: the larger cluster goes first, and a lone one commits nothing."""

from __future__ import annotations

import pytest

from agentjit.cli.proposing import _render_failure, _to_json, render_choice
from agentjit.cli.verdicts import choice_to_json, clusters_to_json
from agentjit.planner.agreement import Disagreement, cluster_verdicts
from agentjit.planner.candidate import Candidate, Task, Verdict
from agentjit.planner.select import choose, judge
from tests.cli.conftest import text_of
from tests.conftest import Golden
from tests.fixtures.toolhire.tools import TOOLSET
from tests.planner.test_dry import BOOK, SAME

TASK = Task("book the cheapest drill at Millbrook for 2 days", TOOLSET)
#: It costs less than BOOK, and books another machine.
RASH = """\
open_depot("Millbrook")
choose_machine(show_machines()[0]["machine_name"])
review_booking()
result = confirm_booking()
"""
HALFWAY = BOOK.replace("result = confirm_booking()\n", "")
QUESTION = Task("how many machines does Millbrook have?", TOOLSET)
COUNT = 'open_depot("Millbrook")\nresult = len(show_machines())\n'
COUNT_TOO = (
    'open_depot("Millbrook")\nmachines = show_machines()\nback_to_start()\nresult = len(machines)\n'
)
WRONG_COUNT = "result = len(show_depots())\n"


def verdicts(*plans: str, task: Task = TASK) -> list[Verdict]:
    found = [
        judge(Candidate(plan=plan, origin=f"model #{n}"), task, provenance=False)
        for n, plan in enumerate(plans, start=1)
    ]
    assert all(v.checked is not None for v in found), [v.diagnostics for v in found]
    return found


def test_clusters_are_by_effect_and_the_largest_comes_first() -> None:
    clusters = cluster_verdicts(verdicts(RASH, BOOK, SAME[0], HALFWAY, SAME[1]))
    assert [c.size for c in clusters] == [3, 1, 1]
    assert [v.candidate.origin for v in clusters[0].members] == ["model #2", "model #3", "model #5"]
    assert [c.effect.commits for c in clusters] == [True, True, False]


def test_what_more_plans_do_goes_before_what_costs_less() -> None:
    found = verdicts(WRONG_COUNT, COUNT, COUNT_TOO, task=QUESTION)
    alone, agreed = choose(found, QUESTION), choose(found, QUESTION, agree=True)
    assert alone is not None
    assert agreed is not None
    assert alone.winner is found[0], "it costs less"
    assert alone.clusters == ()
    assert agreed.winner is found[1]
    assert [c.size for c in agreed.clusters] == [2, 1]
    reasons = [reason for _, reason in agreed.losers]
    assert reasons == ["does something else: 1 of 3 plans do it, against 2", "cost 0.3 against 0.2"]


def test_a_lone_outlier_that_commits_is_not_chosen_though_it_is_the_cheapest() -> None:
    found = verdicts(RASH, BOOK, SAME[0])
    choice = choose(found, TASK, agree=True)
    assert choice is not None
    assert choice.winner in found[1:]


@pytest.mark.parametrize("plans", [(RASH, BOOK), (BOOK, HALFWAY), (BOOK, HALFWAY, HALFWAY)])
def test_where_no_two_agree_on_what_commits_nothing_is_chosen(plans: tuple[str, ...]) -> None:
    found = verdicts(*plans)
    with pytest.raises(Disagreement) as raised:
        choose(found, TASK, agree=True)
    assert raised.value.exit_code == 3
    assert {id(v) for v in raised.value.verdicts} == {id(v) for v in found}
    assert choose(found, TASK) is not None, "that is for those who ask for agreement"


def test_where_nothing_commits_the_cheapest_of_several_lone_ones_is_chosen() -> None:
    found = verdicts(COUNT, WRONG_COUNT, task=QUESTION)
    choice = choose(found, QUESTION, agree=True)
    assert choice is not None
    assert choice.winner is found[1]


def test_one_plan_alone_is_no_outlier() -> None:
    broken = judge(Candidate(plan="confirm_booking()\n", origin="model #2"), TASK)
    choice = choose([*verdicts(BOOK), broken], TASK, agree=True)
    assert choice is not None
    assert [c.size for c in choice.clusters] == [1]


def test_it_is_shown(golden: Golden) -> None:
    choice = choose(verdicts(RASH, BOOK, SAME[2]), TASK, agree=True)
    assert choice is not None
    golden("cli/plan_agreement.txt", text_of(render_choice(choice, ())))
    assert [c["cluster"] for c in choice_to_json(choice)] == [1, 2, 1]
    first, second = clusters_to_json(choice.clusters)
    assert (first["size"], first["commits"], first["answer"]) == (2, True, None)
    assert first["origins"] == ["model #2", "model #3"]
    assert len(second["changes"]) == 2


def test_a_disagreement_is_shown_with_all_the_plans(golden: Golden) -> None:
    with pytest.raises(Disagreement) as raised:
        choose(verdicts(RASH, BOOK), TASK, agree=True)
    golden("cli/plan_disagreement.txt", text_of(_render_failure(raised.value)))
    data = _to_json(TASK.text, None, raised.value, ())
    assert (data["exit_code"], data["error"]["code"]) == (3, "plans-disagree")
    assert [c["size"] for c in data["agreement"]] == [1, 1]
    assert [c["reason"] for c in data["candidates"]] == ["nobody agrees with it"] * 2
