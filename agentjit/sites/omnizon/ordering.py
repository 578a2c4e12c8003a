"""Omnizon's tools for orders: the tabs that list them, and cancelling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

from agentjit.errors import NotDone, ToolError
from agentjit.sites.common.acting import no_such, open_path
from agentjit.sites.omnizon.acting import act
from agentjit.sites.omnizon.results import BoughtBefore, Cancellation, OrderEntry
from agentjit.toolspecs import Effect, From, tool

if TYPE_CHECKING:
    from playwright.async_api import Page

_ANY_TAB = "page in {'orders', 'orders_buy_again', 'orders_cancelled', 'orders_not_shipped'}"


@tool(
    ensures="page == 'orders', selected_product == None, selected_order == None, listed == None",
    effect=Effect.NAVIGATE,
    reads={"orders"},
    writes=(),
    resets_tab=True,
)
async def goto_orders(page: Page) -> None:
    """Open the page of orders, from any page; its first tab has all that are not cancelled."""
    await open_path(page, "/orders")


@tool(
    requires=_ANY_TAB,
    ensures="page == 'orders'",
    effect=Effect.NAVIGATE,
    reads={"orders"},
    writes=(),
)
async def goto_orders_tab(page: Page) -> None:
    """Go to the tab of all orders that are not cancelled."""
    await act(page, "openTab", "Orders")


@tool(
    requires=_ANY_TAB,
    ensures="page == 'orders_buy_again'",
    effect=Effect.NAVIGATE,
    reads={"orders"},
    writes=(),
)
async def goto_buy_again_tab(page: Page) -> None:
    """Go to the Buy Again tab: products that were bought before."""
    await act(page, "openTab", "Buy Again")


@tool(
    requires=_ANY_TAB,
    ensures="page == 'orders_not_shipped'",
    effect=Effect.NAVIGATE,
    reads={"orders"},
    writes=(),
)
async def goto_not_yet_shipped_tab(page: Page) -> None:
    """Go to the tab of orders that are not yet shipped."""
    await act(page, "openTab", "Not Yet Shipped")


@tool(
    requires=_ANY_TAB,
    ensures="page == 'orders_cancelled'",
    effect=Effect.NAVIGATE,
    reads={"orders"},
    writes=(),
)
async def goto_cancelled_orders_tab(page: Page) -> None:
    """Go to the tab of cancelled orders."""
    await act(page, "openTab", "Cancelled Orders")


@tool(
    requires="page in {'orders', 'orders_not_shipped', 'orders_cancelled'}",
    effect=Effect.READ,
    reads={"orders"},
    writes=(),
)
async def list_orders(page: Page) -> list[OrderEntry]:
    """List the orders of the tab, newest first, all pages of it: dates, totals, items, status."""
    return cast("list[OrderEntry]", await act(page, "listOrders"))


@tool(requires="page == 'orders_buy_again'", effect=Effect.READ, reads={"orders"}, writes=())
async def list_buy_again_items(page: Page) -> list[BoughtBefore]:
    """List the products of the Buy Again tab, with what they cost now."""
    return cast("list[BoughtBefore]", await act(page, "listBuyAgain"))


@tool(
    requires="page in {'orders', 'orders_not_shipped'}",
    ensures="page == 'cancellation', selected_order == $order_id",
    effect=Effect.NAVIGATE,
    reads={"orders"},
    writes=(),
    examples=("goto_cancel('112-0000000-0000000')",),
)
async def goto_cancel(page: Page, order_id: Annotated[str, From("list_orders[].order_id")]) -> None:
    """Open the page on which an order can be cancelled; nothing is cancelled yet."""
    answer = await act(page, "openCancel", order_id)
    if "ids" in answer:
        raise no_such("order in this tab", order_id, answer["ids"])
    if "refused" in answer:
        status = answer["refused"].lower()
        raise ToolError(f"order {order_id} cannot be cancelled: {status}", "see `can_cancel`")


@tool(requires="page == 'cancellation'", effect=Effect.READ, reads={"orders"}, writes=())
async def get_cancellation_details(page: Page) -> Cancellation:
    """Read which order is about to be cancelled: its items and its total."""
    return cast("Cancellation", await act(page, "cancellationDetails"))


@tool(
    requires="page == 'cancellation'",
    ensures="page == 'orders', selected_order == None",
    effect=Effect.COMMIT,
    reads={"orders"},
    writes={"orders"},
    verify="list_cancelled_orders",
    terms="get_cancellation_details",
    timeout=20.0,
)
async def cancel_order(page: Page, reason: str | None = None) -> Cancellation:
    """Cancel the order, as its page shows it. `reason` is one that the page offers."""
    if reason is not None:
        answer = await act(page, "chooseReason", reason)
        if answer["offered"] is not None:
            offered = ", ".join(answer["offered"])
            raise NotDone(f"{reason!r} is not among the reasons", f"offered: {offered}")
    async with page.expect_event("domcontentloaded"):
        sent = await act(page, "cancelOrder")
    said = await act(page, "outcome", "was cancelled")
    if "refused" in said:
        raise NotDone(f"order {sent['order_id']} was not cancelled: {said['refused']}")
    return cast("Cancellation", sent)


@tool(effect=Effect.READ, reads={"orders"}, writes=())
async def list_cancelled_orders(page: Page) -> list[OrderEntry]:
    """List the orders that were cancelled, newest first, from any page."""
    return cast("list[OrderEntry]", await act(page, "listTab", "cancelled"))


@tool(effect=Effect.READ, reads={"orders"}, writes=())
async def list_all_orders(page: Page) -> list[OrderEntry]:
    """List all orders, the cancelled ones too (the order history), newest first, from any page."""
    return cast("list[OrderEntry]", await act(page, "listTab", "everything"))
