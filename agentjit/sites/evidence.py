"""Keeps what a bundled site knows of a run, in the run's folder: its record and its settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import Error as PlaywrightError

from agentjit.runtime.runfolder import RunFolder
from agentjit.sites.site import Site

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

#: The session's record, as the site answers it.
RECORD: Final = "site.json"

#: Which site it was, its address, and the settings that it was served with.
SERVED: Final = "served.json"


async def keep_evidence(
    site: Site, url: str, context: BrowserContext, folder: RunFolder
) -> dict[str, Any] | None:
    """What the record says has changed in this session; None where the browser has gone."""
    try:
        record = await (await context.request.get(f"{url}{site.record_path}")).json()
        settings = await (await context.request.get(f"{url}/config")).json()
    except (PlaywrightError, ValueError):
        # Evidence that cannot be had, the browser being gone, does not change what happened.
        return None
    folder.write(RECORD, record)
    folder.write(SERVED, describe_served(site, url, settings))
    changes: dict[str, Any] = record["differences"]
    return changes


def describe_served(site: Site, url: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of how a site was served, by the settings that it tells."""
    served = {"site": site.name, "url": url, **settings}
    if served["today"] == "real":
        served["today"] = date.today().isoformat()  # noqa: DTZ011 - as the site asks for it
    return served
