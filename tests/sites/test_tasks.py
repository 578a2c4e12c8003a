"""Tasks as data: every file is valid, and what is wrong in one is said with its place."""

from __future__ import annotations

import subprocess
import sys

import pytest

from agentjit.errors import UsageError
from agentjit.sites import site_names
from agentjit.sites.grading import load_graders
from agentjit.sites.tasks import GraderName, SiteTask, all_tasks, find_task, load_tasks, parse_tasks

PLAIN = """
[[task]]
id = "dashdish-3"
goal = "Buy a taco."
grader = "agentjit:taco-ordered"
class = "commit"
"""


@pytest.mark.parametrize("site", site_names())
def test_every_task_file_is_valid_and_its_graders_of_ours_exist(site: str) -> None:
    named = {
        grader.name
        for task in load_tasks(site)
        for grader in (task.grader, task.other_seeds, task.exact)
        if grader is not None and grader.evaluator == "agentjit"
    }
    assert named <= load_graders(site).keys()


def test_no_two_tasks_have_the_same_name() -> None:
    assert len({task.id for task in all_tasks()}) == len(all_tasks())


def test_the_paper_s_37_tasks_are_there() -> None:
    sizes = {"dashdish": 9, "gitlab": 5, "gomail": 9, "omnizon": 9, "reddit": 5}
    names = [task.paper for task in all_tasks() if task.paper]
    assert sorted(names) == [f"{site}-{n + 1}" for site in sizes for n in range(sizes[site])]


def test_a_task_has_what_is_written_and_sensible_rest() -> None:
    assert parse_tasks(PLAIN, "dashdish") == (
        SiteTask(
            id="dashdish-3",
            goal="Buy a taco.",
            site="dashdish",
            grader=GraderName("agentjit", "taco-ordered"),
            kind="commit",
        ),
    )


def test_another_grader_may_judge_other_seeds() -> None:
    (task,) = parse_tasks(
        PLAIN.replace("agentjit:taco-ordered", "agisdk:v1/dashdish-7")
        + 'other_seeds = "agentjit:taco-ordered"',
        "dashdish",
    )
    assert str(task.grader_at(0)) == "agisdk:v1/dashdish-7"
    assert str(task.grader_at(3)) == "agentjit:taco-ordered"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("[[task]]", "[task"), "no TOML"),
        (("[[task]]", "[[tusk]]"), "tusk"),
        (('id = "dashdish-3"', 'id = "Dash dish"'), "kebab-case"),
        (('id = "dashdish-3"', ""), "task number 1: id is not a text"),
        (("Buy a taco.", "Buy a taco. "), "task dashdish-3: goal"),
        (("agentjit:taco", "agentjot:taco"), "agentjot"),
        (("class", 'exact = "agisdk:v1/dashdish-7"\nclass'), "not one of ours"),
        (('"commit"', '"order"'), "'order'"),
        (("class", "kind"), "unknown field kind"),
        (("class", 'today = "2026-03-01"\nclass'), "today"),
        (("class", "today = 2026-03-01T10:00:00\nclass"), "today"),
        (("class", 'start = "orders"\nclass'), "'orders'"),
        (("class", "expect = 3\nclass"), "expect"),
        (("class", 'cardinality = "huge"\nclass'), "huge"),
        (("\n[[task]]", f"{PLAIN}\n[[task]]"), "same id: dashdish-3"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change: tuple[str, str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_tasks(PLAIN.replace(*change), "dashdish")
    assert message in caught.value.message


def test_an_unknown_task_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no task"):
        find_task("zzz")


def test_whoever_plans_loads_no_tasks() -> None:
    # Graders and expectations are next to the tools; a planner must not have them at hand.
    script = (
        "import sys, agentjit.engine, agentjit.sites as s\n"
        "[s.load_site(name).toolset for name in s.site_names()]\n"
        "print([m for m in sys.modules if m.endswith(('sites.tasks', 'sites.grading', '.grade'))])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
