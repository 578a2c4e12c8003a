"""The parts of pages that arrive late: products, suggestions, reviews, orders, the bill."""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from agentjit.sites.common.forms import linger
from agentjit.sites.common.paging import asked_page, cut
from agentjit.sites.omnizon.art import draw_product
from agentjit.sites.omnizon.opinions import opinions_of
from agentjit.sites.omnizon.rendering import account_of, answer_part
from agentjit.sites.omnizon.searching import ORDERS, Wish, find, suggest
from agentjit.sites.omnizon.tabs import bought_before, orders_in

#: How many products, orders and reviews one page shows, and cards one rail.
PRODUCTS_A_PAGE: Final = 24
ORDERS_A_PAGE: Final = 8
REVIEWS_A_PAGE: Final = 4
RAIL_LENGTH: Final = 8


def read_wish(request: Request) -> Wish:
    """What an address asks for; what makes no sense in it asks for nothing."""
    query = request.query_params
    order = query.get("sort", "featured")
    stars = query.get("stars", "0")
    return Wish(
        words=" ".join(query.get("q", "").split()),
        category=query.get("category", ""),
        least=_cents(query.get("min", "")),
        most=_cents(query.get("max", "")),
        stars=int(stars) if stars in "012345" and len(stars) == 1 else 0,
        order=order if order in ORDERS else "featured",
    )


def show_wish(wish: Wish, page: int = 1) -> str:
    """A wish as the query of an address."""
    asked = {
        "q": wish.words,
        "category": wish.category,
        "min": "" if wish.least is None else f"{wish.least / 100:g}",
        "max": "" if wish.most is None else f"{wish.most / 100:g}",
        "stars": str(wish.stars or ""),
        "sort": "" if wish.order == "featured" else wish.order,
        "page": "" if page == 1 else str(page),
    }
    return urlencode({name: value for name, value in asked.items() if value})


def list_path(wish: Wish, page: int = 1) -> str:
    """Where a page of a list of products is."""
    return f"/parts/results?{show_wish(wish, page)}"


def orders_path(tab: str, page: int = 1) -> str:
    """Where a page of a tab of orders is."""
    return f"/parts/orders?{urlencode({'tab': tab, 'page': page})}"


async def _results(request: Request) -> Response:
    await linger(request)
    wish = read_wish(request)
    page = cut(find(account_of(request).shop, wish), asked_page(request), PRODUCTS_A_PAGE)
    links = {number: f"/search?{show_wish(wish, number)}" for number in range(1, page.pages + 1)}
    return answer_part(request, "results.html", page=page, links=links, wish=wish)


async def _rails(request: Request) -> Response:
    await linger(request)
    return answer_part(request, "rails.html", length=RAIL_LENGTH)


async def _suggest(request: Request) -> Response:
    shop = account_of(request).shop
    return JSONResponse({"names": suggest(shop, request.query_params.get("q", ""))})


async def _reviews(request: Request) -> Response:
    await linger(request)
    account = account_of(request)
    product = account.shop.by_id.get(request.path_params["product"])
    if product is None:
        return _nothing()
    page = cut(opinions_of(product, account.seed), asked_page(request), REVIEWS_A_PAGE)
    more = None if page.next is None else f"/product/{product.id}/reviews?page={page.next}"
    return answer_part(request, "reviews.html", reviews=page.items, more=more)


async def _orders(request: Request) -> Response:
    await linger(request)
    account, tab = account_of(request), request.query_params.get("tab", "orders")
    if tab == "buy-again":
        return answer_part(request, "again.html", lines=bought_before(account))
    page = cut(orders_in(account, tab), asked_page(request), ORDERS_A_PAGE)
    links = {number: f"/orders?tab={tab}&page={number}" for number in range(1, page.pages + 1)}
    return answer_part(request, "orders.html", page=page, links=links)


async def _cart(request: Request) -> Response:
    return answer_part(request, "cart.html")


async def _payment(request: Request) -> Response:
    return answer_part(request, "payment.html")


async def _items(request: Request) -> Response:
    lines = [[each.product.id, each.color, each.quantity] for each in account_of(request).lines]
    return answer_part(request, "items.html", lines=json.dumps(lines))


async def _my_reviews(request: Request) -> Response:
    return answer_part(request, "my_reviews.html")


async def _summary(request: Request) -> Response:
    return answer_part(request, "summary.html", bill=account_of(request).bill)


async def _picture(request: Request) -> Response:
    kind, color = request.path_params["kind"], request.path_params["color"]
    try:
        text = draw_product(kind, color)
    except KeyError:
        return _nothing()
    headers = {"cache-control": "public, max-age=86400, immutable"}
    return Response(text, media_type="image/svg+xml", headers=headers)


def _cents(text: str) -> int | None:
    whole, _, rest = text.partition(".")
    if not whole.isdecimal() or len(whole) > 6 or (rest and not rest.isdecimal()):
        return None
    return round(float(text) * 100)


def _nothing() -> Response:
    return PlainTextResponse("There is nothing here.", status_code=404)


#: Where pictures are; they stand for a content network, and are never delayed.
PICTURES: Final = "/art/"

ROUTES = [
    Route("/parts/results", _results),
    Route("/parts/rails", _rails),
    Route("/parts/suggest", _suggest),
    Route("/parts/orders", _orders),
    Route("/parts/my-reviews", _my_reviews),
    Route("/parts/cart", _cart),
    Route("/parts/payment", _payment),
    Route("/parts/items", _items),
    Route("/parts/summary", _summary),
    Route("/product/{product}/reviews", _reviews),
    Route(PICTURES + "{kind}/{color}.svg", _picture),
]
