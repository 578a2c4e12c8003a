"""Rivals: what their scripted model asks for at once, and a trial of the one that is installed."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from agentjit.bench.endpoint import count_tokens as tokens_of
from agentjit.bench.recordings.making import recorded
from agentjit.bench.rivals import batching
from agentjit.bench.rivals.batching import count_tokens, next_batch
from agentjit.bench.rivals.commands import RIVALS, VARIABLE, command_of
from agentjit.errors import UsageError
from agentjit.runtime.discovery import find_browsers
from agentjit.sites import load_site
from agentjit.sites.common.serve import serving
from agentjit.sites.common.settings import SiteSettings
from agentjit.sites.tasks import find_task


def act(name: str, kind: str = "click", **more: Any) -> dict[str, Any]:
    attributes = {"type": "submit"} if name == "send" else {}
    target = None if kind == "goto" else {"name": name, "attributes": attributes}
    return {"kind": kind, "target": target, "value": None, "leaves": False, "look": False, **more}


async def batch(
    actions: list[dict[str, Any]], shown: str, *, cursor: int = 0, most: int = 10
) -> str:
    """What is asked for at once, by its names, on a page that shows these."""

    async def find(action: Mapping[str, Any]) -> str | None:
        name = action["target"]["name"]
        return name if name in shown.split() else None

    asked = await next_batch(actions, cursor, most, find)
    return " ".join(ref or "-" for _, ref in asked)


async def test_all_that_the_page_shows_is_asked_for_at_once() -> None:
    actions = [act("a", "fill"), act("b", "fill"), act("c")]
    assert await batch(actions, "a b c") == "a b c"
    assert await batch(actions, "a b c", cursor=1) == "b c"
    assert await batch(actions, "a b c", most=2) == "a b"
    assert await batch(actions, "a c") == "a"
    assert await batch(actions, "b c") == ""
    assert await batch(actions, "a b c", cursor=3) == ""


async def test_nothing_is_asked_for_that_only_another_page_can_show() -> None:
    assert await batch([act("a", leaves=True), act("b")], "a b") == "a"
    assert await batch([act("a", look=True), act("b")], "a b") == "a"
    assert await batch([act("a"), act("", "goto", leaves=True)], "a") == "a"
    assert await batch([act("", "goto", leaves=True), act("a")], "a") == "-"


async def test_the_same_is_done_again_only_after_another_look() -> None:
    assert await batch([act("more"), act("more"), act("a")], "more a") == "more"
    assert await batch([act("a", "fill"), act("b"), act("a", "fill")], "a b") == "a b"
    assert await batch([act("a", "fill"), act("a", "press")], "a") == "a a"


async def test_what_became_of_a_form_is_seen_before_more() -> None:
    assert await batch([act("a", "fill"), act("send"), act("b")], "a b send") == "a send"


def test_tokens_are_counted_as_everywhere_else() -> None:
    text = 'Order «3 tacos», at $3.85 each:\n\n{"index": 4711}'
    assert count_tokens(text) == len(tokens_of(text))


class Form(BaseModel):
    """What browser-use wants of each answer."""

    action: list[dict[str, Any]]


class Said:
    """Takes answers as they are."""

    def completion(self, said: str, form: Any, prompt: int, output: int) -> tuple[int, int]:
        form.model_validate_json(said)
        return prompt, output


async def test_looking_for_elements_is_no_time_of_the_rivals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(Path(batching.__file__).parent))
    scripted = import_module("scripted_model")

    class Searching(scripted.ScriptedModel):  # type: ignore[name-defined,misc] # loaded by path
        async def _step(self, properties: Mapping[str, Any]) -> str:
            until = time.monotonic() + 0.05
            while time.monotonic() < until:
                pass
            said: str = await super()._step(properties)
            return said

    model = Searching({"actions": [], "answer_text": "3"}, {"first": 0.01}, Said(), "http://x")
    begun = time.monotonic()
    for _ in range(3):
        await model.ainvoke([], Form)
    took = time.monotonic() - begun
    assert model.aside >= 3 * 0.04 - 1e-3
    assert took - model.aside >= 3 * 0.01 - 1e-3, "what the model would have taken is left"
    first, second, third = model.thoughts
    assert sum(each["seconds"] for each in model.thoughts) + model.aside <= took
    assert first["began"] + first["seconds"] <= second["began"] + 1e-9
    assert second["began"] + second["seconds"] <= third["began"] + 1e-9


def test_a_rival_that_is_not_installed_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    for name in RIVALS:
        with pytest.raises(UsageError) as caught:
            command_of(name)
        assert "make rivals" in caught.value.hint
    with pytest.raises(UsageError, match="no rival 'them'"):
        command_of("them")


@pytest.mark.browser
async def test_browser_use_does_a_recorded_task(tmp_path: Path) -> None:
    try:
        command = command_of("browser-use")
    except UsageError as error:
        pytest.skip(str(error))
    task = find_task("gomail-3")
    site = load_site(task.site)
    recording = await recorded(task, 1, tmp_path)
    async with serving([site], SiteSettings(seed=1)) as urls:
        trial = {
            "trial": "gomail-3/1/0",
            "task": {"id": task.id, "goal": task.goal, "site": task.site, "kind": task.kind},
            "url": urls[site.name] + task.start,
            "browser": str(next(iter(find_browsers(os.environ))).path),
            "limits": {"seconds": 100.0, "steps": 20, "actions_per_step": 10},
            "think": {"first": 0.01, "rate": None, "prompt_rate": None},
            "model": {"kind": "scripted", "recording": str(recording)},
        }
        process = await asyncio.create_subprocess_exec(
            *command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=2**24
        )
        told, _ = await process.communicate(json.dumps(trial).encode() + b"\n")
    who, outcome = map(json.loads, told.splitlines())
    assert (who["protocol"], who["system"], who["profile"]) == (1, "browser-use", "fast-multi")
    assert outcome["done"], outcome["error"]
    # Compose; three fields and Send; done.
    assert len(outcome["thoughts"]) == outcome["steps"] == 3
    assert outcome["actions"] == 5
    assert outcome["cookies"]
    assert 0 < outcome["first_action_seconds"] < outcome["wall_seconds"]
