"""Dashdish's toolset: its state, how it is observed, and its tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from agentjit.sites.common.obstacles import OBSTACLES, SIGNED_OUT
from agentjit.sites.dashdish.acting import act
from agentjit.sites.dashdish.browsing import (
    filter_by_category,
    filter_stores,
    get_item_details,
    get_store_details,
    get_store_reviews,
    goto_home,
    goto_store,
    list_all_stores,
    list_categories,
    list_menu_items,
)
from agentjit.sites.dashdish.ordering import (
    add_to_cart,
    choose_delivery_option,
    choose_delivery_or_pickup,
    choose_drop_off,
    choose_payment,
    empty_cart,
    get_cart,
    get_checkout_details,
    goto_checkout,
    goto_orders,
    list_orders,
    place_order,
    remove_from_cart,
    set_delivery_note,
    set_tip,
)
from agentjit.toolspecs import Scope, StateModel, StateVar, Toolset

if TYPE_CHECKING:
    from playwright.async_api import Page

STATE: Final = StateModel(
    (
        StateVar(
            "page",
            values=("home", "store", "checkout", "order_confirmation", "orders", "other"),
            start="home",
            doc="which page the tab shows",
        ),
        StateVar("selected_store", doc="the store whose page it is"),
        StateVar("filtered_by", doc="the category or search that cuts down the list of stores"),
        StateVar(
            "cart",
            values=("empty", "filled"),
            start="empty",
            scope=Scope.ACCOUNT,
            doc="whether anything is in the cart",
        ),
    )
)


async def observe(page: Page) -> Mapping[str, str | None]:
    """The state as the page shows it; what cannot be seen on it is left out."""
    return cast("Mapping[str, str | None]", await act(page, "observe"))


TOOLSET: Final = Toolset(
    name="dashdish",
    title="Dashdish: order food and goods from stores (restaurants, shops) near you",
    state=STATE,
    observe=observe,
    tools=(
        goto_home,
        list_all_stores,
        list_categories,
        filter_by_category,
        filter_stores,
        goto_store,
        get_store_details,
        list_menu_items,
        get_store_reviews,
        get_item_details,
        add_to_cart,
        get_cart,
        remove_from_cart,
        empty_cart,
        goto_checkout,
        get_checkout_details,
        choose_delivery_or_pickup,
        choose_delivery_option,
        choose_drop_off,
        set_delivery_note,
        choose_payment,
        set_tip,
        place_order,
        goto_orders,
        list_orders,
    ),
    obstacles=OBSTACLES,
    signed_out=SIGNED_OUT,
)
