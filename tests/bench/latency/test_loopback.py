"""The endpoint that every system asks: it waits as long as it should, counts, and answers again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentjit.bench.endpoint import count_tokens
from agentjit.bench.latency.hosting import ModelWish, open_model
from agentjit.bench.latency.thinking import Think
from agentjit.errors import ModelError, UsageError
from agentjit.planner.endpoint import EndpointModel
from agentjit.planner.models import settings_from_env
from agentjit.ports import STOPPED, Completion, Prompt, Watch
from tests.fixtures.fake_endpoint import Reply, fake_endpoint, says

PLAN = "goto_home()\nresult = 1\n"
QUICK = Think(0.05, 1_000.0)
PROMPT = Prompt(messages=[{"role": "user", "content": "the site is at http://127.0.0.1:4711/"}])


async def ask(environment: dict[str, str], prompt: Prompt, watch: Watch | None) -> Completion:
    settings = settings_from_env(environment)
    assert settings is not None
    async with EndpointModel(settings) as model:
        return await model.complete(prompt, watch)


async def test_a_script_is_told_token_by_token_at_its_pace() -> None:
    async with open_model(ModelWish(think=QUICK)) as host:
        await host.begin(PLAN)
        told = await ask(host.environment(), PROMPT, lambda _: True)
        (thought,) = await host.thoughts(0.0)
    tokens = len(count_tokens(PLAN))
    assert told.text == PLAN
    assert told.usage.completion_tokens == thought.output_tokens == tokens
    assert thought.seconds >= QUICK.seconds(0, tokens)
    assert thought.prompt_tokens == len(count_tokens(PROMPT.messages[0]["content"]))


async def test_who_hangs_up_is_counted_as_far_as_it_listened() -> None:
    async with open_model(ModelWish(think=Think(0.0, 20.0))) as host:
        await host.begin(PLAN)
        told = await ask(host.environment(), PROMPT, lambda text: "home" not in text)
        (thought,) = await host.thoughts(0.0)
    assert told.finish == STOPPED
    assert 0 < thought.output_tokens < len(count_tokens(PLAN))


async def test_a_goal_is_not_in_the_script_and_begin_forgets() -> None:
    async with open_model(ModelWish(think=QUICK)) as host:
        await host.begin(PLAN)
        assert (await ask(host.environment(), PROMPT, None)).text == "none"
        await host.begin(PLAN)
        assert await host.thoughts(0.0) == ()


async def test_a_live_model_is_passed_on_recorded_and_told_again_at_another_port(
    tmp_path: Path,
) -> None:
    path = tmp_path / "answers.jsonl"
    async with fake_endpoint(says("a plan", tokens=(321, 7))) as live:
        env = {
            "OPENAI_BASE_URL": live.base_url,
            "OPENAI_API_KEY": "sk-live",
            "AGENTJIT_MODEL": "a/b",
        }
        wish = ModelWish(kind="live", path=path)
        async with open_model(wish, env) as host:
            first = await ask(host.environment(), PROMPT, None)
            (thought,) = await host.thoughts(0.0)
    assert first.text == "a plan"
    assert (thought.prompt_tokens, thought.output_tokens) == (321, 7)
    assert "sk-live" not in path.read_text("utf-8")
    elsewhere = Prompt(
        messages=[{"role": "user", "content": "the site is at http://127.0.0.1:99/"}]
    )
    async with open_model(ModelWish(kind="recorded", path=path)) as host:
        again = await ask(host.environment(), elsewhere, None)
        (thought,) = await host.thoughts(0.0)
    assert again.text == "a plan"
    assert (thought.prompt_tokens, thought.output_tokens) == (321, 7)
    assert thought.seconds >= json.loads(path.read_text("utf-8"))["pieces"][-1][0] - 0.001


async def test_a_live_model_that_is_busy_is_asked_again_and_its_refusal_is_not_kept(
    tmp_path: Path,
) -> None:
    path = tmp_path / "answers.jsonl"
    busy = Reply('{"error": {"message": "slow down"}}', 429, {"retry-after": "0"})
    async with fake_endpoint(busy, says("a plan")) as live:
        env = {"OPENAI_BASE_URL": live.base_url, "OPENAI_API_KEY": "k", "AGENTJIT_MODEL": "a/b"}
        async with open_model(ModelWish(kind="live", path=path), env) as host:
            told = await ask(host.environment(), PROMPT, lambda _: True)
            asked = len(await host.thoughts(0.0))
    assert told.text == "a plan"
    assert (asked, len(path.read_text("utf-8").splitlines())) == (2, 1)


async def test_a_prompt_that_no_recording_answers_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("", "utf-8")
    wish = ModelWish(kind="recorded", path=tmp_path / "empty.jsonl")
    async with open_model(wish) as host:
        with pytest.raises(ModelError, match="the recording has no answer"):
            await ask(host.environment(), PROMPT, lambda _: True)


async def test_what_cannot_answer_is_said_before_anything_is_started(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no recording"):
        ModelWish(kind="recorded", path=tmp_path / "none.jsonl")
    with pytest.raises(UsageError, match="no model 'dream'"):
        ModelWish(kind="dream")
    with pytest.raises(UsageError, match="no live model"):
        async with open_model(ModelWish(kind="live"), {}):
            pass
