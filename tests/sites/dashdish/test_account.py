"""Carts, charges and orders as pure values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.dashdish.basket import Checkout, Line, pick_line
from agentjit.sites.dashdish.catalogue import catalogue
from agentjit.sites.dashdish.charges import charge
from agentjit.sites.dashdish.menu import Item, Store
from agentjit.sites.dashdish.state import (
    Account,
    OtherStoreError,
    add_line,
    choose,
    place,
    set_quantity,
    start_account,
)

TACOS = catalogue(0).by_id["taco-bell"]
SOUVLA = catalogue(0).by_id["souvla"]
PICKUP_ONLY = next(s for s in catalogue(0).stores if not s.delivers)


def _item(store: Store, name: str) -> Item:
    return next(item for item in store.items() if item.name == name)


def _line(store: Store, name: str, quantity: int = 1, **options: str) -> Line:
    chosen = tuple((title.replace("_", " "), label) for title, label in options.items())
    item = _item(store, name)
    return Line(id="", store_id=store.id, item_id=item.id, quantity=quantity, options=chosen)


BURGER = _line(TACOS, "Classic Cheeseburger", 2, Size="Large", Add_to_it="Bacon")


def test_options_move_the_price_and_defaults_are_filled_in() -> None:
    base = _item(TACOS, "Classic Cheeseburger").cents
    assert pick_line(BURGER, TACOS).cents == 2 * (base + 300 + 175)
    plain = pick_line(replace(BURGER, options=()), TACOS)
    assert plain.unit_cents == base
    assert plain.size == "Small"


@pytest.mark.parametrize(
    "line",
    [
        replace(BURGER, item_id="999"),
        replace(BURGER, quantity=0),
        replace(BURGER, quantity=21),
        replace(BURGER, options=(("Size", "Huge"),)),
        replace(BURGER, options=(("Size", "Small"), ("Size", "Large"))),
        replace(BURGER, options=(("Colour", "Red"),)),
    ],
)
def test_a_line_that_the_menu_does_not_have_is_refused(line: Line) -> None:
    with pytest.raises(RefusedError):
        pick_line(line, TACOS)


def test_what_is_sold_out_cannot_be_picked() -> None:
    store, item = next(
        (store, item) for store in catalogue(0).stores for item in store.items() if item.sold_out
    )
    with pytest.raises(RefusedError, match="sold out"):
        pick_line(Line(id="", store_id=store.id, item_id=item.id, quantity=1), store)


def test_equal_lines_become_one_and_others_stay_apart() -> None:
    account = add_line(start_account(0), BURGER)
    account = add_line(account, BURGER)
    account = add_line(account, replace(BURGER, options=()))
    assert [line.quantity for line in account.lines] == [4, 2]
    assert len({line.id for line in account.lines}) == 2
    assert account.count == 6


def test_a_cart_holds_one_store_unless_it_is_replaced() -> None:
    account = add_line(start_account(0), BURGER)
    other = _line(SOUVLA, "Classic Cheeseburger")
    with pytest.raises(OtherStoreError, match="Taco Bell"):
        add_line(account, other)
    assert add_line(account, other, replace_cart=True).store == SOUVLA


def test_a_line_of_none_is_gone() -> None:
    account = add_line(start_account(0), BURGER)
    (line,) = account.lines
    assert set_quantity(account, line.id, 1).count == 1
    assert set_quantity(account, line.id, 0).lines == ()
    with pytest.raises(RefusedError):
        set_quantity(account, "no such line", 1)


def test_the_bill_adds_up_in_cents() -> None:
    lines = [pick_line(_line(TACOS, "Crunchy Beef Taco", 3), TACOS)]
    bill = charge(lines, Checkout(delivery_option="Express"), TACOS)
    assert bill.subtotal_cents == 3 * 219
    assert bill.delivery_cents == 99
    assert bill.express_cents == 299
    assert bill.service_cents == 99
    assert bill.tax_cents == 56
    assert bill.tip_cents == 200
    assert bill.total_cents == 657 + 99 + 299 + 99 + 56 + 200


def test_pickup_has_no_delivery_no_express_and_no_tip() -> None:
    lines = [pick_line(_line(TACOS, "Party Taco Pack", 20), TACOS)]
    bill = charge(lines, Checkout(method="Pickup", delivery_option="Express"), TACOS)
    assert (bill.delivery_cents, bill.express_cents, bill.tip_cents) == (0, 0, 0)
    assert bill.service_cents == 499


def test_choices_are_those_that_the_site_offers() -> None:
    account = choose(start_account(0), {"payment": "PayPal", "tip": "3", "instructions": " hi "})
    assert account.checkout == Checkout(payment="PayPal", tip_cents=300, instructions="hi")
    for wrong in ({"payment": "Shells"}, {"tip": "-1"}, {"tip": "x"}, {"colour": "red"}):
        with pytest.raises(RefusedError):
            choose(account, wrong)


def test_a_store_without_delivery_is_picked_up_from() -> None:
    item = min((i for i in PICKUP_ONLY.items() if not i.sold_out), key=lambda i: i.cents)
    line = Line(id="", store_id=PICKUP_ONLY.id, item_id=item.id, quantity=1)
    account = add_line(start_account(0), line)
    assert account.fitting_checkout.method == "Pickup"
    assert account.checkout.method == "Delivery"
    with pytest.raises(RefusedError, match="Delivery"):
        choose(account, {"method": "Delivery"})


def _place(account: Account, order_id: str) -> Account:
    now = "2030-01-01T12:00:00+00:00"
    return place(account, [BURGER], Checkout(), order_id=order_id, placed_at=now)


def test_every_placing_is_an_order_of_its_own() -> None:
    account = add_line(start_account(0), BURGER)
    account = _place(_place(account, "one"), "two")
    assert [order.id for order in account.orders] == ["one", "two"]
    assert account.orders[0].charges == account.orders[1].charges
    assert account.lines == ()


def test_nothing_and_two_stores_at_once_cannot_be_ordered() -> None:
    account = start_account(0)
    for lines in ([], [BURGER, _line(SOUVLA, "Classic Cheeseburger")]):
        with pytest.raises(RefusedError):
            place(account, lines, Checkout(), order_id="x", placed_at="")
