"""GitLab as an application: pages, their late parts, forms and interface, on the common ground."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette

from agentjit.sites.common.application import build_app
from agentjit.sites.common.settings import SiteSettings
from agentjit.sites.gitlab import actions, api, pages, projectpages, threadpages
from agentjit.sites.gitlab.record import RECORD
from agentjit.sites.gitlab.rendering import answer_missing
from agentjit.sites.gitlab.state import start_account


def create_app(settings: SiteSettings) -> Starlette:
    """A running GitLab with no visitors yet."""
    return build_app(
        "gitlab",
        [
            *pages.ROUTES,
            *actions.ROUTES,
            *api.ROUTES,
            *threadpages.ROUTES,
            *projectpages.ROUTES,
            *pages.LAST_ROUTES,
        ],
        settings=settings,
        start=start_account,
        record=RECORD,
        static=Path(__file__).parent / "static",
        missing=answer_missing,
    )
