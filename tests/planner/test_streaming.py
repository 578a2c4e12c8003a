"""Answers that stream: read as they come, ended early, broken off, malformed."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import pytest

from agentjit.errors import ModelError
from agentjit.planner.candidate import Task, Verdict
from agentjit.planner.endpoint import EndpointModel
from agentjit.planner.endpoint_errors import ModelBusy, NoAnswer
from agentjit.planner.models import ModelSettings
from agentjit.planner.sampling import Sampling, sample_plans
from agentjit.ports import STOPPED, Prompt, Usage
from tests.fixtures.fake_endpoint import (
    DONE,
    FakeEndpoint,
    Reply,
    fails,
    fake_endpoint,
    never,
    says,
    sends,
    streams,
    writes,
)
from tests.fixtures.toolhire.tools import TOOLSET

TASK = Task("how many machines does Millbrook have?", TOOLSET)
GOOD = 'open_depot("Millbrook")\nresult = len(show_machines())\n'
HELLO = Prompt(messages=({"role": "user", "content": "hello"},))
ONE = Sampling(workers=1, n_valid=1)


@contextlib.asynccontextmanager
async def serving(
    *replies: Reply, together: int = 1, retries: int = 0
) -> AsyncIterator[tuple[FakeEndpoint, EndpointModel]]:
    async with fake_endpoint(*replies, together=together) as endpoint:
        settings = ModelSettings(
            name="openai/fake",
            base_url=endpoint.base_url,
            api_key="sk-test-0123456789",
            retries=retries,
        )
        async with EndpointModel(settings) as model:
            yield endpoint, model


def chunk(**data: object) -> str:
    return f"data: {json.dumps({'choices': [], **data})}\n\n"


async def test_an_answer_is_told_as_it_grows() -> None:
    heard: list[str] = []

    def watch(text: str) -> bool:
        heard.append(text)
        return True

    async with serving(says("one two three", tokens=(7, 3))) as (endpoint, model):
        completion = await model.complete(HELLO, watch)
    assert heard == ["one", "one two", "one two three"]
    assert (completion.text, completion.finish) == ("one two three", "stop")
    assert completion.usage == Usage(1, 7, 3)
    assert endpoint.requests[0].body["stream_options"] == {"include_usage": True}


async def test_whoever_watches_ends_the_answer_and_the_endpoint_sees_it() -> None:
    reply = streams("one two", asyncio.Event(), " three")
    async with serving(reply) as (endpoint, model):
        completion = await model.complete(HELLO, lambda text: text != "one two")
        await endpoint.until(lambda e: e.dropped == 1)
    assert (completion.text, completion.finish) == ("one two", STOPPED)
    # Nobody told how many tokens these were.
    assert completion.usage.estimated == completion.usage.calls == 1
    assert completion.usage.completion_tokens > 0


@pytest.mark.parametrize("refused", ["stream_options", "stream"])
async def test_an_endpoint_that_does_not_stream_is_heard_all_the_same(refused: str) -> None:
    replies = [fails(400, f"unknown field {refused}"), says("hello")]
    async with serving(*replies) as (endpoint, model):
        completion = await model.complete(HELLO, lambda _: True)
    assert completion.text == "hello"
    assert refused not in endpoint.requests[1].body


async def test_a_body_in_place_of_a_stream_is_read_as_one() -> None:
    body = says("hello").body
    async with serving(Reply(body)) as (_, model):
        assert (await model.complete(HELLO, lambda _: True)).text == "hello"


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (sends("data: {\n\n"), ModelError, "no chat completion: {"),
        (sends(chunk(error={"message": "out of memory"})), ModelError, "out of memory"),
        (streams("half a pl", finish=None), ModelBusy, "hung up in the middle"),
        (sends(DONE), NoAnswer, "empty answer"),
        (says(None, refusal="I will not"), NoAnswer, "refused: I will not"),
        (says("I w", finish="content_filter"), NoAnswer, "content filter"),
    ],
)
async def test_each_broken_stream_has_its_message(
    reply: Reply, kind: type[ModelError], said: str
) -> None:
    async with serving(reply) as (_, model):
        with pytest.raises(ModelError, match=said) as caught:
            await model.complete(HELLO, lambda _: True)
    assert type(caught.value) is kind


async def test_lines_that_are_no_data_are_passed_over() -> None:
    said = chunk(choices=[{"index": 0, "delta": {"content": "hello"}}])
    reply = sends(": ping\n\n", "event: message\n", said, chunk(), chunk(usage=None), DONE)
    async with serving(reply) as (_, model):
        assert (await model.complete(HELLO, lambda _: True)).text == "hello"


async def test_an_answer_that_broke_off_is_asked_for_again() -> None:
    replies = (streams("half", finish=None), says("whole"))
    async with serving(*replies, retries=1) as (_, model):
        assert (await model.complete(HELLO, lambda _: True)).text == "whole"


# --- sampling ---


async def test_a_statement_that_cannot_check_ends_its_sample_at_once() -> None:
    doomed = "```python\nimport os\nx = 1\n"
    async with serving(streams(doomed, asyncio.Event()), writes(GOOD), together=2) as (
        endpoint,
        model,
    ):
        verdicts = await sample_plans(TASK, model, Sampling(workers=2, n_valid=2))
        await endpoint.until(lambda e: e.dropped == 1)
    (bad,) = [v for v in verdicts if v.checked is None]
    assert bad.candidate.plan == "import os\n"
    assert bad.candidate.remarks == ("ended while it was written",)
    assert bad.diagnostics
    assert bad.candidate.usage.estimated == 1


async def test_what_follows_the_plan_is_not_waited_for() -> None:
    chatty = streams(f"```python\n{GOOD}```\nThis plan ", asyncio.Event())
    async with serving(chatty) as (endpoint, model):
        (verdict,) = await sample_plans(TASK, model, ONE)
        await endpoint.until(lambda e: e.dropped == 1)
    assert verdict.candidate.plan == GOOD
    assert verdict.checked is not None


async def test_enough_valid_plans_close_the_connections_of_answers_half_written() -> None:
    half = streams("```python\nopen_depot(", asyncio.Event())
    async with serving(half, half, half, writes(GOOD), together=4) as (endpoint, model):
        await sample_plans(TASK, model, Sampling(workers=4, n_valid=1))
        await endpoint.until(lambda e: e.dropped == 3)


async def test_a_doomed_beginning_is_what_the_next_round_is_about() -> None:
    doomed = streams("```python\nimport os\nx = 1\n", asyncio.Event())
    async with serving(doomed, writes(GOOD)) as (endpoint, model):
        verdicts = await sample_plans(TASK, model, Sampling(workers=1, n_valid=1, max_rounds=2))
    assert [v.checked is not None for v in verdicts] == [False, True]
    answer, complaint = endpoint.requests[1].body["messages"][-2:]
    assert answer["content"] == "```python\nimport os\n```"
    assert "import" in complaint["content"]


async def test_repair_comes_before_another_round_and_says_so() -> None:
    plan = 'name = "Millbrook"\nresult = len(show_machines())\n'
    async with serving(writes(plan)) as (endpoint, model):
        (verdict,) = await sample_plans(TASK, model, Sampling(workers=1, n_valid=1, max_rounds=3))
    assert len(endpoint.requests) == 1
    assert verdict.checked is not None
    candidate = verdict.candidate
    assert candidate.plan == plan.replace("result", "open_depot(name)\nresult")
    assert candidate.remarks == ("repaired: `open_depot(name)` before line 2 was put in",)
    assert "+open_depot(name)" in candidate.diff


async def test_several_models_take_turns_and_one_without_use_leaves_the_others() -> None:
    async with (
        fake_endpoint(fails(401, "no")) as closed,
        fake_endpoint(writes(GOOD)) as open_,
    ):
        settings = [
            ModelSettings(name=f"openai/{name}", base_url=each.base_url, api_key="sk-test-012345")
            for name, each in (("a", closed), ("b", open_))
        ]
        async with EndpointModel(settings[0]) as one, EndpointModel(settings[1]) as other:
            verdicts = await sample_plans(TASK, [one, other], Sampling(workers=6, n_valid=3))
    assert [v.candidate.origin for v in verdicts] == ["openai/b #2", "openai/b #4", "openai/b #6"]
    assert sorted(seen.body["seed"] for seen in open_.requests) == [1, 2, 3]


async def test_all_verdicts_are_told_as_they_come_and_no_request_is_left() -> None:
    told: list[Verdict] = []
    async with serving(writes(GOOD), never(), together=2) as (endpoint, model):
        verdicts = await sample_plans(
            TASK, model, Sampling(workers=2, n_valid=1), on_verdict=told.append
        )
        await endpoint.until(lambda e: e.dropped == 1)
    assert told == verdicts
