"""The graders of ours: content with what was asked, in any sensible shape, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from agentjit.sites import load_site
from agentjit.sites.common.settings import make_settings
from agentjit.sites.grading import Evidence, judge_ours
from agentjit.sites.omnizon.orders import CANCELLED, WAITING
from agentjit.sites.tasks import find_task
from agentjit.toolspecs import JsonValue
from tests.sites.omnizon.shopper import TODAY
from tests.sites.omnizon.test_record import CARD, ORDER
from tests.sites.omnizon.uses import account_at

SEED = 3
START = account_at(SEED)
SHOP = START.shop
WAITING_ORDERS = [order for order in START.orders if order.status == WAITING]
CALLED_OFF = [order for order in START.orders if order.status == CANCELLED]
CATEGORIES = ("Gift", "Toys", "Gaming", "Cosmetics")
COLORS = {category: SHOP.on_shelf(category)[0].colors[0] for category in CATEGORIES}


@pytest.fixture
def shop() -> TestClient:
    return TestClient(load_site("omnizon").create_app(make_settings(seed=SEED, today=TODAY)))


def _wrong(shop: TestClient, task_id: str, answer: JsonValue = None) -> Sequence[str]:
    record: Any = shop.get("/finish").json()
    task = find_task(task_id)
    evidence = Evidence(
        task=task,
        seed=SEED,
        today=date.fromisoformat(TODAY),
        answer=answer,
        initial=record["initialstate"],
        final=record["finalstate"],
        differences=record["differences"],
    )
    return judge_ours((task.exact or task.grader).name, evidence)


def _form(*lines: tuple[str, int], **choices: str) -> dict[str, str]:
    """The order of some products in their first colors, on the day that is offered first."""
    sent = [[each, SHOP.by_id[each].colors[0], quantity] for each, quantity in lines]
    day = START.delivery.day.isoformat()
    return {**ORDER, "day": day, "lines": json.dumps(sent), **choices}


@pytest.mark.parametrize(
    ("task_id", "answer"),
    [
        ("omnizon-4", [len(WAITING_ORDERS), len(CALLED_OFF)]),
        ("omnizon-4", {"cancelled": len(CALLED_OFF), "waiting": len(WAITING_ORDERS)}),
        ("omnizon-4", f"{len(WAITING_ORDERS)} wait, {len(CALLED_OFF)} are cancelled"),
        ("omnizon-7", list(COLORS.values())),
        ("omnizon-7", dict(reversed(COLORS.items()))),
        ("omnizon-7", [{"category": name, "color": color} for name, color in COLORS.items()]),
        ("omnizon-7", ", ".join(COLORS.values())),
    ],
)
def test_an_answer_may_have_any_sensible_shape(
    shop: TestClient, task_id: str, answer: JsonValue
) -> None:
    shop.get("/search?category=Toys")
    assert _wrong(shop, task_id, answer) == []


@pytest.mark.parametrize(
    ("task_id", "answer"),
    [
        ("omnizon-4", [len(WAITING_ORDERS), len(CALLED_OFF) + 1]),
        ("omnizon-4", len(WAITING_ORDERS)),
        ("omnizon-6", "none of them"),
        ("omnizon-6", find_task("omnizon-6").expect["products"]),
        ("omnizon-7", list(COLORS.values())[:3]),
        ("omnizon-7", list(reversed(COLORS.values()))),
        ("omnizon-7", None),
    ],
)
def test_a_wrong_answer_is_told(shop: TestClient, task_id: str, answer: JsonValue) -> None:
    (wrong,) = _wrong(shop, task_id, answer)
    assert "the answer" in wrong


def test_a_right_answer_with_something_done_besides_is_wrong(shop: TestClient) -> None:
    shop.post("/cart/add", json={"product": "16", "color": "White", "quantity": 1})
    answer: JsonValue = [len(WAITING_ORDERS), len(CALLED_OFF)]
    assert _wrong(shop, "omnizon-4", answer) == ["cart was changed"]


def test_an_order_as_asked_is_right(shop: TestClient) -> None:
    shop.post("/checkout/place", data=_form(("51", 5)))
    assert _wrong(shop, "omnizon-8") == []


def test_an_order_with_the_card_that_was_asked_for_is_right(shop: TestClient) -> None:
    shop.post("/checkout/card", json=CARD)
    shop.post("/checkout/place", data=_form(("16", 1), card="7764"))
    assert _wrong(shop, "real-v1-omnizon-9") == []


@pytest.mark.parametrize(
    ("forms", "said"),
    [
        ([], "0 orders"),
        ([_form(("51", 5))] * 2, "2 orders"),
        ([_form(("51", 4))], "nothing in the order is"),
        ([_form(("16", 5))], "nothing in the order is"),
        ([_form(("51", 5), ("16", 1))], "was ordered, too"),
        ([_form(("51", 5), card="4406")], "selected_card"),
        ([_form(("51", 5), day="2025-07-20")], "deliveryDate"),
        ([_form(("51", 5), address="9 Harbour Steps, Unit 2, Fernley Falls")], "address"),
    ],
)
def test_another_order_is_told(shop: TestClient, forms: list[dict[str, str]], said: str) -> None:
    for form in forms:
        assert shop.post("/checkout/place", data=form).status_code == 200
    assert said in " ".join(_wrong(shop, "omnizon-8"))


@pytest.mark.parametrize(
    ("path", "sent", "said"),
    [
        ("/cart/add", {"product": "16", "color": "White", "quantity": 1}, "left in the cart"),
        ("/checkout/card", CARD, "cards"),
    ],
)
def test_what_is_done_besides_an_order_is_told(
    shop: TestClient, path: str, sent: dict[str, object], said: str
) -> None:
    shop.post("/checkout/place", data=_form(("51", 5)))
    assert shop.post(path, json=sent).status_code == 200
    (wrong,) = _wrong(shop, "omnizon-8")
    assert said in wrong


def test_exactly_the_dearest_order_and_those_of_july_are_to_be_cancelled(shop: TestClient) -> None:
    dearest = max(WAITING_ORDERS, key=lambda order: order.bill.total)
    shop.post(f"/orders/{dearest.id}/cancel")
    assert _wrong(shop, "omnizon-1") == []
    for order in WAITING_ORDERS:
        if order.placed.month == 7 and order != dearest:
            shop.post(f"/orders/{order.id}/cancel")
    assert _wrong(shop, "omnizon-1") != []
    assert (_wrong(shop, "omnizon-3") == []) == (dearest.placed.month == 7)


def test_each_item_of_the_first_three_orders_is_to_be_reviewed_once(shop: TestClient) -> None:
    form = {"rating": "4", "title": "Good", "content": "It does what it should."}
    paths = [
        f"/orders/{order.id}/review/{line.product.id}"
        for order in START.orders[-3:]
        for line in order.lines
    ]
    for path in paths[1:]:
        shop.post(path, data=form)
    assert len(_wrong(shop, "omnizon-2")) == 1
    shop.post(paths[0], data=form)
    assert _wrong(shop, "omnizon-2") == []
    shop.post(paths[0], data=form)
    assert _wrong(shop, "omnizon-2") == ["something was reviewed twice"]
