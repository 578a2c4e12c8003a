"""What Gomail's tools return. Dates are ISO 8601, in the mailbox's own time."""

from __future__ import annotations

from typing import TypedDict


class EmailEntry(TypedDict):
    """An email (mail, message) in a list. `date` is "2026-03-01", `time` "09:41".

    In Sent, Scheduled and Drafts `sender` and `address` are whom it goes to.
    """

    id: str
    sender: str
    address: str
    subject: str
    snippet: str
    date: str
    time: str
    unread: bool
    starred: bool
    labels: list[str]
    has_attachment: bool


class ThreadMessage(TypedDict):
    """One message of a thread (conversation), oldest first."""

    sender: str
    address: str
    to: list[str]
    body: str
    date: str
    time: str


class EmailDetails(TypedDict):
    """The email that is open, and its thread: what came before it and what was answered."""

    id: str
    subject: str
    sender: str
    address: str
    to: list[str]
    cc: list[str]
    body: str
    date: str
    time: str
    unread: bool
    starred: bool
    labels: list[str]
    attachments: list[str]
    thread: list[ThreadMessage]


class SentEmail(TypedDict):
    """An email that was sent: to whom (addresses), and when."""

    id: str
    to: list[str]
    subject: str
    snippet: str
    sent_at: str


class ScheduledEmail(TypedDict):
    """An email that will be sent at `send_at`, as "2026-03-01T09:00"."""

    id: str
    to: list[str]
    subject: str
    snippet: str
    send_at: str


class Draft(TypedDict):
    """An email that was saved and not sent."""

    id: str
    to: list[str]
    subject: str
    snippet: str


class Label(TypedDict):
    """A label, and how many unread emails have it."""

    name: str
    unread: int


class Contact(TypedDict):
    """Somebody in the address book."""

    name: str
    address: str


class Today(TypedDict):
    """The day that it is: "2026-03-01", and "Sunday"."""

    date: str
    weekday: str
