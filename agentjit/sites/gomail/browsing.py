"""Gomail's tools for looking around: folders, labels, search, lists of emails, one email."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, cast
from urllib.parse import urlencode

from agentjit.errors import ToolError
from agentjit.sites.common.acting import no_such, open_path
from agentjit.sites.gomail.acting import act
from agentjit.sites.gomail.results import (
    Contact,
    EmailDetails,
    EmailEntry,
    Label,
    Today,
)
from agentjit.toolspecs import Effect, From, tool

if TYPE_CHECKING:
    from playwright.async_api import Page

#: A list shows mails of any of these, and the labels that they have.
SHOWN: Final = ("mails", "sent", "drafts", "labels")

#: The contract of pages that show a list.
ON_A_LIST: Final = "page in {'inbox', 'folder', 'search_results'}"


@tool(
    ensures="page == 'inbox', folder == 'Inbox', selected_email == None, searched_for == None",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    resets_tab=True,
)
async def goto_inbox(page: Page) -> None:
    """Open the inbox, its newest page first."""
    await open_path(page, "/")


@tool(
    ensures="page == 'folder', folder == $folder, selected_email == None, searched_for == None",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    resets_tab=True,
    examples=("goto_folder('Starred')",),
)
async def goto_folder(
    page: Page,
    folder: Literal[
        "Starred", "Snoozed", "Sent", "Scheduled", "Drafts", "All mail", "Spam", "Trash"
    ],
) -> None:
    """Open a folder other than the inbox."""
    await open_path(page, f"/?{urlencode({'in': folder})}")


@tool(
    ensures="page == 'folder', folder == $label_name, selected_email == None, searched_for == None",
    effect=Effect.NAVIGATE,
    reads={"labels"},
    writes=(),
    resets_tab=True,
    examples=("goto_label('Travel')",),
)
async def goto_label(page: Page, label_name: Annotated[str, From("list_labels[].name")]) -> None:
    """Open the list of the emails that have a label."""
    names = [label["name"] for label in await act(page, "listLabels")]
    found = next((name for name in names if name.casefold() == label_name.casefold()), None)
    if found is None:
        raise no_such("label", label_name, names)
    await open_path(page, f"/?{urlencode({'in': found})}")


@tool(
    ensures="page == 'search_results', searched_for == $query, folder == None, "
    "selected_email == None",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    resets_tab=True,
    examples=("search_emails('from:Alerts is:unread')",),
)
async def search_emails(page: Page, query: str) -> None:
    """Search all emails but spam and trash: words, and from: to: subject: label: is: in: before:.

    All terms must fit. `is:` takes unread, read, starred; `before:` and `after:` a date such as
    2026-03-01; `older_than:` and `newer_than:` an age such as 2m; values with blanks stand in
    double quotes.
    """
    if not query or query != query.strip():
        raise ToolError("a search needs words, without blanks around them")
    await open_path(page, f"/?{urlencode({'q': query})}")


@tool(
    requires=ON_A_LIST,
    effect=Effect.READ,
    reads=SHOWN,
    writes=(),
    timeout=20.0,
    examples=("list_emails()", "list_emails(unread=True)", "list_emails(sender='Uber')"),
)
async def list_emails(
    page: Page,
    unread: bool | None = None,
    sender: str | None = None,
    visible_only: bool = False,
) -> list[EmailEntry]:
    """List the emails (mails, messages) of the inbox, folder, label or search, newest first.

    All of them, however many pages the list has; with `visible_only` those of the page that is
    shown, at most 50. `unread` and `sender` (a name or an address, exactly) leave out the others.
    """
    wanted = {"unread": unread, "sender": sender, "visible": visible_only}
    return cast("list[EmailEntry]", await act(page, "listEmails", wanted))


@tool(
    requires=ON_A_LIST,
    ensures="page == 'email_detail', selected_email == $email_id",
    effect=Effect.NAVIGATE,
    reads=SHOWN,
    writes=(),
    timeout=20.0,
)
async def goto_email_detail(page: Page, email_id: Annotated[str, From("list_emails[].id")]) -> None:
    """Open one email of the list. Opening does not mark it as read."""
    answer = await act(page, "openEmail", email_id)
    if not answer["found"]:
        raise not_listed(email_id)
    await page.wait_for_url(f"**/mail/{email_id}?*", wait_until="domcontentloaded")


@tool(requires="page == 'email_detail'", effect=Effect.READ, reads=SHOWN, writes=())
async def get_email_details(page: Page) -> EmailDetails:
    """Read the open email: sender, recipients, subject, body (text, content), date, its thread."""
    return cast("EmailDetails", await act(page, "emailDetails"))


@tool(effect=Effect.READ, reads={"mails"}, writes=())
async def get_unread_count(page: Page) -> int:
    """Count the unread emails in the inbox, from any page."""
    return cast("int", await act(page, "countUnread"))


@tool(effect=Effect.READ, reads={"labels", "mails"}, writes=())
async def list_labels(page: Page) -> list[Label]:
    """List the labels, from any page."""
    return cast("list[Label]", await act(page, "listLabels"))


@tool(
    effect=Effect.READ,
    reads=(),
    writes=(),
    examples=("list_contacts()", "list_contacts('Kevin')"),
)
async def list_contacts(page: Page, query: str = "") -> list[Contact]:
    """List the contacts (people, address book) whose name or address has all words of the query."""
    return cast("list[Contact]", await act(page, "listContacts", query))


@tool(effect=Effect.READ, reads=(), writes=())
async def get_today(page: Page) -> Today:
    """Tell which day it is (date and weekday), as the mailbox shows it."""
    return cast("Today", await act(page, "today"))


def not_listed(email_id: str) -> ToolError:
    """The error for an id that the list does not have."""
    return ToolError(
        f"there is no email with the id {email_id!r} in this list",
        "ids are those that list_emails() gives for the list that is open",
    )
