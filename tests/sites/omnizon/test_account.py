"""Carts, choices, bills and orders as pure values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.omnizon.checkout import Card, Delivery, bill, show_weekday
from agentjit.sites.omnizon.orders import CANCELLED, DELIVERED, SHIPPED, WAITING
from agentjit.sites.omnizon.state import (
    Account,
    Review,
    add_card,
    add_line,
    cancel,
    choose,
    place,
    set_quantity,
    start_account,
    write_review,
)
from agentjit.sites.omnizon.tabs import bought_before, orders_in
from tests.sites.omnizon.uses import account_at

CARD = Card(name="Jack Fulton", number="9231 3432 8927 7764", month="1", year="2029", code="128")


@pytest.fixture(params=range(12), ids=lambda seed: f"seed {seed}")
def account(request: pytest.FixtureRequest) -> Account:
    return account_at(request.param)


def test_the_same_thing_in_the_same_color_is_one_line() -> None:
    account = add_line(account_at(0), "16", "White", 1)
    account = add_line(account, "16", "Cosmic Red", 1)
    account = add_line(account, "16", "White", 3)
    assert [line.quantity for line in account.lines] == [4, 1]
    assert account.count == 5
    assert account.subtotal == 5 * account.shop.by_id["16"].cents


def test_no_more_than_thirty_of_a_line() -> None:
    account = add_line(account_at(0), "16", "White", 30)
    with pytest.raises(RefusedError, match="30"):
        add_line(account, "16", "White", 1)
    with pytest.raises(RefusedError):
        set_quantity(account, "16/White", -1)
    assert set_quantity(account, "16/White", 0).lines == ()


def test_what_is_out_of_stock_is_not_sold() -> None:
    account = account_at(0)
    gone = next(product for product in account.shop.products if not product.in_stock)
    assert gone.most == 0
    with pytest.raises(RefusedError, match="out of stock"):
        add_line(account, gone.id, gone.colors[0], 1)


def test_the_bill_adds_up_in_cents() -> None:
    told = bill(10_001, Delivery(date(2025, 7, 19), 1299))
    assert (told.items, told.shipping, told.tax) == (10_001, 1299, 825)
    assert told.total == 10_001 + 1299 + 825


def test_days_are_offered_from_today_and_the_last_is_free(account: Account) -> None:
    days = {each.day: each.cents for each in account.deliveries}
    assert sorted(days) == [date(2025, 7, day) for day in (19, 20, 21)]
    assert days[date(2025, 7, 21)] == 0
    assert account.delivery == account.deliveries[0]
    assert show_weekday(max(days)) == "Monday, Jul 21"


def test_a_card_with_the_same_last_digits_is_replaced_and_the_new_one_chosen() -> None:
    account = add_card(account_at(0), CARD)
    assert account.card == CARD
    assert len(account.cards) == 3
    again = add_card(account, replace(CARD, name="J. Fulton"))
    assert (again.card.name, len(again.cards)) == ("J. Fulton", 3)
    assert choose(again, "card", "4406").card.ending == "4406"


def test_an_order_empties_the_cart_and_keeps_card_and_address() -> None:
    account = add_card(add_line(account_at(0), "16", "White", 2), CARD)
    account = choose(account, "day", "2025-07-21")
    account = choose(account, "address", "9 Harbour Steps, Unit 2, Fernley Falls")
    before = account.bill
    done = place(account, account.lines)
    order = done.orders[-1]
    assert (order.bill, order.card, order.status) == (before, CARD, WAITING)
    assert order.delivery.day == date(2025, 7, 21)
    assert order.address.startswith("9 Harbour")
    assert (done.lines, done.card, done.delivery) == ((), CARD, done.deliveries[0])
    with pytest.raises(RefusedError, match="empty"):
        place(done, done.lines)


def test_only_what_waits_can_be_cancelled(account: Account) -> None:
    for order in account.orders:
        if order.status == WAITING:
            done = cancel(account, order.id)
            statuses = [each.status for each in done.orders]
            changed = [a for a, b in zip(statuses, account.orders, strict=True) if a != b.status]
            assert changed == [CANCELLED]
        else:
            with pytest.raises(RefusedError, match="cannot be cancelled"):
                cancel(account, order.id)


def test_only_what_was_bought_can_be_reviewed() -> None:
    account = account_at(0)
    order = account.orders[-1]
    review = Review(
        order_id=order.id,
        product_id=order.lines[0].product.id,
        product_name=order.lines[0].product.name,
        rating=4,
        title="Good",
        content="Yes.",
    )
    assert write_review(account, review).reviews == (review,)
    for wrong in (
        replace(review, product_id="16"),
        replace(review, order_id="1"),
        replace(review, rating=0),
        replace(review, title=""),
    ):
        with pytest.raises(RefusedError):
            write_review(account, wrong)


def test_an_account_begins_with_orders_of_every_kind(account: Account) -> None:
    statuses = {order.status for order in account.orders}
    assert statuses == {WAITING, SHIPPED, DELIVERED, CANCELLED}
    assert list(account.orders) == sorted(account.orders, key=lambda order: order.placed)
    assert len({order.id for order in account.orders}) == len(account.orders)
    latest = account.orders[-3:]
    names = [line.product.id for order in latest for line in order.lines]
    assert len({*names}) == len(names)
    dearest = max(account.orders, key=lambda order: order.bill.total)
    assert dearest.can_be_cancelled
    assert sum(o.bill.total == dearest.bill.total for o in account.orders) == 1


def test_three_orders_are_of_july_and_can_be_cancelled(account: Account) -> None:
    july = [o for o in account.orders if (o.placed.year, o.placed.month) == (2025, 7)]
    assert len(july) == 3
    assert all(order.can_be_cancelled for order in july)


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2024, 2, 29), date(2025, 3, 31)])
def test_an_account_can_begin_on_any_day(today: date) -> None:
    account = start_account(2, today)
    assert all(order.placed < today for order in account.orders)
    assert all(each.day > today for each in account.deliveries)


def test_every_order_is_in_its_tabs(account: Account) -> None:
    every = orders_in(account, "everything")
    assert every == tuple(reversed(account.orders))
    shown = [*orders_in(account, "orders"), *orders_in(account, "cancelled")]
    assert sorted(order.id for order in shown) == sorted(order.id for order in every)
    assert {o.status for o in orders_in(account, "not-yet-shipped")} == {WAITING}
    again = [line.product.id for line in bought_before(account)]
    assert len({*again}) == len(again) > 3
