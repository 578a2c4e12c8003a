"""How each of Gomail's tools is tried: from where, with which arguments, and what it refuses."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from tests.sites.guests import Slip, Steps

#: The day that the mailbox is served for in these tests.
TODAY: Final = date(2026, 3, 2)

#: Mails that all seeds have: Jane Smith's, GitHub's, and one in Trash.
JANE, GITHUB, TRASHED = "11", "3", "231"

TO_JANE: Steps = [("open", {"path": f"/mail/{JANE}?in=Inbox"})]
TO_TRASH: Steps = [("goto_folder", {"folder": "Trash"})]
TO_DRAFT: Steps = [("open", {"path": "/mail/243?in=Drafts"})]
TO_SENT: Steps = [("goto_folder", {"folder": "Sent"})]
TO_BLANK_DRAFT: Steps = [("open", {"path": "/mail/244?in=Drafts"})]
TO_FINDS: Steps = [("search_emails", {"query": "subject:support"})]
LETTER = {"to": "Kevin Moore", "subject": "Plan", "body": "Dear Kevin,\n\nthe plan?"}

USES: dict[str, tuple[Steps, dict[str, Any]]] = {
    "goto_inbox": (TO_JANE, {}),
    "goto_folder": (TO_JANE, {"folder": "All mail"}),
    "goto_label": (TO_JANE, {"label_name": "travel"}),
    "search_emails": (TO_JANE, {"query": 'from:alerts "bank"'}),
    "list_emails": (TO_FINDS, {"unread": False}),
    "goto_email_detail": ([], {"email_id": GITHUB}),
    "get_email_details": (TO_JANE, {}),
    "get_unread_count": (TO_JANE, {}),
    "list_labels": ([], {}),
    "list_contacts": ([], {"query": "jane"}),
    "get_today": (TO_JANE, {}),
    "send_email": (TO_JANE, {**LETTER, "cc": "Jane Doe"}),
    "reply_to_email": (TO_JANE, {"body": "The first one."}),
    "forward_email": (TO_JANE, {"to": "me@example.com", "note": "For your records"}),
    "schedule_email": ([], {**LETTER, "send_at": "2026-03-09 09:00"}),
    "save_draft": ([], LETTER),
    "send_draft": (TO_DRAFT, {}),
    "list_sent_emails": (TO_JANE, {}),
    "list_scheduled_emails": ([], {}),
    "list_drafts": ([], {}),
    "delete_email": (TO_JANE, {}),
    "delete_email_batch": ([], {"email_ids": [JANE, GITHUB, "53", "46"]}),
    "archive_emails": (TO_FINDS, {"email_ids": ["12", "27"]}),
    "report_spam": ([], {"email_ids": ["46"]}),
    "move_to_inbox": (TO_TRASH, {"email_ids": [TRASHED]}),
    "snooze_emails": (TO_FINDS, {"email_ids": ["12", "33"], "days": 7}),
    "mark_as_read": ([], {"email_ids": ["46", "47", "48"]}),
    "mark_as_unread": (TO_FINDS, {"email_ids": ["12"]}),
    "star_emails": ([], {"email_ids": ["46"]}),
    "unstar_emails": ([("goto_folder", {"folder": "Starred"})], {"email_ids": ["2", "53"]}),
    "create_label": (TO_JANE, {"label_name": "Work"}),
    "apply_label": ([], {"label_name": "family", "email_ids": ["46", "1"]}),
}

#: Calls that must be refused.
SLIPS: list[Slip] = [
    ([], "goto_label", {"label_name": "Travels"}, "no label 'Travels'"),
    ([], "search_emails", {"query": " "}, "needs words"),
    ([], "goto_email_detail", {"email_id": TRASHED}, "no email with the id '231'"),
    ([], "delete_email_batch", {"email_ids": []}, "email_ids is empty"),
    ([], "archive_emails", {"email_ids": ["4711"]}, "no email with the id '4711'"),
    ([], "snooze_emails", {"email_ids": [JANE], "days": 0}, "1 to 365 days"),
    ([], "apply_label", {"label_name": "Word", "email_ids": [JANE]}, "no label 'Word'"),
    ([], "create_label", {"label_name": ""}, "needs a name"),
    ([], "create_label", {"label_name": "travel"}, "already something called"),
    ([], "create_label", {"label_name": "inbox"}, "already something called"),
    ([], "send_email", {**LETTER, "to": ""}, "at least one recipient"),
    ([], "schedule_email", {**LETTER, "send_at": "tomorrow"}, "is not a time"),
    ([], "schedule_email", {**LETTER, "send_at": "2026-03-01 09:00"}, "still to come"),
    (TO_FINDS, "delete_email_batch", {"email_ids": ["12", JANE]}, "no email with the id '11'"),
    (TO_JANE, "send_email", {**LETTER, "to": "Kevin"}, "“Kevin” was not recognized"),
    (TO_JANE, "forward_email", {"to": "me@example"}, "“me@example” was not recognized"),
    (TO_JANE, "reply_to_email", {"body": " "}, "needs a text"),
    (
        TO_SENT,
        "snooze_emails",
        {"email_ids": ["234"], "days": 1},
        "Only mails that you have received",
    ),
    (TO_BLANK_DRAFT, "send_draft", {}, "at least one recipient"),
]
