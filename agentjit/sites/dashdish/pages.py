"""The whole pages: home, store, cart, checkout, confirmation, order history, and none at all."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agentjit.sites.dashdish.basket import (
    ADDRESSES,
    DELIVERY_OPTIONS,
    DROP_OFF_OPTIONS,
    METHODS,
    PAYMENTS,
    SLOTS,
    TIPS,
    Line,
)
from agentjit.sites.dashdish.parts import list_path
from agentjit.sites.dashdish.rendering import account_of, answer_page


async def _home(request: Request) -> Response:
    query = request.query_params.get("q", "").strip()
    category = request.query_params.get("category", "")
    return answer_page(
        request,
        "home.html",
        query=query,
        category=category,
        list_path=list_path(query, category),
        promoted=account_of(request).catalogue.stores[3],
    )


async def _store(request: Request) -> Response:
    store = account_of(request).catalogue.by_id.get(request.path_params["store"])
    if store is None:
        return show_missing(request)
    return answer_page(request, "store.html", store=store)


async def _cart(request: Request) -> Response:
    return answer_page(request, "cart.html")


async def _checkout(request: Request) -> Response:
    account = account_of(request)
    return answer_page(
        request,
        "checkout.html",
        store=account.store,
        lines=show_lines(account.lines),
        methods=METHODS,
        delivery_options=DELIVERY_OPTIONS,
        drop_offs=DROP_OFF_OPTIONS,
        addresses=ADDRESSES,
        payments=PAYMENTS,
        slots=SLOTS,
        tips=TIPS,
    )


async def _confirmation(request: Request) -> Response:
    wanted = request.path_params["order"]
    order = next((o for o in account_of(request).orders if o.id == wanted), None)
    if order is None:
        return show_missing(request)
    return answer_page(request, "confirmation.html", order=order)


async def _orders(request: Request) -> Response:
    return answer_page(request, "orders.html")


def show_missing(request: Request) -> Response:
    """The page for an address that the site does not have."""
    return answer_page(request, "missing.html", status=404)


def show_lines(lines: tuple[Line, ...]) -> str:
    """Cart lines as the order form carries them."""
    return json.dumps(
        [
            {
                "store": line.store_id,
                "item": line.item_id,
                "quantity": line.quantity,
                "options": line.options,
            }
            for line in lines
        ]
    )


ROUTES = [
    Route("/", _home),
    Route("/store/{store}", _store),
    Route("/cart", _cart),
    Route("/checkout", _checkout),
    Route("/orders", _orders),
    Route("/orders/{order}/confirmation", _confirmation),
]
