"""A plan by way of a goal runs beside the samples, and is a candidate like them."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import pytest

from agentjit.diagnostics import render
from agentjit.errors import BudgetSpent, ModelError
from agentjit.planner.budget import Budget, Ceilings, MeteredModel
from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.endpoint import EndpointModel
from agentjit.planner.goals.proposing import Proposing
from agentjit.planner.models import ModelSettings
from agentjit.planner.sampling import Sampling, sample_plans
from agentjit.planner.select import choose, judge
from agentjit.planner.symbolic import ORIGIN
from agentjit.ports import Usage
from tests.conftest import Golden
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
from tests.planner.lookups import toolhire_lists

#: The reader accounts for each word of the first, and not of the second.
PLAIN = Task("how many machines does Millbrook have?", TOOLSET)
ODD = Task("how many machines does Millbrook boast, pray?", TOOLSET)
RECORD = 'count show_machines() in show_depots() = "Millbrook"'
PLAN = 'open_depot("Millbrook")\nresult = len(show_machines())\n'
BAD = "result = len(show_machines())\n"


@contextlib.asynccontextmanager
async def serving(script: Script) -> AsyncIterator[tuple[FakeEndpoint, EndpointModel]]:
    async with fake_endpoint(script=script) as endpoint:
        settings = ModelSettings(
            name="openai/fake", base_url=endpoint.base_url, api_key="sk-test-0123456789"
        )
        async with EndpointModel(settings) as model:
            yield endpoint, model
    assert [t for t in asyncio.all_tasks() if t.get_name().startswith("sample ")] == []


def asks_for_goal(seen: Seen) -> bool:
    """Whether a request is for a goal record."""
    return "goal record" in seen.body["messages"][0]["content"]


def answering(goal: Reply, plan: Reply) -> Script:
    """A script that gives one answer to requests for a goal, and one to those for a plan."""
    return lambda _, seen: goal if asks_for_goal(seen) else plan


async def test_a_record_is_a_candidate_like_any_other() -> None:
    said = says(json.dumps({"goal": RECORD}), tokens=(300, 25))
    async with serving(answering(said, writes(BAD))) as (endpoint, model):
        how = Sampling(workers=2, goals=Proposing(model))
        verdicts = await sample_plans(ODD, model, how)
    assert len([r for r in endpoint.requests if asks_for_goal(r)]) == 1
    choice = choose(verdicts, ODD)
    assert choice is not None
    winner = choice.winner.candidate
    assert winner.origin == "openai/fake, goal record"
    assert winner.usage == Usage(1, 300, 25)
    assert winner.remarks == (f"the goal that it wrote: {RECORD}",)
    assert winner.plan.startswith('open_depot("Millbrook")')
    assert len(choice.losers) == 2


async def test_what_the_reader_knows_asks_no_model_for_a_goal() -> None:
    async with serving(answering(never(), writes(BAD))) as (endpoint, model):
        how = Sampling(workers=1, goals=Proposing(model, toolhire_lists()))
        verdicts = await sample_plans(PLAIN, model, how)
    assert not any(map(asks_for_goal, endpoint.requests))
    (valid,) = [v for v in verdicts if v.checked is not None]
    assert (valid.candidate.origin, valid.candidate.usage) == (ORIGIN, Usage())


async def test_the_model_is_asked_for_the_rest_and_told_what_that_is() -> None:
    async with serving(answering(says(RECORD), writes(BAD))) as (endpoint, model):
        how = Sampling(workers=1, goals=Proposing(model, toolhire_lists()))
        verdicts = await sample_plans(ODD, model, how)
    (asked,) = [seen for seen in endpoint.requests if asks_for_goal(seen)]
    assert "Not clear to a simple reader: «" in asked.body["messages"][-1]["content"]
    assert any(v.checked is not None for v in verdicts)


async def test_no_text_of_the_site_comes_into_the_request() -> None:
    """The reader's reason names what the site lists: that stays here."""
    task = Task("book the crane at Millbrook, pray", TOOLSET)
    async with serving(answering(says(RECORD), writes(BAD))) as (endpoint, model):
        how = Sampling(workers=1, goals=Proposing(model, toolhire_lists()))
        await sample_plans(task, model, how)
    (asked,) = [seen for seen in endpoint.requests if asks_for_goal(seen)]
    said = json.dumps(asked.body["messages"])
    assert "Harrow" not in said
    assert "Badger" not in said


