"""Somebody at a live Gomail, who calls tools with their contracts held against the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from agentjit.sites import load_site
from tests.sites.guests import Guest

TOOLSET: Final = load_site("gomail").toolset


@dataclass(frozen=True, slots=True)
class Correspondent(Guest):
    """The owner of a mailbox."""

    toolset = TOOLSET

    async def mails(self) -> dict[str, Any]:
        """The mails of the record, by their ids."""
        found: dict[str, Any] = (await self.record())["email"]["emails"]
        return found

    @staticmethod
    def resources(record: Any) -> Mapping[str, Any]:
        """Account resource -> what the record has of it."""
        found: dict[str, Any] = {
            "labels": record["settings"],
            "mails": [],
            "sent": [],
            "drafts": [],
        }
        for mail in record["email"]["emails"].values():
            written = mail["sent"] or mail["scheduled"]
            found["drafts" if mail["draft"] else "sent" if written else "mails"].append(mail)
        return found
