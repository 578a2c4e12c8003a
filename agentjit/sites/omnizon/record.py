"""From an account to its JSON record, with the key names that REAL's evaluators read."""

from __future__ import annotations

from typing import Final

from agentjit.sites.common.difference import Tree, as_mapping, pick
from agentjit.sites.common.finish import Record
from agentjit.sites.omnizon.checkout import Card
from agentjit.sites.omnizon.orders import Line, Order
from agentjit.sites.omnizon.state import Account, Review
from agentjit.toolspecs import JsonValue


def show_account(account: Account) -> Tree:
    """The whole account. Orders stand at `order.orders`, by number from "0", oldest first."""
    return {
        "cart": {"items": [_show_line(line) for line in account.lines]},
        "checkout": {
            "selected_delivery": account.delivery.label,
            "selected_card": _show_card(account.card),
            "selected_address": account.choices.address,
            "cards": [_show_card(card) for card in account.cards],
        },
        "order": {
            "orders": {str(place): _show_order(order) for place, order in enumerate(account.orders)}
        },
        "reviews": {str(place): _show_review(each) for place, each in enumerate(account.reviews)},
        "filter": {
            "searchQuery": account.visit.searched,
            "searchInputValue": account.visit.searched,
        },
        "router": {"location": {"pathname": account.visit.path}},
    }


def show_placed(initial: Tree, final: Tree) -> Tree:
    """The orders that were placed, from "0", each with what its checkout page had."""
    known = len(as_mapping(pick(initial, "order.orders")))
    orders = [as_mapping(order) for order in as_mapping(pick(final, "order.orders")).values()]
    added: Tree = {
        str(place): {"order": {**order, "cart": order["items"]}}
        for place, order in enumerate(orders[known:])
    }
    return {"orderDetailsDiff": {"added": added, "deleted": {}, "updated": {}}}


RECORD: Final = Record(
    show_account,
    {"orders": "order.orders", "cart": "cart.items", "reviews": "reviews"},
    more=show_placed,
)


def _show_line(line: Line) -> Tree:
    return {
        "id": line.product.id,
        "name": line.product.name,
        "color": line.color,
        "quantity": line.quantity,
        "price": _dollars(line.product.cents),
    }


def _show_order(order: Order) -> Tree:
    return {
        "orderNumber": order.id,
        "date": order.placed.isoformat(),
        "status": order.status,
        "items": [_show_line(line) for line in order.lines],
        "deliveryDate": order.delivery.day.isoformat(),
        "selected_delivery": order.delivery.label,
        "selected_card": _show_card(order.card),
        "selected_address": order.address,
        "shipping": _dollars(order.bill.shipping),
        "tax": _dollars(order.bill.tax),
        "total": _dollars(order.bill.total),
    }


def _show_card(card: Card) -> JsonValue:
    return {
        "cardName": card.name,
        "cardNumber": card.number,
        "month": card.month,
        "year": card.year,
        "security_code": card.code,
    }


def _show_review(review: Review) -> JsonValue:
    return {
        "orderNumber": review.order_id,
        "productId": review.product_id,
        "productName": review.product_name,
        "rating": review.rating,
        "title": review.title,
        "content": review.content,
    }


def _dollars(cents: int) -> float:
    return cents / 100
