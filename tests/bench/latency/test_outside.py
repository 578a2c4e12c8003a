"""A system that is a program: its lines, its crashes, and who grades it."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from agentjit.bench.latency.exercises import Exercise, Own
from agentjit.bench.latency.hosting import ModelHost, ModelWish, open_model
from agentjit.bench.latency.lines import running
from agentjit.bench.latency.memory import family
from agentjit.bench.latency.outside import Outside, read_attempt
from agentjit.bench.latency.system import Limits, Setting
from agentjit.bench.latency.systems import find_systems
from agentjit.bench.latency.thinking import Think
from agentjit.bench.latency.world import Visit, judge, open_worlds
from agentjit.errors import RunError, UsageError

PROGRAM = """\
import json, sys
print(json.dumps({"protocol": PROTOCOL, "system": "toy", "versions": {"toy": "1.2"}}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    goal = asked["task"]["goal"]
    if goal == "crash":
        sys.exit("it fell over")
    print(json.dumps({
        "trial": asked["trial"], "done": True, "answer": goal.upper(), "error": None,
        "cookies": [{"name": "a", "value": "b"}], "wall_seconds": 1.5, "startup_seconds": 0.5,
        "first_action_seconds": None, "steps": 2, "actions": 3,
        "thoughts": [{"began": 0.1, "seconds": 1.0, "prompt_tokens": 10, "output_tokens": 5}],
    }), flush=True)
"""

OWN = Own(url="http://127.0.0.1:1/", tools=Path("shop.py"))


def exercise(goal: str) -> Exercise:
    return Exercise(id="own", goal=goal, site="shop", plan="result = 1\n", own=OWN)


@pytest.fixture
async def setting(tmp_path: Path) -> AsyncIterator[Setting]:
    async with AsyncExitStack() as stack:
        model: ModelHost = await stack.enter_async_context(open_model(ModelWish()))
        live = ModelHost(model.program, model.url, model.name, "live", None)
        yield Setting(
            worlds=await stack.enter_async_context(open_worlds()),
            model=live,
            limits=Limits(),
            browser=Path("browser"),
            scratch=tmp_path,
            stack=stack,
        )


def toy(protocol: int = 1) -> Outside:
    return Outside("toy", (sys.executable, "-c", PROGRAM.replace("PROTOCOL", str(protocol))))


async def test_a_program_gets_trial_after_trial(setting: Setting) -> None:
    system = toy()
    await system.prepare(exercise("one"), setting)
    first = await system.attempt(exercise("one"), setting)
    second = await system.attempt(exercise("two"), setting)
    assert (first.visit.answer, second.visit.answer) == ("ONE", "TWO")
    assert first.visit.cookies == {"a": "b"}
    assert (first.wall_seconds, first.steps, first.actions) == (1.5, 2, 3)
    assert first.peak_bytes > 0
    # Of a model behind the harness's own endpoint the harness knows better what was asked.
    assert first.thoughts == ()
    assert system.versions == {"toy": "1.2"}


async def test_a_program_that_stays_up_is_no_memory_of_those_within_the_harness(
    setting: Setting,
) -> None:
    system = toy()
    await system.prepare(exercise("one"), setting)
    assert system._program is not None
    pid = system._program.pid
    assert pid in family(os.getpid())
    assert pid not in family(os.getpid(), setting.others())
    assert setting.model.program.pid not in family(os.getpid(), setting.others())


async def test_what_clicks_freely_needs_a_grant_where_the_site_is_no_replica(
    setting: Setting,
) -> None:
    systems = find_systems(["step-loop", "step-loop+tools"], ["toy=toy"])
    for system in systems:
        assert "--yes" in (system.refusal(exercise("one"), setting) or "")
        assert system.refusal(exercise("one"), replace(setting, approve=True)) is None


async def test_a_crash_is_a_failed_attempt_and_the_next_trial_starts_anew(setting: Setting) -> None:
    system = toy()
    crashed = await system.attempt(exercise("crash"), setting)
    assert not crashed.visit.done
    assert crashed.error is not None
    assert "it fell over" in crashed.error
    assert (await system.attempt(exercise("again"), setting)).visit.answer == "AGAIN"


async def test_what_a_program_has_started_ends_with_it(tmp_path: Path) -> None:
    held = tmp_path / "held"
    os.mkfifo(held)
    reading = os.open(held, os.O_RDONLY | os.O_NONBLOCK)
    code = (
        "import subprocess, sys; "
        f"subprocess.Popen(['sleep', '60'], stdout=open({str(held)!r}, 'w'), stderr=-3); "
        "print('{}', flush=True); sys.stdin.read()"
    )
    async with running((sys.executable, "-c", code)) as program:
        await program.read()
    # A pipe is at its end once nobody can write to it any more.
    ended, _, _ = select.select([reading], [], [], 10)
    os.close(reading)
    assert ended


async def test_a_line_without_an_end_is_an_answer_in_no_form() -> None:
    code = "import sys; sys.stdout.write('x' * 34_000_000); sys.stdout.flush(); sys.stdin.read()"
    async with running((sys.executable, "-c", code)) as program:
        with pytest.raises(RunError, match="without an end"):
            await program.read()


async def test_a_program_that_never_says_who_it_is_is_given_up(setting: Setting) -> None:
    silent = Outside("silent", (sys.executable, "-c", "import sys; sys.stdin.read()"))
    hasty = replace(setting, limits=Limits(seconds=-30.0))
    with pytest.raises(RunError, match="does not say who it is"):
        await silent.prepare(exercise("one"), hasty)


async def test_another_protocol_is_refused(setting: Setting) -> None:
    with pytest.raises(RunError, match="speaks protocol 2, and not 1"):
        await toy(2).prepare(exercise("one"), setting)


@pytest.mark.parametrize("missing", ["cookies", "wall_seconds", "thoughts", "done"])
def test_an_answer_that_lacks_a_field_is_no_answer(missing: str) -> None:
    told: dict[str, object] = {
        "done": True,
        "answer": None,
        "cookies": [],
        "wall_seconds": 1,
        "startup_seconds": 1,
        "thoughts": [],
        "steps": 0,
        "actions": 0,
    }
    read_attempt(told)
    del told[missing]
    with pytest.raises(RunError, match="not in its form"):
        read_attempt(told)


async def test_what_is_no_program_says_so() -> None:
    with pytest.raises(RunError, match="cannot be started"):
        async with running(("/no/such/program",)):
            pass


def test_a_users_system_is_a_name_and_a_command() -> None:
    (system,) = find_systems([], ["mine=python mine.py --fast"])
    assert isinstance(system, Outside)
    assert system.command == ("python", "mine.py", "--fast")
    for wrong in ("mine", "mine="):
        with pytest.raises(UsageError, match="is no system"):
            find_systems([], [wrong])
    with pytest.raises(UsageError, match="there is no system 'warp'"):
        find_systems(["warp"])


@pytest.mark.parametrize(
    ("answer", "done", "passed"),
    [("[3]", True, True), ([3], True, True), ([3], False, False), ("4", True, False)],
)
async def test_a_users_own_task_is_judged_by_its_answer(
    answer: object, done: bool, passed: bool
) -> None:
    own = Own(url=OWN.url, tools=OWN.tools, answer=[3])
    mine = Exercise(id="own", goal="how many?", site="shop", own=own)
    visit = Visit(done=done, answer=answer, cookies={})
    assert (await judge(mine, OWN.url, visit))[0] is passed


def test_a_pace_is_passed_on_as_it_is() -> None:
    assert Think(0.5, 80.0).to_json() == {
        "first": 0.5,
        "rate": 80.0,
        "prompt_rate": None,
        "source": "",
    }
