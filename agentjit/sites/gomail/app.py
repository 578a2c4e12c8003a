"""Gomail as an application: pages, their late parts, and actions, on the common ground."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette

from agentjit.sites.common.application import build_app
from agentjit.sites.common.settings import SiteSettings
from agentjit.sites.gomail import actions, pages, parts
from agentjit.sites.gomail.record import RECORD
from agentjit.sites.gomail.state import start_mailbox


def create_app(settings: SiteSettings) -> Starlette:
    """A running Gomail with nobody at it yet."""
    return build_app(
        "gomail",
        [*pages.ROUTES, *parts.ROUTES, *actions.ROUTES],
        settings=settings,
        start=start_mailbox,
        record=RECORD,
        static=Path(__file__).parent / "static",
        missing=pages.show_missing,
    )
