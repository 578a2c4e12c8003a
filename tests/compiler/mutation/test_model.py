"""The model of Dashdish beside the real pages: plans that work, and calls in the wrong place."""

from __future__ import annotations

import ast
import os
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from agentjit.runtime.launch import open_browser
from agentjit.sites import load_site
from agentjit.sites.common.serve import serving
from agentjit.sites.dashdish.tools import TOOLSET
from tests.compiler.mutation.places import ARGUMENTS, PLACES, Steps
from tests.compiler.mutation.plans import load_plans
from tests.compiler.mutation.running import End, run_plan
from tests.compiler.mutation.shopping import Shopping
from tests.compiler.mutation.side_by_side import compare_accounts, compare_call, compare_ends
from tests.compiler.mutation.worlds import usual_worlds
from tests.sites.dashdish.customer import Customer

#: Plans that use every tool between them, and the seed that each is run under.
REPLAYED: Final = {
    "order_as_wished": 0,
    "one_item_less": 1,
    "search_twice": 2,
    "stores_of_every_category": 3,
    "cart_from_a_new_store": 1,
    "schedule_or_not": 2,
    "best_rated_in_category": 3,
    "details_by_comprehension": 0,
}

#: What no accepted plan does, and what the contracts forbid although the site would do it.
WRONG_PLACES: Final = [
    ("a store", "list_all_stores"),
    ("a store", "list_categories"),
    ("orders", "filter_by_category"),
    ("home", "list_menu_items"),
    ("home", "get_store_details"),
    ("checkout", "add_to_cart"),
    ("a store", "goto_checkout"),
    ("home", "remove_from_cart"),
    ("checkout", "remove_from_cart"),
    ("checkout", "empty_cart"),
    ("a store, with a cart", "place_order"),
    ("confirmation", "place_order"),
    ("a store, with a cart", "set_tip"),
    ("a store", "filter_stores"),
    ("orders, with a cart", "goto_checkout"),
    ("checkout", "goto_checkout"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[str]:
    async with serving([load_site("dashdish")]) as addresses:
        yield addresses["dashdish"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        _, browser = await open_browser(playwright, os.environ)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def customer(
    request: pytest.FixtureRequest, browser: Browser, address: str
) -> AsyncIterator[Customer]:
    context = await browser.new_context()
    page = await context.new_page()
    seed = getattr(request, "param", 0)
    await page.goto(f"{address}/?seed={seed}", wait_until="domcontentloaded")
    yield Customer(page, address)
    await context.close()


class Recorded(Shopping):
    """Remembers the calls."""

    def __init__(self, seed: int) -> None:
        super().__init__(usual_worlds()[seed])
        self.calls: Steps = []

    def call(self, name: str, given: Mapping[str, Any]) -> Any:
        self.calls.append((name, dict(given)))
        return super().call(name, given)


def record_plan(name: str, seed: int) -> Recorded:
    """A plan, run to its end in the model."""
    recorded = Recorded(seed)
    text = next(plan.text for plan in load_plans() if plan.name == name)
    assert run_plan(ast.parse(text), recorded).end is End.UNBROKEN
    return recorded


def test_every_tool_is_replayed() -> None:
    used = {call for name, seed in REPLAYED.items() for call, _ in record_plan(name, seed).calls}
    assert used == set(TOOLSET.by_name)


def test_every_tool_is_modelled() -> None:
    for tool in TOOLSET.tools:
        assert callable(getattr(Shopping, tool.name))


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("name", "customer"), REPLAYED.items(), indirect=["customer"], ids=list(REPLAYED)
)
async def test_a_plan_reads_and_leaves_on_the_pages_what_it_does_in_the_model(
    customer: Customer, name: str, request: pytest.FixtureRequest
) -> None:
    seed = request.node.callspec.params["customer"]
    shopping = Shopping(usual_worlds()[seed])
    for tool, arguments in record_plan(name, seed).calls:
        done = await compare_call(customer, shopping, tool, arguments)
        assert done.how == "returns"
    await compare_ends(customer, shopping)


async def go(customer: Customer, shopping: Shopping, place: str) -> None:
    """Bring the tab and the account somewhere."""
    for tool, arguments in PLACES[place]:
        done = await compare_call(customer, shopping, tool, arguments)
        assert done.how == "returns"


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("place", "tool"), WRONG_PLACES)
async def test_a_tool_in_the_wrong_place_does_what_the_model_says(
    customer: Customer, place: str, tool: str
) -> None:
    shopping = Shopping(usual_worlds()[0])
    await go(customer, shopping, place)
    done = await compare_call(customer, shopping, tool, ARGUMENTS.get(tool, {}))
    assert done.how == "fails"
    await compare_accounts(customer, shopping)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("tool", TOOLSET.by_name)
async def test_every_tool_does_in_every_place_what_the_model_says(
    customer: Customer, place: str, tool: str
) -> None:
    shopping = Shopping(usual_worlds()[0])
    await go(customer, shopping, place)
    done = await compare_call(customer, shopping, tool, ARGUMENTS.get(tool, {}))
    await compare_accounts(customer, shopping)
    if done.how == "returns":
        assert dict(await customer.observe()) == shopping.observe()
