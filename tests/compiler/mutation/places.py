"""Where a tab and an account can be on Dashdish, and arguments to try every tool with."""

from __future__ import annotations

from typing import Any, Final

Steps = list[tuple[str, dict[str, Any]]]

ADD: Final[Steps] = [
    ("goto_store", {"store_name": "Taco Bell"}),
    ("add_to_cart", {"item_name": "Classic Cheeseburger"}),
]
#: Where the tab and the cart can be, and how one gets there.
PLACES: Final[dict[str, Steps]] = {
    "home": [],
    "a filtered home": [("filter_by_category", {"category_name": "Light & fresh"})],
    "home, with a cart": [*ADD, ("goto_home", {})],
    "a store": ADD[:1],
    "a store, with a cart": ADD,
    "checkout": [*ADD, ("goto_checkout", {})],
    "confirmation": [*ADD, ("goto_checkout", {}), ("place_order", {})],
    "orders": [("goto_orders", {})],
    "orders, with a cart": [*ADD, ("goto_orders", {})],
}

#: Arguments that are good where the tool can be used.
ARGUMENTS: Final[dict[str, dict[str, Any]]] = {
    "filter_by_category": {"category_name": "Costume party ready"},
    "filter_stores": {"query": "noodles"},
    "goto_store": {"store_name": "Petco"},
    "get_store_reviews": {"limit": 2},
    "get_item_details": {"item_name": "Classic Cheeseburger"},
    "add_to_cart": {"item_name": "Classic Cheeseburger", "customizations": ["Bacon", "Large"]},
    "remove_from_cart": {"item_name": "Classic Cheeseburger"},
    "choose_delivery_or_pickup": {"method": "Pickup"},
    "choose_delivery_option": {"option": "Schedule"},
    "choose_drop_off": {"drop_off": "Hand it to me"},
    "set_delivery_note": {"note": "ring twice"},
    "choose_payment": {"payment": "PayPal"},
    "set_tip": {"amount": 4.0},
}
