"""How each of Dashdish's tools is tried: from where, with which arguments, what it refuses."""

from __future__ import annotations

from typing import Any, Final

from tests.sites.guests import Slip, Steps

BURGER: Final = "Classic Cheeseburger"

TO_STORE: Final[Steps] = [("open", {"path": "/store/taco-bell"})]
TO_CART: Final[Steps] = [*TO_STORE, ("add_to_cart", {"item_name": BURGER})]
TO_CHECKOUT: Final[Steps] = [*TO_CART, ("goto_checkout", {})]
TO_ORDER: Final[Steps] = [*TO_CHECKOUT, ("place_order", {})]

#: A tool's name -> the steps to where it can be used, and the arguments to use it with.
USES: Final[dict[str, tuple[Steps, dict[str, Any]]]] = {
    "goto_home": (TO_STORE, {}),
    "list_all_stores": ([], {}),
    "list_categories": ([], {}),
    "filter_by_category": ([], {"category_name": "Light & fresh"}),
    "filter_stores": ([], {"query": "noodles"}),
    "goto_store": ([], {"store_name": "Dockside Fish Fry"}),
    "get_store_details": (TO_STORE, {}),
    "list_menu_items": (TO_STORE, {}),
    "get_store_reviews": (TO_STORE, {"limit": 7}),
    "get_item_details": (TO_STORE, {"item_name": BURGER}),
    "add_to_cart": (
        TO_STORE,
        {"item_name": BURGER, "quantity": 3, "customizations": ["Large", "add to it: bacon"]},
    ),
    "get_cart": (TO_CART, {}),
    "remove_from_cart": (TO_CART, {"item_name": BURGER}),
    "empty_cart": (TO_CART, {}),
    "goto_checkout": (TO_CART, {}),
    "get_checkout_details": (TO_CHECKOUT, {}),
    "choose_delivery_or_pickup": (TO_CHECKOUT, {"method": "Pickup"}),
    "choose_delivery_option": (TO_CHECKOUT, {"option": "Express"}),
    "choose_drop_off": (TO_CHECKOUT, {"drop_off": "Hand it to me"}),
    "set_delivery_note": (TO_CHECKOUT, {"note": "Leave at the front door"}),
    "choose_payment": (TO_CHECKOUT, {"payment": "PayPal"}),
    "set_tip": (TO_CHECKOUT, {"amount": 4}),
    "place_order": (TO_CHECKOUT, {}),
    "goto_orders": (TO_ORDER, {}),
    "list_orders": (TO_ORDER, {}),
}

#: Calls that must be refused.
SLIPS: Final[list[Slip]] = [
    ([], "goto_store", {"store_name": "Taco Belt"}, "no store 'Taco Belt'"),
    ([], "filter_by_category", {"category_name": "Light"}, "no category 'Light'"),
    ([], "filter_stores", {"query": " "}, "needs words"),
    (TO_STORE, "get_store_reviews", {"limit": 0}, "no review at all"),
    (TO_STORE, "get_item_details", {"item_name": "Cheeseburger"}, "no item 'Cheeseburger'"),
    (TO_STORE, "add_to_cart", {"item_name": "Classic Cheese"}, "no item 'Classic Cheese'"),
    (TO_STORE, "add_to_cart", {"item_name": BURGER, "quantity": 21}, "between 1 and 20"),
    (TO_STORE, "add_to_cart", {"item_name": BURGER, "quantity": 0}, "between 1 and 20"),
    (TO_STORE, "add_to_cart", {"item_name": BURGER, "customizations": ["Huge"]}, "'Huge'"),
    (
        TO_STORE,
        "add_to_cart",
        {"item_name": BURGER, "customizations": ["Small", "Large"]},
        "'Large'",
    ),
    (TO_CART, "remove_from_cart", {"item_name": "Soup"}, "no item in the cart 'Soup'"),
    (TO_CHECKOUT, "set_tip", {"amount": 2.5}, "'2.50' is not offered"),
    (
        TO_CHECKOUT,
        "choose_delivery_option",
        {"option": "Schedule", "time": "Never"},
        "'Never' is not offered",
    ),
    (
        TO_CHECKOUT,
        "choose_delivery_option",
        {"option": "Express", "time": "Noon"},
        "no time to choose",
    ),
]
