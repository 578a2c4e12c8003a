"""The record has the places at which REAL's evaluators look; what makes no sense is not in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from agentjit.sites import load_site
from agentjit.sites.common.settings import make_settings
from tests.sites.omnizon.uses import account_at

START = account_at(0)
LATEST = START.orders[-1]
FIRST = START.orders[0]
GOOD = LATEST.lines[0].product.id

CONTROLLER = {"product": "16", "color": "White", "quantity": 2}
CARD = {
    "name": "Jack Fulton",
    "number": "9231 3432 8927 7764",
    "month": "1",
    "year": "2029",
    "code": "128",
}
ORDER = {
    "day": "2025-07-21",
    "card": "9113",
    "address": "412 Maple Hollow Road, Fernley Falls",
    "lines": json.dumps([["16", "White", 2]]),
}


@pytest.fixture
def shop() -> TestClient:
    settings = make_settings(today=START.today.isoformat())
    return TestClient(load_site("omnizon").create_app(settings))


def _finish(shop: TestClient) -> Any:
    return shop.get("/finish").json()


def _account(shop: TestClient) -> Any:
    final = _finish(shop)["finalstate"]
    return {name: final[name] for name in ("cart", "checkout", "order", "reviews")}


def test_the_beginning_has_what_can_later_be_updated(shop: TestClient) -> None:
    initial = _finish(shop)["initialstate"]
    assert initial["filter"] == {"searchQuery": "", "searchInputValue": ""}
    assert initial["router"]["location"]["pathname"] == "/"
    assert len(initial["order"]["orders"]) == len(START.orders)


def test_a_search_and_a_page_are_told_as_updated(shop: TestClient) -> None:
    shop.get("/search?q=Gaming+device")
    shop.get("/product/16")
    updated = _finish(shop)["initialfinaldiff"]["updated"]
    assert updated["filter"]["searchQuery"] == "Gaming device"
    assert updated["filter"]["searchInputValue"] == "Gaming device"
    assert updated["router"]["location"]["pathname"] == "/product/16"


def test_an_order_is_told_in_every_place(shop: TestClient) -> None:
    shop.post("/cart/add", json=CONTROLLER)
    shop.post("/checkout/card", json=CARD)
    placed = shop.post("/checkout/place", data={**ORDER, "card": "7764"})
    assert placed.url.path == "/confirmation"
    record = _finish(shop)
    number = str(len(START.orders))
    order = record["initialfinaldiff"]["added"]["order"]["orders"][number]
    assert order == record["differences"]["orders"]["added"][number]
    assert record["orderDetailsDiff"].keys() == {"added", "deleted", "updated"}
    details = record["orderDetailsDiff"]["added"]["0"]["order"]
    assert details["cart"] == order["items"]
    (line,) = details["cart"]
    assert (line["id"], line["quantity"]) == ("16", 2)
    assert line["name"].startswith("PlayStation DualSense")
    assert details["selected_delivery"] == "Monday, Jul 21"
    assert details["selected_card"] == {
        "cardName": "Jack Fulton",
        "cardNumber": "9231 3432 8927 7764",
        "month": "1",
        "year": "2029",
        "security_code": "128",
    }
    assert order["total"] == round(2 * line["price"] + order["shipping"] + order["tax"], 2)
    assert record["finalstate"]["cart"]["items"] == []
    assert record["initialfinaldiff"]["updated"]["router"]["location"]["pathname"] == (
        "/confirmation"
    )


def test_the_same_form_twice_is_two_orders(shop: TestClient) -> None:
    for _ in range(2):
        shop.post("/checkout/place", data=ORDER)
    added = _finish(shop)["orderDetailsDiff"]["added"]
    assert list(added) == ["0", "1"]
    assert added["0"]["order"]["orderNumber"] != added["1"]["order"]["orderNumber"]


def test_a_cancelled_order_and_a_review_are_told(shop: TestClient) -> None:
    shop.post(f"/orders/{LATEST.id}/cancel", data={"reason": "Order created by mistake"})
    form = {"rating": "4", "title": "Good", "content": "It does what it should."}
    shop.post(f"/orders/{LATEST.id}/review/{GOOD}", data=form)
    differences = _finish(shop)["differences"]
    (order,) = differences["orders"]["updated"].values()
    assert order["status"] == "Cancelled"
    (review,) = differences["reviews"]["added"].values()
    assert (review["productId"], review["rating"], review["title"]) == (GOOD, 4, "Good")
    assert review["orderNumber"] == LATEST.id


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/cart/add", {}),
        ("/cart/add", {**CONTROLLER, "product": "999"}),
        ("/cart/add", {**CONTROLLER, "color": "Mauve"}),
        ("/cart/add", {**CONTROLLER, "quantity": 0}),
        ("/cart/add", {**CONTROLLER, "quantity": 31}),
        ("/cart/add", {**CONTROLLER, "quantity": "many"}),
        ("/cart/add", {**CONTROLLER, "quantity": None}),
        ("/cart/add", {**CONTROLLER, "quantity": [2]}),
        ("/cart/line", {"line": "16/White", "quantity": 1}),
        ("/checkout/choose", {"day": "2025-08-01"}),
        ("/checkout/choose", {"day": "tomorrow"}),
        ("/checkout/choose", {"card": "0000"}),
        ("/checkout/choose", {"colour": "red"}),
        ("/checkout/card", {}),
        ("/checkout/card", {**CARD, "number": "12"}),
        ("/checkout/card", {**CARD, "number": "9231 3432 8927 ABCD"}),
        ("/checkout/card", {**CARD, "month": "13"}),
        ("/checkout/card", {**CARD, "year": "29"}),
        ("/checkout/card", {**CARD, "year": "2024"}),
        ("/checkout/card", {**CARD, "code": "12"}),
    ],
)
def test_what_a_script_sends_without_sense_is_refused(
    shop: TestClient, path: str, sent: dict[str, Any]
) -> None:
    before = _account(shop)
    answer = shop.post(path, json=sent)
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert _account(shop) == before


def test_a_number_beyond_all_numbers_is_refused(shop: TestClient) -> None:
    for path, text in (
        ("/cart/add", '{"product": "16", "color": "White", "quantity": 1e999}'),
        ("/cart/line", '{"line": "16/White", "quantity": 1e999}'),
    ):
        answer = shop.post(path, content=text, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 422)
    lines = '[["16", "White", 1e999]]'
    assert shop.post("/checkout/place", data={**ORDER, "lines": lines}).status_code == 422


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("/buy", {}, "not sold here"),
        ("/buy", {"product": "16", "color": "White", "quantity": "31"}, "between 1 and 30"),
        ("/checkout/place", {}, "not a day"),
        ("/checkout/place", {**ORDER, "lines": "[]"}, "cart is empty"),
        ("/checkout/place", {**ORDER, "lines": "nonsense"}, "makes no sense"),
        ("/checkout/place", {**ORDER, "lines": "[1]"}, "makes no sense"),
        ("/checkout/place", {**ORDER, "lines": '[["16", "White", 31]]'}, "between 1 and 30"),
        ("/checkout/place", {**ORDER, "card": "0000"}, "cannot be chosen"),
        ("/orders/1/cancel", {}, "no such order"),
        (f"/orders/{FIRST.id}/cancel", {}, "cannot be cancelled"),
        (f"/orders/{LATEST.id}/review/{GOOD}", {"rating": "4"}, "headline"),
        (f"/orders/{LATEST.id}/review/{GOOD}", {"title": "a", "content": "b"}, "stars"),
        (
            f"/orders/{LATEST.id}/review/{GOOD}",
            {"rating": "6", "title": "a", "content": "b"},
            "stars",
        ),
    ],
)
def test_a_form_without_sense_is_refused(
    shop: TestClient, path: str, form: dict[str, str], said: str
) -> None:
    before = _account(shop)
    answer = shop.post(path, data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert _account(shop) == before


def test_the_price_is_the_site_s_and_not_the_form_s(shop: TestClient) -> None:
    shop.post("/checkout/place", data={**ORDER, "price": "0.01", "total": "0.01"})
    (added,) = _finish(shop)["orderDetailsDiff"]["added"].values()
    price = START.shop.by_id["16"].cents / 100
    assert added["order"]["items"][0]["price"] == price
