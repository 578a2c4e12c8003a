"""How a call, and a whole run, can end in the model of the site."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Cause(StrEnum):
    """Why a tool could not act where the tab or the account was."""

    ELSEWHERE = "the tab shows another page"
    EMPTY_CART = "the cart is empty"
    RELOADED = "the checkout page reloads under the tool"
    OTHER_CART = "the cart holds another store's items"
    OTHER_MENU = "the item is on another store's menu"
    NOT_IN_CART = "the item is not in the cart"


#: What Dashdish's state model has no words for: it says which page is shown and whether the cart is
#: empty, not what a menu or a cart holds. The tools themselves refuse these, and change nothing.
BEYOND_THE_MODEL: Final = frozenset({Cause.OTHER_CART, Cause.OTHER_MENU, Cause.NOT_IN_CART})


class Broken(Exception):
    """A tool was called where it cannot work: it says so, and changes nothing."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause


class Refused(Exception):
    """The site does not have, or does not offer, what the arguments name: no matter of state."""


class Mistyped(Exception):
    """An argument is not of its parameter's type: the tool is not even begun."""


class Endless(Exception):
    """The plan goes on and on; it has been seen enough of."""
