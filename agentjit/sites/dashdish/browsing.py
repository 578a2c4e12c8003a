"""Dashdish's tools for looking around: the home page, a store, its menu and its reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

from agentjit.errors import ToolError
from agentjit.sites.common.acting import arrive, no_such, open_path
from agentjit.sites.dashdish.acting import act
from agentjit.sites.dashdish.results import (
    Category,
    ItemDetails,
    MenuItem,
    Review,
    StoreDetails,
    StoreEntry,
)
from agentjit.toolspecs import Effect, From, tool

if TYPE_CHECKING:
    from playwright.async_api import Page


@tool(
    ensures="page == 'home', selected_store == None, filtered_by == None",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    resets_tab=True,
)
async def goto_home(page: Page) -> None:
    """Open the home page, which lists all stores without any filter."""
    await open_path(page, "/")


@tool(requires="page == 'home'", effect=Effect.READ, reads=(), writes=())
async def list_all_stores(page: Page) -> list[StoreEntry]:
    """List the stores (restaurants, vendors) on the home page, in the order shown there.

    All of them, however long the list is; after filter_by_category or filter_stores only those
    that match. `minutes` is the usual time until the food arrives, or is ready for pickup.
    """
    return cast("list[StoreEntry]", await act(page, "listStores"))


@tool(requires="page == 'home'", effect=Effect.READ, reads=(), writes=())
async def list_categories(page: Page) -> list[Category]:
    """List the categories of stores on the home page, in the order shown there."""
    return cast("list[Category]", await act(page, "listCategories"))


@tool(
    requires="page == 'home'",
    ensures="page == 'home', filtered_by == $category_name",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("filter_by_category('Best near you')",),
)
async def filter_by_category(
    page: Page, category_name: Annotated[str, From("list_categories[].name")]
) -> None:
    """Show only the stores of one category on the home page."""
    answer = await act(page, "filterByCategory", category_name)
    if answer["names"]:
        raise no_such("category", category_name, answer["names"])


@tool(
    requires="page == 'home'",
    ensures="page == 'home', filtered_by == $query",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("filter_stores('noodles')",),
)
async def filter_stores(page: Page, query: str) -> None:
    """Search: show only the stores whose name, cuisine or menu has the words of the query."""
    if not query or query != query.strip():
        raise ToolError("a search needs words, without blanks around them")
    await _search(page, query)


@tool(
    requires="page == 'home'",
    ensures="page == 'store', selected_store == $store_name, filtered_by == None",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("goto_store('Taco Bell')",),
)
async def goto_store(
    page: Page, store_name: Annotated[str, From("list_all_stores[].name")]
) -> None:
    """Open the page of one store (restaurant, vendor), from the list on the home page."""
    answer = await act(page, "openStore", store_name)
    if "found" not in answer:
        await _look_beyond_filter(page, store_name, answer["names"])
    await arrive(page, "/store/")


@tool(requires="page == 'store'", effect=Effect.READ, reads=(), writes=())
async def get_store_details(page: Page) -> StoreDetails:
    """Read the store's rating, number of reviews, delivery and pickup times, and delivery fee."""
    return cast("StoreDetails", await act(page, "storeDetails"))


@tool(requires="page == 'store'", effect=Effect.READ, reads=(), writes=())
async def list_menu_items(page: Page) -> list[MenuItem]:
    """List all items (dishes, products) on the store's menu, with their prices in dollars."""
    items = cast("list[MenuItem]", await act(page, "listMenu"))
    if not items:
        raise ToolError("the menu did not load", "open the store again")
    return items


@tool(requires="page == 'store'", effect=Effect.READ, reads=(), writes=())
async def get_store_reviews(page: Page, limit: int | None = None) -> list[Review]:
    """List what customers wrote about the store, newest first; at most `limit` of them."""
    if limit is not None and limit < 1:
        raise ToolError(f"limit {limit} asks for no review at all")
    return cast("list[Review]", await act(page, "listReviews", limit))


@tool(
    requires="page == 'store'",
    effect=Effect.READ,
    reads=(),
    writes=(),
    examples=("get_item_details('Chicken Biryani')",),
)
async def get_item_details(
    page: Page, item_name: Annotated[str, From("list_menu_items[].name")]
) -> ItemDetails:
    """Read one item's description, price, and its options: sizes and extras with their prices."""
    answer = await act(page, "itemDetails", item_name)
    if "names" in answer:
        raise no_such("item", item_name, answer["names"])
    return cast("ItemDetails", answer["item"])


async def _search(page: Page, query: str) -> None:
    async with page.expect_event("domcontentloaded"):
        await act(page, "search", query)


async def _look_beyond_filter(page: Page, store_name: str, names: list[str]) -> None:
    """Look for the store in the whole list; where it is not there either, filter as before."""
    before = (await act(page, "observe"))["filtered_by"]
    if before is None:
        raise no_such("store", store_name, names)
    await act(page, "clearFilter")
    found = await act(page, "openStore", store_name)
    if "found" in found:
        return
    if (await act(page, "filterByCategory", before))["names"]:
        await _search(page, before)
    raise no_such("store", store_name, found["names"])
