"""Dashdish's tools for buying: the cart, the choices at checkout, the order, the order history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, cast

from agentjit.errors import NotDone, ToolError
from agentjit.sites.common.acting import arrive, no_such, open_path
from agentjit.sites.dashdish.acting import act
from agentjit.sites.dashdish.results import (
    Cart,
    CartItem,
    CheckoutDetails,
    OrderEntry,
    PlacedOrder,
)
from agentjit.toolspecs import Effect, From, tool

if TYPE_CHECKING:
    from playwright.async_api import Page

#: The site takes at most so many of an item at a time.
_MOST = 20


#: A choice that the checkout offers: it can be made again, and the last one counts.
_at_checkout = tool(
    requires="page == 'checkout'",
    effect=Effect.WRITE,
    reads={"checkout"},
    writes={"checkout"},
    idempotent=True,
)


@tool(
    requires="page == 'store'",
    ensures="page == 'store', cart == 'filled'",
    effect=Effect.WRITE,
    reads={"cart"},
    writes={"cart"},
    examples=(
        "add_to_cart('Classic Cheeseburger')",
        "add_to_cart('Classic Cheeseburger', quantity=2, customizations=['Large', 'Bacon'])",
    ),
)
async def add_to_cart(
    page: Page,
    item_name: Annotated[str, From("list_menu_items[].name")],
    quantity: int = 1,
    customizations: list[str] | None = None,
) -> CartItem:
    """Put an item of the store's menu into the cart, in a quantity and with options.

    `customizations` are names of options that get_item_details lists, such as 'Large' or
    'Size: Large'. One cart holds items of one store only; empty_cart makes room for another's.
    """
    if not 1 <= quantity <= _MOST:
        raise ToolError(f"the site sells between 1 and {_MOST} of an item, not {quantity}")
    wanted = {"name": item_name, "quantity": quantity, "wanted": customizations or []}
    answer = await act(page, "addToCart", wanted)
    if "names" in answer:
        raise no_such("item", item_name, answer["names"])
    if "wrong" in answer:
        raise no_such(f"option of {item_name!r} named", answer["wrong"], answer["labels"])
    if "refused" in answer:
        raise ToolError(f"{item_name!r} was not added: {answer['refused']}")
    return cast("CartItem", answer["added"])


@tool(effect=Effect.READ, reads={"cart"}, writes=())
async def get_cart(page: Page) -> Cart:
    """Read what is in the cart: its store, items, quantities, options and subtotal."""
    return cast("Cart", await act(page, "getCart"))


@tool(
    requires="page != 'checkout', cart == 'filled'",
    ensures="forgets cart",
    effect=Effect.WRITE,
    reads={"cart"},
    writes={"cart"},
)
async def remove_from_cart(page: Page, item_name: str) -> None:
    """Take an item out of the cart, all pieces of it."""
    answer = await act(page, "removeFromCart", item_name)
    if not answer["removed"]:
        raise no_such("item in the cart", item_name, answer["names"])


@tool(
    requires="page != 'checkout'",
    ensures="cart == 'empty'",
    effect=Effect.WRITE,
    reads={"cart"},
    writes={"cart"},
    idempotent=True,
    timeout=30.0,
)
async def empty_cart(page: Page) -> None:
    """Take everything out of the cart."""
    await act(page, "removeFromCart", None)


@tool(
    requires="page in {'store', 'home'}, cart == 'filled'",
    ensures="page == 'checkout', filtered_by == None",
    effect=Effect.NAVIGATE,
    reads={"cart"},
    writes=(),
)
async def goto_checkout(page: Page) -> None:
    """Go to the checkout with what is in the cart."""
    if not await act(page, "goToCheckout"):
        raise ToolError("the cart is empty", "add_to_cart() puts something into it")
    await arrive(page, "/checkout")


@tool(requires="page == 'checkout'", effect=Effect.READ, reads={"cart", "checkout"}, writes=())
async def get_checkout_details(page: Page) -> CheckoutDetails:
    """Read what the order will be: items, fees, tax, tip, total, address, delivery, payment."""
    return cast("CheckoutDetails", await act(page, "checkoutDetails"))


@_at_checkout
async def choose_delivery_or_pickup(page: Page, method: Literal["Delivery", "Pickup"]) -> None:
    """Choose at checkout whether the order is delivered or picked up."""
    await _choose(page, "method", method)


@_at_checkout
async def choose_delivery_option(
    page: Page, option: Literal["Standard", "Express", "Schedule"], time: str | None = None
) -> None:
    """Choose at checkout how fast the order is delivered, or schedule it for later.

    `time` is for 'Schedule' only: a time as the site offers it; the first one unless given.
    """
    if time is not None and option != "Schedule":
        raise ToolError(f"{option} delivery has no time to choose", "use 'Schedule'")
    if time is not None:
        await _choose(page, "slot", time)
    await _choose(page, "delivery_option", option)


@_at_checkout
async def choose_drop_off(
    page: Page, drop_off: Literal["Leave it at my door", "Hand it to me"]
) -> None:
    """Choose at checkout where the courier leaves the order."""
    await _choose(page, "drop_off", drop_off)


@_at_checkout
async def set_delivery_note(page: Page, note: str) -> None:
    """Write a note (drop-off instructions) for the courier at checkout."""
    await _choose(page, "instructions", note)


@_at_checkout
async def choose_payment(page: Page, payment: Literal["Visa", "Mastercard", "PayPal"]) -> None:
    """Choose at checkout how the order is paid."""
    await _choose(page, "payment", payment)


@_at_checkout
async def set_tip(page: Page, amount: float) -> None:
    """Set the courier's tip at checkout, in dollars; the site offers 0, 2, 3 and 4."""
    await _choose(page, "tip", f"{amount:.2f}")


@tool(
    requires="page == 'checkout', cart == 'filled'",
    ensures="page == 'order_confirmation', cart == 'empty'",
    effect=Effect.COMMIT,
    reads={"cart", "checkout"},
    writes={"cart", "checkout", "orders"},
    verify="list_orders",
    terms="get_checkout_details",
    timeout=20.0,
)
async def place_order(page: Page) -> PlacedOrder:
    """Place (submit, buy, pay) the order as the checkout shows it. It cannot be undone."""
    await act(page, "placeOrder")
    await arrive(page, "/orders/", "/checkout/place")
    answer = await act(page, "placedOrder")
    if "refused" in answer:
        raise NotDone(f"the order was not placed: {answer['refused']}")
    return cast("PlacedOrder", answer["order"])


@tool(
    ensures="page == 'orders', selected_store == None, filtered_by == None",
    effect=Effect.NAVIGATE,
    reads={"orders"},
    writes=(),
    resets_tab=True,
)
async def goto_orders(page: Page) -> None:
    """Open the order history."""
    await open_path(page, "/orders")


@tool(effect=Effect.READ, reads={"orders"}, writes=())
async def list_orders(page: Page) -> list[OrderEntry]:
    """List the orders that were placed (the order history), newest first, from any page."""
    return cast("list[OrderEntry]", await act(page, "listOrders"))


async def _choose(page: Page, name: str, value: str) -> None:
    answer = await act(page, "choose", {"name": name, "value": value})
    if answer["offered"] is not None:
        raise ToolError(f"{value!r} is not offered", f"offered: {', '.join(answer['offered'])}")
