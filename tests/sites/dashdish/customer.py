"""Somebody at a live Dashdish, who calls tools with their contracts held against the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from agentjit.sites import load_site
from tests.sites.guests import Guest

TOOLSET: Final = load_site("dashdish").toolset


@dataclass(frozen=True, slots=True)
class Customer(Guest):
    """Somebody who orders."""

    toolset = TOOLSET

    @staticmethod
    def resources(record: Any) -> Mapping[str, Any]:
        """Account resource -> what the record has of it."""
        return {
            "cart": record["cart"]["cartItems"],
            "orders": record["cart"]["foodOrders"],
            "checkout": record["checkout"],
        }
