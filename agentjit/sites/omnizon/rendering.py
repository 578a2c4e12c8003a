"""Omnizon's pages: its templates, and the account that a request belongs to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import HTMLResponse

from agentjit.sites.common.rendering import Templates
from agentjit.sites.common.sessions import Session
from agentjit.sites.omnizon.checkout import show_day, show_weekday
from agentjit.sites.omnizon.product import show_cents
from agentjit.sites.omnizon.state import Account

TEMPLATES: Final = Templates(
    Path(__file__).parent,
    state="account",
    filters={"money": show_cents, "day": show_day, "weekday": show_weekday},
)


def answer_page(
    request: Request, name: str, *, status: int = 200, searched: str | None = None, **values: Any
) -> HTMLResponse:
    """A whole page. The visit notes where it is, and the words of a search."""
    session = session_of(request)
    visit = replace(session.state.visit, path=request.url.path)
    if searched is not None:
        visit = replace(visit, searched=searched)
    if request.method == "GET" and status == 200:
        session.note(replace(session.state, visit=visit))
    return TEMPLATES.answer(request, name, status=status, **values)


def session_of(request: Request) -> Session[Account]:
    """The session that a request belongs to."""
    return cast("Session[Account]", request.state.session)


def account_of(request: Request) -> Account:
    """The account that a request belongs to, as it is now."""
    return session_of(request).state


def answer_part(request: Request, name: str, **values: Any) -> HTMLResponse:
    """A part of a page that arrives after it."""
    return TEMPLATES.answer(request, f"parts/{name}", **values)
