"""Orders: what was bought, what became of it; and those that an account begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from agentjit.sites.omnizon.catalogue import Catalogue, catalogue
from agentjit.sites.omnizon.checkout import (
    ADDRESSES,
    FIRST_CARD,
    Bill,
    Card,
    Delivery,
    bill,
)
from agentjit.sites.omnizon.product import Product

WAITING: Final = "Not yet shipped"
SHIPPED: Final = "Shipped"
DELIVERED: Final = "Delivered"
CANCELLED: Final = "Cancelled"

#: What an ordinary thing of an old order costs at most, and a dear one at least, in cents.
_ORDINARY: Final = 15_000
_DEAR: Final = 70_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Some of one product in one colour, at the price that it has."""

    product: Product
    color: str
    quantity: int

    @property
    def key(self) -> str:
        """What tells it from the other lines of a cart."""
        return f"{self.product.id}/{self.color}"

    @property
    def cents(self) -> int:
        """All pieces."""
        return self.product.cents * self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A placed order: everything as it was at that moment, and its status now."""

    id: str
    placed: date
    lines: tuple[Line, ...]
    delivery: Delivery
    card: Card
    address: str
    bill: Bill
    status: str

    @property
    def can_be_cancelled(self) -> bool:
        """Whether it is still here."""
        return self.status == WAITING


def make_order(
    lines: Sequence[Line], delivery: Delivery, card: Card, address: str, *, placed: date, key: str
) -> Order:
    """An order that was just placed. The key says which number it gets."""
    random = Random(key)
    number = (
        f"{random.randint(111, 119)}-{random.randrange(10**7):07d}-{random.randrange(10**7):07d}"
    )
    return Order(
        id=number,
        placed=placed,
        lines=tuple(lines),
        delivery=delivery,
        card=card,
        address=address,
        bill=bill(sum(line.cents for line in lines), delivery),
        status=WAITING,
    )


def past_orders(seed: int, today: date) -> tuple[Order, ...]:
    """The orders of before the session, oldest first.

    Three are of the last sixteen days, none of those has been shipped, and they have no product in
    common; one older one waits, too. One of those that wait costs more than any other order.
    """
    random = Random(f"past orders {seed}")
    shop = catalogue(seed)
    recent = random.sample(range(1, 17), 3)
    waiting = [*recent, *random.sample(range(19, 41), random.randint(1, 2))]
    days: list[tuple[int, str]] = [
        *((day, WAITING) for day in waiting),
        *((day, SHIPPED) for day in random.sample(range(41, 46), random.randint(1, 2))),
        *((day, DELIVERED) for day in random.sample(range(50, 300), random.randint(5, 8))),
        *((day, CANCELLED) for day in random.sample(range(300, 500), random.randint(2, 4))),
    ]
    dearest = random.choice(waiting)
    goods = _goods(shop, random)
    orders = []
    # The latest first, so that the first three take what nothing else has taken.
    for day, status in sorted(days):
        lines = [next(goods) for _ in range(random.choice((1, 2, 2, 3)))]
        if day == dearest:
            lines = [*lines[:1], _dear(shop, random)]
        placed = today - timedelta(days=day)
        delivery = Delivery(
            placed + timedelta(days=random.randint(3, 9)), random.choice((0, 0, 599))
        )
        order = make_order(
            lines, delivery, FIRST_CARD, ADDRESSES[0], placed=placed, key=f"{seed} {day}"
        )
        orders.append(replace(order, status=status))
    return tuple(reversed(orders))


def _goods(shop: Catalogue, random: Random) -> Iterator[Line]:
    plain = [p for p in shop.products if p.cents < _ORDINARY and not p.ware.named and p.in_stock]
    for product in random.sample(plain, len(plain)):
        quantity = random.choice((1, 1, 1, 2)) if product.cents < 4_000 else 1
        yield Line(product=product, color=random.choice(product.colors), quantity=quantity)


def _dear(shop: Catalogue, random: Random) -> Line:
    found = [p for p in shop.products if p.cents > _DEAR and not p.ware.named and p.in_stock]
    product = random.choice(found)
    return Line(product=product, color=product.colors[0], quantity=1)
