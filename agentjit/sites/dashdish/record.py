"""From an account to its JSON record, with the key names that REAL's evaluators read."""

from __future__ import annotations

from typing import Final

from agentjit.sites.common.difference import Tree
from agentjit.sites.common.finish import Record
from agentjit.sites.dashdish.basket import PAYMENTS, Checkout, PickedLine
from agentjit.sites.dashdish.charges import Charges
from agentjit.sites.dashdish.state import Account, Order
from agentjit.toolspecs import JsonValue


def show_account(account: Account) -> Tree:
    """The whole account. Orders stand at `cart.foodOrders`, by number from "0"."""
    return {
        "cart": {
            "cartItems": [_show_line(line) for line in account.picked],
            "foodOrders": {
                str(index): _show_order(order) for index, order in enumerate(account.orders)
            },
        },
        "checkout": {
            "shipping": _show_shipping(account.checkout),
            "payment": _show_payment(account.checkout),
            "tip": _dollars(account.checkout.tip_cents),
        },
    }


RECORD: Final = Record(
    show_account, {"foodOrders": "cart.foodOrders", "cartItems": "cart.cartItems"}
)


def _show_line(picked: PickedLine) -> JsonValue:
    return {
        "id": picked.item.id,
        "name": picked.item.name,
        "description": picked.item.description,
        "restaurantId": picked.store.id,
        "restaurantName": picked.store.name,
        "size": picked.size,
        "options": [f"{title}: {choice.label}" for title, choice in picked.choices],
        "quantity": picked.line.quantity,
        "price": _dollars(picked.unit_cents),
        "totalPrice": _dollars(picked.cents),
    }


def _show_order(order: Order) -> JsonValue:
    return {
        "orderId": order.id,
        "placedAt": order.placed_at,
        "restaurantName": order.store.name,
        "cartItems": [_show_line(line) for line in order.lines],
        "checkoutDetails": {
            "charges": _show_charges(order.charges),
            "shipping": _show_shipping(order.checkout),
            "payment": _show_payment(order.checkout),
        },
    }


def _show_charges(charges: Charges) -> JsonValue:
    return {
        "subTotal": _dollars(charges.subtotal_cents),
        "deliveryFee": _dollars(charges.delivery_cents),
        "expressFee": _dollars(charges.express_cents),
        "serviceFee": _dollars(charges.service_cents),
        "tax": _dollars(charges.tax_cents),
        "tip": _dollars(charges.tip_cents),
        "totalAmount": _dollars(charges.total_cents),
    }


def _show_shipping(checkout: Checkout) -> JsonValue:
    scheduled = checkout.delivery_option == "Schedule"
    return {
        "shippingOption": checkout.method,
        "deliveryOption": checkout.delivery_option,
        "scheduledTime": checkout.slot if scheduled else None,
        "dropOffOption": checkout.drop_off,
        "dropOffInstructions": checkout.instructions,
        "address": checkout.address,
    }


def _show_payment(checkout: Checkout) -> JsonValue:
    return {"type": checkout.payment, "lastDigits": dict(PAYMENTS)[checkout.payment]}


def _dollars(cents: int) -> float:
    return cents / 100
