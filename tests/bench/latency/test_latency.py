"""The whole comparison once, in a browser: a plan, a kept plan and a script on the same order."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from agentjit.bench.latency.exercises import find_exercises
from agentjit.bench.latency.hosting import ModelWish
from agentjit.bench.latency.measuring import Plan, measure
from agentjit.bench.latency.memory import family, memory_of
from agentjit.bench.latency.systems import find_systems
from agentjit.bench.latency.thinking import Think
from agentjit.runtime.launch import require_browser
from tests.cli.conftest import Agentjit

THINK = Think(0.2, 400.0)


@pytest.mark.browser
async def test_systems_are_measured_and_graded_on_the_same_order() -> None:
    (order,) = find_exercises(["ladder-5"], 2)
    plan = Plan(
        systems=find_systems(["jit", "jit-warm", "handwritten"]),
        exercises=(order,),
        browser=require_browser(os.environ).path,
        warm_up=0,
        model=ModelWish(think=THINK),
    )
    trials = {trial.system: trial for trial in (await measure(plan)).trials}
    assert {name: (t.passed, t.error) for name, t in trials.items()} == {
        "jit": (True, None),
        "jit-warm": (True, None),
        "handwritten": (True, None),
    }
    cold, warm = trials["jit"], trials["jit-warm"]
    assert cold.calls >= 3
    assert cold.think_seconds >= THINK.seconds(0, min(t.output_tokens for t in cold.thoughts))
    assert (warm.calls, warm.origin is not None and "cache" in warm.origin) == (0, True)
    assert (cold.intended, cold.made, warm.intended, warm.made) == (1, 1, 1, 1)
    assert [deed.tool for deed in warm.deeds][-1] == "place_order"
    assert all(trial.peak_bytes > 50 * 2**20 for trial in trials.values())
    assert all(trial.startup_seconds > 0 for trial in trials.values())
    assert all(
        0 <= t.first_action_seconds < t.wall_seconds
        for t in trials.values()
        if t.first_action_seconds is not None
    )


@pytest.mark.browser
async def test_a_plan_that_does_something_else_is_failed_by_the_grader() -> None:
    (order,) = find_exercises(["ladder-5"], 0)
    idle = replace(order, plan="result = len(list_all_stores())\n")
    plan = Plan(
        systems=find_systems(["jit"]),
        exercises=(idle,),
        browser=require_browser(os.environ).path,
        warm_up=0,
        model=ModelWish(think=THINK),
    )
    (trial,) = (await measure(plan)).trials
    assert (trial.done, trial.passed) == (True, False)
    assert trial.findings == ("0 orders were placed, and not one",)


@pytest.mark.browser
def test_the_command_writes_its_folder(agentjit: Agentjit, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("--systems", "handwritten", "--tasks", "ladder-5", "--repeats", "1", "--warm-up", "0")
    called = agentjit("bench", "latency", *words, "--no-plots", "--out", str(out))
    assert called.code == 0, called.err
    assert "handwritten" in called.out
    assert "1/1" in called.err
    assert sorted(path.name for path in out.iterdir()) == [
        "index.html",
        "results.json",
        "summary.csv",
        "trials.csv",
    ]
    assert json.loads((out / "results.json").read_text("utf-8"))["about"]["seeds"] == [0]


def test_a_process_and_its_children_have_memory() -> None:
    assert os.getpid() in set(family(os.getpid()))
    assert list(family(os.getpid(), {os.getpid()})) == []
    assert memory_of(os.getpid()) > 2**20
    assert memory_of(2**22 + 1) == 0
