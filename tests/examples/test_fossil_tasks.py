"""The ten tasks on Fossil: the plans do what is asked for, and damaged plans are found out."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from agentjit.compiler import CheckedProgram, check
from agentjit.source import Source
from agentjit.toolspecs import Toolset, load_toolset
from examples.fossil.__main__ import Bench, open_bench
from examples.fossil.facts import read_facts
from examples.fossil.serve import Served
from examples.fossil.tasks import HERE, Task, grade, load_tasks

TASKS = load_tasks()
pytestmark = pytest.mark.asyncio(loop_scope="module")
each_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)


@pytest.fixture(scope="module")
def toolset() -> Toolset:
    return load_toolset(HERE / "tools.py")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bench(fossil_site: Served) -> AsyncIterator[Bench]:
    with pytest.MonkeyPatch.context() as patch:
        # What the example puts there is gone with it.
        for name in ("FOSSIL_USER", "FOSSIL_PASSWORD"):
            patch.setenv(name, "")
        async with open_bench(fossil_site) as opened:
            yield opened


async def test_there_are_ten_tasks_and_each_plan_belongs_to_one() -> None:
    assert len(TASKS) == 10
    assert {path.stem for path in (HERE / "plans").iterdir()} == {task.id for task in TASKS}


@each_task
async def test_the_checker_takes_the_plan_and_a_damage_that_it_is_not_said_to_notice(
    task: Task, toolset: Toolset
) -> None:
    plan = check(Source(task.id, task.plan), toolset, task=task.text)
    assert isinstance(plan, CheckedProgram), plan
    # As a person's own plan: what it names need not stand in the task.
    damaged = check(Source(task.id, task.damaged), toolset)
    assert isinstance(damaged, CheckedProgram) == (task.noticed != "checker"), damaged


@pytest.mark.browser
@each_task
async def test_the_plan_leaves_in_the_database_what_was_asked_for(task: Task, bench: Bench) -> None:
    verdict = await bench.judge(task, task.plan)
    assert (verdict.noticed, verdict.reasons) == ("", ())


@pytest.mark.browser
@each_task
async def test_the_damaged_plan_is_found_out_and_by_whom_it_is_said(
    task: Task, bench: Bench
) -> None:
    verdict = await bench.judge(task, task.damaged)
    assert verdict.noticed == task.noticed, verdict.reasons
    assert verdict.reasons


@each_task
async def test_doing_nothing_is_no_way_to_pass(task: Task, fossil_site: Served) -> None:
    fossil_site.reset()
    facts = read_facts(fossil_site.repository)
    assert grade(task, facts, facts, None)


@pytest.mark.browser
async def test_the_built_in_planner_answers_what_the_documentation_says(bench: Bench) -> None:
    bench.site.reset()
    result = await bench.jit.run("How many tickets are there?")
    assert (result.status, result.value) == ("done", 8)
