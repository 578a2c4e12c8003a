"""Reddit as an application: lists, people, forms, votes, on the common ground."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette

from agentjit.sites.common.application import build_app
from agentjit.sites.common.settings import SiteSettings
from agentjit.sites.reddit import actions, pages, people, posting
from agentjit.sites.reddit.record import RECORD
from agentjit.sites.reddit.rendering import show_missing
from agentjit.sites.reddit.state import start_account


def create_app(settings: SiteSettings) -> Starlette:
    """A running Reddit with no visitors yet."""
    return build_app(
        "reddit",
        [*posting.ROUTES, *actions.ROUTES, *people.ROUTES, *pages.ROUTES],
        settings=settings,
        start=start_account,
        record=RECORD,
        static=Path(__file__).parent / "static",
        missing=show_missing,
        undelayed=[pages.PICTURES],
    )
