"""What changes an account: the cart, the choices at checkout, and the order itself."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.dashdish.basket import Checkout, Line
from agentjit.sites.dashdish.rendering import TEMPLATES, account_of, answer_page, session_of
from agentjit.sites.dashdish.state import (
    OtherStoreError,
    add_line,
    choose,
    place,
    set_quantity,
)

#: What a request that makes no sense runs into; the last four come from reading it.
_BAD = (RefusedError, AttributeError, LookupError, TypeError, ValueError)


async def _add(request: Request) -> Response:
    try:
        sent = await request.json()
        account = add_line(
            account_of(request), _read_line(sent), replace_cart=sent.get("replace") is True
        )
    except OtherStoreError as error:
        return JSONResponse({"other": error.store, "message": str(error)}, status_code=409)
    except _BAD as error:
        return _refuse(error)
    session_of(request).change(account)
    return _answer_cart(request)


async def _change_line(request: Request) -> Response:
    try:
        sent = await request.json()
        account = set_quantity(account_of(request), str(sent["line"]), int(sent["quantity"]))
    except _BAD as error:
        return _refuse(error)
    session_of(request).change(account)
    return _answer_cart(request)


async def _choose(request: Request) -> Response:
    try:
        sent = await request.json()
        account = choose(account_of(request), {str(k): str(v) for k, v in sent.items()})
    except _BAD as error:
        return _refuse(error)
    session_of(request).change(account)
    return JSONResponse({"ok": True})


async def _place(request: Request) -> Response:
    """Place the order that the form describes, with the choices that the form was sent with."""
    form = await request.form()
    before = account_of(request)
    try:
        sent = json.loads(str(form.get("lines", "[]")))
        lines = tuple(_read_line(entry) for entry in sent)
        names = ("method", "delivery_option", "slot", "drop_off", "instructions", "address")
        choices = {n: str(form[n]) for n in (*names, "payment", "tip") if n in form}
        checkout: Checkout = choose(before, choices).checkout
        account = place(
            before,
            lines,
            checkout,
            order_id=f"DD-{secrets.token_hex(4).upper()}",
            placed_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
    except _BAD as error:
        message = str(error) if isinstance(error, RefusedError) else "That order makes no sense"
        return answer_page(request, "refused.html", status=422, message=message)
    session_of(request).change(account)
    return RedirectResponse(f"/orders/{account.orders[-1].id}/confirmation", status_code=303)


def _read_line(sent: Any) -> Line:
    return Line(
        id="",
        store_id=str(sent["store"]),
        item_id=str(sent["item"]),
        quantity=int(sent.get("quantity", 1)),
        options=tuple((str(title), str(label)) for title, label in sent.get("options", [])),
    )


def _answer_cart(request: Request) -> Response:
    account = account_of(request)
    return JSONResponse(
        {"count": account.count, "drawer": TEMPLATES.render(request, "parts/drawer.html")}
    )


def _refuse(error: Exception) -> Response:
    message = str(error) if isinstance(error, RefusedError) else "That request makes no sense"
    return JSONResponse({"message": message}, status_code=422)


ROUTES = [
    Route("/cart/add", _add, methods=["POST"]),
    Route("/cart/line", _change_line, methods=["POST"]),
    Route("/checkout/choose", _choose, methods=["POST"]),
    Route("/checkout/place", _place, methods=["POST"]),
]
