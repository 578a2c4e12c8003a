"""Omnizon's tools for looking around: categories, search, lists of results, and products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, cast
from urllib.parse import urlsplit

from agentjit.errors import ToolError
from agentjit.sites.common.acting import arrive, no_such, open_path
from agentjit.sites.omnizon.acting import act, not_offered
from agentjit.sites.omnizon.results import Category, ProductDetails, ProductReview, ResultEntry
from agentjit.toolspecs import Effect, From, tool

if TYPE_CHECKING:
    from playwright.async_api import Page


@tool(
    ensures="page == 'home', selected_product == None, selected_order == None, listed == None",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    resets_tab=True,
)
async def goto_home(page: Page) -> None:
    """Open the home page, which shows all categories."""
    await open_path(page, "/")


@tool(requires="page == 'home'", effect=Effect.READ, reads=(), writes=())
async def list_categories(page: Page) -> list[Category]:
    """List the categories (departments) on the home page, in the order shown there."""
    return cast("list[Category]", await act(page, "listCategories"))


@tool(
    requires="page == 'home'",
    ensures="page == 'results', listed == $category_name, sorted_by == 'Featured', "
    "narrowed == False",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("goto_category('Toys')",),
)
async def goto_category(
    page: Page, category_name: Annotated[str, From("list_categories[].name")]
) -> None:
    """Open a category (department) from the home page: the list of all its products."""
    answer = await act(page, "openCategory", category_name)
    if "found" not in answer:
        raise no_such("category", category_name, answer["names"])
    await arrive(page, "/search")


@tool(
    ensures="page == 'results', listed == $query, sorted_by == 'Featured', narrowed == False",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    resets_tab=True,
    examples=("search_products('water bottle')",),
)
async def search_products(page: Page, query: str) -> None:
    """Search the shop for products (items, goods) by words, from any page."""
    if not query or query != " ".join(query.split()):
        raise ToolError("a search needs words, with single blanks between them")
    async with page.expect_event("domcontentloaded"):
        await act(page, "search", query)


@tool(requires="page == 'results'", effect=Effect.READ, reads=(), writes=())
async def list_results(page: Page) -> list[ResultEntry]:
    """List the products (items) of the search or category, with prices in dollars and ratings.

    All pages of the list, in its order. Sponsored products beside it are left out.
    """
    return cast("list[ResultEntry]", await act(page, "listResults"))


@tool(
    requires="page == 'results'",
    ensures="page == 'results', sorted_by == $order",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("sort_results('Price: Low to High')",),
)
async def sort_results(
    page: Page,
    order: Literal["Featured", "Price: Low to High", "Price: High to Low", "Avg. Customer Review"],
) -> None:
    """Sort the list of results, by price or by rating."""
    answer = await act(page, "sortResults", order)
    if "offered" in answer:
        raise not_offered(order, answer)
    if answer["moved"] is not None:
        sent = f"sort={answer['moved']}"
        await page.wait_for_url(
            lambda url: sent in urlsplit(url).query.split("&"), wait_until="domcontentloaded"
        )


@tool(
    requires="page == 'results'",
    ensures="page == 'results', narrowed == True",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("narrow_results(max_price=50)", "narrow_results(min_price=20, min_stars=4)"),
)
async def narrow_results(
    page: Page,
    min_price: float | None = None,
    max_price: float | None = None,
    min_stars: Literal[3, 4] | None = None,
) -> None:
    """Filter the list of results by price in dollars, both ends included, or by stars."""
    if min_price is None and max_price is None and min_stars is None:
        raise ToolError("nothing to filter by", "give a price or a number of stars")
    for price in (min_price, max_price):
        if price is not None and (price < 0 or round(price, 2) != price):
            raise ToolError(f"{price!r} is no price", "give dollars, with two decimals at most")
    wanted = {
        "least": "" if min_price is None else f"{min_price:g}",
        "most": "" if max_price is None else f"{max_price:g}",
        "stars": "" if min_stars is None else str(min_stars),
    }
    async with page.expect_event("domcontentloaded"):
        await act(page, "narrowResults", wanted)


@tool(
    requires="page == 'results'",
    ensures="page == 'product', selected_product == $product_name, forgets quantity, forgets color",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("goto_product('Sonoro Over-Ear Wireless Headphones')",),
)
async def goto_product(
    page: Page, product_name: Annotated[str, From("list_results[].name")]
) -> None:
    """Open the page of one product (item) of the list of results."""
    answer = await act(page, "openProduct", product_name)
    if "found" not in answer:
        raise no_such("product in this list", product_name, answer["names"])
    await arrive(page, "/product/")


@tool(requires="page == 'product'", effect=Effect.READ, reads=(), writes=())
async def get_product_details(page: Page) -> ProductDetails:
    """Read the product's price, color, description, largest quantity, rating and attributes.

    `attributes` are its details (specifications, features): names and values.
    """
    return cast("ProductDetails", await act(page, "productDetails"))


@tool(requires="page == 'product'", effect=Effect.READ, reads=(), writes=())
async def list_product_reviews(page: Page, limit: int | None = None) -> list[ProductReview]:
    """List what customers wrote about the product, newest first; at most `limit` of them."""
    if limit is not None and limit < 1:
        raise ToolError(f"limit {limit} asks for no review at all")
    return cast("list[ProductReview]", await act(page, "listReviews", limit))
