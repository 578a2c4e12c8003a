from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from agentjit.errors import ModelError
from agentjit.planner.candidate import Task, Verdict
from agentjit.planner.endpoint import EndpointModel
from agentjit.planner.endpoint_errors import ModelUnusable
from agentjit.planner.models import ModelSettings
from agentjit.planner.sampling import Sampling, sample_plans
from agentjit.planner.select import choose
from agentjit.ports import Usage
from tests.fixtures.fake_endpoint import (
    FakeEndpoint,
    Reply,
    Script,
    Seen,
    fails,
    fake_endpoint,
    never,
    says,
    writes,
)
from tests.fixtures.toolhire.tools import TOOLSET

TASK = Task("how many machines does Millbrook have?", TOOLSET)
GOOD = 'open_depot("Millbrook")\nresult = len(show_machines())\n'
DEARER = "back_to_start()\n" + GOOD
BAD = "result = len(show_machines())\n"


@contextlib.asynccontextmanager
async def serving(
    *replies: Reply, script: Script | None = None, together: int = 1
) -> AsyncIterator[tuple[FakeEndpoint, EndpointModel]]:
    async with fake_endpoint(*replies, script=script, together=together) as endpoint:
        settings = ModelSettings(
            name="openai/fake", base_url=endpoint.base_url, api_key="sk-test-0123456789"
        )
        async with EndpointModel(settings) as model:
            yield endpoint, model
    assert workers_left() == set()


def workers_left() -> set[str]:
    return {t.get_name() for t in asyncio.all_tasks() if t.get_name().startswith("sample ")}


async def test_enough_valid_plans_end_the_sampling_and_the_rest_is_let_go() -> None:
    replies = [writes(DEARER), writes(GOOD), writes(GOOD), *[never()] * 5]
    async with serving(*replies, together=8) as (endpoint, model):
        verdicts = await sample_plans(TASK, model, Sampling(workers=8, n_valid=3))
        assert workers_left() == set()
        await endpoint.until(lambda e: e.dropped == 5)
    assert len(endpoint.requests) == 8
    assert [v.checked is not None for v in verdicts] == [True] * 3
    choice = choose(verdicts)
    assert choice is not None
    assert choice.winner.candidate.plan == GOOD


async def test_workers_differ_by_seed_temperature_and_the_last_line_of_the_prompt() -> None:
    async with serving(writes(GOOD)) as (endpoint, model):
        how = Sampling(workers=4, n_valid=9, temperature=0.3, max_tokens=77)
        await sample_plans(TASK, model, how)
    bodies = sorted((seen.body for seen in endpoint.requests), key=lambda body: body["seed"])
    assert [body["seed"] for body in bodies] == [1, 2, 3, 4]
    assert [body["temperature"] for body in bodies] == [0.0, 0.3, 0.3, 0.3]
    assert {body["max_tokens"] for body in bodies} == {77}
    first, *others = (body["messages"] for body in bodies)
    # Endpoints keep what is the same from the first word on, so what differs comes last.
    for messages in others:
        assert messages[:-1] == first[:-1]
        assert messages[-1]["content"].startswith(first[-1]["content"] + "\n")
    assert len({messages[-1]["content"] for messages in others}) == 3


async def test_candidates_say_where_they_come_from_and_what_they_cost() -> None:
    async with serving(writes(GOOD)) as (_, model):
        verdicts = await sample_plans(TASK, model, Sampling(workers=2, n_valid=2))
    assert {v.candidate.origin for v in verdicts} == {"openai/fake #1", "openai/fake #2"}
    assert [v.candidate.usage for v in verdicts] == [Usage(1, 100, 20)] * 2
    assert all(0 < v.candidate.seconds < 60 for v in verdicts)


async def test_the_same_plan_is_compiled_once_and_counted_each_time() -> None:
    async with serving(writes(GOOD)) as (_, model):
        first, second = await sample_plans(TASK, model, Sampling(workers=2, n_valid=2))
    assert first.checked is not None
    assert first.checked is second.checked
    assert first.candidate.origin != second.candidate.origin


async def test_plans_that_do_not_check_are_kept_with_their_diagnostics() -> None:
    async with serving(writes(BAD), writes(GOOD)) as (_, model):
        verdicts = await sample_plans(TASK, model, Sampling(workers=2, n_valid=2))
    (bad,) = [v for v in verdicts if v.checked is None]
    assert bad.candidate.plan == BAD
    assert bad.cost is None
    assert [d.code for d in bad.diagnostics] == ["precondition-not-met"]


async def test_nothing_but_plans_that_do_not_check_is_no_error() -> None:
    async with serving(writes(BAD)) as (_, model):
        verdicts = await sample_plans(TASK, model, Sampling(workers=3))
    assert len(verdicts) == 3
    assert choose(verdicts) is None


