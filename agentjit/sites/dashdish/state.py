"""A customer's account as a value, and the steps from one account to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.dashdish.basket import (
    ADDRESSES,
    DELIVERY_OPTIONS,
    DROP_OFF_OPTIONS,
    METHODS,
    PAYMENTS,
    SLOTS,
    Checkout,
    Line,
    PickedLine,
    pick_line,
)
from agentjit.sites.dashdish.catalogue import Catalogue, catalogue
from agentjit.sites.dashdish.charges import Charges, charge
from agentjit.sites.dashdish.menu import Store

_ALLOWED: Final = {
    "method": METHODS,
    "delivery_option": DELIVERY_OPTIONS,
    "drop_off": DROP_OFF_OPTIONS,
    "slot": SLOTS,
    "address": ADDRESSES,
    "payment": tuple(name for name, _ in PAYMENTS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A placed order: everything as it was at that moment."""

    id: str
    #: ISO 8601, UTC.
    placed_at: str
    store: Store
    lines: tuple[PickedLine, ...]
    checkout: Checkout
    charges: Charges


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One customer: the cart, the checkout choices, the orders, oldest first."""

    seed: int
    lines: tuple[Line, ...] = ()
    checkout: Checkout = Checkout()
    orders: tuple[Order, ...] = ()
    #: Lines ever put into the cart; the next one's id.
    counter: int = 0

    @property
    def catalogue(self) -> Catalogue:
        """The site as this customer sees it."""
        return catalogue(self.seed)

    @property
    def store(self) -> Store | None:
        """The store that the cart's items are from; a cart never mixes two."""
        return self.catalogue.by_id[self.lines[0].store_id] if self.lines else None

    @property
    def picked(self) -> tuple[PickedLine, ...]:
        """The cart's lines with what they refer to."""
        stores = self.catalogue.by_id
        return tuple(pick_line(line, stores[line.store_id]) for line in self.lines)

    @property
    def fitting_checkout(self) -> Checkout:
        """The checkout choices, with a method that the cart's store offers."""
        return self.checkout if self.store is None else _fitting(self.checkout, self.store)

    @property
    def count(self) -> int:
        """Pieces in the cart."""
        return sum(line.quantity for line in self.lines)


class OtherStoreError(RefusedError):
    """The cart holds items of another store. `store` is that one's name."""

    def __init__(self, store: str) -> None:
        super().__init__(f"Your cart holds items from {store}")
        self.store = store


def start_account(seed: int) -> Account:
    """A new customer: nothing in the cart, nothing ordered."""
    return Account(seed=seed)


def add_line(account: Account, line: Line, *, replace_cart: bool = False) -> Account:
    """Put a line into the cart; the same item with the same options adds to the line there is.

    Raises OtherStoreError where the cart is another store's, unless it is to be replaced.
    """
    store = account.catalogue.by_id.get(line.store_id)
    if store is None:
        raise RefusedError("That store is not here any more")
    picked = pick_line(line, store)
    # With the defaults filled in, equal choices look equal.
    line = replace(line, options=tuple((title, choice.label) for title, choice in picked.choices))
    lines = () if replace_cart else account.lines
    if lines and account.store is not None and account.store.id != store.id:
        raise OtherStoreError(account.store.name)
    for index, old in enumerate(lines):
        if (old.item_id, old.options) == (line.item_id, line.options):
            more = replace(old, quantity=old.quantity + line.quantity)
            pick_line(more, store)
            return replace(account, lines=(*lines[:index], more, *lines[index + 1 :]))
    line = replace(line, id=f"{account.counter + 1}")
    return replace(account, lines=(*lines, line), counter=account.counter + 1)


def set_quantity(account: Account, line_id: str, quantity: int) -> Account:
    """Change how many of a line there are; none takes the line out."""
    found = next((line for line in account.lines if line.id == line_id), None)
    if found is None:
        raise RefusedError("That is not in your cart any more")
    changed = replace(found, quantity=quantity)
    if quantity:
        pick_line(changed, account.catalogue.by_id[found.store_id])
    lines = tuple(changed if line.id == line_id else line for line in account.lines)
    return replace(account, lines=tuple(line for line in lines if line.quantity))


def choose(account: Account, changes: dict[str, str]) -> Account:
    """Set choices of the checkout page by their names; RefusedError for what it does not offer."""
    checkout = account.checkout
    for name, value in changes.items():
        if name in _ALLOWED and value not in _ALLOWED[name]:
            raise RefusedError(f"{value!r} is not offered")
        match name:
            case "tip":
                checkout = replace(checkout, tip_cents=_read_tip(value))
            case "instructions":
                checkout = replace(checkout, instructions=value.strip()[:300])
            case "method":
                checkout = replace(checkout, method=value)
            case "delivery_option":
                checkout = replace(checkout, delivery_option=value)
            case "slot":
                checkout = replace(checkout, slot=value)
            case "drop_off":
                checkout = replace(checkout, drop_off=value)
            case "address":
                checkout = replace(checkout, address=value)
            case "payment":
                checkout = replace(checkout, payment=value)
            case _:
                raise RefusedError(f"There is no choice {name!r}")
    store = account.store
    if store is not None and "method" in changes and checkout != _fitting(checkout, store):
        raise RefusedError(f"{store.name} does not offer {checkout.method}")
    return replace(account, checkout=checkout)


def place(
    account: Account, lines: Sequence[Line], checkout: Checkout, *, order_id: str, placed_at: str
) -> Account:
    """Order these lines; the cart is empty after it. Every call is an order of its own.

    The lines are those that the submitted form held, not those of the cart: a form that is sent
    twice orders twice, as it does on sites that keep no receipt of the first.
    """
    if not lines:
        raise RefusedError("Your cart is empty")
    store = account.catalogue.by_id.get(lines[0].store_id)
    if store is None or any(line.store_id != store.id for line in lines):
        raise RefusedError("One order is from one store")
    picked = tuple(pick_line(line, store) for line in lines)
    checkout = _fitting(checkout, store)
    order = Order(
        id=order_id,
        placed_at=placed_at,
        store=store,
        lines=picked,
        checkout=checkout,
        charges=charge(picked, checkout, store),
    )
    return replace(account, lines=(), checkout=Checkout(), orders=(*account.orders, order))


def _fitting(checkout: Checkout, store: Store) -> Checkout:
    """The same choices with a method that the store offers."""
    if checkout.method == "Delivery" and not store.delivers:
        return replace(checkout, method="Pickup")
    if checkout.method == "Pickup" and not store.picks_up:
        return replace(checkout, method="Delivery")
    return checkout


def _read_tip(text: str) -> int:
    try:
        cents = round(float(text) * 100)
    except (ValueError, OverflowError):
        raise RefusedError("A tip is an amount of dollars") from None
    if not 0 <= cents <= 10_000:
        raise RefusedError("A tip is between $0 and $100")
    return cents
