"""Dashdish's pages: its templates, and the account that a request belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import HTMLResponse

from agentjit.sites.common.rendering import Templates
from agentjit.sites.common.sessions import Session
from agentjit.sites.dashdish.menu import show_cents
from agentjit.sites.dashdish.state import Account

TEMPLATES: Final = Templates(Path(__file__).parent, state="account", filters={"money": show_cents})

#: A whole page; it may show the account besides its own values.
answer_page = TEMPLATES.answer


def session_of(request: Request) -> Session[Account]:
    """The session that a request belongs to."""
    return cast("Session[Account]", request.state.session)


def account_of(request: Request) -> Account:
    """The account that a request belongs to, as it is now."""
    return session_of(request).state


def answer_part(request: Request, name: str, **values: Any) -> HTMLResponse:
    """A part of a page that arrives after it."""
    return TEMPLATES.answer(request, f"parts/{name}", **values)
