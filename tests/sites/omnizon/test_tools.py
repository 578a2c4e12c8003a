"""Omnizon's tools on the live site: what they ensure holds, and nothing else has changed."""

from __future__ import annotations

import pytest

from agentjit.errors import ContractBroken, ToolError
from tests.sites.guests import Slip, by_place
from tests.sites.omnizon.shopper import TOOLSET, Shopper
from tests.sites.omnizon.uses import (
    CONTROLLER,
    TO_CHECKOUT,
    TO_FULL_CART,
    TO_ORDERS,
    TO_PRODUCT,
    TO_RESULTS,
    account_at,
    to_cancellation,
    to_review,
    uses_at,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

USES = uses_at(0)
START = account_at(0)
DELIVERED = next(order for order in START.orders if order.status == "Delivered")

#: Calls that must be refused.
SLIPS: list[Slip] = [
    ([], "goto_category", {"category_name": "Toy"}, "no category 'Toy'"),
    ([], "search_products", {"query": " "}, "needs words"),
    (TO_RESULTS, "goto_product", {"product_name": "Gaming Stick"}, "no product in this list"),
    (TO_RESULTS, "narrow_results", {}, "nothing to filter by"),
    (TO_RESULTS, "narrow_results", {"max_price": 1.234}, "is no price"),
    (TO_PRODUCT, "choose_color", {"color": "Mauve"}, "'Mauve' is not offered"),
    (TO_PRODUCT, "set_quantity", {"quantity": 31}, "between 1 and 30"),
    (TO_PRODUCT, "set_quantity", {"quantity": 0}, "between 1 and 30"),
    (TO_PRODUCT, "list_product_reviews", {"limit": 0}, "no review at all"),
    (TO_FULL_CART, "set_cart_quantity", {"product_name": CONTROLLER, "quantity": 31}, "30"),
    (TO_FULL_CART, "set_cart_quantity", {"product_name": "Soup", "quantity": 2}, "no product in"),
    (TO_FULL_CART, "remove_from_cart", {"product_name": "Soup"}, "no product in the cart 'Soup'"),
    (TO_CHECKOUT, "select_delivery_option", {"date": "2025-08-01"}, "'2025-08-01' is not offered"),
    (TO_CHECKOUT, "select_payment_card", {"last_digits": "0000"}, "'0000' is not offered"),
    (TO_CHECKOUT, "select_address", {"address": "Elsewhere"}, "'Elsewhere' is not offered"),
    (
        TO_CHECKOUT,
        "add_payment_card",
        {**USES["add_payment_card"][1], "card_number": "12"},
        "not a card number",
    ),
    (
        TO_CHECKOUT,
        "add_payment_card",
        {**USES["add_payment_card"][1], "expiration_year": 1999},
        "year 1999 is not offered",
    ),
    (TO_ORDERS, "goto_cancel", {"order_id": "1"}, "no order in this tab '1'"),
    (TO_ORDERS, "goto_cancel", {"order_id": DELIVERED.id}, "cannot be cancelled: delivered"),
    (TO_ORDERS, "goto_write_review", {"product_name": "Soup"}, "no product in these orders"),
    (to_cancellation(0), "cancel_order", {"reason": "Because"}, "not among the reasons"),
    (to_review(0), "set_review_rating", {"rating": 6}, "between 1 and 5 stars"),
    (to_review(0), "fill_review", {"title": " ", "content": "x"}, "a title and a content"),
]


async def test_every_tool_is_tried() -> None:
    assert set(USES) == set(TOOLSET.by_name)


@pytest.mark.parametrize("name", USES)
async def test_a_tool_keeps_its_contract(shopper: Shopper, name: str) -> None:
    steps, arguments = USES[name]
    await shopper.walk(steps)
    await shopper.try_out(name, **arguments)


async def test_a_body_in_the_wrong_place_fails_and_changes_nothing(shopper: Shopper) -> None:
    await shopper.walk([("open", {"path": "/reviews"})])
    record, seen = await shopper.record(), await shopper.observe()
    shopper.page.set_default_timeout(1_000)
    for tool in TOOLSET.tools:
        if tool.requires:
            with pytest.raises(ToolError):
                await tool.body(shopper.page, **USES[tool.name][1])
            assert (await shopper.record(), await shopper.observe()) == (record, seen), tool.name


async def test_an_unmet_requirement_stops_a_call_before_it_begins(shopper: Shopper) -> None:
    record = await shopper.record()
    with pytest.raises(ContractBroken, match="submit_review"):
        await shopper.hurried().call("submit_review")
    assert await shopper.record() == record


@pytest.mark.parametrize("slips", by_place(SLIPS))
async def test_tools_that_cannot_say_why_and_change_nothing(
    shopper: Shopper, slips: list[Slip]
) -> None:
    await shopper.walk(slips[0][0])
    await shopper.slip(slips)
