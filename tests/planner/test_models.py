from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import traceback
from collections.abc import AsyncIterator
from typing import Any

import pytest

from agentjit.errors import ModelError, UsageError
from agentjit.planner.endpoint import EndpointModel
from agentjit.planner.endpoint_errors import ModelBusy, ModelUnusable, NoAnswer
from agentjit.planner.models import (
    DEFAULT_MODEL,
    OPENAI_URL,
    ModelSettings,
    settings_from_env,
)
from agentjit.ports import Prompt, Usage
from tests.fixtures.fake_endpoint import FakeEndpoint, Reply, fails, fake_endpoint, never, says

KEY = "sk-test-0123456789"
HELLO = Prompt(messages=({"role": "user", "content": "hello"},))
#: Tells the client that it may try again without waiting.
QUICK = {"retry-after-ms": "1"}
SCHEMA = {"type": "object", "properties": {"answer": {"type": "integer"}}}


def settings(endpoint: FakeEndpoint | str, **changes: Any) -> ModelSettings:
    url = endpoint if isinstance(endpoint, str) else endpoint.base_url
    return ModelSettings(**{"name": "openai/fake", "base_url": url, "api_key": KEY, **changes})


@contextlib.asynccontextmanager
async def serving(
    *replies: Reply, **changes: Any
) -> AsyncIterator[tuple[FakeEndpoint, EndpointModel]]:
    async with (
        fake_endpoint(*replies) as endpoint,
        EndpointModel(settings(endpoint, **changes)) as model,
    ):
        yield endpoint, model


# --- settings ---


@pytest.mark.parametrize("env", [{}, {"OPENAI_API_KEY": " "}, {"OPENAI_BASE_URL": "http://x/v1"}])
def test_without_a_key_there_is_no_model(env: dict[str, str]) -> None:
    assert settings_from_env(env, "openai/gpt-4.1") is None


def test_a_key_is_enough() -> None:
    found = settings_from_env({"OPENAI_API_KEY": f" {KEY}\n"})
    assert found == ModelSettings(name=DEFAULT_MODEL, base_url=OPENAI_URL, api_key=KEY)


@pytest.mark.parametrize(
    ("option", "variable", "name", "sent"),
    [
        (None, "openai/one", "openai/one", "one"),
        ("openai/two", "openai/one", "openai/two", "two"),
        ("two", "", "openai/two", "two"),
        ("vendor/two", "", "vendor/two", "vendor/two"),
        ("openai/vendor/two", "", "openai/vendor/two", "vendor/two"),
    ],
)
def test_the_model_is_named_by_the_option_then_by_the_environment(
    option: str | None, variable: str, name: str, sent: str
) -> None:
    found = settings_from_env({"OPENAI_API_KEY": KEY, "AGENTJIT_MODEL": variable}, option)
    assert found is not None
    assert (found.name, found.sent_name) == (name, sent)


def test_settings_never_show_the_key_or_a_password() -> None:
    found = settings("http://user:secret@host:1/v1")
    assert KEY not in repr(found)
    assert found.shown_url == "http://host:1/v1"


