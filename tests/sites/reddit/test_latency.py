"""The tools under answers that come late, some very late: the same results, every time."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest
from playwright.async_api import Browser

from agentjit.errors import ToolError
from tests.sites.guests import visiting
from tests.sites.reddit.test_tools import USES
from tests.sites.reddit.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

#: How many visitors there are at the same time: they mostly wait.
TOGETHER: Final = 6


async def test_late_answers_change_nothing_about_the_paper_s_tasks(visitor: Visitor) -> None:
    await visitor.page.goto(f"{visitor.address}/?latency=lognormal:0.02:tail=0.1x8")
    await visitor.call("goto_forum", forum_name="DIY")
    await visitor.call("change_submission_order", order="new")
    (post,) = await visitor.call("list_submissions", limit=1)
    await visitor.call("goto_submission", submission_url=post["url"])
    comments = await visitor.call("list_comments")
    disliked = [each["author"] for each in comments if each["score"] < 0]
    assert disliked
    assert set(disliked) == {post["author"]}
    await visitor.call("upvote")
    assert (await visitor.record())["votes"]["submissions"]["119019"] == 1


@pytest.mark.slow
@pytest.mark.parametrize("repeat", range(20))
async def test_no_tool_minds_a_heavy_tail(browser: Browser, address: str, repeat: int) -> None:
    places = asyncio.Semaphore(TOGETHER)

    async def visit(name: str) -> None:
        async with places:
            await _use_late(browser, address, name, repeat % 5)

    await asyncio.gather(*map(visit, USES))


async def _use_late(browser: Browser, address: str, name: str, seed: int) -> None:
    steps, arguments = USES[name]
    async with visiting(Visitor, browser, address, f"seed={seed}", timeout=30_000) as visitor:
        await visitor.walk(steps)
        late = "latency=lognormal:0.3:tail=0.05x10"
        await visitor.page.request.get(f"{address}/config?{late}")
        try:
            await visitor.try_out(name, **arguments)
        except (AssertionError, ToolError) as problem:
            problem.add_note(f"it was {name}")
            raise
