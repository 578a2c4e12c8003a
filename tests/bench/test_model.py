"""Measuring a model as a planner: what is asked, what is kept, what is counted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.bench.answers import Source, open_source, read_answers
from agentjit.bench.asking import Ask, Question, Sample, ask_all, order
from agentjit.bench.judging import Attempt, Judged, judge_all
from agentjit.bench.model import Measuring, judge_by, measure_model, paper_tasks
from agentjit.bench.passing import count, pass_at
from agentjit.cli.passing import render_figures
from agentjit.errors import UsageError
from agentjit.planner.capability import FormMemory
from agentjit.planner.endpoint_errors import ModelUnusable
from agentjit.planner.models import ModelSettings
from agentjit.planner.recording import Recorded
from agentjit.ports import Usage
from agentjit.sites.tasks import find_task
from tests.cli.conftest import text_of
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
from tests.laws import LAW

STORES = Question("dashdish", "How many stores are there?")
FORUMS = Question("reddit", "How many forums are there?")
RETURNS = Question("dashdish", "Cancel my last order", hopeless=True)
QUESTIONS = [FORUMS, STORES, RETURNS]

COUNTED = "result = len(list_all_stores())\n"
WRONG = "result = len(list_all_stores()) + 1\n"
BAD = "place_order()\n"


def answer(_: int, seen: Seen) -> Reply:
    """Right with the protocol at the first sample; then wrong; nothing valid for forums."""
    asked = str(seen.body["messages"])
    if FORUMS.text in asked:
        return says("I would rather not.")
    if RETURNS.text in asked:
        return writes(COUNTED) if seen.body["seed"] == 2 else writes(BAD)
    return writes(COUNTED if "requires" in asked and seen.body["seed"] == 1 else WRONG)


@contextlib.asynccontextmanager
async def opened(path: Path, script: Script = answer) -> AsyncIterator[tuple[FakeEndpoint, Source]]:
    async with fake_endpoint(script=script) as endpoint:
        settings = ModelSettings(name="openai/fake", base_url=endpoint.base_url, api_key="sk-1")
        memory = FormMemory(None)
        async with open_source(settings, path, grammar="none", memory=memory) as source:
            yield endpoint, source


async def judge(question: Question, plan: str) -> Judged:
    return Judged(question is STORES and plan == COUNTED, "as it was told")


def test_a_run_that_breaks_off_has_asked_all_about_as_often() -> None:
    asks = list(order(QUESTIONS, 2))
    assert [(a.number, a.protocol) for a in asks[::3]] == [
        (1, True),
        (1, False),
        (2, True),
        (2, False),
    ]
    assert [a.question.site for a in asks[:3]] == ["dashdish", "dashdish", "reddit"]
    assert len({*asks}) == len(asks) == 12


@LAW
@given(st.data())
def test_pass_at_k_is_the_share_of_choices_that_hold_a_right_one(data: st.DataObject) -> None:
    right = data.draw(st.lists(st.booleans(), min_size=1, max_size=7))
    k = data.draw(st.integers(1, len(right)))
    choices = [any(some) for some in combinations(right, k)]
    assert pass_at(len(right), sum(right), k) == pytest.approx(sum(choices) / len(choices))


async def test_each_request_is_the_planners_own_sample(tmp_path: Path) -> None:
    async with opened(tmp_path / "said.jsonl") as (endpoint, source):
        await ask_all(order([STORES], 2), source)
    bodies = [seen.body for seen in endpoint.requests]
    assert [(b["seed"], b["temperature"]) for b in bodies] == [
        (1, 0.0),
        (1, 0.0),
        (2, 0.5),
        (2, 0.5),
    ]
    assert ["requires" in str(b["messages"]) for b in bodies] == [True, False, True, False]
    assert bodies[2]["messages"][-1]["content"].endswith("as few lines as do it.")


async def test_what_is_recorded_is_not_asked_again_and_comes_to_the_same(tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    first = list(order(QUESTIONS, 2))
    async with opened(path) as (endpoint, source):
        begun = await ask_all(iter(first[:4]), source)
        assert len(endpoint.requests) == 4
    async with opened(path) as (endpoint, source):
        whole = await ask_all(iter(first), source, parallel=2)
        assert len(endpoint.requests) == 8
    name, recorded = read_answers(path)
    again = await ask_all(iter(first), Source(name=name, recorded=recorded))
    assert name == "openai/fake"
    assert {s.ask for s in whole} == {*first}
    assert said(begun) == said(again[:4])
    assert said(whole) == said(again)


def said(samples: list[Sample]) -> dict[Ask, tuple[str | None, str | None, Usage]]:
    """All of them but the time."""
    return {s.ask: (s.plan, s.problem, s.usage) for s in samples}


async def test_what_nobody_can_be_asked_is_left_out(tmp_path: Path) -> None:
    async with opened(tmp_path / "said.jsonl") as (_, source):
        await ask_all(order([STORES], 1), source)
    name, recorded = read_answers(tmp_path / "said.jsonl")
    samples = await ask_all(order(QUESTIONS, 2), Source(name=name, recorded=recorded))
    assert [(s.ask.number, s.ask.protocol, s.ask.question) for s in samples] == [
        (1, True, STORES),
        (1, False, STORES),
    ]


async def test_an_answer_that_was_broken_off_is_asked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    async with opened(path, lambda *_: never()) as (endpoint, source):
        assert await ask_all(order([STORES], 1), source, seconds=0.0) == []
        asking = asyncio.create_task(ask_all(order([STORES], 1), source))
        await endpoint.until(lambda e: len(e.requests) > 0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    async with opened(path) as (endpoint, source):
        samples = await ask_all(order([STORES], 1), source)
    assert [s.plan for s in samples] == [COUNTED, WRONG]
    assert len(endpoint.requests) == 2


async def test_no_answer_is_no_valid_plan_and_no_model_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    async with opened(path, lambda *_: says("")) as (_, source):
        samples = await ask_all(order([STORES], 1), source)
    assert [(s.plan, s.problem) for s in samples] == [(None, "no-answer")] * 2
    name, recorded = read_answers(path)
    again = await ask_all(order([STORES], 1), Source(name=name, recorded=recorded))
    assert [s.problem for s in again] == ["no-answer"] * 2
    async with opened(path, lambda *_: fails(401, "no such key")) as (_, source):
        with pytest.raises(ModelUnusable):
            await ask_all(order([STORES], 1), source)


async def test_each_distinct_plan_is_judged_once_and_kept(tmp_path: Path) -> None:
    path, judged = tmp_path / "verdicts.jsonl", []

    async def watch(question: Question, plan: str) -> Judged:
        judged.append(plan)
        return await judge(question, plan)

    samples = [sample(STORES, n, plan) for n, plan in enumerate((COUNTED, WRONG, COUNTED, None), 1)]
    first = await judge_all(samples, watch, path)
    assert judged == [COUNTED, WRONG]
    assert await judge_all(samples, watch, path) == first
    assert judged == [COUNTED, WRONG]
    assert [v.right for v in first.values()] == [True, False]
    path.write_text("{}\n")
    with pytest.raises(UsageError, match="line 1"):
        await judge_all(samples, watch, path)


def sample(question: Question, number: int, plan: str | None, *, protocol: bool = True) -> Sample:
    problem = None if plan else "unknown-name"
    return Sample(ask=Ask(question, number, protocol), plan=plan, problem=problem, seconds=number)


def test_shares_are_of_samples_and_passes_of_tasks() -> None:
    samples = [sample(STORES, n, COUNTED if n == 1 else WRONG) for n in range(1, 5)]
    samples += [sample(FORUMS, n, None) for n in range(1, 5)]
    samples += [sample(RETURNS, 1, WRONG), sample(RETURNS, 2, None)]
    judged: dict[Attempt, Judged] = {
        (STORES, COUNTED): Judged(right=True, commits=("place_order",)),
        (STORES, WRONG): Judged(right=False, commits=("place_order",)),
        (RETURNS, WRONG): Judged(right=False, commits=("place_order",)),
    }
    figures = count(samples, judged)
    total = figures.rows[-1]
    assert [row.site for row in figures.rows] == ["dashdish", "reddit", "all"]
    assert (total.tasks, total.samples) == (2, 8)
    assert (total.valid, total.right, total.harmful) == (0.5, 0.125, 0.375)
    assert total.passes == {1: 0.125, 4: 0.5}
    assert total.seconds == 2.5
    (hopeless,) = figures.hopeless
    assert (hopeless.tasks, hopeless.samples, hopeless.answered, hopeless.harmful) == (1, 2, 1, 1)
    assert figures.problems[True] == [("unknown-name", 4)]


def test_a_prompt_that_was_not_counted_is_as_long_as_the_others_of_its_site() -> None:
    told, guessed = Usage(1, 900, 40), Usage(1, 1200, 10, estimated=1)
    samples = [
        replace(sample(STORES, 1, COUNTED), usage=told),
        replace(sample(STORES, 2, None), usage=guessed),
        replace(sample(FORUMS, 1, None), usage=guessed),
    ]
    dashdish, reddit, total = count(samples, {}).rows
    assert [row.prompt_tokens for row in (dashdish, reddit, total)] == [900, 1200, 1000]
    assert (dashdish.completion_tokens, dashdish.estimated) == (25, 0.5)


async def test_the_table_says_what_was_measured(tmp_path: Path, golden: Golden) -> None:
    path = tmp_path / "said.jsonl"
    async with opened(path) as (_, source):
        await measure_model(QUESTIONS, source, judge, Measuring(samples=2, judging=False))
    name, recorded = read_answers(path)
    told = Source(name=name, recorded={k: _timed(r) for k, r in recorded.items()})
    figures = await measure_model(QUESTIONS, told, judge, Measuring(samples=2))
    golden("bench/model.txt", text_of(render_figures(figures)))
    assert figures.rows[-1].protocol is False
    assert figures.to_json()["rows"][0]["pass_at"] == {"1": 0.5}


def _timed(recorded: Recorded) -> Recorded:
    """The answer as if it had taken a time that is the same in every run."""
    pieces = tuple((0.5, piece) for _, piece in recorded.pieces)
    return replace(recorded, pieces=pieces, seconds=1.5)


def test_there_is_nothing_to_measure_without_samples() -> None:
    with pytest.raises(UsageError):
        Measuring(samples=0)
    with pytest.raises(UsageError):
        Measuring(parallel=0)


@pytest.mark.browser
async def test_a_plan_is_run_and_its_grader_asked() -> None:
    task = find_task("dashdish-1")
    question = next(q for q in paper_tasks() if q.text == task.goal)
    judged = await judge_by(paper_tasks())(question, "result = len(list_all_stores())\n")
    assert not judged.right
    assert judged.detail
    assert judged.commits == ()
