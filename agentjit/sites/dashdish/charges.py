"""From cart lines and checkout choices to what is charged, in whole cents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agentjit.sites.dashdish.basket import Checkout, PickedLine
from agentjit.sites.dashdish.menu import Store

EXPRESS_CENTS: Final = 299
#: Of the subtotal, in thousandths.
SERVICE_RATE: Final = 50
SERVICE_LEAST, SERVICE_MOST = 99, 499
TAX_RATE: Final = 85


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """The bill. `total_cents` is the sum of all others."""

    subtotal_cents: int
    delivery_cents: int
    express_cents: int
    service_cents: int
    tax_cents: int
    tip_cents: int

    @property
    def total_cents(self) -> int:
        """What is paid."""
        return (
            self.subtotal_cents
            + self.delivery_cents
            + self.express_cents
            + self.service_cents
            + self.tax_cents
            + self.tip_cents
        )


def charge(lines: Sequence[PickedLine], checkout: Checkout, store: Store) -> Charges:
    """The bill of an order from one store. Pickup has no delivery fee and no tip."""
    subtotal = sum(line.cents for line in lines)
    delivers = checkout.method == "Delivery"
    service = max(SERVICE_LEAST, min(SERVICE_MOST, _share(subtotal, SERVICE_RATE)))
    return Charges(
        subtotal_cents=subtotal,
        delivery_cents=store.fee_cents if delivers else 0,
        express_cents=EXPRESS_CENTS if delivers and checkout.delivery_option == "Express" else 0,
        service_cents=service,
        tax_cents=_share(subtotal, TAX_RATE),
        tip_cents=checkout.tip_cents if delivers else 0,
    )


def _share(cents: int, thousandths: int) -> int:
    """A share of an amount, halves rounded up, as a till does."""
    return (cents * thousandths + 500) // 1000
