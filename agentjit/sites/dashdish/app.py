"""Dashdish as an application: pages, their late parts, and actions, on the common ground."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette

from agentjit.sites.common.application import build_app
from agentjit.sites.common.settings import SiteSettings
from agentjit.sites.dashdish import actions, pages, parts
from agentjit.sites.dashdish.record import RECORD
from agentjit.sites.dashdish.state import start_account


def create_app(settings: SiteSettings) -> Starlette:
    """A running Dashdish with no customers yet."""
    return build_app(
        "dashdish",
        [*pages.ROUTES, *parts.ROUTES, *actions.ROUTES],
        settings=settings,
        start=lambda seed, _: start_account(seed),
        record=RECORD,
        static=Path(__file__).parent / "static",
        missing=pages.show_missing,
        undelayed=[parts.PICTURES],
    )