@pytest.mark.parametrize("key", ["sk test", "sk-ключ", "sk-\x07"])
def test_a_key_that_cannot_be_one_is_a_usage_error_that_does_not_show_it(key: str) -> None:
    with pytest.raises(UsageError) as caught:
        settings_from_env({"OPENAI_API_KEY": key})
    assert key not in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8000/v1",
        "ftp://host/v1",
        "http://",
        "http://h:x/v1",
        "http://a b/v1",
        "http://ho\u2028st",
    ],
)
def test_an_address_that_cannot_be_one_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError, match="OPENAI_BASE_URL") as caught:
        settings_from_env({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": url})
    assert "http://" in caught.value.hint


def test_a_slow_endpoint_may_be_given_more_time() -> None:
    found = settings_from_env({"OPENAI_API_KEY": KEY, "AGENTJIT_MODEL_TIMEOUT": " 600"})
    assert found is not None
    assert found.timeout == 600.0


@pytest.mark.parametrize("text", ["0", "-1", "soon", "inf", "nan"])
def test_a_time_that_is_none_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="AGENTJIT_MODEL_TIMEOUT"):
        settings_from_env({"OPENAI_API_KEY": KEY, "AGENTJIT_MODEL_TIMEOUT": text})


def test_importing_the_module_does_not_import_the_client() -> None:
    program = (
        "import sys, agentjit.planner.models, agentjit.planner.sampling\n"
        "print([n for n in ('openai', 'pydantic') if n in sys.modules])"
    )
    done = subprocess.run(
        (sys.executable, "-c", program), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# --- completions ---


async def test_a_completion_has_text_usage_and_time() -> None:
    async with serving(says("hi", tokens=(7, 2))) as (_, model):
        done = await model.complete(HELLO)
    assert model.name == "openai/fake"
    assert (done.text, done.usage, done.finish) == ("hi", Usage(1, 7, 2), "stop")
    assert 0 < done.seconds < 60


async def test_the_request_says_all_that_the_prompt_says() -> None:
    prompt = Prompt(messages=HELLO.messages, temperature=0.7, seed=5, max_tokens=99)
    async with serving(says("hi")) as (endpoint, model):
        await model.complete(prompt)
    (seen,) = endpoint.requests
    assert seen.key == KEY
    assert seen.body == {
        "model": "fake",
        "messages": [{"role": "user", "content": "hello"}],
        "temperature": 0.7,
        "seed": 5,
        "max_tokens": 99,
    }


async def test_an_answer_without_usage_counts_as_a_call_of_no_tokens() -> None:
    body = {"choices": [{"message": {"content": "hi"}}]}
    async with serving(Reply(json.dumps(body))) as (_, model):
        assert (await model.complete(HELLO)).usage == Usage(1, 0, 0)


async def test_a_schema_is_sent_as_the_response_format() -> None:
    async with serving(says('{"answer": 1}')) as (endpoint, model):
        await model.complete(Prompt(messages=HELLO.messages, schema=SCHEMA))
    (seen,) = endpoint.requests
    assert seen.body["response_format"]["type"] == "json_schema"
    assert seen.body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert seen.body["messages"] == [{"role": "user", "content": "hello"}]


async def test_where_the_response_format_is_refused_the_schema_is_said_in_words() -> None:
    refused = fails(400, "grammar: cannot compile")
    async with serving(refused, says('{"answer": 1}')) as (endpoint, model):
        prompt = Prompt(messages=HELLO.messages, schema=SCHEMA)
        assert (await model.complete(prompt)).text == '{"answer": 1}'
        await model.complete(prompt)
    first, second, third = (seen.body for seen in endpoint.requests)
    assert "response_format" in first
    assert "response_format" not in second
    assert json.dumps(SCHEMA, separators=(",", ":")) in second["messages"][0]["content"]
    assert third == second


@pytest.mark.parametrize("parameter", ["temperature", "seed"])
async def test_a_parameter_that_is_refused_is_left_out_from_then_on(parameter: str) -> None:
    refused = fails(400, "this model does not take it", param=parameter)
    prompt = Prompt(messages=HELLO.messages, seed=1)
    async with serving(refused, says("hi")) as (endpoint, model):
        await model.complete(prompt)
        await model.complete(prompt)
    assert [parameter in seen.body for seen in endpoint.requests] == [True, False, False]


async def test_a_request_that_fails_for_another_reason_makes_nothing_be_left_out() -> None:
    too_long = fails(400, "too long a context: lower max_tokens")
    async with serving(too_long, too_long, says("{}")) as (endpoint, model):
        prompt = Prompt(messages=HELLO.messages, schema=SCHEMA)
        with pytest.raises(ModelError, match="too long a context"):
            await model.complete(prompt)
        await model.complete(prompt)
    sent = [("response_format" in s.body, "max_tokens" in s.body) for s in endpoint.requests]
    assert sent == [(True, True), (False, True), (True, True)]


async def test_models_that_think_get_room_to_think_in() -> None:
    refused = fails(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'.")
    async with serving(refused, says("hi")) as (endpoint, model):
        await model.complete(HELLO)
    assert "max_tokens" not in endpoint.requests[1].body
    assert endpoint.requests[1].body["max_completion_tokens"] > HELLO.max_tokens


# --- failures ---


@pytest.mark.parametrize(
    ("reply", "kind", "said", "hint"),
    [
        (fails(401, "Incorrect API key"), ModelUnusable, "refused the key", "OPENAI_API_KEY"),
        (fails(403, "not for you"), ModelUnusable, "refused the key", "OPENAI_API_KEY"),
        (fails(404, "no such model"), ModelUnusable, "no model 'fake'", "--model"),
        (fails(429, "slow down"), ModelBusy, "rate limit", "fewer workers"),
        (fails(500, "oops"), ModelBusy, "status 500: oops", "try again"),
        (fails(400, "too long a context"), ModelError, "too long a context", "chat"),
        (Reply("<html>", 502, QUICK), ModelBusy, "status 502", "try again"),
        (Reply('{"choices": [{"mess'), ModelError, "no chat completion", "/v1"),
        (Reply("<html>hello</html>"), ModelError, "<html>hello</html>", "/v1"),
        (Reply(""), ModelError, "no chat completion: nothing", "/v1"),
        (Reply('{"choices": []}'), NoAnswer, "without a choice", "try again"),
        (Reply('{"choices": [{"message": {"content": 7}}]}'), ModelError, "no chat", "/v1"),
        (says(None), NoAnswer, "empty answer", "--model"),
        (says(" \n"), NoAnswer, "empty answer", "--model"),
        (says("", finish="length"), NoAnswer, "its 1024 tokens were spent", "--model"),
        (says(None, refusal="I will not"), NoAnswer, "refused: I will not", "word the task"),
        (says("I w", finish="content_filter"), NoAnswer, "content filter", "word the task"),
    ],
)
async def test_each_failure_has_its_message_and_hint(
    reply: Reply, kind: type[ModelError], said: str, hint: str
) -> None:
    async with serving(reply) as (_, model):
        with pytest.raises(ModelError) as caught:
            await model.complete(HELLO)
    assert type(caught.value) is kind
    assert said in caught.value.message
    assert hint in caught.value.hint


async def test_a_busy_endpoint_is_asked_again() -> None:
    async with serving(fails(429, "busy"), fails(503, "busy"), says("hi")) as (endpoint, model):
        assert (await model.complete(HELLO)).text == "hi"
    assert len(endpoint.requests) == 3


async def test_an_endpoint_that_stays_busy_is_given_up() -> None:
    async with serving(fails(429, "busy"), retries=3) as (endpoint, model):
        with pytest.raises(ModelError, match="rate limit"):
            await model.complete(HELLO)
    assert len(endpoint.requests) == 4


async def test_a_request_that_is_refused_for_good_is_not_repeated() -> None:
    async with serving(fails(400, "no")) as (endpoint, model):
        with pytest.raises(ModelError):
            await model.complete(HELLO)
    assert len(endpoint.requests) == 1


async def test_an_address_where_nobody_listens_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    async with EndpointModel(settings(url, retries=0)) as model:
        with pytest.raises(ModelError, match="cannot be reached") as caught:
            await model.complete(HELLO)
    assert url in caught.value.message
    assert "OPENAI_BASE_URL" in caught.value.hint


async def test_a_wrong_path_says_so() -> None:
    async with fake_endpoint(says("hi")) as endpoint:
        wrong = endpoint.base_url.removesuffix("/v1")
        async with EndpointModel(settings(wrong)) as model:
            with pytest.raises(ModelUnusable) as caught:
                await model.complete(HELLO)
    assert "/v1" in caught.value.hint


async def test_an_endpoint_that_hangs_up_says_so() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        async with EndpointModel(settings(url, retries=0)) as model:
            with pytest.raises(ModelError, match=r"cannot be reached: \w+"):
                await model.complete(HELLO)


async def test_an_endpoint_that_never_answers_is_given_up_and_let_go() -> None:
    async with serving(never(), timeout=0.2) as (endpoint, model):
        with pytest.raises(ModelError, match=r"did not answer within 0\.2 s"):
            await model.complete(HELLO)
        # On a busy machine the request may not even have arrived by then.
        await endpoint.until(lambda e: e.dropped == len(e.requests))


async def test_a_cancelled_request_is_let_go() -> None:
    async with serving(never()) as (endpoint, model):
        asking = asyncio.create_task(model.complete(HELLO))
        await endpoint.until(lambda e: len(e.requests) == 1)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await endpoint.until(lambda e: e.dropped == 1)


@pytest.mark.parametrize(
    "reply",
    [
        fails(401, f"Incorrect API key provided: {KEY}"),
        fails(400, f"{'x' * 290} {KEY}"),
        Reply(f"{'x' * 110} {KEY}"),
        says(None, refusal=f"why send me {KEY}?"),
    ],
)
async def test_no_failure_shows_the_key(reply: Reply) -> None:
    async with serving(reply) as (_, model):
        with pytest.raises(ModelError) as caught:
            await model.complete(HELLO)
    error = caught.value
    assert KEY[:10] not in f"{error.message} {error.hint} {traceback.format_exception(error)}"


async def test_a_closed_model_opens_again_when_it_is_used() -> None:
    async with serving(says("hi")) as (_, model):
        await model.complete(HELLO)
        await model.aclose()
        await model.aclose()
        assert (await model.complete(HELLO)).text == "hi"
