"""Somebody at a live Reddit, who calls tools with their contracts held against the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from agentjit.sites import load_site
from tests.sites.guests import Guest

TOOLSET: Final = load_site("reddit").toolset

#: The parts of the record; each is an account resource of the same name but for one.
PARTS: Final = frozenset({"user", "comments", "forums", "submissions", "subscriptions", "votes"})


@dataclass(frozen=True, slots=True)
class Visitor(Guest):
    """Somebody who is signed in."""

    toolset = TOOLSET

    @staticmethod
    def resources(record: Any) -> Mapping[str, Any]:
        """Account resource -> what the record has of it; all of it is some resource's."""
        assert set(record) == PARTS
        return {"biography" if name == "user" else name: record[name] for name in record}
