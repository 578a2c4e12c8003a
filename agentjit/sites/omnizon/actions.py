"""What changes an account: the cart, the choices at checkout, orders and reviews."""

from __future__ import annotations

import json
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agentjit.sites.common.forms import read_form, read_json, redirect
from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.omnizon.checkout import Card
from agentjit.sites.omnizon.orders import Line
from agentjit.sites.omnizon.pages import show_missing
from agentjit.sites.omnizon.rendering import account_of, answer_page, session_of
from agentjit.sites.omnizon.state import (
    Account,
    Review,
    add_card,
    add_line,
    cancel,
    choose,
    pick_line,
    place,
    set_quantity,
    write_review,
)

#: What a request that makes no sense runs into; all but the first come from reading it.
_BAD: Final = (
    RefusedError,
    AttributeError,
    LookupError,
    OverflowError,
    TypeError,
    ValueError,
)


async def _add(request: Request) -> Response:
    try:
        sent = await read_json(request)
        account = add_line(
            account_of(request), str(sent["product"]), str(sent["color"]), int(sent["quantity"])
        )
    except _BAD as error:
        return _refuse(error)
    session_of(request).change(account)
    return JSONResponse({"count": account.count})


async def _buy(request: Request) -> Response:
    form = await read_form(request)
    try:
        account = add_line(
            account_of(request), form.get("product"), form.get("color"), form.number("quantity", 1)
        )
    except RefusedError as error:
        return answer_page(request, "refused.html", status=422, what="bought", message=str(error))
    session_of(request).change(account)
    return redirect(request, "/checkout")


async def _change_line(request: Request) -> Response:
    try:
        sent = await read_json(request)
        account = set_quantity(account_of(request), str(sent["line"]), int(sent["quantity"]))
    except _BAD as error:
        return _refuse(error)
    session_of(request).change(account)
    return JSONResponse({"count": account.count})


async def _choose(request: Request) -> Response:
    try:
        sent = await read_json(request)
        account = account_of(request)
        for name, value in sent.items():
            account = choose(account, name, str(value))
    except _BAD as error:
        return _refuse(error)
    session_of(request).change(account)
    return JSONResponse({"ok": True})


async def _add_card(request: Request) -> Response:
    try:
        sent = await read_json(request)
        names = ("name", "number", "month", "year", "code")
        card = Card(**{name: " ".join(str(sent[name]).split()) for name in names})
        account = add_card(account_of(request), card)
    except _BAD as error:
        return _refuse(error)
    session_of(request).change(account)
    return JSONResponse({"ok": True})


async def _place(request: Request) -> Response:
    """Place the order that the form describes, with the choices that the form was sent with."""
    form = await read_form(request)
    try:
        account = account_of(request)
        for name in ("day", "card", "address"):
            account = choose(account, name, form.get(name))
        account = place(account, _read_lines(account, form.get("lines")))
    except RefusedError as error:
        return answer_page(request, "refused.html", status=422, what="placed", message=str(error))
    session_of(request).change(account)
    return redirect(request, f"/confirmation?order={account.orders[-1].id}")


async def _cancel(request: Request) -> Response:
    order_id = request.path_params["order"]
    try:
        account = cancel(account_of(request), order_id)
    except RefusedError as error:
        return answer_page(
            request, "refused.html", status=422, what="cancelled", message=str(error)
        )
    session_of(request).change(account)
    return redirect(request, "/orders", f"Order {order_id} was cancelled")


async def _review(request: Request) -> Response:
    order = account_of(request).order(request.path_params["order"])
    wanted = request.path_params["product"]
    line = (
        next((each for each in order.lines if each.product.id == wanted), None) if order else None
    )
    if order is None or line is None:
        return show_missing(request)
    form = await read_form(request)
    try:
        review = Review(
            order_id=order.id,
            product_id=wanted,
            product_name=line.product.name,
            rating=form.number("rating"),
            title=form.get("title"),
            content=form.get("content"),
        )
        account = write_review(account_of(request), review)
    except RefusedError as error:
        sent = {name: form.get(name) for name in ("rating", "title", "content")}
        return answer_page(
            request,
            "reviewing.html",
            status=422,
            order=order,
            line=line,
            message=str(error),
            sent=sent,
        )
    session_of(request).change(account)
    return redirect(request, "/orders", "Thank you, your review was published")


def _read_lines(account: Account, text: str) -> tuple[Line, ...]:
    try:
        sent: Any = json.loads(text or "[]")
        return tuple(
            pick_line(account, str(product), str(color), int(quantity))
            for product, color, quantity in sent
        )
    except RefusedError:
        raise
    except (TypeError, OverflowError, ValueError, RecursionError):
        raise RefusedError("That order makes no sense") from None


def _refuse(error: Exception) -> Response:
    message = str(error) if isinstance(error, RefusedError) else "That request makes no sense"
    return JSONResponse({"message": message}, status_code=422)


ROUTES = [
    Route("/cart/add", _add, methods=["POST"]),
    Route("/cart/line", _change_line, methods=["POST"]),
    Route("/buy", _buy, methods=["POST"]),
    Route("/checkout/choose", _choose, methods=["POST"]),
    Route("/checkout/card", _add_card, methods=["POST"]),
    Route("/checkout/place", _place, methods=["POST"]),
    Route("/orders/{order}/cancel", _cancel, methods=["POST"]),
    Route("/orders/{order}/review/{product}", _review, methods=["POST"]),
]
