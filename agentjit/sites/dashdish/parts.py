"""The parts of pages that arrive late: rails, the store list, menus, reviews, an item's dialog."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from agentjit.sites.common.paging import asked_page, cut
from agentjit.sites.dashdish.art import draw_cover, draw_item, draw_logo
from agentjit.sites.dashdish.catalogue import catalogue
from agentjit.sites.dashdish.charges import charge
from agentjit.sites.dashdish.menu import Store
from agentjit.sites.dashdish.rendering import account_of, answer_part

#: Stores that the list shows at a time, reviews that a store does, cards in one rail.
STORES_A_PAGE: Final = 18
REVIEWS_A_PAGE: Final = 5
RAIL_LENGTH: Final = 8


def list_path(query: str, category: str, page: int = 1) -> str:
    """Where a page of the list of stores is."""
    return f"/parts/stores?{urlencode({'q': query, 'category': category, 'page': page})}"


async def _rails(request: Request) -> Response:
    return answer_part(request, "rails.html", length=RAIL_LENGTH)


async def _stores(request: Request) -> Response:
    query = request.query_params
    found = account_of(request).catalogue
    words, wanted = query.get("q", ""), query.get("category", "")
    stores = found.in_category(wanted) if wanted else found.search(words)
    page = cut(stores, asked_page(request), STORES_A_PAGE)
    more = None if page.next is None else list_path(words, wanted, page.next)
    return answer_part(request, "stores.html", stores=page.items, total=page.total, more=more)


async def _menu(request: Request) -> Response:
    store = _find_store(request)
    if store is None:
        return _nothing()
    popular = sorted(store.items(), key=lambda i: (i.sold_out, i.name))[:3]
    return answer_part(request, "menu.html", store=store, popular=popular)


async def _reviews(request: Request) -> Response:
    store = _find_store(request)
    if store is None:
        return _nothing()
    page = cut(store.reviews, asked_page(request), REVIEWS_A_PAGE)
    more = None if page.next is None else f"/store/{store.id}/reviews?page={page.next}"
    return answer_part(request, "reviews.html", reviews=page.items, more=more)


async def _dialog(request: Request) -> Response:
    store = _find_store(request)
    item = store.by_id.get(request.path_params["item"]) if store else None
    if item is None:
        return _nothing()
    return answer_part(request, "dialog.html", store=store, item=item)


async def _drawer(request: Request) -> Response:
    return answer_part(request, "drawer.html")


async def _bill(request: Request) -> Response:
    account = account_of(request)
    store = account.store
    if store is None:
        return _nothing()
    charges = charge(account.picked, account.fitting_checkout, store)
    return answer_part(request, "bill.html", charges=charges)


async def _item_picture(request: Request) -> Response:
    kind, key = request.path_params["kind"], request.path_params["key"]
    try:
        return _picture(draw_item(kind, key))
    except KeyError:
        return _nothing()


async def _store_picture(request: Request) -> Response:
    # What a store sells does not depend on the seed, so neither does its picture.
    store = catalogue(0).by_id.get(request.path_params["store"])
    if store is None:
        return _nothing()
    if request.path_params["what"] == "logo":
        return _picture(draw_logo(store.name))
    kinds = tuple(dict.fromkeys(item.art for item in store.items()))[:3]
    return _picture(draw_cover(kinds, store.id))


def _picture(text: str) -> Response:
    headers = {"cache-control": "public, max-age=86400, immutable"}
    return Response(text, media_type="image/svg+xml", headers=headers)


def _find_store(request: Request) -> Store | None:
    return account_of(request).catalogue.by_id.get(request.path_params["store"])


def _nothing() -> Response:
    return PlainTextResponse("There is nothing here.", status_code=404)


#: Where pictures are; they stand for a content network, and are never delayed.
PICTURES: Final = "/art/"

ROUTES = [
    Route("/parts/rails", _rails),
    Route("/parts/stores", _stores),
    Route("/parts/drawer", _drawer),
    Route("/parts/bill", _bill),
    Route("/store/{store}/menu", _menu),
    Route("/store/{store}/reviews", _reviews),
    Route("/store/{store}/item/{item}", _dialog),
    Route(PICTURES + "item/{kind}/{key}.svg", _item_picture),
    Route(PICTURES + "store/{what}/{store}.svg", _store_picture),
]
