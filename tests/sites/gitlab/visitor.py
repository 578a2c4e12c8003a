"""Somebody at a live GitLab, who calls tools with their contracts held against the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from agentjit.sites import load_site
from tests.sites.guests import Guest

TOOLSET: Final = load_site("gitlab").toolset

#: Parts of the record that belong to a resource of another name; all others have their own.
RESOURCES: Final[Mapping[str, str]] = {"starred": "stars", "groups": "members"}


@dataclass(frozen=True, slots=True)
class Visitor(Guest):
    """Somebody who is signed in."""

    toolset = TOOLSET
    fleeting = frozenset({"draft"})

    @staticmethod
    def resources(record: Any) -> Mapping[str, Any]:
        """Account resource -> the parts of the record that belong to it."""
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for name, part in record.items():
            found[RESOURCES.get(name, name)].append(part)
        return found
