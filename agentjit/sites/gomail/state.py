"""A mailbox as a value, and what can be done with the mails that are in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.gomail.mail import FOLDERS, Kind, Mail, Person, Place, has_label, move
from agentjit.sites.gomail.post import LABELS, deal_post
from agentjit.sites.gomail.stock import load_stock

#: Longer names of labels are refused.
LONGEST_LABEL: Final = 60

#: Hour of the morning at which snoozed mails come back.
MORNING: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One account: its mails, newest first, and its labels."""

    seed: int
    today: date
    mails: tuple[Mail, ...]
    labels: tuple[str, ...]
    #: What the site said last; a mail client keeps it in view for a while.
    said: str = ""
    #: The mails as they were before the last action, for Undo.
    before: tuple[Mail, ...] = ()
    #: Mails ever made; the next one's id.
    counter: int = 0

    @property
    def owner(self) -> Person:
        """Whose account it is."""
        return load_stock().owner

    @property
    def people(self) -> tuple[Person, ...]:
        """The owner's contacts."""
        return load_stock().people

    def find(self, mail_id: str) -> Mail | None:
        """The mail with that id."""
        return next((mail for mail in self.mails if mail.id == mail_id), None)

    def folder(self, name: str) -> tuple[Mail, ...]:
        """The mails of a folder, or of a label."""
        shows = FOLDERS.get(name, has_label(name))
        return tuple(mail for mail in self.mails if shows(mail))

    def replies(self, mail: Mail) -> tuple[Mail, ...]:
        """What the owner has answered to a mail, oldest first."""
        found = [m for m in self.mails if m.reply_to == mail.id and m.kind is Kind.SENT and m.kept]
        return tuple(reversed(found))

    @property
    def counts(self) -> Mapping[str, int]:
        """The numbers beside folders and labels: what is unread, and how many drafts there are."""
        numbers = {
            name: sum(not mail.is_read for mail in self.folder(name))
            for name in ("Inbox", "Spam", *self.labels)
        }
        return {**numbers, **{name: len(self.folder(name)) for name in ("Drafts", "Scheduled")}}


def start_mailbox(seed: int, today: date) -> Mailbox:
    """The mailbox that a session begins with."""
    mails = deal_post(seed, today)
    names = tuple(name for name, _ in LABELS)
    return Mailbox(
        seed=seed, today=today, mails=mails, labels=names, counter=max(int(m.id) for m in mails)
    )


def snooze_time(text: str, today: date) -> datetime:
    """The morning of the day that was asked for."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise RefusedError("Choose a day") from None
    if day <= today:
        raise RefusedError("Choose a day that is still to come")
    return datetime.combine(day, time(MORNING))


def act(box: Mailbox, action: str, ids: Collection[str], value: str = "") -> Mailbox:
    """Do something to mails, all of them or none. RefusedError for what cannot be done.

    `value` is the label, or the day until which they are snoozed.
    """
    chosen = [mail for mail in box.mails if mail.id in ids]
    if not chosen or len(chosen) != len(set(ids)):
        raise RefusedError("Some of these mails are not here any more")
    if action == "delete":
        return _delete_for_good(box, chosen)
    changed = {mail.id: _changed(box, mail, action, value) for mail in chosen}
    return replace(
        box,
        mails=tuple(changed.get(mail.id, mail) for mail in box.mails),
        said=_tell(action, len(chosen), value),
        before=tuple(chosen),
    )


def undo(box: Mailbox) -> Mailbox:
    """Take the last action on mails back."""
    if not box.before:
        raise RefusedError("There is nothing to undo")
    before = {mail.id: mail for mail in box.before}
    mails = tuple(before.get(mail.id, mail) for mail in box.mails)
    return replace(box, mails=mails, said="Action undone", before=())


def create_label(box: Mailbox, name: str) -> Mailbox:
    """A new label. Names are unique, whatever their case, and not those of folders."""
    name = " ".join(name.split())
    if not name:
        raise RefusedError("Please enter a name for the label")
    if len(name) > LONGEST_LABEL:
        raise RefusedError(f"A label has at most {LONGEST_LABEL} characters")
    if name.casefold() in {taken.casefold() for taken in (*FOLDERS, *box.labels)}:
        raise RefusedError(f"There is already something called “{name}”")
    return replace(box, labels=(*box.labels, name), said=f"Label “{name}” was created", before=())


def delete_label(box: Mailbox, name: str) -> Mailbox:
    """Remove a label, and take it off all mails."""
    if name not in box.labels:
        raise RefusedError("That label is not here any more")
    mails = tuple(
        replace(mail, labels=tuple(label for label in mail.labels if label != name))
        if name in mail.labels
        else mail
        for mail in box.mails
    )
    labels = tuple(label for label in box.labels if label != name)
    said = f"Label “{name}” was removed"
    return replace(box, mails=mails, labels=labels, said=said, before=())


def _changed(box: Mailbox, mail: Mail, action: str, value: str) -> Mail:
    match action:
        case "read" | "unread":
            return replace(mail, is_read=action == "read")
        case "star" | "unstar":
            return replace(mail, starred=action == "star")
        case "inbox" | "archive" | "spam" | "trash":
            return move(mail, Place(action))
        case "snooze" if mail.kind is Kind.RECEIVED and mail.kept:
            until = snooze_time(value, box.today)
            return replace(mail, place=Place.INBOX, snoozed_until=until)
        case "label" if value in box.labels:
            others = tuple(label for label in mail.labels if label != value)
            return replace(mail, labels=(*others, value))
        case "snooze":
            raise RefusedError("Only mails that you have received can be snoozed")
        case "label":
            raise RefusedError(f"There is no label “{value}”")
        case _:
            raise RefusedError("That cannot be done with mails")


def _delete_for_good(box: Mailbox, chosen: list[Mail]) -> Mailbox:
    if any(mail.kept for mail in chosen):
        raise RefusedError("Only what is in Trash or Spam can be deleted forever")
    gone = {mail.id for mail in chosen}
    mails = tuple(mail for mail in box.mails if mail.id not in gone)
    return replace(box, mails=mails, said=_tell("delete", len(chosen)), before=())


_TOLD: Final = {
    "read": "marked as read",
    "unread": "marked as unread",
    "star": "starred",
    "unstar": "removed from Starred",
    "inbox": "moved to Inbox",
    "archive": "archived",
    "spam": "marked as spam",
    "trash": "moved to Trash",
    "delete": "deleted forever",
}


def _tell(action: str, count: int, value: str = "") -> str:
    what = "Conversation" if count == 1 else f"{count} conversations"
    match action:
        case "snooze":
            day = date.fromisoformat(value)
            return f"{what} snoozed until {day:%a, %b} {day.day}, {MORNING}:00 AM"
        case "label":
            return f"{what} added to “{value}”"
        case _:
            return f"{what} {_TOLD[action]}"
