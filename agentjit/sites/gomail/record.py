"""From a mailbox to its JSON record, with the key names that REAL's evaluators read."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Final

from agentjit.sites.common.difference import Tree, as_mapping, diff_collection, pick
from agentjit.sites.common.finish import Record
from agentjit.sites.gomail.mail import Kind, Mail, Place
from agentjit.sites.gomail.state import Mailbox
from agentjit.toolspecs import JsonValue


def show_mailbox(box: Mailbox) -> Tree:
    """The whole account. Mails stand at `email.emails`, by their ids, newest first."""
    return {
        "email": {"emails": {mail.id: show_mail(mail) for mail in box.mails}},
        "settings": {
            "customLabels": [
                {"id": str(index), "label": label} for index, label in enumerate(box.labels)
            ]
        },
        "ui": {"snackbar": {"message": box.said}},
    }


@lru_cache(maxsize=4096)
def show_mail(mail: Mail) -> Tree:
    """One mail. What it has only now and then, such as `snoozeUntil`, is left out otherwise."""
    shown: Tree = {
        "id": mail.id,
        "from": mail.sender.address,
        "fromName": mail.sender.name,
        "to": list(mail.to),
        "cc": list(mail.cc),
        "bcc": list(mail.bcc),
        "subject": mail.subject,
        "content": to_html(mail.text),
        "date": mail.at.date().isoformat(),
        "time": mail.at.strftime("%H:%M"),
        "isRead": mail.is_read,
        "starred": mail.starred,
        "archived": mail.place is Place.ARCHIVE and mail.kind is Kind.RECEIVED,
        "spam": mail.place is Place.SPAM,
        "trash": mail.place is Place.TRASH,
        "snoozed": mail.snoozed_until is not None,
        "sent": mail.kind is Kind.SENT,
        "draft": mail.kind is Kind.DRAFT,
        "scheduled": mail.kind is Kind.SCHEDULED,
        "isReply": bool(mail.reply_to),
        "isForward": bool(mail.forward_of),
        "labels": list(mail.labels),
        "attachments": list(mail.attachments),
        "replies": [
            {
                "from": part.sender.address,
                "fromName": part.sender.name,
                "content": to_html(part.text),
                "date": part.at.date().isoformat(),
            }
            for part in mail.earlier
        ],
    }
    now_and_then = {
        "snoozeUntil": mail.snoozed_until and mail.snoozed_until.isoformat(),
        "scheduledFor": mail.send_at and mail.send_at.isoformat(),
        "replyTo": mail.reply_to,
        "forwardOf": mail.forward_of,
    }
    return {**shown, **{key: value for key, value in now_and_then.items() if value}}


def to_html(text: str) -> str:
    """A text as paragraphs."""
    pieces = [piece for piece in text.split("\n\n") if piece.strip()]
    return "".join(f"<p>{escape(piece, quote=False)}</p>" for piece in pieces).replace("\n", "<br>")


def tell_emails(initial: Tree, final: Tree) -> Tree:
    """`differences` with `emails` in lists, as REAL's evaluators read it.

    A mail that was changed is told by its id and what is different now. A snoozed mail is not among
    them but among the deleted ones: it is gone until it comes back.
    """
    before, after = (as_mapping(pick(state, "email.emails")) for state in (initial, final))
    gone = {key for key, mail in before.items() if _gone(mail, after.get(key))}
    added: list[JsonValue] = [mail for key, mail in after.items() if key not in before]
    deleted: list[JsonValue] = [before[key] for key in before if key in gone]
    updated: list[JsonValue] = [
        _changes(mail, after[key])
        for key, mail in before.items()
        if key not in gone and mail != after[key]
    ]
    emails: Tree = {"added": added, "deleted": deleted, "updated": updated}
    labels = [as_mapping(pick(state, "settings"))["customLabels"] for state in (initial, final)]
    return {"differences": {"emails": emails, "labels": diff_collection(*labels)}}


RECORD: Final = Record(show_mailbox, {}, more=tell_emails)


def _changes(before: JsonValue, after: JsonValue) -> Tree:
    old, new = as_mapping(before), as_mapping(after)
    changed = {key: value for key, value in new.items() if old.get(key) != value}
    return {"id": new["id"], **changed}


def _gone(before: JsonValue, after: JsonValue | None) -> bool:
    """Whether a mail was deleted for ever, or snoozed."""
    if after is None:
        return True
    return as_mapping(after)["snoozed"] is True and as_mapping(before)["snoozed"] is False
