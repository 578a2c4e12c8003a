"""What the pages of Dashdish show, as its tools read it: from the catalogue to their results."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from agentjit.sites.dashdish.basket import Checkout, PickedLine
from agentjit.sites.dashdish.charges import Charges
from agentjit.sites.dashdish.menu import Item, Review, Section, Store
from agentjit.sites.dashdish.state import Order

#: Curly quotes and the grave accent stand for the straight one.
_QUOTES: Final = str.maketrans(dict.fromkeys("\u2019\u2018`", "'"))


def fold(words: str) -> str:
    """A name without what people do not write twice in the same way."""
    plain = unicodedata.normalize("NFKC", words)
    return " ".join(plain.translate(_QUOTES).split()).lower()


def same(one: str, other: str) -> bool:
    """Whether two names are the same to the site's tools."""
    return fold(one) == fold(other)


def show_card(store: Store) -> dict[str, Any]:
    """A store's card on the home page."""
    return {
        "name": store.name,
        "cuisine": store.cuisine,
        "rating": store.rating / 100,
        "review_count": store.review_count,
        "minutes": store.minutes,
        "delivery_fee": store.fee_cents / 100 if store.delivers else None,
        "price_level": store.level,
        "offers_delivery": store.delivers,
        "offers_pickup": store.picks_up,
    }


def show_store(store: Store) -> dict[str, Any]:
    """The head of a store's page."""
    return {
        "name": store.name,
        "cuisine": store.cuisine,
        "rating": store.rating / 100,
        "review_count": store.review_count,
        "price_level": store.level,
        "offers_delivery": store.delivers,
        "delivery_minutes": store.minutes if store.delivers else None,
        "delivery_fee": store.fee_cents / 100 if store.delivers else None,
        "offers_pickup": store.picks_up,
        "pickup_minutes": store.minutes * 6 // 10 + 3 if store.picks_up else None,
        "categories": list(store.categories),
    }


def show_dish(section: Section, item: Item) -> dict[str, Any]:
    """A line of the menu."""
    return {
        "name": item.name,
        "price": item.cents / 100,
        "section": section.title,
        "description": item.description,
        "available": not item.sold_out,
    }


def show_options(item: Item) -> list[dict[str, Any]]:
    """The questions of an item's dialog; the first answer stands where only one may be given."""
    return [
        {
            "group": group.title,
            "name": choice.label,
            "extra_price": choice.cents / 100,
            "included": not group.many and index == 0,
        }
        for group in item.options
        for index, choice in enumerate(group.choices)
    ]


def show_review(review: Review) -> dict[str, Any]:
    """What a customer wrote."""
    date = "yesterday" if review.days == 1 else f"{review.days} days ago"
    return {
        "reviewer": review.reviewer,
        "rating": review.rating,
        "text": review.text,
        "date": date,
    }


def show_line(picked: PickedLine) -> dict[str, Any]:
    """A line of the cart, the checkout or an order."""
    return {
        "name": picked.item.name,
        "quantity": picked.line.quantity,
        "options": [choice.label for _, choice in picked.choices],
        "price": picked.cents / 100,
    }


def show_checkout(
    store: Store, lines: tuple[PickedLine, ...], chosen: Checkout, charges: Charges
) -> dict[str, Any]:
    """The checkout page: what is bought, what it costs, and how it is delivered."""
    later = chosen.delivery_option == "Schedule"
    return {
        "store": store.name,
        "items": [show_line(line) for line in lines],
        "subtotal": charges.subtotal_cents / 100,
        "delivery_fee": charges.delivery_cents / 100,
        "express_fee": charges.express_cents / 100,
        "service_fee": charges.service_cents / 100,
        "tax": charges.tax_cents / 100,
        "tip": charges.tip_cents / 100,
        "total": charges.total_cents / 100,
        "method": chosen.method,
        "delivery_option": chosen.delivery_option,
        "delivery_time": chosen.slot if later else None,
        "address": chosen.address,
        "drop_off": chosen.drop_off,
        "instructions": chosen.instructions,
        "payment": chosen.payment,
    }


def show_order(order: Order) -> dict[str, Any]:
    """The receipt of an order."""
    return {
        "order_id": order.id,
        "store": order.store.name,
        "items": [show_line(line) for line in order.lines],
        "total": order.charges.total_cents / 100,
    }
