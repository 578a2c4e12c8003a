"""The order of trials, what takes part, and what becomes of failures."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Error as PlaywrightError

from agentjit.bench.latency.exercises import Exercise, Own, find_exercises
from agentjit.bench.latency.measuring import Plan, measure, order_turns, run_measuring
from agentjit.bench.latency.system import Attempt, Setting
from agentjit.bench.latency.trial import Trial
from agentjit.bench.latency.world import Visit
from agentjit.errors import RunError, UsageError


def own(name: str) -> Exercise:
    place = Own(url="http://127.0.0.1:1", tools=Path("shop.py"), answer="yes")
    return Exercise(id=name, goal="?", site="shop", own=place)


@dataclass
class Toy:
    """Answers yes; not to the task called bad, which it refuses or at which it falls over."""

    name: str
    refuses: bool = False
    needs_model: bool = False
    tried: list[str] = field(default_factory=list)

    def refusal(self, exercise: Exercise, setting: Setting) -> str | None:
        return "it will not" if self.refuses and exercise.id == "bad" else None

    async def prepare(self, exercise: Exercise, setting: Setting) -> None:
        self.tried.append(f"prepare {exercise.id}")

    async def attempt(self, exercise: Exercise, setting: Setting) -> Attempt:
        self.tried.append(exercise.id)
        # An interruption comes where something is waited for.
        await asyncio.sleep(0)
        if exercise.id == "bad":
            raise RunError("it fell over")
        if exercise.id == "lost":
            raise PlaywrightError("the browser has crashed\nat length")
        return Attempt(visit=Visit(done=True, answer="yes", cookies={}), wall_seconds=1.0)


@dataclass
class Wrecker(Toy):
    """Ends the site on which it was."""

    async def attempt(self, exercise: Exercise, setting: Setting) -> Attempt:
        await setting.worlds.address(exercise)
        for program in setting.worlds.programs:
            program.process.kill()
            await program.process.wait()
        return Attempt(visit=Visit(done=True, answer="yes", cookies={"a": "b"}), wall_seconds=1.0)


def plan(*systems: Toy, repeats: int = 1, warm_up: int = 0, tasks: str = "good bad") -> Plan:
    return Plan(
        systems=systems,
        exercises=tuple(own(name) for name in tasks.split()),
        browser=Path("browser"),
        repeats=repeats,
        warm_up=warm_up,
    )


def test_every_trial_is_made_once_in_an_order_that_is_always_the_same() -> None:
    systems, tasks = [Toy(f"s{n}") for n in range(4)], [own(f"t{n}") for n in range(5)]
    turns = order_turns(systems, tasks, 3)
    assert turns == order_turns(systems, tasks, 3)
    seen = [(t.system.name, t.exercise.id, t.repeat) for t in turns]
    assert len(seen) == len(set(seen)) == 60
    assert len({tuple(t.system.name for t in turns[at : at + 4]) for at in range(0, 60, 4)}) > 3
    for at in range(0, 60, 4):
        assert len({t.exercise.id for t in turns[at : at + 4]}) == 1, "paired by task"


async def test_failures_stay_and_refusals_are_told() -> None:
    told: list[Trial] = []
    brave, careful = Toy("brave"), Toy("careful", refuses=True)
    found = await measure(
        plan(brave, careful, repeats=2), lambda _number, _count, each: told.append(each)
    )
    assert told == found.trials
    assert found.complete
    by = {(t.system, t.task, t.repeat): t for t in found.trials}
    assert by["brave", "good", 1].passed
    assert by["brave", "bad", 0].error == "it fell over"
    assert not by["brave", "bad", 0].passed
    assert [(s.system, s.task, s.why) for s in found.skipped] == [("careful", "bad", "it will not")]
    assert len(by) == 6
    assert brave.tried.count("prepare good") == 1


async def test_a_browser_that_crashes_ends_its_trial_and_no_other() -> None:
    found = await measure(plan(Toy("toy"), tasks="lost good"))
    by = {t.task: t for t in found.trials}
    assert by["lost"].error == "the browser has crashed"
    assert by["good"].passed


async def test_what_cannot_be_graded_keeps_what_it_took() -> None:
    last = Plan(
        systems=(Wrecker("wrecker"),),
        exercises=find_exercises(["gomail-3"], 0),
        browser=Path("browser"),
        warm_up=0,
    )
    (trial,) = (await measure(last)).trials
    assert (trial.passed, trial.done, trial.wall_seconds) == (False, True, 1.0)
    assert trial.findings[0].startswith("not graded: ")


def test_a_latency_that_is_none_is_told_before_anything_is_started() -> None:
    with pytest.raises(UsageError, match="latency 'never'"):
        Plan(systems=(Toy("toy"),), exercises=(own("good"),), browser=Path("b"), latency="never")


async def test_warming_up_counts_nowhere() -> None:
    toy = Toy("toy")
    found = await measure(plan(toy, warm_up=2, tasks="good"))
    assert len(found.trials) == 1
    assert toy.tried == ["prepare good", "good", "good", "good"]


async def test_when_the_time_is_over_what_there_is_counts() -> None:
    toy = Toy("toy")
    late = Plan(systems=(toy,), exercises=(own("good"),), browser=Path("b"), seconds=-1.0)
    found = await measure(late)
    assert (found.trials, found.complete) == ([], False)


def test_who_interrupts_hours_of_it_gets_what_there_is() -> None:
    def interrupt(number: int, _count: int, _trial: Trial) -> None:
        if number == last:
            signal.raise_signal(signal.SIGINT)

    last = 2
    found = run_measuring(plan(Toy("toy"), repeats=3, tasks="good"), interrupt)
    assert (len(found.trials), found.complete) == (2, False)


async def test_nothing_to_compare_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="nothing to compare"):
        plan()
    with pytest.raises(UsageError, match="it will not"):
        await measure(plan(Toy("careful", refuses=True), tasks="bad"))
