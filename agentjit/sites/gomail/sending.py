"""Gomail's tools for writing: send, reply, forward, schedule, drafts, and what was sent."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from agentjit.errors import NotDone, ToolError
from agentjit.sites.gomail.acting import act
from agentjit.sites.gomail.results import Draft, ScheduledEmail, SentEmail
from agentjit.toolspecs import Effect, tool

if TYPE_CHECKING:
    from playwright.async_api import Page


@tool(
    effect=Effect.COMMIT,
    reads=(),
    writes={"sent"},
    verify="list_sent_emails",
    timeout=20.0,
    examples=(
        "send_email('jane.doe@example.com', 'Weekly Update', 'All is well.')",
        "send_email('jane.doe@example.com, john.doe@example.com', 'Hello', 'Hi both!')",
    ),
)
async def send_email(
    page: Page, to: str, subject: str, body: str, *, cc: str = "", bcc: str = ""
) -> SentEmail:
    """Compose (write) a new email and send it, from any page. It cannot be undone.

    `to`, `cc` and `bcc` are addresses or full names of contacts, several with commas between.
    """
    letter = {"to": to, "cc": cc, "bcc": bcc, "subject": subject, "body": body}
    return cast("SentEmail", await _compose(page, "Compose", "send", letter))


@tool(
    requires="page == 'email_detail'",
    effect=Effect.COMMIT,
    reads={"mails", "sent", "drafts", "labels"},
    writes={"sent"},
    verify="list_sent_emails",
    terms="get_email_details",
    timeout=20.0,
    examples=("reply_to_email('unsubscribe')",),
)
async def reply_to_email(page: Page, body: str) -> SentEmail:
    """Reply to (answer) the open email. It cannot be undone."""
    if not body.strip():
        raise ToolError("a reply needs a text")
    return cast("SentEmail", await _compose(page, "Reply", "send", {"body": body}))


@tool(
    requires="page == 'email_detail'",
    effect=Effect.COMMIT,
    reads={"mails", "sent", "drafts", "labels"},
    writes={"sent"},
    verify="list_sent_emails",
    terms="get_email_details",
    timeout=20.0,
    examples=("forward_email('me@example.com', 'For your records')",),
)
async def forward_email(page: Page, to: str, note: str = "") -> SentEmail:
    """Forward the open email to somebody, with a note above it. It cannot be undone."""
    letter = {"to": to, "body": note}
    return cast("SentEmail", await _compose(page, "Forward", "send", letter))


@tool(
    effect=Effect.COMMIT,
    reads=(),
    writes={"sent"},
    verify="list_scheduled_emails",
    timeout=20.0,
    examples=(
        "schedule_email('jane.doe@example.com', 'Report', 'All is well.', '2026-03-02 09:00')",
    ),
)
async def schedule_email(
    page: Page, to: str, subject: str, body: str, send_at: str
) -> ScheduledEmail:
    """Compose an email that is sent later, at `send_at`, such as '2026-03-02 09:00'."""
    moment = re.fullmatch(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)", send_at)
    if not moment:
        raise ToolError(f"{send_at!r} is not a time", "write it like '2026-03-02 09:00'")
    letter = {"to": to, "subject": subject, "body": body}
    when = datetime.fromisoformat("T".join(moment.groups())).isoformat(timespec="minutes")
    return cast("ScheduledEmail", await _compose(page, "Compose", "later", letter, when))


@tool(
    effect=Effect.WRITE,
    reads=(),
    writes={"drafts"},
    timeout=20.0,
    examples=("save_draft('jane.doe@example.com', 'Team lunch', 'Lunch on Friday?')",),
)
async def save_draft(page: Page, to: str, subject: str, body: str) -> Draft:
    """Write a draft of an email and save it without sending; send_draft sends it later."""
    letter = {"to": to, "subject": subject, "body": body}
    return cast("Draft", await _compose(page, "Compose", "keep", letter))


@tool(
    requires="page == 'email_detail', folder == 'Drafts'",
    effect=Effect.COMMIT,
    reads={"drafts"},
    writes={"drafts", "sent"},
    verify="list_sent_emails",
    terms="get_email_details",
    timeout=20.0,
)
async def send_draft(page: Page) -> SentEmail:
    """Send the draft that is open, opened from the folder Drafts. It cannot be undone."""
    return cast("SentEmail", await _compose(page, "Edit draft", "send", {}))


@tool(effect=Effect.READ, reads={"sent"}, writes=())
async def list_sent_emails(page: Page) -> list[SentEmail]:
    """List the emails that were sent, newest first, from any page."""
    return cast("list[SentEmail]", await act(page, "listWritten", "Sent"))


@tool(effect=Effect.READ, reads={"sent"}, writes=())
async def list_scheduled_emails(page: Page) -> list[ScheduledEmail]:
    """List the emails that will be sent later, from any page."""
    return cast("list[ScheduledEmail]", await act(page, "listWritten", "Scheduled"))


@tool(effect=Effect.READ, reads={"drafts"}, writes=())
async def list_drafts(page: Page) -> list[Draft]:
    """List the drafts that were saved, newest first, from any page."""
    return cast("list[Draft]", await act(page, "listWritten", "Drafts"))


async def _compose(
    page: Page, start: str, finish: str, letter: dict[str, str], send_at: str | None = None
) -> Any:
    """Write in the composer what is given, and end it; NotDone where the site refuses it."""
    blank = {"to": None, "cc": None, "bcc": None, "subject": None, "body": None}
    wanted = {"start": start, "finish": finish, "letter": {**blank, **letter}, "send_at": send_at}
    answer = await act(page, "compose", wanted)
    if "refused" in answer:
        if start == "Edit draft":
            await page.reload(wait_until="domcontentloaded")
        what = "saved" if finish == "keep" else "sent"
        near = "list_contacts() gives addresses" if "address" in answer["refused"] else ""
        raise NotDone(f"the email was not {what}: {answer['refused']}", near)
    return answer["made"]
