"""Gomail's pages: its templates, how times are shown, and the mailbox of a request."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse

from agentjit.sites.common.rendering import Templates
from agentjit.sites.common.sessions import Session
from agentjit.sites.gomail.mail import FOLDERS, Kind, Mail
from agentjit.sites.gomail.state import Mailbox


def show_time(at: datetime, today: date) -> str:
    """As short as it can be: the hour of a mail of today, else its day."""
    if at.date() == today:
        return f"{at.hour % 12 or 12}:{at:%M} {at:%p}"
    return f"{at:%b} {at.day}" if at.year == today.year else f"{at:%m/%d/%Y}"


def show_moment(at: datetime) -> str:
    """Day and hour in full."""
    return f"{at:%a, %b} {at.day}, {at.year}, {at.hour % 12 or 12}:{at:%M} {at:%p}"


def show_day(day: date) -> str:
    """A day in full."""
    return f"{day:%A, %B} {day.day}, {day.year}"


def names_of(box: Mailbox, addresses: tuple[str, ...]) -> str:
    """Addresses as names where they are known."""
    known = {person.address: person.name for person in box.people}
    known[box.owner.address] = "me"
    return ", ".join(known.get(address, address) for address in addresses)


def hue(name: str) -> int:
    """A colour for a name, always the same."""
    return sum(ord(letter) * (index + 3) for index, letter in enumerate(name)) * 12 % 360


TEMPLATES: Final = Templates(
    Path(__file__).parent,
    state="box",
    filters={"moment": show_moment, "day": show_day, "hue": hue},
    values={
        "folders": tuple(FOLDERS),
        "show_time": show_time,
        "names_of": names_of,
        "written": (Kind.SENT, Kind.DRAFT, Kind.SCHEDULED),
    },
)


def session_of(request: Request) -> Session[Mailbox]:
    """The session that a request belongs to."""
    return cast("Session[Mailbox]", request.state.session)


def box_of(request: Request) -> Mailbox:
    """The mailbox that a request belongs to, as it is now."""
    return session_of(request).state


def view_of(request: Request) -> dict[str, str]:
    """What list a page is about: a search, or a folder or label."""
    query = request.query_params.get("q", "").strip()
    box = box_of(request)
    folder = request.query_params.get("in", "Inbox")
    folder = folder if folder in FOLDERS or folder in box.labels else "Inbox"
    return {"q": query} if query else {"in": folder}


def link_view(view: dict[str, str], **more: str | int) -> str:
    """A view as the query of an address."""
    return urlencode({**view, **more})


def answer(request: Request, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page, or a part of one, with what the frame around it shows."""
    view = view_of(request)
    return TEMPLATES.answer(
        request,
        name,
        status=status,
        folder=view.get("in", ""),
        query=view.get("q", ""),
        link=link_view(view),
        **values,
    )


def mail_of(request: Request) -> Mail | None:
    """The mail that an address names."""
    return box_of(request).find(request.path_params["mail"])
