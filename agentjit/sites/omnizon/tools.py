"""Omnizon's toolset: its state, how it is observed, and its tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from agentjit.sites.common.obstacles import OBSTACLES, SIGNED_OUT
from agentjit.sites.omnizon import browsing, buying, ordering, paying, reviewing
from agentjit.sites.omnizon.acting import act
from agentjit.toolspecs import Scope, StateModel, StateVar, Toolset

if TYPE_CHECKING:
    from playwright.async_api import Page

PAGES: Final = (
    "home",
    "results",
    "product",
    "cart",
    "checkout",
    "order_confirmation",
    "orders",
    "orders_buy_again",
    "orders_not_shipped",
    "orders_cancelled",
    "cancellation",
    "review",
    "other",
)

STATE: Final = StateModel(
    (
        StateVar("page", values=PAGES, start="home", doc="which page the tab shows"),
        StateVar("listed", doc="the search or the category whose products are listed"),
        StateVar("sorted_by", doc="how the list of results is sorted"),
        StateVar("narrowed", type=bool, doc="whether the list is filtered by price or stars"),
        StateVar("selected_product", doc="the product whose page it is"),
        StateVar("quantity", type=int, doc="how many are chosen on the product's page"),
        StateVar("color", doc="the color that is chosen on the product's page"),
        StateVar("selected_order", doc="the order that is cancelled or reviewed"),
        StateVar("review_rating", type=int, doc="the stars that are chosen for a review"),
        StateVar(
            "review_text",
            values=("empty", "filled"),
            doc="whether the review has a title and a content",
        ),
        StateVar(
            "cart",
            values=("empty", "filled"),
            start="empty",
            scope=Scope.ACCOUNT,
            doc="whether anything is in the cart",
        ),
    )
)


async def observe(page: Page) -> Mapping[str, str | int | None]:
    """The state as the page shows it; what cannot be seen on it is left out."""
    return cast("Mapping[str, str | int | None]", await act(page, "observe"))


TOOLSET: Final = Toolset(
    name="omnizon",
    title="Omnizon: shop for products of all kinds, look after orders, write reviews",
    state=STATE,
    observe=observe,
    tools=(
        browsing.goto_home,
        browsing.list_categories,
        browsing.goto_category,
        browsing.search_products,
        browsing.list_results,
        browsing.sort_results,
        browsing.narrow_results,
        browsing.goto_product,
        browsing.get_product_details,
        browsing.list_product_reviews,
        buying.choose_color,
        buying.set_quantity,
        buying.add_to_cart,
        buying.buy_now,
        buying.goto_cart,
        buying.get_cart,
        buying.set_cart_quantity,
        buying.remove_from_cart,
        buying.empty_cart,
        buying.proceed_to_checkout,
        paying.get_checkout_details,
        paying.list_delivery_options,
        paying.select_delivery_option,
        paying.list_addresses,
        paying.select_address,
        paying.list_payment_cards,
        paying.select_payment_card,
        paying.add_payment_card,
        paying.place_order,
        ordering.goto_orders,
        ordering.goto_orders_tab,
        ordering.goto_buy_again_tab,
        ordering.goto_not_yet_shipped_tab,
        ordering.goto_cancelled_orders_tab,
        ordering.list_orders,
        ordering.list_buy_again_items,
        ordering.goto_cancel,
        ordering.get_cancellation_details,
        ordering.cancel_order,
        ordering.list_cancelled_orders,
        ordering.list_all_orders,
        reviewing.goto_write_review,
        reviewing.set_review_rating,
        reviewing.fill_review,
        reviewing.get_review_draft,
        reviewing.submit_review,
        reviewing.list_my_reviews,
    ),
    obstacles=OBSTACLES,
    signed_out=SIGNED_OUT,
)