async def test_a_record_counts_among_the_valid_plans_and_ends_the_samples() -> None:
    async with serving(answering(says(RECORD), never())) as (endpoint, model):
        how = Sampling(workers=3, n_valid=1, goals=Proposing(model))
        verdicts = await sample_plans(ODD, model, how)
        await endpoint.until(lambda e: e.dropped == len(e.requests) - 1)
    assert [v.candidate.composed for v in verdicts] == [True]


async def test_the_samples_do_not_wait_for_a_record_and_it_is_let_go() -> None:
    async with serving(answering(never(), writes(PLAN))) as (endpoint, model):
        how = Sampling(workers=2, n_valid=2, goals=Proposing(model))
        verdicts = await sample_plans(ODD, model, how)
        await endpoint.until(lambda e: e.dropped == 1)
    assert [v.candidate.composed for v in verdicts] == [False, False]


async def test_a_record_that_cannot_be_used_is_shown_with_its_reasons_and_paid_for() -> None:
    refusal = asyncio.Event()
    said = says("count show_cranes()", tokens=(300, 9))
    async with serving(answering(said, writes(PLAN, after=refusal))) as (_, model):
        how = Sampling(workers=1, n_valid=1, goals=Proposing(model))
        verdicts = await sample_plans(ODD, model, how, on_verdict=lambda _: refusal.set())
    refused, written = verdicts
    assert written.checked is not None
    assert refused.checked is None
    assert [d.code for d in refused.diagnostics] == ["goal-unknown-name"]
    assert refused.candidate.remarks == ("it wrote: count show_cranes()",)
    assert refused.candidate.usage == Usage(1, 300, 9)


async def test_a_goal_without_a_way_says_so(golden: Golden) -> None:
    async with serving(answering(says("count show_machines()"), writes(BAD))) as (_, model):
        how = Sampling(workers=1, goals=Proposing(model))
        verdicts = await sample_plans(ODD, model, how)
    (refused,) = [v for v in verdicts if v.candidate.composed]
    golden("planner/goal_unreachable.txt", "\n".join(map(render, refused.diagnostics)) + "\n")


async def test_where_nothing_comes_at_all_the_endpoints_error_is_told() -> None:
    async with serving(answering(says("no idea"), fails(500, "out of order"))) as (_, model):
        with pytest.raises(ModelError, match="out of order"):
            await sample_plans(ODD, model, Sampling(workers=1, goals=Proposing(model)))


async def test_a_record_is_paid_for_out_of_the_budget() -> None:
    async with serving(answering(says(RECORD), writes(PLAN))) as (endpoint, model):
        metered = MeteredModel(model, Budget(Ceilings(tokens=50)))
        with pytest.raises(BudgetSpent):
            await sample_plans(ODD, metered, Sampling(workers=1, goals=Proposing(metered)))
        assert endpoint.requests == []


def test_at_the_same_cost_a_plan_of_a_goal_goes_before_one_that_was_written() -> None:
    written, composed = (
        judge(Candidate(plan=PLAN, origin=origin, composed=goal), PLAIN)
        for origin, goal in (("model #1", False), ("model, goal record", True))
    )
    choice = choose([written, composed], PLAIN)
    assert choice is not None
    assert choice.winner is composed


@pytest.mark.parametrize(
    "answer",
    [
        r'count show_machines() in show_depots() = "\x"',
        'count show_machines() first "two"',
        "tell largest distance_km depot_name of show_depots()",
        "[" * 100_000,
    ],
)
async def test_whatever_a_model_writes_for_a_goal_the_samples_go_on(answer: str) -> None:
    async with serving(answering(says(answer), writes(PLAN))) as (_, model):
        how = Sampling(workers=1, goals=Proposing(model))
        verdicts = await sample_plans(ODD, model, how)
    assert [v.checked is not None for v in verdicts if v.candidate.composed] == [False]
    assert any(v.checked is not None for v in verdicts)
