"""A small food-delivery toolset: the vocabulary of the compiler's tests. No browser is involved."""

from __future__ import annotations

from typing import Annotated, Any, Final, NotRequired, TypedDict

from agentjit.toolspecs import Effect, From, Scope, StateModel, StateValue, StateVar, Toolset, tool

STATE: Final = StateModel(
    (
        StateVar("page", values=("home", "store", "checkout", "done"), start="home"),
        StateVar("selected_store", type=str),
        StateVar("cuisine", type=str),
        StateVar("cart", values=("empty", "filled"), start="empty", scope=Scope.ACCOUNT),
    )
)


class Store(TypedDict):
    """One restaurant of the list."""

    name: str
    rating: float


class Item(TypedDict):
    """One dish of a menu."""

    name: str
    price: float
    note: NotRequired[str]


class Receipt(TypedDict):
    """What an order came to."""

    order_id: str
    total: float


@tool(requires="page == 'home'", effect=Effect.READ)
async def list_stores(page: Any, cuisine: str | None = None) -> list[Store]:
    """List the restaurants of the home page."""
    raise NotImplementedError


@tool(
    requires="page == 'home'",
    ensures="page == 'store', selected_store == $store_name",
    effect=Effect.NAVIGATE,
)
async def goto_store(page: Any, store_name: Annotated[str, From("list_stores[].name")]) -> None:
    """Open one restaurant's page."""


@tool(
    ensures="page == 'home', selected_store == None, cuisine == None",
    effect=Effect.NAVIGATE,
    resets_tab=True,
)
async def goto_home(page: Any) -> None:
    """Go back to the home page."""


@tool(requires="page == 'store'", effect=Effect.READ)
async def list_menu_items(page: Any) -> list[Item]:
    """List the dishes of the open restaurant."""
    raise NotImplementedError


@tool(requires="page == 'store'", ensures="cart == 'filled'", effect=Effect.WRITE, writes={"cart"})
async def add_to_cart(
    page: Any, item_name: Annotated[str, From("list_menu_items[].name")], quantity: int = 1
) -> None:
    """Put a dish into the cart."""


@tool(
    requires="page == 'store', cart == 'filled'",
    ensures="page == 'checkout'",
    effect=Effect.NAVIGATE,
)
async def goto_checkout(page: Any) -> None:
    """Go to the checkout."""


@tool(requires="page == 'checkout'", effect=Effect.READ)
async def get_total(page: Any) -> float:
    """Read what the order would cost, in dollars."""
    raise NotImplementedError


@tool(effect=Effect.READ)
async def list_orders(page: Any) -> list[Receipt]:
    """List the orders of the account."""
    raise NotImplementedError


@tool(
    requires="page == 'checkout'",
    ensures="page == 'done', cart == 'empty'",
    effect=Effect.COMMIT,
    verify="list_orders",
    terms="get_total",
)
async def place_order(page: Any) -> Receipt:
    """Place the order."""
    raise NotImplementedError


@tool(effect=Effect.READ)
async def list_messages(page: Any) -> list[str]:
    """List the messages that were sent to stores."""
    raise NotImplementedError


@tool(effect=Effect.COMMIT, verify="list_messages", examples=("write_to('Taco Bell', 'Hello')",))
async def write_to(page: Any, store_name: str, text: str) -> None:
    """Send a message to a store."""
    raise NotImplementedError


# The odd ones: each for one construct of the contract language.


@tool(requires="page in {'home', 'store'}", effect=Effect.READ)
async def read_help(page: Any) -> str:
    """Read the help text."""
    raise NotImplementedError


@tool(requires="selected_store known", effect=Effect.READ)
async def get_details(page: Any) -> Store:
    """Read about the open restaurant."""
    raise NotImplementedError


@tool(requires="selected_store == $store_name", effect=Effect.READ)
async def list_reviews(page: Any, store_name: str) -> list[str]:
    """Read the reviews of the restaurant that is open."""
    raise NotImplementedError


@tool(
    requires="page != 'home'",
    ensures="page == 'home', selected_store == None",
    effect=Effect.NAVIGATE,
)
async def leave(page: Any) -> None:
    """Leave whatever is open."""


@tool(
    requires="page == 'store', selected_store == $old",
    ensures="selected_store == $new",
    effect=Effect.NAVIGATE,
)
async def switch_store(page: Any, old: str, new: str) -> None:
    """Go from one restaurant straight to another."""


@tool(
    requires="page == 'home'",
    ensures="page == 'store', selected_store == result.name",
    effect=Effect.NAVIGATE,
)
async def open_first(page: Any) -> Store:
    """Open the first restaurant, whichever it is."""
    raise NotImplementedError


@tool(ensures="cuisine == $cuisine", effect=Effect.NAVIGATE)
async def pick_cuisine(page: Any, cuisine: str | None) -> None:
    """Filter the restaurants by cuisine, or not at all."""


@tool(requires="cuisine != None", effect=Effect.READ)
async def count_matches(page: Any) -> int:
    """Count the restaurants that the filter leaves."""
    raise NotImplementedError


@tool(requires="cuisine != 'Pizza'", effect=Effect.READ)
async def list_salads(page: Any) -> list[str]:
    """List salads, which no pizzeria has."""
    raise NotImplementedError


@tool(ensures="page in {'home', 'store'}, forgets selected_store", effect=Effect.NAVIGATE)
async def surprise_me(page: Any) -> None:
    """Open the home page or any restaurant."""


@tool(
    requires="page == 'home'",
    ensures="page == 'store', selected_store known",
    effect=Effect.NAVIGATE,
)
async def reopen(page: Any) -> None:
    """Open the restaurant of last time."""


async def observe(page: Any) -> dict[str, StateValue]:
    """Nothing is ever seen: there is no page."""
    return {}


SHOP: Final = Toolset(
    name="shop",
    title="A shop without a browser",
    state=STATE,
    observe=observe,
    tools=(
        list_stores,
        goto_store,
        goto_home,
        list_menu_items,
        add_to_cart,
        goto_checkout,
        get_total,
        list_orders,
        place_order,
        list_messages,
        write_to,
        read_help,
        get_details,
        list_reviews,
        leave,
        switch_store,
        open_first,
        pick_cuisine,
        count_matches,
        list_salads,
        surprise_me,
        reopen,
    ),
)
