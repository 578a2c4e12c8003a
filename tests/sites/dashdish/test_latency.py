"""Dashdish's tools where answers are late, or do not come: they wait, and say what happened."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest
from playwright.async_api import Browser

from agentjit.errors import ToolError
from tests.sites.dashdish.customer import Customer
from tests.sites.dashdish.uses import BURGER, TO_CART, TO_CHECKOUT, TO_STORE, USES
from tests.sites.guests import Steps, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

#: 300 ms on average, and one answer in twenty takes ten times as long.
LATE: Final = "lognormal:0.3:tail=0.05x10"

#: So many customers at a time in the sweep: they mostly wait.
TOGETHER: Final = 6


async def test_late_content_is_waited_for(customer: Customer) -> None:
    await customer.page.goto(f"{customer.address}/?latency=lognormal:0.02:tail=0.1x8")
    stores = await customer.call("list_all_stores")
    assert len(stores) == 50
    await customer.walk(TO_CHECKOUT)
    terms = await customer.call("get_checkout_details")
    assert (await customer.call("place_order"))["total"] == terms["total"]


async def test_a_part_that_fails_once_is_asked_for_again(customer: Customer) -> None:
    await customer.page.route("**/menu", lambda route: route.abort(), times=1)
    await customer.page.route("**/parts/stores?*page=2", lambda route: route.abort(), times=1)
    assert len(await customer.call("list_all_stores")) == 50
    await customer.call("goto_store", store_name="Taco Bell")
    assert len(await customer.call("list_menu_items")) == 26


@pytest.mark.parametrize(
    ("steps", "broken", "name", "arguments"),
    [
        ([], "**/parts/stores?*", "list_all_stores", {}),
        (TO_STORE, "**/reviews", "get_store_reviews", {}),
        (TO_STORE, "**/item/*", "get_item_details", {"item_name": BURGER}),
        (TO_STORE, "**/item/*", "add_to_cart", {"item_name": BURGER}),
        (TO_STORE, "**/cart/add", "add_to_cart", {"item_name": BURGER}),
        (TO_CART, "**/cart/line", "empty_cart", {}),
        (TO_CART, "**/parts/drawer", "get_cart", {}),
        (TO_CART, "**/parts/bill", "get_checkout_details", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_the_site_does_not_answer_is_an_error_and_soon(
    customer: Customer, steps: Steps, broken: str, name: str, arguments: Any
) -> None:
    await customer.walk(steps)
    await customer.page.route(broken, lambda route: route.abort())
    if name == "get_checkout_details":
        await customer.call("goto_checkout")
    else:
        await customer.page.reload()
    record = await customer.record()
    with pytest.raises(ToolError):
        await customer.call(name, **arguments)
    assert await customer.record() == record


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
async def test_nothing_flakes_when_answers_are_late(
    browser: Browser, address: str, seed: int
) -> None:
    turn = asyncio.Semaphore(TOGETHER)

    async def try_out(name: str) -> None:
        steps, arguments = USES[name]
        query = f"seed={seed}&latency={LATE}"
        async with turn, visiting(Customer, browser, address, query, timeout=30_000) as customer:
            await customer.walk(steps)
            await customer.call_strictly(name, **arguments)

    async with asyncio.TaskGroup() as group:
        for name in USES:
            group.create_task(try_out(name), name=name)
