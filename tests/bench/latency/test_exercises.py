"""The tasks that are compared, with plans that the planner itself takes, and a user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentjit.bench.latency.exercises import LADDER, SHORT, Exercise, find_exercises, read_own
from agentjit.errors import UsageError
from agentjit.planner.answer import extract_plan, name_answer
from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.select import judge
from agentjit.sites import load_site


def test_all_are_the_papers_tasks_and_the_ladder() -> None:
    ids = [exercise.id for exercise in find_exercises(["all"], 0)]
    assert len(ids) == 37 + len(LADDER)
    assert [e.id for e in find_exercises(["gomail"], 0)] == [f"gomail-{n}" for n in range(1, 10)]
    assert [e.id for e in find_exercises(["short"], 0)] == list(SHORT)
    assert [e.id for e in find_exercises(["gomail-1", "gomail-1"], 0)] == ["gomail-1"]


@pytest.mark.parametrize("exercise", find_exercises(["all"], 0), ids=lambda e: e.id)
def test_what_the_scripted_model_writes_is_a_plan_that_the_planner_takes(
    exercise: Exercise,
) -> None:
    assert exercise.plan is not None
    written = name_answer(extract_plan(exercise.plan))
    task = Task(exercise.goal, load_site(exercise.site).toolset)
    verdict = judge(Candidate(plan=written, origin="script"), task)
    assert verdict.checked is not None, verdict.diagnostics


def test_the_ladder_orders_what_the_seed_has() -> None:
    plain, shuffled = (find_exercises(["ladder-10"], seed)[0] for seed in (0, 3))
    assert len(plain.items) == len(shuffled.items) == 3
    assert all(item in shuffled.goal for item in shuffled.items)


def test_an_unknown_task_is_answered_with_near_ones() -> None:
    with pytest.raises(UsageError) as caught:
        find_exercises(["dashdish-33"], 0)
    assert "dashdish-3" in caught.value.hint


def test_a_users_own_tasks_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "count.plan").write_text("result = 3\n")
    path = tmp_path / "tasks.toml"
    path.write_text(
        '[[task]]\nid = "count"\ngoal = "How many?"\nurl = "http://127.0.0.1:1"\n'
        'tools = "shop.py"\nplan = "count.plan"\nanswer = 3\n'
    )
    (exercise,) = read_own(path)
    assert (exercise.site, exercise.plan) == ("shop", "result = 3\n")
    assert exercise.own is not None
    assert (exercise.own.tools, exercise.own.answer) == (tmp_path / "shop.py", 3)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[task]]\nid = "a"\ngoal = "b"\nurl = "http://x"\n', "has no tools"),
        ('[[task]]\nid = "a"\ngoal = "b"\nurl = "u"\ntools = "t"\ncolor = 1\n', "unknown field"),
        ('[[task]]\nid = "a"\ngoal = "b"\nurl = "u"\ntools = "t"\nplan = "p"\n', "cannot be read"),
        ("task = ", "holds no tasks"),
        ("", "holds no tasks"),
        ('[task]\nid = "a"\n', "no array of tables"),
        (2 * '[[task]]\nid = "a"\ngoal = "b"\nurl = "u"\ntools = "t"\n', "'a' twice"),
    ],
)
def test_a_file_that_is_wrong_says_how(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "tasks.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=says):
        read_own(path)
