"""What a customer has put together: cart lines, and the choices made at checkout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.dashdish.menu import Choice, Item, Store

#: One line holds at most so many of an item.
MOST_OF_AN_ITEM: Final = 20

METHODS: Final = ("Delivery", "Pickup")
DELIVERY_OPTIONS: Final = ("Standard", "Express", "Schedule")
DROP_OFF_OPTIONS: Final = ("Leave it at my door", "Hand it to me")
PAYMENTS: Final = (("Visa", "4242"), ("Mastercard", "8810"), ("PayPal", ""))
ADDRESSES: Final = (
    "548 Alder Street, Apt 3B, Harborview",
    "19 Quarry Lane, Suite 400, Harborview",
)
SLOTS: Final = (
    "Today, 6:00 PM – 6:20 PM",
    "Today, 6:40 PM – 7:00 PM",
    "Today, 7:20 PM – 7:40 PM",
    "Today, 8:00 PM – 8:20 PM",
    "Tomorrow, 12:00 PM – 12:20 PM",
    "Tomorrow, 6:00 PM – 6:20 PM",
)
TIPS: Final = (0, 200, 300, 400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Some of one item with the options chosen for it: (group's title, choice's label) pairs."""

    id: str
    store_id: str
    item_id: str
    quantity: int
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """The choices of the checkout page; as they are here for a new customer."""

    method: str = METHODS[0]
    delivery_option: str = DELIVERY_OPTIONS[0]
    slot: str = SLOTS[0]
    drop_off: str = DROP_OFF_OPTIONS[0]
    instructions: str = ""
    address: str = ADDRESSES[0]
    payment: str = PAYMENTS[0][0]
    tip_cents: int = 200


@dataclass(frozen=True, slots=True)
class PickedLine:
    """A line together with what it refers to in the catalogue."""

    line: Line
    store: Store
    item: Item
    choices: tuple[tuple[str, Choice], ...]

    @property
    def unit_cents(self) -> int:
        """One piece with its options."""
        return self.item.cents + sum(choice.cents for _, choice in self.choices)

    @property
    def cents(self) -> int:
        """All pieces."""
        return self.unit_cents * self.line.quantity

    @property
    def size(self) -> str:
        """The chosen size; empty for an item that has none."""
        return next((choice.label for title, choice in self.choices if title == "Size"), "")


def pick_line(line: Line, store: Store) -> PickedLine:
    """Look a line up in its store; RefusedError where it asks for what the store has not."""
    item = store.by_id.get(line.item_id)
    if item is None:
        raise RefusedError("That item is not on the menu")
    if item.sold_out:
        raise RefusedError(f"{item.name} is sold out")
    if not 1 <= line.quantity <= MOST_OF_AN_ITEM:
        raise RefusedError(f"Choose between 1 and {MOST_OF_AN_ITEM}")
    chosen: list[tuple[str, Choice]] = []
    wanted = list(line.options)
    for group in item.options:
        labels = [label for title, label in wanted if title == group.title]
        found = [choice for choice in group.choices if choice.label in labels]
        if len(found) != len(set(labels)) or (len(found) > 1 and not group.many):
            raise RefusedError(f"{group.title}: please choose again")
        if not found and not group.many:
            found = [group.choices[0]]
        chosen += [(group.title, choice) for choice in found]
        wanted = [(title, label) for title, label in wanted if title != group.title]
    if wanted:
        raise RefusedError(f"{item.name} has no option {wanted[0][1]!r}")
    return PickedLine(line, store, item, tuple(chosen))
