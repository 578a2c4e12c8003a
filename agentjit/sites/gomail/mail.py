"""A mail as a value, and where it belongs: folders are views of one mailbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Final


class Kind(Enum):
    """How a mail came to be here."""

    RECEIVED = "received"
    SENT = "sent"
    DRAFT = "draft"
    #: Written, and to be sent later.
    SCHEDULED = "scheduled"


class Place(Enum):
    """Where a mail was put."""

    INBOX = "inbox"
    ARCHIVE = "archive"
    SPAM = "spam"
    TRASH = "trash"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an address."""

    name: str
    address: str

    @property
    def first_name(self) -> str:
        """What friends call them."""
        return self.name.split(" ")[0]


@dataclass(frozen=True, slots=True)
class Part:
    """An earlier message of a mail's thread."""

    sender: Person
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail, with what stood before it in its thread. Times are local."""

    id: str
    kind: Kind = Kind.RECEIVED
    sender: Person
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str
    #: Paragraphs with a blank line between them.
    text: str
    at: datetime
    earlier: tuple[Part, ...] = ()
    attachments: tuple[str, ...] = ()
    place: Place = Place.ARCHIVE
    is_read: bool = True
    starred: bool = False
    labels: tuple[str, ...] = ()
    snoozed_until: datetime | None = None
    #: When a scheduled mail leaves.
    send_at: datetime | None = None
    #: The mail that it answers, or that it passes on.
    reply_to: str = ""
    forward_of: str = ""

    @property
    def kept(self) -> bool:
        """Whether it is neither spam nor trash."""
        return self.place not in (Place.SPAM, Place.TRASH)

    @property
    def snippet(self) -> str:
        """The beginning of its text on one line."""
        return " ".join(self.text.split())[:120].rstrip()

    @property
    def searchable(self) -> str:
        """All its words, for a search."""
        people = (self.sender.name, self.sender.address, *self.to, *self.cc)
        return " ".join((*people, self.subject, self.text)).casefold()


def in_inbox(mail: Mail) -> bool:
    """Whether the inbox shows it."""
    received = mail.kind is Kind.RECEIVED and mail.place is Place.INBOX
    return received and mail.snoozed_until is None


def has_label(label: str) -> Callable[[Mail], bool]:
    """The view of a label."""
    return lambda mail: label in mail.labels and mail.kept


#: The folders: the name that is shown, and which mails they show.
FOLDERS: Final[Mapping[str, Callable[[Mail], bool]]] = {
    "Inbox": in_inbox,
    "Starred": lambda mail: mail.starred and mail.kept,
    "Snoozed": lambda mail: mail.snoozed_until is not None and mail.kept,
    "Sent": lambda mail: mail.kind is Kind.SENT and mail.kept,
    "Scheduled": lambda mail: mail.kind is Kind.SCHEDULED and mail.kept,
    "Drafts": lambda mail: mail.kind is Kind.DRAFT and mail.kept,
    "All mail": lambda mail: mail.kind in (Kind.RECEIVED, Kind.SENT) and mail.kept,
    "Spam": lambda mail: mail.place is Place.SPAM,
    "Trash": lambda mail: mail.place is Place.TRASH,
}


def move(mail: Mail, place: Place) -> Mail:
    """The mail at another place. What the owner wrote never comes into the inbox."""
    if place is Place.INBOX and mail.kind is not Kind.RECEIVED:
        place = Place.ARCHIVE
    return replace(mail, place=place, snoozed_until=None)
