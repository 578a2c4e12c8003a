"""The whole pages: home, results, product, cart, checkout, orders, cancelling, reviewing."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agentjit.sites.common.paging import asked_page
from agentjit.sites.omnizon.checkout import ADDRESSES
from agentjit.sites.omnizon.parts import list_path, orders_path, read_wish
from agentjit.sites.omnizon.rendering import account_of, answer_page
from agentjit.sites.omnizon.searching import ORDERS
from agentjit.sites.omnizon.state import REASONS
from agentjit.sites.omnizon.tabs import TABS

#: What the sidebar offers: dollars from and to, and stars.
PRICES: Final = ((None, 25), (25, 50), (50, 100), (100, 200), (200, None))
STARS: Final = (4, 3)

#: What a form for a review begins with.
NOTHING_SENT: Final = {"rating": "", "title": "", "content": ""}


async def _home(request: Request) -> Response:
    return answer_page(request, "home.html")


async def _search(request: Request) -> Response:
    wish = read_wish(request)
    return answer_page(
        request,
        "results.html",
        # A category is no search, and leaves the words of the last one.
        searched=wish.words or None,
        wish=wish,
        list_path=list_path(wish, asked_page(request)),
        orders=ORDERS,
        prices=PRICES,
        stars=STARS,
        sponsored=account_of(request).shop.products[-3:],
    )


async def _product(request: Request) -> Response:
    product = account_of(request).shop.by_id.get(request.path_params["product"])
    if product is None:
        return show_missing(request)
    shelf = account_of(request).shop.on_shelf(product.ware.shelves[0])
    others = tuple(each for each in shelf if each.id != product.id)[:4]
    return answer_page(request, "product.html", product=product, others=others)


async def _cart(request: Request) -> Response:
    return answer_page(request, "cart.html")


async def _checkout(request: Request) -> Response:
    account = account_of(request)
    years = range(account.today.year, account.today.year + 12)
    return answer_page(
        request,
        "checkout.html",
        addresses=ADDRESSES,
        years=years,
    )


async def _confirmation(request: Request) -> Response:
    order = account_of(request).order(request.query_params.get("order", ""))
    if order is None:
        return show_missing(request)
    return answer_page(request, "confirmation.html", order=order)


async def _orders(request: Request) -> Response:
    tab = request.query_params.get("tab", TABS[0].key)
    chosen = next((each for each in TABS if each.key == tab), TABS[0])
    path = orders_path(chosen.key, asked_page(request))
    return answer_page(request, "orders.html", tabs=TABS, chosen=chosen, list_path=path)


async def _cancelling(request: Request) -> Response:
    order = account_of(request).order(request.path_params["order"])
    if order is None or not order.can_be_cancelled:
        return show_missing(request)
    return answer_page(request, "cancelling.html", order=order, reasons=REASONS, message="")


async def _reviewing(request: Request) -> Response:
    order = account_of(request).order(request.path_params["order"])
    wanted = request.path_params["product"]
    line = (
        next((each for each in order.lines if each.product.id == wanted), None) if order else None
    )
    if order is None or line is None:
        return show_missing(request)
    return answer_page(
        request, "reviewing.html", order=order, line=line, message="", sent=NOTHING_SENT
    )


async def _my_reviews(request: Request) -> Response:
    return answer_page(request, "my_reviews.html")


def show_missing(request: Request) -> Response:
    """The page for an address that the site does not have."""
    return answer_page(request, "missing.html", status=404)


ROUTES = [
    Route("/", _home),
    Route("/search", _search),
    Route("/product/{product}", _product),
    Route("/cart", _cart),
    Route("/checkout", _checkout),
    Route("/confirmation", _confirmation),
    Route("/orders", _orders),
    Route("/orders/{order}/cancel", _cancelling),
    Route("/orders/{order}/review/{product}", _reviewing),
    Route("/reviews", _my_reviews),
]
