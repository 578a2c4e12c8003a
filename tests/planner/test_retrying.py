"""Waits between attempts, on a clock that only the test moves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from agentjit.errors import ModelError
from agentjit.planner.endpoint import EndpointModel
from agentjit.planner.endpoint_errors import ModelBusy, ModelUnusable
from agentjit.planner.models import ModelSettings
from agentjit.planner.retrying import LONGEST_WAIT, Patience, read_retry_after
from agentjit.ports import Prompt
from tests.fixtures.fake_endpoint import FakeEndpoint, Reply, fails, fake_endpoint, says

HELLO = Prompt(messages=({"role": "user", "content": "hello"},))
NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@dataclass
class Virtual:
    """Time that passes by sleeping alone."""

    time: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time = max(self.time, self.time + seconds)
        await asyncio.sleep(0)


def busy(status: int = 429, **headers: str) -> Reply:
    return Reply(
        '{"error": {"message": "busy"}}',
        status,
        {k.replace("_", "-"): v for k, v in headers.items()},
    )


def model_of(endpoint: FakeEndpoint, clock: Virtual, retries: int = 2) -> EndpointModel:
    settings = ModelSettings(
        name="openai/fake",
        base_url=endpoint.base_url,
        api_key="sk-test-0123456789",
        retries=retries,
    )
    return EndpointModel(settings, clock=clock)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "Sun, 01 Mar 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sun, 01 Mar 2026 11:00:00 GMT"}, 0.0),
    ],
)
def test_what_an_endpoint_asks_for_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert read_retry_after(headers, NOON) == seconds


async def test_waits_double_up_to_the_longest() -> None:
    clock = Virtual()
    waits = [Patience(clock).back_off(attempt, None) for attempt in range(8)]
    for attempt, wait in enumerate(waits):
        most = min(LONGEST_WAIT, 0.5 * 2**attempt)
        assert 0.75 * most <= wait <= most


async def test_the_endpoints_own_wait_is_waited() -> None:
    clock = Virtual()
    replies = (busy(retry_after="7"), busy(503, retry_after_ms="1500"), says("hi"))
    async with fake_endpoint(*replies) as endpoint, model_of(endpoint, clock) as model:
        assert (await model.complete(HELLO)).text == "hi"
    assert clock.slept == [7.0, 1.5]


async def test_one_that_is_told_to_wait_waits_for_all() -> None:
    clock = Virtual()
    storm = [busy(retry_after="5")] * 4
    async with (
        fake_endpoint(*storm, says("hi"), together=4) as endpoint,
        model_of(endpoint, clock) as model,
    ):
        said = await asyncio.gather(*(model.complete(HELLO) for _ in range(4)))
    assert [each.text for each in said] == ["hi"] * 4
    assert len(endpoint.requests) == 8
    # Four of them waited, side by side, and not one after the other.
    assert clock.time <= 4 * 5.0


async def test_a_wait_that_is_too_long_is_said_and_not_waited() -> None:
    clock = Virtual()
    async with (
        fake_endpoint(busy(retry_after="3600")) as endpoint,
        model_of(endpoint, clock) as model,
    ):
        with pytest.raises(ModelError, match="asks to wait 3600 s"):
            await model.complete(HELLO)
    assert (clock.slept, len(endpoint.requests)) == ([], 1)


async def test_an_endpoint_that_says_not_to_try_again_is_believed() -> None:
    clock = Virtual()
    async with (
        fake_endpoint(busy(500, x_should_retry="false")) as endpoint,
        model_of(endpoint, clock) as model,
    ):
        with pytest.raises(ModelError, match="status 500"):
            await model.complete(HELLO)
    assert len(endpoint.requests) == 1


async def test_a_quota_that_is_used_up_is_not_waited_for() -> None:
    body = '{"error": {"message": "no credit", "code": "insufficient_quota"}}'
    async with fake_endpoint(Reply(body, 429)) as endpoint, model_of(endpoint, Virtual()) as model:
        with pytest.raises(ModelUnusable, match="used up: no credit"):
            await model.complete(HELLO)
    assert len(endpoint.requests) == 1


async def test_a_storm_that_does_not_end_is_given_up() -> None:
    clock = Virtual()
    async with (
        fake_endpoint(fails(429, "slow down")) as endpoint,
        model_of(endpoint, clock, retries=3) as model,
    ):
        with pytest.raises(ModelBusy, match="rate limit"):
            await model.complete(HELLO)
    assert len(endpoint.requests) == 4
