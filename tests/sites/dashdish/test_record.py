"""The record has the places at which REAL's evaluators look."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from agentjit.sites import load_site
from agentjit.sites.common.settings import make_settings
from agentjit.sites.dashdish.catalogue import catalogue

SOUVLA = catalogue(0).by_id["souvla"]


@pytest.fixture
def customer() -> TestClient:
    return TestClient(load_site("dashdish").create_app(make_settings()))


def _line(name: str, quantity: int = 1, *options: tuple[str, str]) -> dict[str, Any]:
    item = next(i for i in SOUVLA.items() if i.name == name)
    return {"store": "souvla", "item": item.id, "quantity": quantity, "options": options}


def _form(*lines: dict[str, Any], **choices: str) -> dict[str, str]:
    return {"lines": json.dumps(lines), **choices}


def test_nothing_done_is_nothing_added(customer: TestClient) -> None:
    record = customer.get("/finish").json()
    assert record["differences"]["foodOrders"]["added"] == {}
    assert record["initialfinaldiff"] == {"added": {}, "deleted": {}, "updated": {}}


def test_an_order_is_told_in_both_places(customer: TestClient) -> None:
    burger = _line("Classic Cheeseburger", 2, ("Size", "Medium"))
    form = _form(
        burger,
        _line("Bacon Double Cheeseburger"),
        delivery_option="Schedule",
        instructions="Leave at the front door",
        payment="Visa",
        tip="0",
    )
    customer.post("/cart/add", json=burger)
    assert customer.post("/checkout/place", data=form).url.path.endswith("/confirmation")
    record = customer.get("/finish").json()
    order = record["differences"]["foodOrders"]["added"]["0"]
    assert order == record["initialfinaldiff"]["added"]["cart"]["foodOrders"]["0"]
    first, second = order["cartItems"]
    assert (first["restaurantName"], first["name"]) == ("Souvla", "Classic Cheeseburger")
    assert (first["size"], first["quantity"]) == ("Medium", 2)
    assert (second["name"], second["size"]) == ("Bacon Double Cheeseburger", "Small")
    assert first["description"]
    assert order["orderId"]
    shipping = order["checkoutDetails"]["shipping"]
    assert shipping["shippingOption"] == "Delivery"
    assert shipping["deliveryOption"] == "Schedule"
    assert shipping["dropOffOption"] == "Leave it at my door"
    assert shipping["dropOffInstructions"] == "Leave at the front door"
    assert order["checkoutDetails"]["payment"]["type"] == "Visa"
    charges = order["checkoutDetails"]["charges"]
    total = charges.pop("totalAmount")
    assert round(sum(charges.values()), 2) == total
    assert record["finalstate"]["cart"]["cartItems"] == []


def test_the_same_form_twice_is_two_orders(customer: TestClient) -> None:
    line = _line("Classic Cheeseburger")
    customer.post("/cart/add", json=line)
    for _ in range(2):
        customer.post("/checkout/place", data=_form(line, method="Pickup"))
    added = customer.get("/finish").json()["differences"]["foodOrders"]["added"]
    assert sorted(added) == ["0", "1"]
    assert added["0"]["orderId"] != added["1"]["orderId"]
    assert added["1"]["checkoutDetails"]["shipping"]["shippingOption"] == "Pickup"


def test_the_price_is_the_site_s_and_not_the_form_s(customer: TestClient) -> None:
    cheat = {**_line("Classic Cheeseburger"), "price": 0.01, "cents": 1}
    customer.post("/checkout/place", data=_form(cheat))
    order = customer.get("/finish").json()["differences"]["foodOrders"]["added"]["0"]
    assert order["checkoutDetails"]["charges"]["subTotal"] == 11.25


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"lines": "[]"},
        {"lines": "nonsense"},
        {"lines": "[1]"},
        {"lines": '[{"store": "souvla"}]'},
        {"lines": '[{"store": "souvla", "item": "101", "quantity": "many"}]'},
        _form(_line("Classic Cheeseburger"), payment="Shells"),
    ],
)
def test_a_form_that_makes_no_sense_orders_nothing(
    customer: TestClient, form: dict[str, str]
) -> None:
    answer = customer.post("/checkout/place", data=form)
    assert answer.status_code == 422
    assert "not placed" in answer.text
    assert customer.get("/finish").json()["differences"]["foodOrders"]["added"] == {}
