"""Omnizon's tools where answers are late: they wait for what they need, and for nothing else."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser

from agentjit.errors import ToolError
from tests.sites.guests import Steps, visiting
from tests.sites.omnizon.shopper import Shopper
from tests.sites.omnizon.uses import (
    CONTROLLER,
    TO_CHECKOUT,
    TO_FULL_CART,
    TO_ORDERS,
    TO_PRODUCT,
    TO_RESULTS,
    to_review,
    uses_at,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

#: 300 ms on average, and one answer in twenty takes ten times as long.
LATE = "lognormal:0.3:tail=0.05x10"

#: So many shoppers at a time in the sweep.
TABS = 6


async def test_late_content_is_waited_for(shopper: Shopper) -> None:
    await shopper.page.goto(f"{shopper.address}/?latency=lognormal:0.02:tail=0.1x8")
    await shopper.call("search_products", query="gaming")
    assert len(await shopper.call("list_results")) > 24
    await shopper.call("sort_results", order="Price: High to Low")
    prices = [each["price"] for each in await shopper.call("list_results")]
    assert prices == sorted(prices, reverse=True)
    await shopper.walk(TO_CHECKOUT)
    terms = await shopper.call("get_checkout_details")
    placed = await shopper.call("place_order")
    assert placed["total"] == terms["total"]


@pytest.mark.parametrize(
    ("steps", "late", "name"),
    [
        (TO_RESULTS, "**/parts/results?*", "list_results"),
        (TO_PRODUCT, "**/reviews", "list_product_reviews"),
        (TO_ORDERS, "**/parts/orders?*", "list_orders"),
    ],
    ids=lambda value: value if isinstance(value, str) and "*" not in value else "",
)
async def test_a_part_that_fails_once_is_asked_for_again(
    shopper: Shopper, steps: Steps, late: str, name: str
) -> None:
    await shopper.walk(steps)
    right = await shopper.call(name)
    await shopper.page.route(late, lambda route: route.abort(), times=1)
    await shopper.page.reload(wait_until="domcontentloaded")
    assert await shopper.call(name) == right


@pytest.mark.parametrize(
    ("steps", "broken", "name", "arguments"),
    [
        (TO_RESULTS, "**/parts/results?*", "list_results", {}),
        (TO_RESULTS, "**/parts/results?*", "goto_product", {"product_name": CONTROLLER}),
        (TO_PRODUCT, "**/reviews", "list_product_reviews", {}),
        (TO_PRODUCT, "**/cart/add", "add_to_cart", {}),
        (TO_FULL_CART, "**/cart/line", "empty_cart", {}),
        (TO_CHECKOUT, "**/checkout/choose", "select_payment_card", {"last_digits": "4406"}),
        (TO_ORDERS, "**/parts/orders?*", "list_orders", {}),
        (to_review(0), "**/review/*", "submit_review", {}),
    ],
    ids=lambda value: value if isinstance(value, str) and "*" not in value else "",
)
async def test_what_the_site_does_not_answer_is_an_error_and_changes_nothing(
    shopper: Shopper, steps: Steps, broken: str, name: str, arguments: dict[str, object]
) -> None:
    await shopper.walk(steps)
    if name == "submit_review":
        await shopper.call("set_review_rating", rating=4)
        await shopper.call("fill_review", title="Good", content="It does what it should.")
    await shopper.page.route(broken, lambda route: route.abort())
    if name.startswith(("list", "goto")):
        await shopper.page.reload(wait_until="domcontentloaded")
    record = await shopper.record()
    shopper.page.set_default_timeout(2_000)
    with pytest.raises(ToolError):
        await shopper.call(name, **arguments)
    assert await shopper.record() == record


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
async def test_nothing_flakes_when_answers_are_late(
    browser: Browser, address: str, seed: int
) -> None:
    turn = asyncio.Semaphore(TABS)

    async def try_out(name: str) -> None:
        steps, arguments = uses_at(seed)[name]
        query = f"seed={seed}&latency={LATE}"
        async with turn, visiting(Shopper, browser, address, query, timeout=30_000) as shopper:
            await shopper.walk(steps)
            await shopper.call_strictly(name, **arguments)

    async with asyncio.TaskGroup() as group:
        for name in uses_at(seed):
            group.create_task(try_out(name), name=name)
