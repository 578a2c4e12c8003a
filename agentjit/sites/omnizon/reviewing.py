"""Omnizon's tools for reviews: open the form from an order, fill it in, publish it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from agentjit.errors import NotDone, ToolError
from agentjit.sites.common.acting import no_such
from agentjit.sites.omnizon.acting import act
from agentjit.sites.omnizon.results import ReviewDraft, WrittenReview
from agentjit.toolspecs import Effect, tool

if TYPE_CHECKING:
    from playwright.async_api import Page


@tool(
    requires="page == 'orders'",
    ensures="page == 'review', selected_order == result.order_id, review_rating == None, "
    "review_text == 'empty'",
    effect=Effect.NAVIGATE,
    reads={"orders"},
    writes=(),
    examples=("goto_write_review('Sonoro Over-Ear Wireless Headphones')",),
)
async def goto_write_review(
    page: Page, product_name: str, order_id: str | None = None
) -> ReviewDraft:
    """Open the form for reviewing a product (item) of an order.

    Without `order_id` it is the latest order that has the product.
    """
    answer = await act(page, "openReview", {"name": product_name, "order": order_id})
    if "names" in answer:
        raise no_such("product in these orders", product_name, answer["names"])
    await page.wait_for_url("**/orders/*/review/*", wait_until="domcontentloaded")
    return cast("ReviewDraft", await act(page, "reviewDraft"))


@tool(
    requires="page == 'review'",
    ensures="page == 'review', review_rating == $rating",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("set_review_rating(5)",),
)
async def set_review_rating(page: Page, rating: int) -> None:
    """Choose how many stars the review gives, 1 to 5. It is not published yet."""
    if not 1 <= rating <= 5:
        raise ToolError(f"a review gives between 1 and 5 stars, not {rating}")
    if not await act(page, "rateProduct", rating):
        raise ToolError(f"{rating} stars are not offered")


@tool(
    requires="page == 'review'",
    ensures="page == 'review', review_text == 'filled'",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("fill_review('Very good', 'It does what it should.')",),
)
async def fill_review(page: Page, title: str, content: str) -> None:
    """Write the review's title (headline) and content (text). It is not published yet."""
    if not title.strip() or not content.strip():
        raise ToolError("a review needs a title and a content")
    await act(page, "writeReview", {"title": title, "content": content})


@tool(requires="page == 'review'", effect=Effect.READ, reads=(), writes=())
async def get_review_draft(page: Page) -> ReviewDraft:
    """Read the review as it is written so far: product, rating, title and content."""
    return cast("ReviewDraft", await act(page, "reviewDraft"))


@tool(
    requires="page == 'review', review_rating known, review_text == 'filled'",
    ensures="page == 'orders', selected_order == None",
    effect=Effect.COMMIT,
    reads={"orders"},
    writes={"reviews"},
    verify="list_my_reviews",
    terms="get_review_draft",
    timeout=20.0,
)
async def submit_review(page: Page) -> WrittenReview:
    """Publish (submit) the review."""
    async with page.expect_event("domcontentloaded"):
        sent = await act(page, "submitReview")
    said = await act(page, "outcome", "review was published")
    if "refused" in said:
        raise NotDone(f"the review was not published: {said['refused']}")
    return {
        "product": sent["product"],
        "rating": sent["rating"],
        "title": sent["title"],
        "content": sent["content"],
    }


@tool(effect=Effect.READ, reads={"reviews"}, writes=())
async def list_my_reviews(page: Page) -> list[WrittenReview]:
    """List the reviews that were published from this account, newest first, from any page."""
    return cast("list[WrittenReview]", await act(page, "listMyReviews"))
