"""Omnizon's tools on the live site: what they ensure holds, and nothing else has changed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agentjit.errors import ContractBroken, ToolError
from agentjit.sites.omnizon.state import start_account
from tests.sites.omnizon.shopper import TODAY, TOOLSET, Shopper

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

Steps = list[tuple[str, Any]]

START = start_account(0, date.fromisoformat(TODAY))
LATEST = START.orders[-1]
DELIVERED = next(order for order in START.orders if order.status == "Delivered")
CONTROLLER = "PlayStation DualSense Wireless Controller"
GOOD = LATEST.lines[0].product.name

TO_RESULTS: Steps = [("search_products", {"query": "gaming console"})]
TO_PRODUCT: Steps = [("open", {"path": "/product/16"})]
TO_FULL_CART: Steps = [*TO_PRODUCT, ("add_to_cart", {}), ("goto_cart", {})]
TO_CHECKOUT: Steps = [*TO_PRODUCT, ("buy_now", {})]
TO_ORDERS: Steps = [("goto_orders", {})]
TO_CANCELLATION: Steps = [*TO_ORDERS, ("goto_cancel", {"order_id": LATEST.id})]
TO_REVIEW: Steps = [*TO_ORDERS, ("goto_write_review", {"product_name": GOOD})]
TO_FILLED: Steps = [
    *TO_REVIEW,
    ("set_review_rating", {"rating": 4}),
    ("fill_review", {"title": "Good", "content": "It does\nwhat it should."}),
]

#: From the home page to where a tool can be used, and the arguments to use it with.
USES: dict[str, tuple[Steps, dict[str, Any]]] = {
    "goto_home": (TO_PRODUCT, {}),
    "list_categories": ([], {}),
    "goto_category": ([], {"category_name": "toys"}),
    "search_products": (TO_PRODUCT, {"query": "water bottle"}),
    "list_results": ([("search_products", {"query": "watch"})], {}),
    "sort_results": (TO_RESULTS, {"order": "Price: Low to High"}),
    "narrow_results": (TO_RESULTS, {"max_price": 99.5, "min_stars": 3}),
    "goto_product": (TO_RESULTS, {"product_name": "ravenpaw home gaming console"}),
    "get_product_details": (TO_PRODUCT, {}),
    "list_product_reviews": (TO_PRODUCT, {"limit": 2}),
    "choose_color": (TO_PRODUCT, {"color": "cosmic red"}),
    "set_quantity": (TO_PRODUCT, {"quantity": 30}),
    "add_to_cart": (TO_PRODUCT, {}),
    "buy_now": (TO_PRODUCT, {}),
    "goto_cart": (TO_PRODUCT, {}),
    "get_cart": (TO_FULL_CART, {}),
    "set_cart_quantity": (TO_FULL_CART, {"product_name": CONTROLLER, "quantity": 7}),
    "remove_from_cart": (TO_FULL_CART, {"product_name": CONTROLLER}),
    "empty_cart": (TO_FULL_CART, {}),
    "proceed_to_checkout": (TO_FULL_CART, {}),
    "get_checkout_details": (TO_CHECKOUT, {}),
    "list_delivery_options": (TO_CHECKOUT, {}),
    "select_delivery_option": (TO_CHECKOUT, {"date": "2025-07-21"}),
    "list_addresses": (TO_CHECKOUT, {}),
    "select_address": (TO_CHECKOUT, {"address": "9 Harbour Steps, Unit 2, Fernley Falls"}),
    "list_payment_cards": (TO_CHECKOUT, {}),
    "select_payment_card": (TO_CHECKOUT, {"last_digits": "4406"}),
    "add_payment_card": (
        TO_CHECKOUT,
        {
            "name": "Robin Ashgrove",
            "card_number": "6011 0000 1234 5678",
            "expiration_month": 2,
            "expiration_year": 2028,
            "security_code": "311",
        },
    ),
    "place_order": (TO_CHECKOUT, {}),
    "goto_orders": (TO_PRODUCT, {}),
    "goto_orders_tab": ([*TO_ORDERS, ("goto_buy_again_tab", {})], {}),
    "goto_buy_again_tab": (TO_ORDERS, {}),
    "goto_not_yet_shipped_tab": (TO_ORDERS, {}),
    "goto_cancelled_orders_tab": (TO_ORDERS, {}),
    "list_orders": (TO_ORDERS, {}),
    "list_buy_again_items": ([*TO_ORDERS, ("goto_buy_again_tab", {})], {}),
    "goto_cancel": (TO_ORDERS, {"order_id": LATEST.id}),
    "get_cancellation_details": (TO_CANCELLATION, {}),
    "cancel_order": (TO_CANCELLATION, {"reason": "Order created by mistake"}),
    "list_cancelled_orders": (TO_PRODUCT, {}),
    "list_all_orders": (TO_PRODUCT, {}),
    "goto_write_review": (TO_ORDERS, {"product_name": GOOD.upper()}),
    "set_review_rating": (TO_REVIEW, {"rating": 2}),
    "fill_review": (TO_REVIEW, {"title": "Fine", "content": "Nothing to add."}),
    "get_review_draft": (TO_FILLED, {}),
    "submit_review": (TO_FILLED, {}),
    "list_my_reviews": ([*TO_FILLED, ("submit_review", {})], {}),
}

#: Calls that must be refused: where from, the tool, its arguments, and what the error says.
SLIPS: list[tuple[Steps, str, dict[str, Any], str]] = [
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
    (TO_CANCELLATION, "cancel_order", {"reason": "Because"}, "not among the reasons"),
    (TO_REVIEW, "set_review_rating", {"rating": 6}, "between 1 and 5 stars"),
    (TO_REVIEW, "fill_review", {"title": " ", "content": "x"}, "a title and a content"),
]


async def test_every_tool_is_tried() -> None:
    assert set(USES) == set(TOOLSET.by_name)


@pytest.mark.parametrize("name", USES)
async def test_a_tool_keeps_its_contract(shopper: Shopper, name: str) -> None:
    steps, arguments = USES[name]
    await shopper.walk(steps)
    await shopper.call_strictly(name, **arguments)


async def test_a_body_in_the_wrong_place_fails_and_changes_nothing(shopper: Shopper) -> None:
    await shopper.walk([("open", {"path": "/reviews"})])
    account, seen = await shopper.account(), await shopper.observe()
    shopper.page.set_default_timeout(1_000)
    for tool in TOOLSET.tools:
        if tool.requires:
            with pytest.raises(ToolError):
                await tool.body(shopper.page, **USES[tool.name][1])
            assert (await shopper.account(), await shopper.observe()) == (account, seen), tool.name


async def test_an_unmet_requirement_stops_a_call_before_it_begins(shopper: Shopper) -> None:
    account = await shopper.account()
    with pytest.raises(ContractBroken, match="submit_review"):
        await shopper.call("submit_review")
    assert await shopper.account() == account


@pytest.mark.parametrize(
    ("steps", "name", "arguments", "complaint"),
    SLIPS,
    ids=[f"{name} {list(arguments.values())}" for _, name, arguments, _ in SLIPS],
)
async def test_a_tool_that_cannot_says_why_and_changes_nothing(
    shopper: Shopper, steps: Steps, name: str, arguments: dict[str, Any], complaint: str
) -> None:
    await shopper.walk(steps)
    account, seen = await shopper.account(), await shopper.observe()
    with pytest.raises(ToolError, match=complaint):
        await shopper.call(name, **arguments)
    assert (await shopper.account(), await shopper.observe()) == (account, seen)
