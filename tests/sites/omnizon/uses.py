"""Where each tool can be used, and with what: the ground of the contract tests."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from agentjit.sites.omnizon.state import Account, start_account
from tests.sites.guests import Steps
from tests.sites.omnizon.shopper import TODAY

#: A tool's name -> the steps to where it can be used, and the arguments to use it with.
Uses = dict[str, tuple[Steps, dict[str, Any]]]

CONTROLLER: Final = "PlayStation DualSense Wireless Controller"

TO_RESULTS: Final[Steps] = [("search_products", {"query": "gaming console"})]
TO_PRODUCT: Final[Steps] = [("open", {"path": "/product/16"})]
TO_FULL_CART: Final[Steps] = [*TO_PRODUCT, ("add_to_cart", {}), ("goto_cart", {})]
TO_CHECKOUT: Final[Steps] = [*TO_PRODUCT, ("buy_now", {})]
TO_ORDERS: Final[Steps] = [("goto_orders", {})]


def account_at(seed: int) -> Account:
    """What the account of a seed begins with."""
    return start_account(seed, date.fromisoformat(TODAY))


def to_cancellation(seed: int) -> Steps:
    """To the page that cancels the latest order."""
    return [*TO_ORDERS, ("goto_cancel", {"order_id": account_at(seed).orders[-1].id})]


def to_review(seed: int) -> Steps:
    """To the review of the latest order's first product."""
    name = account_at(seed).orders[-1].lines[0].product.name
    return [*TO_ORDERS, ("goto_write_review", {"product_name": name})]


def uses_at(seed: int) -> Uses:
    """A use of every tool in the shop of a seed."""
    latest = account_at(seed).orders[-1]
    good = latest.lines[0].product.name
    to_filled = [
        *to_review(seed),
        ("set_review_rating", {"rating": 4}),
        ("fill_review", {"title": "Good", "content": "It does\nwhat it should."}),
    ]
    return {
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
        "goto_cancel": (TO_ORDERS, {"order_id": latest.id}),
        "get_cancellation_details": (to_cancellation(seed), {}),
        "cancel_order": (to_cancellation(seed), {"reason": "Order created by mistake"}),
        "list_cancelled_orders": (TO_PRODUCT, {}),
        "list_all_orders": (TO_PRODUCT, {}),
        "goto_write_review": (TO_ORDERS, {"product_name": good.upper()}),
        "set_review_rating": (to_review(seed), {"rating": 2}),
        "fill_review": (to_review(seed), {"title": "Fine", "content": "Nothing to add."}),
        "get_review_draft": (to_filled, {}),
        "submit_review": (to_filled, {}),
        "list_my_reviews": ([*to_filled, ("submit_review", {})], {}),
    }
