"""Omnizon's tools for the checkout: delivery, card, address, and the order itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

from agentjit.errors import NotDone, ToolError
from agentjit.sites.common.acting import arrive
from agentjit.sites.omnizon.acting import act, not_offered
from agentjit.sites.omnizon.results import (
    Address,
    CheckoutDetails,
    DeliveryOption,
    PaymentCard,
    PlacedOrder,
)
from agentjit.toolspecs import Effect, From, tool

if TYPE_CHECKING:
    from playwright.async_api import Page

#: A choice that the checkout offers: it can be made again, and the last one counts.
_at_checkout = tool(
    requires="page == 'checkout'",
    effect=Effect.WRITE,
    reads={"checkout"},
    writes={"checkout"},
    idempotent=True,
)
_looking = tool(
    requires="page == 'checkout'", effect=Effect.READ, reads={"cart", "checkout"}, writes=()
)


@_looking
async def get_checkout_details(page: Page) -> CheckoutDetails:
    """Read what the order will be: items, shipping, tax, total, delivery date, address, card."""
    return cast("CheckoutDetails", await act(page, "checkoutDetails"))


@_looking
async def list_delivery_options(page: Page) -> list[DeliveryOption]:
    """List the dates on which the order can be delivered, and what shipping costs then.

    They are not in the order of their dates: the last (latest) one has the largest `date`.
    """
    return cast("list[DeliveryOption]", await act(page, "listDeliveryOptions"))


@_at_checkout
async def select_delivery_option(
    page: Page, date: Annotated[str, From("list_delivery_options[].date")]
) -> None:
    """Choose at checkout on which date the order is delivered."""
    await _choose(page, "day", date)


@_looking
async def list_addresses(page: Page) -> list[Address]:
    """List the addresses that the order can be sent to."""
    return cast("list[Address]", await act(page, "listAddresses"))


@_at_checkout
async def select_address(
    page: Page, address: Annotated[str, From("list_addresses[].address")]
) -> None:
    """Choose at checkout which address the order is sent to."""
    await _choose(page, "address", address)


@_looking
async def list_payment_cards(page: Page) -> list[PaymentCard]:
    """List the cards that the order can be paid with (the payment methods)."""
    return cast("list[PaymentCard]", await act(page, "listCards"))


@_at_checkout
async def select_payment_card(
    page: Page, last_digits: Annotated[str, From("list_payment_cards[].last_digits")]
) -> None:
    """Choose at checkout which card (payment method) pays the order, by its last four digits."""
    await _choose(page, "card", last_digits)


@_at_checkout
async def add_payment_card(
    page: Page,
    name: str,
    card_number: str,
    *,
    expiration_month: int,
    expiration_year: int,
    security_code: str,
) -> PaymentCard:
    """Add a new card (payment method) at checkout, and pay the order with it."""
    wanted = {
        "name": name,
        "number": card_number,
        "month": str(expiration_month),
        "year": str(expiration_year),
        "code": security_code,
    }
    answer = await act(page, "addCard", wanted)
    if "refused" in answer:
        raise ToolError(f"the card was not added: {answer['refused']}")
    return {"last_digits": answer["last_digits"], "selected": True}


@tool(
    requires="page == 'checkout', cart == 'filled'",
    ensures="page == 'order_confirmation', cart == 'empty'",
    effect=Effect.COMMIT,
    reads={"cart", "checkout"},
    writes={"cart", "checkout", "orders"},
    verify="list_all_orders",
    terms="get_checkout_details",
    timeout=20.0,
)
async def place_order(page: Page) -> PlacedOrder:
    """Place (submit, buy, purchase, pay) the order as the checkout shows it."""
    await act(page, "placeOrder")
    await arrive(page, "/confirmation", "/checkout/place")
    answer = await act(page, "placedOrder")
    if "refused" in answer:
        raise NotDone(f"the order was not placed: {answer['refused']}")
    return cast("PlacedOrder", answer["order"])


async def _choose(page: Page, name: str, value: str) -> None:
    answer = await act(page, "choose", {"name": name, "value": value})
    if answer["offered"] is not None:
        raise not_offered(value, answer)
