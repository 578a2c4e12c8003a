"""Gomail's tools for keeping order: delete, archive, star, label, snooze, mark as read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit

from agentjit.errors import ToolError
from agentjit.sites.common.acting import no_such
from agentjit.sites.gomail.acting import act
from agentjit.sites.gomail.browsing import ON_A_LIST, SHOWN, not_listed
from agentjit.toolspecs import Effect, From, Tool, tool
from agentjit.toolspecs.tool import Body

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Days for which a mail can be snoozed.
LONGEST_SNOOZE: Final = 365

#: Ticking mails page by page takes a while on a slow site.
_SECONDS: Final = 45.0

#: A list may show mails of each of these.
_ANY: Final = ("mails", "sent", "drafts")

_LEFT: Final = "() => location.pathname === '/' || !document.querySelector('[role=status]').hidden"


def _on_emails(*, idempotent: bool, examples: tuple[str, ...] = ()) -> Callable[[Body], Tool]:
    """What is done to several emails of the list at a time."""
    return tool(
        requires=ON_A_LIST,
        effect=Effect.WRITE,
        reads=SHOWN,
        writes=_ANY,
        idempotent=idempotent,
        timeout=_SECONDS,
        examples=examples,
    )


#: After these the emails are no longer in the list that they were in.
_moving = _on_emails(idempotent=False)
_marking = _on_emails(idempotent=True)


@tool(
    requires="page == 'email_detail'",
    ensures="page == 'inbox', folder == 'Inbox', selected_email == None, searched_for == None",
    effect=Effect.WRITE,
    reads=(),
    writes=_ANY,
)
async def delete_email(page: Page) -> None:
    """Delete the open email: move it to Trash, and go to the inbox."""
    await act(page, "leaveMail", "Delete")
    await page.wait_for_function(_LEFT, polling=50)
    if urlsplit(page.url).path != "/":
        raise ToolError("whether the email was deleted is not known: the site did not answer")
    await page.wait_for_load_state("domcontentloaded")


@_moving
async def delete_email_batch(
    page: Page, email_ids: Annotated[list[str], From("list_emails[].id")]
) -> None:
    """Delete (clear, remove) emails of the list: move them to Trash, on whichever page they are."""
    await _act_on(page, "trash", email_ids)


@_moving
async def archive_emails(
    page: Page, email_ids: Annotated[list[str], From("list_emails[].id")]
) -> None:
    """Archive emails of the list: they leave the inbox and stay in All mail."""
    await _act_on(page, "archive", email_ids)


@_moving
async def report_spam(
    page: Page, email_ids: Annotated[list[str], From("list_emails[].id")]
) -> None:
    """Mark emails of the list as spam: they go to the Spam folder."""
    await _act_on(page, "spam", email_ids)


@_moving
async def move_to_inbox(
    page: Page, email_ids: Annotated[list[str], From("list_emails[].id")]
) -> None:
    """Move emails of the list (of Trash, Spam, Snoozed, All mail) back to the inbox."""
    await _act_on(page, "inbox", email_ids)


@_moving
async def snooze_emails(
    page: Page, email_ids: Annotated[list[str], From("list_emails[].id")], days: int
) -> None:
    """Snooze emails of the list: they come back after so many days, at 8 in the morning."""
    if not 1 <= days <= LONGEST_SNOOZE:
        raise ToolError(f"emails are snoozed for 1 to {LONGEST_SNOOZE} days, not {days}")
    await _act_on(page, "snooze", email_ids, days)


@_marking
async def mark_as_read(
    page: Page, email_ids: Annotated[list[str], From("list_emails[].id")]
) -> None:
    """Mark emails of the list as read."""
    await _act_on(page, "read", email_ids)


@_marking
async def mark_as_unread(
    page: Page, email_ids: Annotated[list[str], From("list_emails[].id")]
) -> None:
    """Mark emails of the list as unread."""
    await _act_on(page, "unread", email_ids)


@_marking
async def star_emails(
    page: Page, email_ids: Annotated[list[str], From("list_emails[].id")]
) -> None:
    """Star emails of the list."""
    await _act_on(page, "star", email_ids)


@_marking
async def unstar_emails(
    page: Page, email_ids: Annotated[list[str], From("list_emails[].id")]
) -> None:
    """Take the star from emails of the list."""
    await _act_on(page, "unstar", email_ids)


@_marking
async def apply_label(
    page: Page,
    label_name: Annotated[str, From("list_labels[].name")],
    email_ids: Annotated[list[str], From("list_emails[].id")],
) -> None:
    """Give emails of the list a label; create_label makes a new one."""
    names = [label["name"] for label in await act(page, "listLabels")]
    found = next((name for name in names if name.casefold() == label_name.casefold()), None)
    if found is None:
        raise no_such("label", label_name, names)
    await _act_on(page, "label", email_ids, found)


@tool(
    effect=Effect.WRITE,
    reads={"labels"},
    writes={"labels"},
    examples=("create_label('Work')",),
)
async def create_label(page: Page, label_name: str) -> None:
    """Create a label, from any page."""
    if not label_name or label_name != " ".join(label_name.split()):
        raise ToolError("a label needs a name, without blanks around it")
    answer = await act(page, "createLabel", label_name)
    if "refused" in answer:
        raise ToolError(f"the label {label_name!r} was not created: {answer['refused']}")


async def _act_on(
    page: Page, action: str, email_ids: Sequence[str], value: str | int | None = None
) -> None:
    if not email_ids:
        raise ToolError("there is no email to do that with: email_ids is empty")
    wanted = list(dict.fromkeys(email_ids))
    answer = await act(page, "actOn", {"ids": wanted, "action": action, "value": value})
    if "missing" in answer:
        raise not_listed(answer["missing"])
    if "refused" in answer:
        raise ToolError(f"the site said: {answer['refused']}")
