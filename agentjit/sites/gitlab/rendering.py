"""GitLab's pages: its templates, and the account that a request belongs to."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from agentjit.sites.common.rendering import Templates
from agentjit.sites.common.sessions import Flash, Session
from agentjit.sites.gitlab.data import users
from agentjit.sites.gitlab.history import show_moment
from agentjit.sites.gitlab.model import ROLES, User
from agentjit.sites.gitlab.profile import EMOJI
from agentjit.sites.gitlab.state import Account


def show_day(text: str | None) -> str:
    """A day, or a moment's day, as people write it: Mar 5, 2023."""
    if not text:
        return ""
    day = date.fromisoformat(text[:10])
    return f"{day:%b} {day.day}, {day.year}"


def show_age(text: str, today: date) -> str:
    """How long ago a moment was, as the site says it."""
    days = (today - datetime.fromisoformat(text).date()).days
    if days <= 0:
        return "just now"
    for size, unit in ((365, "year"), (30, "month"), (7, "week"), (1, "day")):
        if days >= size:
            amount = days // size
            return f"{amount} {unit}{'s' if amount > 1 else ''} ago"
    return "just now"


def find_user(username: str) -> User:
    """Somebody by their username; a stranger has only that."""
    return users().get(username) or User(id=0, username=username, name=username)


TEMPLATES: Final = Templates(
    Path(__file__).parent,
    state="account",
    filters={"day": show_day, "age": show_age, "user": find_user},
    values={"ROLES": ROLES, "EMOJI": EMOJI},
)

#: A page, or a part of one that arrives after it.
answer_page = TEMPLATES.answer


def session_of(request: Request) -> Session[Account]:
    """The session that a request belongs to."""
    return cast("Session[Account]", request.state.session)


def account_of(request: Request) -> Account:
    """The account that a request belongs to, as it is now."""
    return session_of(request).state


def now_of(request: Request) -> str:
    """The moment of a request, on its session's day."""
    return show_moment(session_of(request).now)


def go(request: Request, to: str, say: str = "") -> Response:
    """Send the visitor on after a change; evaluators of this site look for this very status."""
    if say:
        session_of(request).flashes.append(Flash(say))
    return RedirectResponse(to, status_code=302)


def answer_missing(request: Request, **values: Any) -> HTMLResponse:
    """The page for an address that the site does not have."""
    return answer_page(request, "missing.html", status=404, **values)
