"""Somebody at a live Omnizon, who calls tools with their contracts held against the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from agentjit.sites import load_site
from tests.sites.guests import Guest

TOOLSET: Final = load_site("omnizon").toolset

#: The day that the shop is served for in these tests.
TODAY: Final = "2025-07-18"


@dataclass(frozen=True, slots=True)
class Shopper(Guest):
    """Somebody who shops."""

    toolset = TOOLSET

    async def record(self) -> Any:
        """The record of the account; `filter` and `router` only tell of the visit."""
        final = (await self.finish())["finalstate"]
        return {name: final[name] for name in ("cart", "checkout", "order", "reviews")}

    @staticmethod
    def resources(record: Any) -> Mapping[str, Any]:
        """Account resource -> what the record has of it."""
        return {"orders" if name == "order" else name: record[name] for name in record}
