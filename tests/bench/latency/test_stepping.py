"""The step loop as a system: its scripts, and what of their time counts."""

from __future__ import annotations

import json
import os
import time

import pytest

from agentjit.bench.latency.exercises import find_exercises
from agentjit.bench.latency.hosting import ModelWish
from agentjit.bench.latency.measuring import Plan, measure
from agentjit.bench.latency.stepping import Noted, scripted_calls, write_answers
from agentjit.bench.latency.systems import find_systems
from agentjit.bench.latency.thinking import Think
from agentjit.ports import Completion, Prompt, Usage, Watch
from agentjit.runtime.launch import require_browser
from agentjit.sites import load_site

PROMPT = Prompt(messages=[{"role": "user", "content": "what now?"}])


def test_one_answer_has_all_calls_up_to_the_next_that_reads() -> None:
    calls = [
        ("goto_store", {"store_name": "Souvla"}),
        ("list_menu_items", {}),
        ("add_to_cart", {"item_name": "Fries"}),
        ("goto_checkout", {}),
    ]
    answers = [json.loads(a) for a in write_answers(calls, load_site("dashdish").toolset, 10)]
    assert [[each["call"] for each in answer] for answer in answers] == [
        ["goto_store", "list_menu_items"],
        ["add_to_cart", "goto_checkout"],
    ]
    assert answers[0][0]["with"] == {"store_name": "Souvla"}
    single = list(write_answers(calls, load_site("dashdish").toolset, 1))
    assert len(single) == 4


class Searching:
    """A script that takes its time to find its elements."""

    name = "searching"

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
        until = time.monotonic() + 0.05
        while time.monotonic() < until:
            pass
        return Completion(text="{}", usage=Usage(1, 10, 4), seconds=0.05)


async def test_what_a_script_takes_beyond_its_pace_is_aside() -> None:
    noted = Noted(Searching(), Think(0.01, 400.0))
    begun = time.monotonic()
    for _ in range(3):
        await noted.complete(PROMPT)
    took = time.monotonic() - begun
    assert [thought.seconds for thought in noted.thoughts] == [pytest.approx(0.02)] * 3
    assert noted.aside >= 3 * 0.03 - 1e-3
    assert took - noted.aside >= 3 * 0.02 - 1e-3, "what the model would have taken is left"
    assert 0 < noted.early < noted.aside
    first, second, _ = noted.thoughts
    assert second.began >= first.ended - 1e-9


async def test_a_script_of_calls_gives_up_at_its_end() -> None:
    model = scripted_calls(['{"done": 1}'], Think(0.0, None))
    assert (await model.complete(PROMPT)).text == '{"done": 1}'
    assert "give_up" in (await model.complete(PROMPT)).text


@pytest.mark.browser
async def test_both_loops_place_the_order_that_the_plan_places() -> None:
    plan = Plan(
        systems=find_systems(["step-loop", "step-loop+tools"]),
        exercises=find_exercises(["ladder-5"], 1),
        browser=require_browser(os.environ).path,
        warm_up=0,
        model=ModelWish(think=Think(0.05, None)),
    )
    trials = {trial.system: trial for trial in (await measure(plan)).trials}
    assert {name: (t.passed, t.error) for name, t in trials.items()} == {
        "step-loop": (True, None),
        "step-loop+tools": (True, None),
    }
    assert trials["step-loop"].calls > trials["step-loop+tools"].calls
    assert (trials["step-loop+tools"].intended, trials["step-loop+tools"].made) == (1, 1)
    assert trials["step-loop"].think_seconds == pytest.approx(
        0.05 * trials["step-loop"].calls, abs=0.01
    )
