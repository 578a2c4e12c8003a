"""A customer's account as a value, and the steps from one account to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.omnizon.catalogue import Catalogue, catalogue
from agentjit.sites.omnizon.checkout import (
    ADDRESSES,
    FIRST_CARD,
    OTHER_CARD,
    Bill,
    Card,
    Choices,
    Delivery,
    bill,
    check_card,
    offer_deliveries,
    pick_delivery,
)
from agentjit.sites.omnizon.orders import CANCELLED, Line, Order, make_order, past_orders
from agentjit.sites.omnizon.product import MOST_OF_A_PRODUCT

#: What a reason for cancelling can be; the first says nothing.
REASONS: Final = (
    "Select a reason (optional)",
    "Order created by mistake",
    "Item would not arrive on time",
    "Found it cheaper somewhere else",
    "Need to change address or payment",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What the customer wrote about a product of an order."""

    order_id: str
    product_id: str
    product_name: str
    rating: int
    title: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Where the customer last was, and what they searched for; it belongs to no account."""

    path: str = "/"
    searched: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One customer: the cart, the choices at checkout, orders and reviews, oldest first."""

    seed: int
    today: date
    lines: tuple[Line, ...] = ()
    cards: tuple[Card, ...] = (FIRST_CARD, OTHER_CARD)
    choices: Choices = Choices()
    orders: tuple[Order, ...] = ()
    reviews: tuple[Review, ...] = ()
    visit: Visit = Visit()

    @property
    def shop(self) -> Catalogue:
        """The shop as this customer sees it."""
        return catalogue(self.seed)

    @property
    def count(self) -> int:
        """Pieces in the cart."""
        return sum(line.quantity for line in self.lines)

    @property
    def subtotal(self) -> int:
        """What the cart's goods cost, in cents."""
        return sum(line.cents for line in self.lines)

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """The days on which an order can arrive."""
        return offer_deliveries(self.seed, self.today)

    @property
    def delivery(self) -> Delivery:
        """The one that is chosen."""
        return pick_delivery(self.deliveries, self.choices.day)

    @property
    def card(self) -> Card:
        """The card that is chosen."""
        return next(card for card in self.cards if card.ending == self.choices.card)

    @property
    def bill(self) -> Bill:
        """What the cart would cost with what is chosen."""
        return bill(self.subtotal, self.delivery)

    def order(self, order_id: str) -> Order | None:
        """The order of that number."""
        return next((order for order in self.orders if order.id == order_id), None)


def start_account(seed: int, today: date) -> Account:
    """The account that a session begins with."""
    return Account(seed=seed, today=today, orders=past_orders(seed, today))


def pick_line(account: Account, product_id: str, color: str, quantity: int) -> Line:
    """A line for a cart; RefusedError where the shop has no such thing."""
    product = account.shop.by_id.get(product_id)
    if product is None:
        raise RefusedError("That product is not sold here")
    if not product.in_stock:
        raise RefusedError(f"{product.name} is out of stock")
    if color not in product.colors:
        raise RefusedError(f"{product.name} does not come in that color")
    if not 1 <= quantity <= MOST_OF_A_PRODUCT:
        raise RefusedError(f"Choose between 1 and {MOST_OF_A_PRODUCT}")
    return Line(product=product, color=color, quantity=quantity)


def add_line(account: Account, product_id: str, color: str, quantity: int) -> Account:
    """Put something into the cart, on top of what is there of the same."""
    line = pick_line(account, product_id, color, quantity)
    before = next((each for each in account.lines if each.key == line.key), None)
    if before is None:
        return replace(account, lines=(*account.lines, line))
    return set_quantity(account, line.key, before.quantity + quantity)


def set_quantity(account: Account, key: str, quantity: int) -> Account:
    """Change how many of a line there are; with 0 it goes."""
    if not any(line.key == key for line in account.lines):
        raise RefusedError("That is not in your cart any more")
    if not 0 <= quantity <= MOST_OF_A_PRODUCT:
        raise RefusedError(f"You can buy at most {MOST_OF_A_PRODUCT} of this")
    lines = (
        replace(each, quantity=quantity) if each.key == key else each for each in account.lines
    )
    return replace(account, lines=tuple(line for line in lines if line.quantity))


def choose(account: Account, name: str, value: str) -> Account:
    """Make a choice at checkout; RefusedError for what is not offered."""
    match name:
        case "day":
            try:
                day = date.fromisoformat(value)
            except ValueError:
                raise RefusedError("That is not a day") from None
            choices = replace(account.choices, day=pick_delivery(account.deliveries, day).day)
        case "card" if any(card.ending == value for card in account.cards):
            choices = replace(account.choices, card=value)
        case "address" if value in ADDRESSES:
            choices = replace(account.choices, address=value)
        case _:
            raise RefusedError("That cannot be chosen here")
    return replace(account, choices=choices)


def add_card(account: Account, card: Card) -> Account:
    """Add a payment card and choose it; one with the same last digits is replaced."""
    check_card(card, account.today)
    others = tuple(each for each in account.cards if each.ending != card.ending)
    choices = replace(account.choices, card=card.ending)
    return replace(account, cards=(*others, card), choices=choices)


def place(account: Account, lines: Sequence[Line]) -> Account:
    """Order the lines with what is chosen; the cart is empty then."""
    if not lines:
        raise RefusedError("Your cart is empty")
    order = make_order(
        lines,
        account.delivery,
        account.card,
        account.choices.address,
        placed=account.today,
        key=f"{account.seed} new {len(account.orders)}",
    )
    return replace(
        account,
        lines=(),
        choices=replace(account.choices, day=None),
        orders=(*account.orders, order),
    )


def cancel(account: Account, order_id: str) -> Account:
    """Cancel an order that has not been shipped."""
    order = account.order(order_id)
    if order is None:
        raise RefusedError("There is no such order")
    if not order.can_be_cancelled:
        raise RefusedError(f"This order cannot be cancelled: {order.status.lower()}")
    orders = (replace(o, status=CANCELLED) if o.id == order_id else o for o in account.orders)
    return replace(account, orders=tuple(orders))


def write_review(account: Account, review: Review) -> Account:
    """Publish a review of something that was bought."""
    order = account.order(review.order_id)
    bought = () if order is None else order.lines
    if not any(line.product.id == review.product_id for line in bought):
        raise RefusedError("You have not bought that")
    if not 1 <= review.rating <= 5:
        raise RefusedError("Please choose how many stars you give")
    if not review.title or not review.content:
        raise RefusedError("Please write a headline and a review")
    return replace(account, reviews=(*account.reviews, review))
