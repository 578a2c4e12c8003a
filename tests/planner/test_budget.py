"""Ceilings on money, tokens and time, and the prices that money is counted by."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agentjit.engine import AgentJIT
from agentjit.errors import BudgetSpent, ModelError, UsageError
from agentjit.planner.budget import Budget, Ceilings, MeteredModel
from agentjit.planner.candidate import Task
from agentjit.planner.endpoint_errors import NoAnswer
from agentjit.planner.estimating import estimate_prompt
from agentjit.planner.prices import Price, load_prices
from agentjit.planner.sampling import Sampling, sample_plans
from agentjit.ports import Completion, Prompt, Usage, Watch
from tests.fixtures.toolhire.tools import TOOLSET

PROMPT = Prompt(messages=({"role": "user", "content": "x" * 296},), max_tokens=200)
#: What the prompt is taken to have.
ASKED = 103
GOOD = '```python\nopen_depot("Millbrook")\nresult = len(show_machines())\n```'


@dataclass
class Scripted:
    """Answers with what it is told to, or waits for ever."""

    answer: Completion | ModelError | None = None
    name: str = "openai/fake"
    asked: list[Prompt] = field(default_factory=list)
    heard: str = "half an answer"

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
        self.asked.append(prompt)
        if self.answer is None:
            if watch is not None:
                watch(self.heard)
            await asyncio.Event().wait()
        if isinstance(self.answer, ModelError):
            raise self.answer
        assert self.answer is not None
        return self.answer


def said(prompt: int, completion: int, text: str = GOOD) -> Completion:
    return Completion(text=text, usage=Usage(1, prompt, completion), seconds=0.0)


@dataclass
class Stopped:
    """A clock that goes only when it is set."""

    time: float = 0.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


def test_the_prompt_of_these_tests_is_what_it_is_taken_for() -> None:
    assert estimate_prompt(PROMPT) == ASKED


async def test_every_call_is_counted_with_its_price() -> None:
    budget = Budget(price_of=lambda _: Price(2.0, 8.0))
    model = MeteredModel(Scripted(said(1000, 100)), budget)
    completion = await model.complete(PROMPT)
    assert completion.usage == Usage(1, 1000, 100, dollars=0.0028)
    await model.complete(PROMPT)
    assert (budget.spent.calls, budget.spent.tokens, budget.spent.dollars) == (2, 2200, 0.0056)


async def test_a_price_that_nobody_knows_is_not_taken_for_nothing() -> None:
    budget = Budget()
    await MeteredModel(Scripted(said(10, 10)), budget).complete(PROMPT)
    assert (budget.spent.unpriced, budget.spent.dollars) == (1, 0.0)
    Budget(Ceilings(tokens=1)).require_price("openai/fake")
    with pytest.raises(UsageError, match="price for openai/fake") as caught:
        Budget(Ceilings(dollars=1.0)).require_price("openai/fake")
    assert "--prices" in caught.value.hint


@pytest.mark.parametrize("ceiling", [{"dollars": 0.0}, {"tokens": -1}, {"seconds": float("nan")}])
def test_a_ceiling_that_leaves_nothing_is_a_usage_error(ceiling: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="leaves nothing"):
        Ceilings(**ceiling)  # type: ignore[arg-type]


async def test_no_request_is_sent_that_may_go_over_the_ceiling() -> None:
    model = Scripted(said(ASKED, 50))
    metered = MeteredModel(model, Budget(Ceilings(tokens=500)))
    await metered.complete(PROMPT)
    await metered.complete(PROMPT)
    # An answer of 91 tokens is no plan.
    with pytest.raises(BudgetSpent, match=r"500 tokens.*306 are spent"):
        await metered.complete(PROMPT)
    assert [p.max_tokens for p in model.asked] == [200, 200]


async def test_the_last_answer_is_kept_as_short_as_what_is_left() -> None:
    model = Scripted(said(ASKED, 50))
    metered = MeteredModel(model, Budget(Ceilings(tokens=400)))
    await metered.complete(PROMPT)
    await metered.complete(PROMPT)
    assert [p.max_tokens for p in model.asked] == [200, 400 - (ASKED + 50) - ASKED]
    assert all(p.thinks_within for p in model.asked)


async def test_the_ceiling_on_money_counts_answers_at_their_own_price() -> None:
    budget = Budget(Ceilings(dollars=0.003), price_of=lambda _: Price(1.0, 10.0))
    model = Scripted(said(ASKED, 100))
    metered = MeteredModel(model, budget)
    await metered.complete(PROMPT)
    await metered.complete(PROMPT)
    with pytest.raises(BudgetSpent, match=r"\$0\.003.*--max-cost"):
        await metered.complete(PROMPT)
    assert budget.spent.dollars <= 0.003
    assert model.asked[1].max_tokens == 179


async def test_requests_wait_for_what_others_have_set_aside() -> None:
    budget = Budget(Ceilings(tokens=500))
    waiting = Scripted()
    first = asyncio.create_task(MeteredModel(waiting, budget).complete(PROMPT, lambda _: True))
    await asyncio.sleep(0)
    model = Scripted(said(ASKED, 20))
    second = asyncio.create_task(MeteredModel(model, budget).complete(PROMPT))
    for _ in range(10):
        await asyncio.sleep(0)
    assert (len(waiting.asked), len(model.asked)) == (1, 0)
    first.cancel()
    await second
    # The one that was given up was paid for, too.
    assert (budget.spent.calls, budget.spent.estimated) == (2, 1)
    assert budget.spent.tokens == ASKED + 5 + ASKED + 20


@pytest.mark.parametrize(
    ("failure", "spent"),
    [
        (NoAnswer("empty", "", Usage(1, 100, 200)), Usage(1, 100, 200, unpriced=1)),
        (ModelError("refused the request"), Usage()),
    ],
)
async def test_a_failure_costs_what_the_endpoint_says(failure: ModelError, spent: Usage) -> None:
    budget = Budget()
    with pytest.raises(ModelError):
        await MeteredModel(Scripted(failure), budget).complete(PROMPT)
    assert budget.spent == spent


async def test_when_the_time_is_over_a_call_ends_and_no_step_begins() -> None:
    clock = Stopped()
    budget = Budget(Ceilings(seconds=5.0), clock=clock)
    budget.begin()
    budget.check_time()
    clock.time = 5.0
    with pytest.raises(BudgetSpent, match=r"5 s \(--max-seconds\)"):
        budget.check_time()
    with pytest.raises(BudgetSpent, match="--max-seconds"):
        await MeteredModel(Scripted(), budget).complete(PROMPT)


async def test_a_time_out_of_something_else_is_not_taken_for_the_budget() -> None:
    with pytest.raises(TimeoutError):
        async with Budget(Ceilings(seconds=60.0)).deadline():
            raise TimeoutError


async def test_sampling_ends_with_what_it_has_when_the_ceiling_is_reached() -> None:
    task = Task("how many machines does Millbrook have?", TOOLSET)
    enough = Budget(Ceilings(tokens=6_000))
    model = Scripted(said(4_000, 100))
    verdicts = await sample_plans(task, MeteredModel(model, enough), Sampling(workers=4))
    assert [v.checked is not None for v in verdicts] == [True]
    bad = Scripted(said(4_000, 100, "```python\nresult = len(show_machines())\n```"))
    with pytest.raises(BudgetSpent, match="6000 tokens"):
        await sample_plans(
            task, MeteredModel(bad, Budget(Ceilings(tokens=6_000))), Sampling(workers=4)
        )


# --- prices ---


def test_a_table_of_ones_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text('["openai/gpt-4.1"]\ninput = 1\noutput = 2.5\n["a/b"]\ninput = 0\noutput = 0\n')
    assert load_prices(path) == {"openai/gpt-4.1": Price(1.0, 2.5), "a/b": Price(0.0, 0.0)}


def test_money_is_limited_before_anything_is_started(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text('["a/b"]\ninput = 1\noutput = 2\n')
    local = {"OPENAI_API_KEY": "sk-test-0123456789", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}
    remote = {**local, "OPENAI_BASE_URL": "http://example.invalid/v1"}
    AgentJIT(model="a/b", env=local, max_cost=1.0)
    AgentJIT(model="a/b", env=remote, max_cost=1.0, prices=path)
    AgentJIT(model="openai/gpt-4.1", env=remote, max_cost=1.0)
    with pytest.raises(UsageError, match="price for a/b"):
        AgentJIT(model=["openai/gpt-4.1", "a/b"], env=remote, max_cost=1.0)


@pytest.mark.parametrize(
    "text",
    ["[", "a = 1", "[a]\ninput = 1", "[a]\ninput = -1\noutput = 1", "[a]\ninput = true\noutput=1"],
)
def test_a_table_that_is_none_is_a_usage_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        load_prices(path)
    assert "openai/gpt-4.1" in caught.value.hint


def test_a_table_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        load_prices(tmp_path / "prices.toml")
