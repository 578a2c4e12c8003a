"""What is chosen at checkout: the day of delivery, the card, the address; and what it all costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from agentjit.sites.common.refusing import RefusedError

#: Days from today on which an order can arrive, and what that costs in cents. The last is free.
_DAYS: Final = ((1, 1299), (2, 599), (3, 0))

#: Hundredths of a percent of the goods.
_TAX: Final = 825

ADDRESSES: Final = (
    "412 Maple Hollow Road, Fernley Falls",
    "9 Harbour Steps, Unit 2, Fernley Falls",
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A day on which an order can arrive, and what that costs."""

    day: date
    cents: int

    @property
    def label(self) -> str:
        """As the shop writes it: Monday, Jul 21."""
        return show_weekday(self.day)


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A payment card, as it was typed."""

    name: str
    number: str
    month: str
    year: str
    code: str

    @property
    def ending(self) -> str:
        """Its last four digits."""
        return _digits(self.number)[-4:]


FIRST_CARD: Final = Card(
    name="Robin Ashgrove", number="4417 1234 5678 9113", month="11", year="2031", code="774"
)
OTHER_CARD: Final = Card(
    name="Robin Ashgrove", number="5204 8830 0127 4406", month="4", year="2030", code="305"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What is chosen; `day` None stands for the first day that is offered."""

    day: date | None = None
    #: The card's last four digits.
    card: str = FIRST_CARD.ending
    address: str = ADDRESSES[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What an order costs, in cents."""

    items: int
    shipping: int
    tax: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.items + self.shipping + self.tax


def offer_deliveries(seed: int, today: date) -> tuple[Delivery, ...]:
    """The days that are offered; seeds other than 0 do not sort them."""
    offered = [Delivery(today + timedelta(days=days), cents) for days, cents in _DAYS]
    if seed:
        Random(f"deliveries {seed}").shuffle(offered)
    return tuple(offered)


def pick_delivery(offered: Sequence[Delivery], day: date | None) -> Delivery:
    """The delivery of a day; RefusedError where nothing arrives on it."""
    if day is None:
        return offered[0]
    found = next((delivery for delivery in offered if delivery.day == day), None)
    if found is None:
        raise RefusedError("We do not deliver on that day")
    return found


def bill(cents: int, delivery: Delivery) -> Bill:
    """The bill for goods of so many cents."""
    return Bill(items=cents, shipping=delivery.cents, tax=cents * _TAX // 10_000)


def check_card(card: Card, today: date) -> None:
    """RefusedError where no such card can be."""
    if not card.name:
        raise RefusedError("Name on card: please fill it in")
    if not 12 <= len(_digits(card.number)) <= 19 or card.number.strip("0123456789 -"):
        raise RefusedError("Card number: that is not a card number")
    if not (card.month.isdecimal() and 1 <= int(card.month) <= 12):
        raise RefusedError("Expiration date: please choose a month")
    if not (card.year.isdecimal() and len(card.year) == 4):
        raise RefusedError("Expiration date: please choose a year")
    if (int(card.year), int(card.month)) < (today.year, today.month):
        raise RefusedError("This card has expired")
    if not (card.code.isdecimal() and len(card.code) in (3, 4)):
        raise RefusedError("Security code: three or four digits")


def show_weekday(day: date) -> str:
    """As the shop writes a day that is near: Monday, Jul 21."""
    return f"{day:%A}, {day:%b} {day.day}"


def show_day(day: date) -> str:
    """As the shop writes any day: July 21, 2025."""
    return f"{day:%B} {day.day}, {day.year}"
