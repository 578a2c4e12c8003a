"""A whole task by the loop, with a site's own tools as actions: an order goes through the gate."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from playwright.async_api import async_playwright

from agentjit.runtime.approval import GrantAll
from agentjit.runtime.calling import Caller
from agentjit.runtime.clock import SystemClock
from agentjit.runtime.committing import CommitGate
from agentjit.runtime.launch import open_browser
from agentjit.runtime.recorder import Forgetting, Recorder
from agentjit.sites import load_site
from agentjit.sites.common.serve import serving
from agentjit.stepping.loop import step
from agentjit.stepping.offering import RESULT_CHARS, CallerTools, show_result
from tests.stepping.script import Script

if TYPE_CHECKING:
    from playwright.async_api import Page

SITE = load_site("dashdish")
ORDER = (
    """[{"call": "goto_store", "with": {"store_name": "Taco Bell"}},
        {"call": "add_to_cart", "with": {"item_name": "Cinnamon Bites"}}]""",
    '{"call": "goto_checkout"}',
    '{"call": "place_order"}',
)


@asynccontextmanager
async def shop() -> AsyncIterator[Page]:
    async with serving([SITE]) as addresses, async_playwright() as playwright:
        _, browser = await open_browser(playwright, os.environ, headless=True)
        page = await browser.new_page()
        await page.goto(addresses["dashdish"])
        yield page
        await browser.close()


async def orders(page: Page) -> int:
    answer = await page.context.request.get(urljoin(page.url, "/finish"))
    return len((await answer.json())["differences"]["foodOrders"]["added"])


@pytest.mark.browser
async def test_an_order_goes_through_the_gate_or_not_at_all() -> None:
    caller = Caller(SITE.toolset, SystemClock())
    recorder = Recorder(caller.clock, Forgetting())
    async with shop() as page:
        refused = Script([*ORDER, '{"give_up": "I may not order"}'])
        outcome = await step(page, "order", refused, tools=CallerTools(caller, page))
        assert outcome.status == "gave-up"
        assert "place_order() is irreversible, and nobody is there to grant it" in refused.seen[3]
        assert await orders(page) == 0

        gate = CommitGate(caller, GrantAll(), recorder, account="me", commits=[])
        granted = Script([ORDER[2], '{"done": "ordered"}'])
        tools = CallerTools(caller, page, gate)
        outcome = await step(page, "order", granted, tools=tools)
        assert outcome.status == "done"
        assert outcome.calls == 1
        assert await orders(page) == 1
        assert [commit.outcome for commit in gate.commits] == ["done"]
    assert "def place_order()" in granted.system


@pytest.mark.browser
async def test_what_a_tool_refuses_is_told() -> None:
    caller = Caller(SITE.toolset, SystemClock())
    async with shop() as page:
        model = Script(
            [
                '{"call": "fly"}',
                '{"call": "goto_store", "with": {"store_name": "Nowhere"}}',
                '{"call": "list_menu_items"}',
                '{"give_up": ""}',
            ]
        )
        outcome = await step(page, "order", model, tools=CallerTools(caller, page))
    assert outcome.reason == "the model gave no reason"
    assert "there is no tool 'fly'" in model.seen[1]
    assert "Nowhere" in model.seen[2]
    assert "list_menu_items() requires `page == 'store'`" in model.seen[3]


def test_a_long_result_is_cut_and_says_so() -> None:
    assert show_result({"price": 1.5}) == '{"price": 1.5}'
    assert show_result("x" * 20_000).startswith('"xxx')
    assert len(show_result("x" * 20_000)) < RESULT_CHARS + 60
