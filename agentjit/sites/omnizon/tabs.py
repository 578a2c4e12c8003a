"""The tabs of the page of orders, and which orders each shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from agentjit.sites.omnizon.orders import CANCELLED, DELIVERED, WAITING, Line, Order
from agentjit.sites.omnizon.state import Account


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its key in the address, and its title."""

    key: str
    title: str


ALL: Final = Tab("orders", "Orders")
AGAIN: Final = Tab("buy-again", "Buy Again")
TABS: Final = (
    ALL,
    AGAIN,
    Tab("not-yet-shipped", "Not Yet Shipped"),
    Tab("cancelled", "Cancelled Orders"),
)


def orders_in(account: Account, key: str) -> tuple[Order, ...]:
    """The orders of a tab, newest first; "everything" has those of all tabs."""
    newest = tuple(reversed(account.orders))
    match key:
        case "orders":
            return tuple(order for order in newest if order.status != CANCELLED)
        case "not-yet-shipped":
            return tuple(order for order in newest if order.status == WAITING)
        case "cancelled":
            return tuple(order for order in newest if order.status == CANCELLED)
        case "everything":
            return newest
        case _:
            return ()


def bought_before(account: Account) -> tuple[Line, ...]:
    """What was delivered once and can be bought again, latest first, each product once."""
    delivered = (order for order in reversed(account.orders) if order.status == DELIVERED)
    lines = {line.product.id: line for order in delivered for line in reversed(order.lines)}
    return tuple(line for line in lines.values() if line.product.in_stock)
