"""Gomail's toolset: its state, how it is observed, and its tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from agentjit.sites.common.obstacles import OBSTACLES, SIGNED_OUT
from agentjit.sites.gomail.acting import act
from agentjit.sites.gomail.browsing import (
    get_email_details,
    get_today,
    get_unread_count,
    goto_email_detail,
    goto_folder,
    goto_inbox,
    goto_label,
    list_contacts,
    list_emails,
    list_labels,
    search_emails,
)
from agentjit.sites.gomail.sending import (
    forward_email,
    list_drafts,
    list_scheduled_emails,
    list_sent_emails,
    reply_to_email,
    save_draft,
    schedule_email,
    send_draft,
    send_email,
)
from agentjit.sites.gomail.sorting import (
    apply_label,
    archive_emails,
    create_label,
    delete_email,
    delete_email_batch,
    mark_as_read,
    mark_as_unread,
    move_to_inbox,
    report_spam,
    snooze_emails,
    star_emails,
    unstar_emails,
)
from agentjit.toolspecs import StateModel, StateVar, Toolset

if TYPE_CHECKING:
    from playwright.async_api import Page

STATE: Final = StateModel(
    (
        StateVar(
            "page",
            values=("inbox", "folder", "search_results", "email_detail", "other"),
            start="inbox",
            doc="which page the tab shows",
        ),
        StateVar("folder", start="Inbox", doc="the folder or label whose emails are listed"),
        StateVar("searched_for", doc="the search whose results are listed"),
        StateVar("selected_email", doc="the id of the email that is open"),
    )
)


async def observe(page: Page) -> Mapping[str, str | None]:
    """The state as the page shows it; what cannot be seen on it is left out."""
    return cast("Mapping[str, str | None]", await act(page, "observe"))


TOOLSET: Final = Toolset(
    name="gomail",
    title="Gomail: read, sort, write and send emails (mails, messages)",
    state=STATE,
    observe=observe,
    tools=(
        goto_inbox,
        goto_folder,
        goto_label,
        search_emails,
        list_emails,
        goto_email_detail,
        get_email_details,
        get_unread_count,
        list_labels,
        list_contacts,
        get_today,
        send_email,
        reply_to_email,
        forward_email,
        schedule_email,
        save_draft,
        send_draft,
        list_sent_emails,
        list_scheduled_emails,
        list_drafts,
        delete_email,
        delete_email_batch,
        archive_emails,
        report_spam,
        move_to_inbox,
        snooze_emails,
        mark_as_read,
        mark_as_unread,
        star_emails,
        unstar_emails,
        create_label,
        apply_label,
    ),
    obstacles=OBSTACLES,
    signed_out=SIGNED_OUT,
)
