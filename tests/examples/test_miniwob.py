"""MiniWoB++'s pages: tools that know none of them do what each page rewards, whatever the seed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from agentjit import AgentJIT
from agentjit.compiler import CheckedProgram, check
from agentjit.compiler.examples import check_examples
from agentjit.source import Source
from agentjit.toolspecs import lint, load_toolset
from examples.miniwob.__main__ import (
    HERE,
    SEEDS,
    Episode,
    find_pages,
    is_noticed,
    load_episodes,
    open_engine,
    rewarded_seeds,
    whole_plan,
)

TOOLSET = load_toolset(HERE / "tools.py")
EPISODES = load_episodes()
pytestmark = pytest.mark.asyncio(loop_scope="module")
each_episode = pytest.mark.parametrize("episode", EPISODES, ids=lambda episode: episode.page)


@pytest.fixture(scope="module")
def pages() -> Path:
    folder = find_pages()
    if folder is None:
        pytest.skip("MiniWoB++ is not installed (make miniwob)")
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def jit(pages: Path) -> AsyncIterator[AgentJIT]:
    async with open_engine(pages) as engine:
        yield engine


async def test_the_toolset_is_sound_and_names_no_page() -> None:
    assert lint(TOOLSET) == ()
    assert check_examples(TOOLSET) == ()
    assert len({episode.page for episode in EPISODES}) == 20
    source = (HERE / "tools.py").read_text("utf-8").partition("STATE")[2]
    told = source.replace("such as click-button", "")
    assert [episode.page for episode in EPISODES if episode.page in told] == []


@each_episode
async def test_the_plan_is_proven(episode: Episode) -> None:
    plan = whole_plan(episode.page, 1, episode.plan)
    assert isinstance(check(Source(episode.page, plan), TOOLSET), CheckedProgram)


@pytest.mark.browser
@pytest.mark.slow
@each_episode
async def test_the_page_rewards_the_plan_at_every_seed(episode: Episode, jit: AgentJIT) -> None:
    assert await rewarded_seeds(jit, episode.page, episode.plan) == SEEDS


@pytest.mark.browser
@pytest.mark.slow
@each_episode
async def test_a_mistake_in_the_plan_costs_the_reward(episode: Episode, jit: AgentJIT) -> None:
    assert await is_noticed(jit, episode.page, episode.damaged)


@pytest.mark.browser
async def test_a_click_that_ends_the_task_unforeseen_breaks_its_contract(jit: AgentJIT) -> None:
    result = await jit.run(
        "click", plan=whole_plan("click-test-2", 1, "click('ONE')\nfinish('TWO')")
    )
    assert result.status == "failed"
    assert result.error is not None
    assert "episode == 'running'" in result.error.message
