"""Recordings: what a model said, when, and what it cost, given again."""

from __future__ import annotations

import asyncio
import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from agentjit.errors import ModelError, UsageError
from agentjit.planner.candidate import Task, Verdict
from agentjit.planner.recording import RecordingModel, digest, load_recording
from agentjit.planner.sampling import Sampling, sample_plans
from agentjit.ports import STOPPED, Completion, Prompt, Usage, Watch
from tests.fixtures.toolhire.tools import TOOLSET

HELLO = Prompt(messages=({"role": "user", "content": "Site …\nTask: say hello"},), seed=1)
PLAN = '```python\nopen_depot("Millbrook")\nresult = len(show_machines())\n```\n'


@dataclass
class Virtual:
    """Time that passes by sleeping alone."""

    time: float = 0.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds
        await asyncio.sleep(0)


@dataclass
class Speaker:
    """Says its text by the line: the first after half a second, then one each tenth."""

    clock: Virtual
    text: str = "one\ntwo\nthree\n"
    failure: ModelError | None = None
    name: str = "test/speaker"
    asked: list[Prompt] = field(default_factory=list)

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
        self.asked.append(prompt)
        begun, said = self.clock.now(), ""
        await self.clock.sleep(0.4)
        if self.failure is not None:
            raise self.failure
        for line in self.text.splitlines(keepends=True):
            await self.clock.sleep(0.1)
            said += line
            if watch is not None and not watch(said):
                return self._done(said, STOPPED, begun)
        return self._done(said, "stop", begun)

    def _done(self, said: str, finish: str, begun: float) -> Completion:
        seconds = self.clock.now() - begun
        return Completion(text=said, usage=Usage(1, 10, 3), seconds=seconds, finish=finish)


def recorder(path: Path, turn: int = 0, **changes: Any) -> RecordingModel:
    clock = Virtual()
    return RecordingModel(Speaker(clock, **changes), path, clock, turn)


async def test_what_was_said_is_said_again_at_the_same_times(tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    said = await recorder(path).complete(HELLO, lambda _: True)
    (model,) = load_recording(path)
    clock = model.clock = Virtual()
    heard: list[tuple[float, str]] = []

    def watch(text: str) -> bool:
        heard.append((round(clock.now(), 3), text))
        return True

    again = await model.complete(HELLO, watch)
    assert (again.text, again.usage, again.finish) == (said.text, said.usage, "stop")
    assert model.name == "test/speaker"
    assert heard == [(0.5, "one\n"), (0.6, "one\ntwo\n"), (0.7, "one\ntwo\nthree\n")]


@pytest.mark.parametrize(("speed", "seconds"), [(1.0, 0.7), (10.0, 0.07), (math.inf, 0.0)])
async def test_the_speed_is_what_is_asked_for(speed: float, seconds: float, tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    await recorder(path).complete(HELLO, lambda _: True)
    (model,) = load_recording(path, speed=speed)
    clock = model.clock = Virtual()
    await model.complete(HELLO)
    assert clock.now() == pytest.approx(seconds)


async def test_a_recording_can_be_read_by_people(tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    await recorder(path).complete(HELLO)
    (line,) = path.read_text("utf-8").splitlines()
    assert json.loads(line) == {
        "model": "test/speaker",
        "turn": 0,
        "prompt": digest(HELLO),
        "asked": "Task: say hello",
        "pieces": [[0.7, "one\ntwo\nthree\n"]],
        "finish": "stop",
        "tokens": [10, 3],
        "estimated": 0,
        "seconds": 0.7,
        "error": None,
    }


async def test_a_failure_is_repeated_and_so_is_the_last_answer(tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    with pytest.raises(ModelError):
        await recorder(path, failure=ModelError("too busy", "wait")).complete(HELLO)
    await recorder(path).complete(HELLO)
    (model,) = load_recording(path, speed=math.inf)
    with pytest.raises(ModelError, match="too busy") as caught:
        await model.complete(HELLO)
    assert caught.value.hint == "wait"
    assert [(await model.complete(HELLO)).text for _ in range(2)] == ["one\ntwo\nthree\n"] * 2


async def test_an_answer_that_was_stopped_is_given_as_far_as_it_is_known(tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    await recorder(path).complete(HELLO, lambda text: "two" not in text)
    (model,) = load_recording(path, speed=math.inf)
    again = await model.complete(HELLO, lambda text: "two" not in text)
    assert (again.text, again.finish) == ("one\ntwo\n", STOPPED)
    (model,) = load_recording(path, speed=math.inf)
    with pytest.raises(ModelError, match="in the middle of an answer"):
        await model.complete(HELLO, lambda _: True)


async def test_another_prompt_has_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    await recorder(path).complete(HELLO)
    (model,) = load_recording(path, speed=math.inf)
    other = Prompt(messages=HELLO.messages, seed=2)
    with pytest.raises(ModelError, match="no answer to this prompt"):
        await model.complete(other)


async def test_a_sampling_is_repeated_without_its_models(tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    task = Task("how many machines does Millbrook have?", TOOLSET)
    models = [
        recorder(path, 0, name="test/one", text=PLAN),
        recorder(path, 1, name="test/other", text="```python\nimport os\nx = 1\ny = 2\n```"),
    ]
    how = Sampling(workers=4, n_valid=4)
    first = await sample_plans(task, models, how)
    again = await sample_plans(task, load_recording(path, speed=math.inf), how)

    def told(verdicts: list[Verdict]) -> list[tuple[str, str, int]]:
        return sorted(
            (v.candidate.origin, v.candidate.plan, v.candidate.usage.tokens) for v in verdicts
        )

    assert len(first) == 4
    assert [v.candidate.plan for v in first].count("import os\n") == 2
    assert told(again) == told(first)


@pytest.mark.parametrize("text", ["", "{}", "nothing", '{"model": 1, "tokens": []}'])
def test_what_is_no_recording_is_a_usage_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        load_recording(path)
    assert "--record" in caught.value.hint


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan])
def test_a_speed_that_is_none_is_a_usage_error(speed: float, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="speed"):
        load_recording(tmp_path / "said.jsonl", speed=speed)


async def test_a_place_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot record"):
        await recorder(tmp_path).complete(HELLO)
