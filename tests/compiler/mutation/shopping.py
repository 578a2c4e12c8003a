"""A Dashdish without a browser: one tab, one account, and the tools as functions on them.

Written from the pages, their scripts and the tools' bodies; the tools' contracts are not read here.
tests/compiler/mutation/test_model.py holds it against the real pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.dashdish import state
from agentjit.sites.dashdish.basket import (
    DELIVERY_OPTIONS,
    DROP_OFF_OPTIONS,
    MOST_OF_AN_ITEM,
    PAYMENTS,
    SLOTS,
    TIPS,
    Line,
)
from agentjit.sites.dashdish.charges import charge
from agentjit.sites.dashdish.menu import Item, Section, Store
from agentjit.sites.dashdish.state import Account, OtherStoreError
from agentjit.sites.dashdish.tools import TOOLSET
from agentjit.toolspecs.jsontypes import mismatch
from tests.compiler.mutation.outcomes import Broken, Cause, Mistyped, Refused
from tests.compiler.mutation.showing import (
    same,
    show_card,
    show_checkout,
    show_dish,
    show_line,
    show_options,
    show_order,
    show_review,
    show_store,
)
from tests.compiler.mutation.ticking import tick
from tests.compiler.mutation.worlds import Visitor, World

PLACED_AT: Final = "2026-01-01T12:00:00+00:00"

#: The pages on which a tool does its work, as far as it asks. Elsewhere its body says so at once.
_PAGES: Final = {
    **dict.fromkeys(
        "list_all_stores list_categories filter_by_category filter_stores goto_store".split(),
        ("home",),
    ),
    **dict.fromkeys(
        """get_store_details list_menu_items get_store_reviews get_item_details
        add_to_cart""".split(),
        ("store",),
    ),
    **dict.fromkeys(
        """get_checkout_details choose_delivery_or_pickup choose_delivery_option choose_drop_off
        set_delivery_note choose_payment set_tip place_order""".split(),
        ("checkout",),
    ),
    **dict.fromkeys(
        ("remove_from_cart", "empty_cart"), ("home", "store", "order_confirmation", "orders")
    ),
    "goto_checkout": ("home", "store"),
}


class Shopping:
    """Somebody's tab on Dashdish, and the account behind it. A method a tool, by its name."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shop = world.shop
        self.account: Account = Visitor(seed=0, shop=world.shop)
        self.page = "home"
        self.store: Store | None = None
        self.category = ""
        self.query = ""

    def call(self, name: str, given: Mapping[str, Any]) -> Any:
        """Call a tool; raises Broken, Refused or Mistyped where it does not do its work."""
        tool = TOOLSET.by_name[name]
        arguments = {p.name: given.get(p.name, p.default) for p in tool.params}
        for param in tool.params:
            if problem := mismatch(arguments[param.name], param.type, param.name):
                raise Mistyped(problem)
        if self.page not in _PAGES.get(name, (self.page,)):
            raise Broken(Cause.ELSEWHERE)
        return getattr(self, name)(**arguments)

    def observe(self) -> dict[str, str | None]:
        """The state of the site's model that the page shows."""
        seen: dict[str, str | None] = {"page": self.page}
        seen["cart"] = "filled" if self.account.lines else "empty"
        if self.page == "home":
            seen |= {"selected_store": None, "filtered_by": self.category or self.query or None}
        if self.page == "store" and self.store is not None:
            seen |= {"selected_store": self.store.name, "filtered_by": None}
        return seen

    def _show(self, page: str, store: Store | None = None) -> None:
        self.page, self.store, self.category, self.query = page, store, "", ""

    # ---- home ------------------------------------------------------------------------------------

    def goto_home(self) -> None:
        self._show("home")

    def _listed(self) -> tuple[Store, ...]:
        if self.category:
            return self.shop.in_category(self.category)
        return self.shop.search(self.query)

    def list_all_stores(self) -> list[dict[str, Any]]:
        return [show_card(store) for store in self._listed()]

    def list_categories(self) -> list[dict[str, Any]]:
        return [{"name": each.title} for each in self.shop.categories]

    def filter_by_category(self, category_name: str) -> None:
        titles = [c.title for c in self.shop.categories if same(c.title, category_name)]
        if not titles:
            raise Refused(f"no category {category_name!r}")
        self.category, self.query = titles[0], ""

    def filter_stores(self, query: str) -> None:
        if not query or query != query.strip():
            raise Refused("a search needs words")
        self._show("home")
        self.query = query

    def goto_store(self, store_name: str) -> None:
        # A store that the filter hides is looked for beyond it.
        found = next((s for s in self.shop.stores if same(s.name, store_name)), None)
        if found is None:
            raise Refused(f"no store {store_name!r}")
        self._show("store", found)

    # ---- store -----------------------------------------------------------------------------------

    def _here(self) -> Store:
        assert self.store is not None
        return self.store

    def get_store_details(self) -> dict[str, Any]:
        return show_store(self._here())

    def list_menu_items(self) -> list[dict[str, Any]]:
        items = [show_dish(*dish) for dish in _dishes(self._here())]
        if not items:
            raise Refused("the menu did not load")
        return items

    def get_store_reviews(self, limit: int | None) -> list[dict[str, Any]]:
        if limit is not None and limit < 1:
            raise Refused("no review at all")
        return [show_review(each) for each in self._here().reviews][:limit]

    def _find_dish(self, item_name: str) -> tuple[Section, Item]:
        here = self._here()
        found = next((d for d in _dishes(here) if same(d[1].name, item_name)), None)
        if found is None:
            if self._sells(item_name):
                raise Broken(Cause.OTHER_MENU)
            raise Refused(f"no item {item_name!r}")
        return found

    def _sells(self, item_name: str) -> bool:
        """Whether any store of the site has it."""
        return any(same(i.name, item_name) for store in self.shop.stores for i in store.items())

    def get_item_details(self, item_name: str) -> dict[str, Any]:
        section, item = self._find_dish(item_name)
        options = [] if item.sold_out else show_options(item)
        return {**show_dish(section, item), "options": options}

    # ---- cart ------------------------------------------------------------------------------------

    def add_to_cart(
        self, item_name: str, quantity: int, customizations: list[str] | None
    ) -> dict[str, Any]:
        if not 1 <= quantity <= MOST_OF_AN_ITEM:
            raise Refused(f"not {quantity} of an item")
        _, item = self._find_dish(item_name)
        if item.sold_out:
            raise Refused(f"{item.name} is sold out")
        chosen = tick(item, customizations or [])
        options = tuple((title, choice.label) for title, choice in chosen)
        here = self._here()
        line = Line(id="", store_id=here.id, item_id=item.id, quantity=quantity, options=options)
        try:
            self.account = state.add_line(self.account, line)
        except OtherStoreError:
            raise Broken(Cause.OTHER_CART) from None
        except RefusedError as error:
            raise Refused(str(error)) from None
        each = item.cents + sum(choice.cents for _, choice in chosen)
        return {
            "name": item.name,
            "quantity": quantity,
            "options": [label for _, label in options],
            "price": each * quantity / 100,
        }

    def get_cart(self) -> dict[str, Any]:
        picked, store = self.account.picked, self.account.store
        return {
            "store": store.name if store else None,
            "items": [show_line(each) for each in picked],
            "subtotal": sum(each.cents for each in picked) / 100,
        }

    def _take_out(self, lines: list[Line]) -> None:
        for line in lines:
            fewer = line.quantity - 1 if self.page == "checkout" else 0
            self.account = state.set_quantity(self.account, line.id, fewer)
            if self.page == "checkout":
                # The page comes anew with the first change, and takes the tool's script with it.
                raise Broken(Cause.RELOADED)

    def remove_from_cart(self, item_name: str) -> None:
        if not self.account.lines:
            raise Broken(Cause.EMPTY_CART)
        lines = [p.line for p in self.account.picked if same(p.item.name, item_name)]
        if not lines:
            if self._sells(item_name):
                raise Broken(Cause.NOT_IN_CART)
            raise Refused(f"no item {item_name!r}")
        self._take_out(lines)

    def empty_cart(self) -> None:
        self._take_out(list(self.account.lines))

    # ---- checkout --------------------------------------------------------------------------------

    def goto_checkout(self) -> None:
        # The cart's drawer, and the link in it, are on every page.
        if not self.account.lines:
            raise Broken(Cause.EMPTY_CART)
        self._show("checkout")

    def _buying(self) -> Store:
        """The store whose checkout the tab shows."""
        # Nothing empties the cart under a checkout page without breaking the run first.
        assert self.account.store is not None
        return self.account.store

    def get_checkout_details(self) -> dict[str, Any]:
        store, chosen, picked = self._buying(), self.account.fitting_checkout, self.account.picked
        return show_checkout(store, picked, chosen, charge(picked, chosen, store))

    def _choose(self, name: str, value: str, offered: tuple[str, ...]) -> None:
        found = next((each for each in offered if same(each, value)), None)
        if found is None:
            raise Refused(f"{value!r} is not offered")
        self.account = state.choose(self.account, {name: found})

    def choose_delivery_or_pickup(self, method: str) -> None:
        store = self._buying()
        offers = {"Delivery": store.delivers, "Pickup": store.picks_up}
        self._choose("method", method, tuple(name for name, there in offers.items() if there))

    def choose_delivery_option(self, option: str, time: str | None) -> None:
        if time is not None and option != "Schedule":
            raise Refused(f"{option} delivery has no time to choose")
        if time is not None:
            self._choose("slot", time, SLOTS)
        self._choose("delivery_option", option, DELIVERY_OPTIONS)

    def choose_drop_off(self, drop_off: str) -> None:
        self._choose("drop_off", drop_off, DROP_OFF_OPTIONS)

    def set_delivery_note(self, note: str) -> None:
        self._choose("instructions", note, (note,))

    def choose_payment(self, payment: str) -> None:
        self._choose("payment", payment, tuple(name for name, _ in PAYMENTS))

    def set_tip(self, amount: float) -> None:
        self._choose("tip", f"{amount:.2f}", tuple(f"{cents / 100:.2f}" for cents in TIPS))

    def place_order(self) -> dict[str, Any]:
        self._buying()
        before = self.account
        self.account = state.place(
            before,
            before.lines,
            before.fitting_checkout,
            order_id=f"DD-{len(before.orders) + 1:08X}",
            placed_at=PLACED_AT,
        )
        self._show("order_confirmation")
        return show_order(self.account.orders[-1])

    # ---- orders ----------------------------------------------------------------------------------

    def goto_orders(self) -> None:
        self._show("orders")

    def list_orders(self) -> list[dict[str, Any]]:
        orders = reversed(self.account.orders)
        return [{**show_order(order), "placed_at": order.placed_at} for order in orders]


def _dishes(store: Store) -> list[tuple[Section, Item]]:
    return [(section, item) for section in store.menu for item in section.items]
