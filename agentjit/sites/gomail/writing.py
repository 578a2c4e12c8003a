"""What the owner writes: drafts, mails that are sent now or later, answers, forwarded mails."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.gomail.mail import Kind, Mail
from agentjit.sites.gomail.state import Mailbox

_ADDRESS: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")

#: One mail goes to at most so many people.
MOST_RECIPIENTS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What a form for a mail holds."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    #: The draft that it goes on with.
    draft: str = ""
    #: The mail that it answers, or that it passes on.
    reply_to: str = ""
    forward_of: str = ""


def send(box: Mailbox, writing: Writing, now: datetime) -> Mailbox:
    """Send a mail. Every call is a mail of its own, unless it sends a draft, which is then gone."""
    _check(writing)
    return _put(box, writing, kind=Kind.SENT, now=now, said="Message sent")


def send_later(box: Mailbox, writing: Writing, now: datetime, send_at: str) -> Mailbox:
    """Have a mail sent at a time to come, as "2026-03-01T09:00"."""
    _check(writing)
    try:
        moment = datetime.fromisoformat(send_at).replace(tzinfo=None)
    except ValueError:
        raise RefusedError("Choose a day and a time") from None
    if moment <= now:
        raise RefusedError("Choose a time that is still to come")
    said = f"Send scheduled for {moment:%a, %b} {moment.day}, {moment:%H:%M}"
    box = _put(box, writing, kind=Kind.SCHEDULED, now=now, said=said)
    return replace(box, mails=(replace(box.mails[0], send_at=moment), *box.mails[1:]))


def save_draft(box: Mailbox, writing: Writing, now: datetime) -> Mailbox:
    """Keep a mail for later; an empty one is not kept."""
    if not (writing.to or writing.cc or writing.bcc or writing.subject or writing.text.strip()):
        raise RefusedError("There is nothing to save")
    return _put(box, writing, kind=Kind.DRAFT, now=now, said="Draft saved")


def discard(box: Mailbox, draft: str) -> Mailbox:
    """Throw a draft away, for good."""
    _draft(box, draft)
    mails = tuple(mail for mail in box.mails if mail.id != draft)
    return replace(box, mails=mails, said="Draft discarded", before=())


def begin_reply(box: Mailbox, mail: Mail) -> Writing:
    """An answer with nothing in it yet."""
    mine = mail.sender.address == box.owner.address
    to = mail.to if mine else (mail.sender.address,)
    return Writing(to=to, subject=_prefixed("Re: ", mail.subject), reply_to=mail.id)


def begin_forward(mail: Mail) -> Writing:
    """A forwarded mail with nobody to go to yet."""
    quoted = (
        "---------- Forwarded message ----------\n"
        f"From: {mail.sender.name} <{mail.sender.address}>\n"
        f"Date: {mail.at:%Y-%m-%d %H:%M}\n"
        f"Subject: {mail.subject}\n\n{mail.text}"
    )
    return Writing(subject=_prefixed("Fwd: ", mail.subject), text=quoted, forward_of=mail.id)


def go_on(mail: Mail) -> Writing:
    """What a draft holds."""
    return Writing(
        to=mail.to,
        cc=mail.cc,
        bcc=mail.bcc,
        subject=mail.subject,
        text=mail.text,
        draft=mail.id,
        reply_to=mail.reply_to,
        forward_of=mail.forward_of,
    )


def _prefixed(prefix: str, subject: str) -> str:
    return subject if subject.startswith(prefix) else prefix + subject


def _check(writing: Writing) -> None:
    everybody = (*writing.to, *writing.cc, *writing.bcc)
    if not everybody:
        raise RefusedError("Please specify at least one recipient")
    if len(everybody) > MOST_RECIPIENTS:
        raise RefusedError(f"A mail goes to at most {MOST_RECIPIENTS} people")
    for address in everybody:
        if not _ADDRESS.fullmatch(address):
            raise RefusedError(f"The address “{address}” was not recognized")


def _draft(box: Mailbox, draft: str) -> Mail:
    mail = box.find(draft)
    if mail is None or mail.kind is not Kind.DRAFT:
        raise RefusedError("That draft is not here any more")
    return mail


def _put(box: Mailbox, writing: Writing, *, kind: Kind, now: datetime, said: str) -> Mailbox:
    """The mailbox with the mail in front, in the place of its draft if it had one."""
    counter = box.counter
    if writing.draft:
        mail_id = _draft(box, writing.draft).id
    else:
        counter += 1
        mail_id = str(counter)
    mail = Mail(
        id=mail_id,
        kind=kind,
        sender=box.owner,
        to=writing.to,
        cc=writing.cc,
        bcc=writing.bcc,
        subject=writing.subject.strip(),
        text=writing.text.strip(),
        at=now.replace(tzinfo=None, microsecond=0),
        reply_to=writing.reply_to,
        forward_of=writing.forward_of,
    )
    others = tuple(each for each in box.mails if each.id != mail_id)
    return replace(box, mails=(mail, *others), counter=counter, said=said, before=())
