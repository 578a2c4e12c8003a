"""A site for planner tests: lists that are there at once, and a record of what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from agentjit.errors import ToolError

DEPOTS: Final = [
    {"depot_name": "Millbrook", "county": "Kent", "distance_km": 12.5, "machine_count": 3},
    {"depot_name": "Harrow Vale", "county": "Essex", "distance_km": 3.0, "machine_count": 4},
]
MACHINES: Final = [
    {
        "machine_name": name,
        "kind": kind,
        "daily_rate": rate,
        "weight_kg": weight,
        "power_kw": power,
    }
    for name, kind, rate, weight, power in (
        ("Badger 3 excavator", "excavator", 120.0, 3000, 20.0),
        ("Mole drill", "drill", 30.0, 20, 2.0),
        ("Badger 5 excavator", "excavator", 100.0, 5000, 30.0),
        ("Mole & Sons hammer drill", "drill", 45.5, 25, 2.5),
    )
]


class ListedSite:
    """Answers lookups from lists by the name of the tool that reads them."""

    def __init__(self, lists: Mapping[str, list[dict[str, Any]]]) -> None:
        self._lists = lists
        self.asked: list[tuple[str, ...]] = []

    async def look(self, steps: Sequence[tuple[str, Mapping[str, Any]]]) -> Any:
        """The list that the last call reads."""
        self.asked.append(tuple(name for name, _ in steps))
        reader = steps[-1][0]
        if reader not in self._lists:
            raise ToolError(f"{reader}() has nothing to read")
        return self._lists[reader]


def toolhire_lists() -> ListedSite:
    """The hire company with two depots."""
    return ListedSite({"show_depots": DEPOTS, "show_machines": MACHINES, "show_bookings": []})