async def test_a_worker_that_fails_leaves_the_others_be() -> None:
    replies = [fails(400, "no"), says(None, refusal="no"), Reply("?"), writes(GOOD)]
    async with serving(*replies) as (_, model):
        verdicts = await sample_plans(TASK, model, Sampling(workers=4, n_valid=3))
    assert [v.candidate.plan for v in verdicts] == [GOOD]


async def test_when_all_fail_the_first_failure_is_raised() -> None:
    gate = asyncio.Event()

    def script(number: int, _: Seen) -> Reply:
        return fails(400, "the first") if number == 0 else says(None, after=gate)

    async with serving(script=script) as (endpoint, model):
        asking = asyncio.create_task(sample_plans(TASK, model, Sampling(workers=3)))
        await endpoint.until(lambda e: len(e.requests) == 3)
        gate.set()
        with pytest.raises(ModelError, match="the first"):
            await asking


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_an_endpoint_that_is_of_no_use_ends_the_sampling_at_once(status: int) -> None:
    async with serving(never(), never(), fails(status, "no"), together=3) as (endpoint, model):
        with pytest.raises(ModelUnusable):
            await sample_plans(TASK, model, Sampling(workers=3))
        await endpoint.until(lambda e: e.dropped == 2)


async def test_each_verdict_is_told_as_it_comes() -> None:
    told: list[Verdict] = []
    gate = asyncio.Event()

    def tell(verdict: Verdict) -> None:
        told.append(verdict)
        gate.set()

    async with serving(writes(BAD), writes(GOOD, after=gate)) as (_, model):
        verdicts = await sample_plans(TASK, model, Sampling(workers=2), on_verdict=tell)
    assert told == verdicts
    assert [v.candidate.plan for v in told] == [BAD, GOOD]


async def test_whoever_listens_may_end_it_by_an_error() -> None:
    class Enough(Exception):
        pass

    def tell(_: Verdict) -> None:
        raise Enough

    replies = (writes(GOOD), writes(GOOD), never())
    async with serving(*replies, together=3) as (endpoint, model):
        with pytest.raises(Enough):
            await sample_plans(TASK, model, Sampling(workers=3), on_verdict=tell)
        await endpoint.until(lambda e: e.dropped == 1)


async def test_cancelling_the_sampling_cancels_every_request() -> None:
    async with serving(never()) as (endpoint, model):
        asking = asyncio.create_task(sample_plans(TASK, model, Sampling(workers=5)))
        await endpoint.until(lambda e: len(e.requests) == 5)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert workers_left() == set()
        await endpoint.until(lambda e: e.dropped == 5)


async def test_a_second_round_shows_the_first_plan_and_its_diagnostics() -> None:
    async with serving(writes(BAD), writes(GOOD)) as (endpoint, model):
        verdicts = await sample_plans(TASK, model, Sampling(workers=1, n_valid=1, max_rounds=2))
    first, second = (seen.body["messages"] for seen in endpoint.requests)
    assert second[: len(first)] == first
    answer, complaint = second[len(first) :]
    assert (answer["role"], complaint["role"]) == ("assistant", "user")
    assert BAD in answer["content"]
    assert "precondition-not-met" in complaint["content"]
    assert [v.checked is not None for v in verdicts] == [False, True]


async def test_one_round_is_all_there_is_unless_more_are_asked_for() -> None:
    async with serving(writes(BAD)) as (endpoint, model):
        await sample_plans(TASK, model, Sampling(workers=2))
    assert len(endpoint.requests) == 2


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (says(f"```python\n{GOOD}```", finish="length"), "plan-cut-off"),
        (says("I cannot do that, sorry."), "plan-does-nothing"),
        (writes('result = "12"\n'), "plan-does-nothing"),
        (writes("pass\n"), "plan-does-nothing"),
    ],
)
async def test_what_may_not_be_the_whole_plan_is_no_candidate(reply: Reply, code: str) -> None:
    async with serving(reply) as (_, model):
        (verdict,) = await sample_plans(TASK, model, Sampling(workers=1))
    assert [d.code for d in verdict.diagnostics] == [code]
    assert choose([verdict]) is None


async def test_a_plan_that_was_cut_off_says_nothing_of_the_same_plan_come_to_its_end() -> None:
    gate = asyncio.Event()
    cut = says(f"```python\n{GOOD}```", finish="length")
    async with serving(cut, writes(GOOD, after=gate)) as (_, model):
        verdicts = await sample_plans(
            TASK, model, Sampling(workers=2), on_verdict=lambda _: gate.set()
        )
    assert [v.checked is not None for v in verdicts] == [False, True]


async def test_an_answer_that_the_plan_prints_is_its_result_and_that_is_remarked() -> None:
    async with serving(writes(GOOD.replace("result =", "count =") + "print(count)\n")) as (
        _,
        model,
    ):
        (verdict,) = await sample_plans(TASK, model, Sampling(workers=1))
    assert verdict.candidate.plan.endswith("\nresult = count\n")
    assert verdict.candidate.remarks == ("its answer was put into `result`",)
    assert verdict.checked is not None
    assert verdict.checked.program.result == "result"
