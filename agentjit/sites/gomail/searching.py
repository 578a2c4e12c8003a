"""Search: words, "phrases", and operators such as from: or is:unread; all must fit."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from agentjit.sites.gomail.mail import FOLDERS, Kind, Mail, Place
from agentjit.sites.gomail.state import Mailbox

#: An operator with its value, or words; values with blanks stand in quotes.
_TERM: Final = re.compile(r'(-?)(?:([a-z_]+):)?(?:"([^"]*)"|(\S+))')

_DAYS: Final = {"d": 1, "w": 7, "m": 30, "y": 365}


def search(box: Mailbox, query: str) -> tuple[Mail, ...]:
    """The mails that fit, newest first. Spam and trash only where the query names their folder."""
    terms = [
        (bool(minus), operator, (quoted or plain).casefold())
        for minus, operator, quoted, plain in _TERM.findall(query)
    ]
    found = [
        mail
        for mail in box.mails
        if all(_fits(box, mail, operator, value) != minus for minus, operator, value in terms)
    ]
    if any(operator == "in" for _, operator, _ in terms):
        return tuple(found)
    return tuple(mail for mail in found if mail.kept)


def _fits(box: Mailbox, mail: Mail, operator: str, value: str) -> bool:
    people = _OPERATORS.get(operator)
    if people is not None:
        return people(mail, value)
    match operator:
        case "in":
            folder = next((name for name in FOLDERS if name.casefold() == value), None)
            return value == "anywhere" or (folder is not None and FOLDERS[folder](mail))
        case "before" | "after":
            day = _day(value)
            return day is not None and (mail.at.date() < day) == (operator == "before")
        case "older_than" | "newer_than":
            moment = _ago(box.today, value)
            return moment is not None and (mail.at < moment) == (operator == "older_than")
        case _:
            # What is no operator is a word with a colon in it.
            words = f"{operator}:{value}" if operator else value
            return words in mail.searchable


def _is(mail: Mail, value: str) -> bool:
    return {
        "unread": not mail.is_read,
        "read": mail.is_read,
        "starred": mail.starred,
        "snoozed": mail.snoozed_until is not None,
        "sent": mail.kind is Kind.SENT,
        "archived": mail.place is Place.ARCHIVE and mail.kind is Kind.RECEIVED,
    }.get(value, False)


_OPERATORS: Final[dict[str, Callable[[Mail, str], bool]]] = {
    "from": lambda mail, v: v in f"{mail.sender.name} {mail.sender.address}".casefold(),
    "to": lambda mail, v: v in " ".join((*mail.to, *mail.cc)).casefold(),
    "subject": lambda mail, v: v in mail.subject.casefold(),
    "label": lambda mail, v: v in {label.casefold() for label in mail.labels},
    "has": lambda mail, v: v == "attachment" and bool(mail.attachments),
    "is": _is,
}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None


def _ago(today: date, text: str) -> datetime | None:
    """The beginning of the day that lies that long back, as in 3d, 2w, 2m or 1y."""
    number, unit = text[:-1], text[-1:]
    if unit not in _DAYS or not number.isdecimal() or len(number) > 3:
        return None
    return datetime.combine(today, datetime.min.time()) - timedelta(int(number) * _DAYS[unit])
