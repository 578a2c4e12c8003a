"""Reddit's pages: its templates, and the account that a request belongs to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from agentjit.sites.common.forms import redirect
from agentjit.sites.common.rendering import Templates
from agentjit.sites.common.sessions import Session
from agentjit.sites.reddit.entries import Submission
from agentjit.sites.reddit.markup import render_markup
from agentjit.sites.reddit.naming import path_of
from agentjit.sites.reddit.ranking import ORDERS, PERIODICAL, PERIODS
from agentjit.sites.reddit.state import Account

_UNITS: Final = (("year", 31_536_000), ("month", 2_592_000), ("day", 86_400), ("hour", 3_600))


def show_age(when: datetime, now: datetime) -> str:
    """How long ago it was, in the largest unit that fits: "3 hours ago"."""
    seconds = (now - when).total_seconds()
    for unit, length in _UNITS:
        count = int(seconds // length)
        if count >= 1:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    minutes = int(seconds // 60)
    return f"{minutes} minute{'s' if minutes > 1 else ''} ago" if minutes >= 1 else "just now"


def submission_path(submission: Submission) -> str:
    """The address of a submission's page."""
    return path_of(submission.forum, submission.id, submission.title)


def host_of(submission: Submission) -> str:
    """The name of the site that a link leads to; empty where it leads nowhere else."""
    return "" if submission.picture else urlsplit(submission.url).netloc


def target_of(submission: Submission) -> str:
    """Where its title leads: a link goes out over a page that says so."""
    return f"/out/{submission.id}" if host_of(submission) else submission_path(submission)


TEMPLATES: Final = Templates(
    Path(__file__).parent,
    state="account",
    filters={
        "age": show_age,
        "host": host_of,
        "markup": render_markup,
        "path": submission_path,
        "target": target_of,
    },
    values={"ORDERS": ORDERS, "PERIODICAL": PERIODICAL, "PERIODS": PERIODS},
)

#: A whole page, or a part of one; it may show the account besides its own values.
answer_page = TEMPLATES.answer


def session_of(request: Request) -> Session[Account]:
    """The session that a request belongs to."""
    return cast("Session[Account]", request.state.session)


def account_of(request: Request) -> Account:
    """The account that a request belongs to, as it is now."""
    return session_of(request).state


def show_missing(request: Request) -> Response:
    """The page for an address that the site does not have."""
    return answer_page(request, "missing.html", status=404)


def go(request: Request, to: str, say: str = "") -> Response:
    """Answer a form that was accepted: Postmill redirects with 302."""
    return redirect(request, to, say, status=302)
