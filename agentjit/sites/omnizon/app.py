"""Omnizon as an application: pages, their late parts, and actions, on the common ground."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette

from agentjit.sites.common.application import build_app
from agentjit.sites.common.settings import SiteSettings
from agentjit.sites.omnizon import actions, pages, parts
from agentjit.sites.omnizon.record import RECORD
from agentjit.sites.omnizon.state import start_account


def create_app(settings: SiteSettings) -> Starlette:
    """A running Omnizon with no customers yet."""
    return build_app(
        "omnizon",
        [*pages.ROUTES, *parts.ROUTES, *actions.ROUTES],
        settings=settings,
        start=start_account,
        record=RECORD,
        static=Path(__file__).parent / "static",
        missing=pages.show_missing,
        undelayed=[parts.PICTURES],
    )
