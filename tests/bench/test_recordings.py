"""Recordings: what is kept of what was noticed, and that it does the task without agentjit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.async_api import Page

from agentjit.bench.recordings.following import Follower, is_like, say
from agentjit.bench.recordings.making import read_plan, recorded
from agentjit.bench.recordings.noting import Arrived, Began, Did, Notice, tidy
from agentjit.bench.recordings.recorder import called, counted, path_of
from agentjit.bench.recordings.recording import (
    Action,
    Recording,
    Target,
    read_recording,
    write_recording,
)
from agentjit.errors import UsageError
from agentjit.ports import Prompt
from agentjit.sites import load_site
from agentjit.sites.tasks import find_task
from agentjit.stepping.loop import step
from agentjit.stepping.outcome import StepOutcome
from agentjit.toolspecs import Effect
from tests.bench.replays import replay_and_grade

BUTTON = Target(
    role="button",
    name="Buy",
    nth=0,
    tag="button",
    text="Buy",
    attributes={"type": "submit"},
    css="html > body > button",
)
FIELD = replace(BUTTON, role="textbox", name="Note", tag="input", text="")
BOX = replace(BUTTON, role="checkbox", name="", tag="input", text="")
CLICK = Action(kind="click", path="/", target=BUTTON)
FILL = Action(kind="fill", path="/", target=FIELD, value="hello")


def kept(*notices: Notice, named: str = "look go write") -> list[Action]:
    return list(tidy(notices, named.split(), "/"))


def test_what_a_tool_did_is_kept_with_its_name() -> None:
    actions = kept(Began("write", Effect.WRITE), Did(FILL), Did(CLICK))
    assert actions == [replace(FILL, tool="write"), replace(CLICK, tool="write")]


def test_what_the_run_itself_did_is_left_out() -> None:
    assert kept(Began("check", Effect.READ), Did(CLICK), Arrived("/there")) == []


def test_a_text_that_is_typed_over_counts_once() -> None:
    longer = replace(FILL, value="hello there")
    actions = kept(Began("write", Effect.WRITE), Did(FILL), Did(longer))
    assert [action.value for action in actions] == ["hello there"]


def test_what_follows_an_action_is_where_it_led() -> None:
    (action,) = kept(Began("write", Effect.WRITE), Did(CLICK), Arrived("/"))
    assert action.leaves


def test_an_address_that_nothing_led_to_was_opened() -> None:
    (action,) = kept(Began("go", Effect.NAVIGATE), Arrived("/orders?page=2"))
    assert (action.kind, action.value, action.leaves) == ("goto", "/orders?page=2", True)


def test_a_page_that_nobody_saw_need_not_be_opened() -> None:
    first = (Began("go", Effect.NAVIGATE), Arrived("/a"))
    second = (Began("go", Effect.NAVIGATE), Arrived("/b"))
    look = (Began("look", Effect.READ),)
    assert [action.value for action in kept(*first, *second)] == ["/b"]
    assert [action.value for action in kept(*first, *look, *second)] == ["/a", "/b"]
    back = (Began("go", Effect.NAVIGATE), Arrived("/"))
    assert kept(*first, *back) == []


def test_a_page_that_is_read_must_be_seen_after_the_last_action() -> None:
    write = (Began("write", Effect.WRITE), Did(CLICK))
    look = (Began("look", Effect.READ),)
    assert [action.look for action in kept(*write, *look)] == [True]
    unfolding = (Began("look", Effect.READ), Did(CLICK))
    assert kept(*write, *unfolding) == kept(*write, *look)
    unnamed = kept(*write, *look, named="write")
    assert [action.look for action in unnamed] == [False]


def test_a_page_that_was_found_in_several_actions_is_opened_by_its_address() -> None:
    found = (Began("go", Effect.NAVIGATE), Did(CLICK), Did(CLICK), Arrived("/store/7"))
    assert [(each.kind, each.value) for each in kept(*found)] == [("goto", "/store/7")]
    done = (Began("write", Effect.WRITE), *found[1:])
    assert [each.kind for each in kept(*done)] == ["click", "click"]


def test_a_list_that_is_ticked_through_is_ticked_as_a_whole() -> None:
    ticks = [
        Did(replace(CLICK, target=replace(BOX, nth=nth)), replace(BOX, css="html > input"), 3)
        for nth in range(3)
    ]
    (action,) = kept(Began("write", Effect.WRITE), *ticks)
    assert action.target is not None
    assert action.target.css == "html > input"
    assert len(kept(Began("write", Effect.WRITE), *ticks[:2])) == 2


def test_only_the_tools_that_the_plan_calls_count_and_not_those_that_check_them() -> None:
    toolset = load_site("dashdish").toolset
    plan = "goto_checkout()\nlist_orders()\nresult = place_order()\n"
    assert called(plan) == {"goto_checkout", "list_orders", "place_order"}
    assert counted(plan, toolset) == {"goto_checkout", "place_order"}


def test_an_address_without_its_origin() -> None:
    assert path_of("http://127.0.0.1:1/a/b?c=d#e") == "/a/b?c=d#e"
    assert path_of("http://127.0.0.1:1/") == "/"


def test_a_recording_is_read_as_it_was_written(tmp_path: Path) -> None:
    recording = Recording(
        task="t-1",
        goal="Buy it",
        site="dashdish",
        seed=3,
        start="/",
        actions=(CLICK, Action(kind="goto", path="/", value="/orders", leaves=True)),
        answer={"order_id": "DD-1"},
    )
    path = write_recording(recording, tmp_path / "deep" / "t-1-3.json")
    assert read_recording(path) == recording
    assert json.loads(path.read_text())["answer_text"] == '{"order_id": "DD-1"}'


@pytest.mark.parametrize(
    ("name", "value"), [("format", 2), ("actions", [{"kind": "jump", "path": "/"}]), ("seed", None)]
)
def test_what_is_no_recording_is_refused(tmp_path: Path, name: str, value: object) -> None:
    empty = Recording(task="t", goal="g", site="s", seed=0, start="/", actions=())
    data = {**empty.to_json(), name: value}
    if value is None:
        del data[name]
    path = tmp_path / "it.json"
    path.write_text(json.dumps(data))
    with pytest.raises(UsageError, match="is no recording"):
        read_recording(path)


def test_without_a_reference_plan_nothing_can_be_recorded(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no reference plan of dashdish-3"):
        read_plan(find_task("dashdish-3"), tmp_path)


def test_an_action_in_the_terms_of_the_step_loop() -> None:
    told = [
        say(action.to_json(), "e5")
        for action in (
            CLICK,
            FILL,
            replace(FILL, kind="select", value="Large"),
            replace(FILL, kind="press", value="Enter"),
            Action(kind="goto", path="/", value="/orders"),
        )
    ]
    assert told == [
        {"click": "e5"},
        {"type": "e5", "text": "hello"},
        {"select": "e5", "option": "Large"},
        {"press": "Enter", "on": "e5"},
        {"goto": "/orders"},
    ]


def test_an_element_of_the_tree_is_like_its_target_by_role_and_name() -> None:
    target = asdict(replace(BUTTON, name='The "best"'))
    assert is_like(target, {"ref": "e3", "role": "button", "name": r"The \"best\""})
    assert not is_like(target, {"ref": "e2", "role": "generic", "name": r"The \"best\""})
    assert not is_like(target, {"ref": "e1", "role": "button", "name": "Buy"})


class Sighted(Follower):
    """Finds every element by its name."""

    async def _find(self, target: Mapping[str, Any], elements: Sequence[Any]) -> str | None:
        return str(target["name"])


async def test_a_script_asks_for_no_more_at_once_than_the_loop_does() -> None:
    fields = [replace(FIELD, name=f"e{number}") for number in range(4)]
    script = Recording(
        task="t",
        goal="?",
        site="s",
        seed=0,
        start="/",
        actions=tuple(replace(FILL, target=field) for field in fields),
    )
    follower = Sighted(script, cast("Page", None), most=2)
    answers = []
    for _ in range(3):
        said = json.loads((await follower.complete(Prompt(messages=[]))).text)
        answers.append([each.get("type", "done") for each in said])
        follower.note(["typed"] * 2)
    assert answers == [["e0", "e1"], ["e2", "e3"], ["done"]]


@pytest.mark.browser
@pytest.mark.parametrize("name", ["dashdish-3", "gomail-3"])
async def test_a_recording_does_the_task_without_agentjit(name: str, tmp_path: Path) -> None:
    task = find_task(name)
    recording = read_recording(await recorded(task, 1, tmp_path / "kept"))
    verdict = await replay_and_grade(task, recording, tmp_path)
    assert verdict.faultless, verdict.render()
    last = recording.actions[-1]
    short = replace(recording, actions=recording.actions[:-1])
    assert last.tool in ("place_order", "send_email")
    assert not (await replay_and_grade(task, short, tmp_path)).faultless


@pytest.mark.browser
async def test_our_step_loop_does_the_task_by_what_was_recorded(tmp_path: Path) -> None:
    task = find_task("gomail-8")
    recording = read_recording(await recorded(task, 1, tmp_path / "kept"))
    outcomes: list[StepOutcome] = []

    async def follow(page: Page, recording: Recording, _url: str) -> None:
        model = Follower(recording, page)
        outcomes.append(
            await step(page, recording.goal, model, watch=lambda each: model.note(each.told))
        )

    verdict = await replay_and_grade(task, recording, tmp_path, follow)
    assert verdict.faultless, verdict.render()
    (outcome,) = outcomes
    assert outcome.status == "done"
    # For each of three labels: open the box, and then write and send; more where a part comes late.
    assert outcome.model_calls >= 6
    assert outcome.usage.completion_tokens > 0
