"""Omnizon's tools for choosing and collecting: color, quantity, the cart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from agentjit.errors import ToolError
from agentjit.sites.common.acting import arrive, no_such, open_path
from agentjit.sites.omnizon.acting import act, not_offered
from agentjit.sites.omnizon.results import Cart, CartItem
from agentjit.toolspecs import Effect, tool

if TYPE_CHECKING:
    from playwright.async_api import Page


@tool(
    requires="page == 'product'",
    ensures="page == 'product', color == $color",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("choose_color('Black')",),
)
async def choose_color(page: Page, color: str) -> None:
    """Choose the color (variant) of the product on its page."""
    answer = await act(page, "chooseColor", color)
    if "offered" in answer:
        raise not_offered(color, answer)
    _unless_refused(answer)


@tool(
    requires="page == 'product'",
    ensures="page == 'product', quantity == $quantity",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("set_quantity(3)",),
)
async def set_quantity(page: Page, quantity: int) -> None:
    """Set how many of the product to buy (the quantity), on its page."""
    answer = await act(page, "chooseQuantity", quantity)
    if "most" in answer:
        raise ToolError(f"the shop sells between 1 and {answer['most']} of this, not {quantity}")
    _unless_refused(answer)


@tool(
    requires="page == 'product'",
    ensures="page == 'product', cart == 'filled'",
    effect=Effect.WRITE,
    reads={"cart"},
    writes={"cart"},
)
async def add_to_cart(page: Page) -> CartItem:
    """Put the product into the cart, in the chosen color and quantity."""
    answer = await act(page, "addToCart")
    _unless_refused(answer)
    return cast("CartItem", answer["added"])


@tool(
    requires="page == 'product'",
    ensures="page == 'checkout', cart == 'filled'",
    effect=Effect.WRITE,
    reads={"cart"},
    writes={"cart"},
)
async def buy_now(page: Page) -> CartItem:
    """Go to the checkout with the product, in the chosen color and quantity.

    What is in the cart already is bought along with it. Nothing is ordered before place_order.
    """
    answer = await act(page, "buyNow")
    _unless_refused(answer)
    await arrive(page, "/checkout", "/buy")
    if urlsplit(page.url).path == "/buy":
        raise ToolError(
            f"it was not taken to the checkout: {(await act(page, 'outcome', '?'))['refused']}"
        )
    return cast("CartItem", answer["bought"])


@tool(
    ensures="page == 'cart', selected_product == None, selected_order == None, listed == None",
    effect=Effect.NAVIGATE,
    reads={"cart"},
    writes=(),
    resets_tab=True,
)
async def goto_cart(page: Page) -> None:
    """Open the cart."""
    await open_path(page, "/cart")


@tool(requires="page == 'cart'", effect=Effect.READ, reads={"cart"}, writes=())
async def get_cart(page: Page) -> Cart:
    """Read what is in the cart: products, colors, quantities, prices and the subtotal."""
    return cast("Cart", await act(page, "getCart"))


@tool(
    requires="page in {'cart', 'checkout'}, cart == 'filled'",
    effect=Effect.WRITE,
    reads={"cart"},
    writes={"cart"},
    idempotent=True,
    examples=("set_cart_quantity('Sonoro Over-Ear Wireless Headphones', 2)",),
)
async def set_cart_quantity(
    page: Page, product_name: str, quantity: int, color: str | None = None
) -> CartItem:
    """Change how many of a product are bought, in the cart or at checkout."""
    if not 1 <= quantity <= 30:
        raise ToolError(f"the shop sells between 1 and 30 of a product, not {quantity}")
    wanted = {"name": product_name, "color": color, "quantity": quantity}
    answer = await act(page, "changeQuantity", wanted)
    item = _the_line(answer, product_name)
    if item["quantity"] != quantity:
        raise ToolError(f"the cart has {item['quantity']} of {product_name!r}, not {quantity}")
    return item


@tool(
    requires="page == 'cart', cart == 'filled'",
    ensures="forgets cart",
    effect=Effect.WRITE,
    reads={"cart"},
    writes={"cart"},
)
async def remove_from_cart(
    page: Page,
    product_name: str,
    color: str | None = None,
) -> None:
    """Take (delete) a product out of the cart, all pieces of it."""
    answer = await act(page, "removeLine", {"name": product_name, "color": color})
    _the_line(answer, product_name)


@tool(
    requires="page == 'cart'",
    ensures="page == 'cart', cart == 'empty'",
    effect=Effect.WRITE,
    reads={"cart"},
    writes={"cart"},
    idempotent=True,
    timeout=30.0,
)
async def empty_cart(page: Page) -> None:
    """Take everything out of the cart."""
    await act(page, "emptyCart")


@tool(
    requires="page == 'cart', cart == 'filled'",
    ensures="page == 'checkout'",
    effect=Effect.NAVIGATE,
    reads={"cart"},
    writes=(),
)
async def proceed_to_checkout(page: Page) -> None:
    """Go from the cart to the checkout with everything that is in it."""
    if not await act(page, "goToCheckout"):
        raise ToolError("the cart is empty", "add_to_cart() puts something into it")
    await arrive(page, "/checkout")


def _unless_refused(answer: Any) -> None:
    if "refused" in answer:
        raise ToolError(f"the shop refuses: {answer['refused']}")


def _the_line(answer: Any, name: str) -> CartItem:
    if answer.get("several"):
        colors = ", ".join(answer["several"])
        raise ToolError(f"{name!r} is there in several colors", f"say which color: {colors}")
    if "names" in answer:
        raise no_such("product in the cart", name, answer["names"])
    _unless_refused(answer)
    return cast("CartItem", answer["item"])
