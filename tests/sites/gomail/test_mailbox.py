"""The mailbox as a value: actions on mails, labels, what is written, and search."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.gomail.mail import Kind
from agentjit.sites.gomail.searching import search
from agentjit.sites.gomail.state import (
    Mailbox,
    act,
    create_label,
    delete_label,
    start_mailbox,
    undo,
)
from agentjit.sites.gomail.writing import (
    Writing,
    begin_forward,
    begin_reply,
    discard,
    go_on,
    save_draft,
    send,
    send_later,
)

TODAY = date(2026, 3, 2)
NOW = datetime.fromisoformat("2026-03-02T10:30:00")
BOX = start_mailbox(0, TODAY)
LETTER = Writing(to=("jane.doe@example.com",), subject=" Plan ", text="One\n\nTwo\n")


def _folder(box: Mailbox, name: str) -> list[str]:
    return [mail.id for mail in box.folder(name)]


@pytest.mark.parametrize(
    ("action", "value", "folder", "said"),
    [
        ("trash", "", "Trash", "2 conversations moved to Trash"),
        ("spam", "", "Spam", "2 conversations marked as spam"),
        ("archive", "", "All mail", "2 conversations archived"),
        ("star", "", "Starred", "2 conversations starred"),
        ("snooze", "2026-03-09", "Snoozed", "snoozed until Mon, Mar 9, 8:00 AM"),
        ("label", "Travel", "Travel", "2 conversations added to “Travel”"),
    ],
)
def test_an_action_moves_all_mails_and_can_be_undone(
    action: str, value: str, folder: str, said: str
) -> None:
    after = act(BOX, action, ["46", "20"], value)
    assert {"46", "20"} <= set(_folder(after, folder))
    assert ("46" in _folder(after, "Inbox")) is (action in ("star", "label"))
    assert said in after.said
    assert undo(after).mails == BOX.mails


def test_one_mail_is_one_conversation() -> None:
    assert act(BOX, "trash", ["46"]).said == "Conversation moved to Trash"


@pytest.mark.parametrize(
    ("action", "ids", "value"),
    [
        ("trash", [], ""),
        ("trash", ["46", "4711"], ""),
        ("delete", ["46"], ""),
        ("label", ["46"], "Nowhere"),
        ("snooze", ["46"], "2026-03-02"),
        ("snooze", ["46"], "soon"),
        ("snooze", ["234"], "2026-03-09"),
        ("fold", ["46"], ""),
    ],
)
def test_what_makes_no_sense_is_refused(action: str, ids: list[str], value: str) -> None:
    with pytest.raises(RefusedError):
        act(BOX, action, ids, value)


def test_trash_comes_back_to_where_it_belongs_or_goes_for_good() -> None:
    box = act(BOX, "trash", ["46", "234", "243"])
    back = act(box, "inbox", ["46", "234", "243"])
    assert "46" in _folder(back, "Inbox")
    assert "234" in _folder(back, "Sent")
    assert "243" in _folder(back, "Drafts")
    gone = act(box, "delete", ["46"])
    assert gone.find("46") is None
    with pytest.raises(RefusedError, match="nothing to undo"):
        undo(gone)


def test_labels_are_unique_and_leave_with_their_name() -> None:
    box = create_label(BOX, "  Work   at home ")
    assert box.labels[-1] == "Work at home"
    for wrong in ("work at HOME", "inbox", "", "x" * 61):
        with pytest.raises(RefusedError):
            create_label(box, wrong)
    box = delete_label(act(box, "label", ["46"], "Work at home"), "Work at home")
    assert box.labels == BOX.labels
    assert box.find("46") == BOX.find("46")
    with pytest.raises(RefusedError):
        delete_label(box, "Work at home")


def test_every_sending_is_a_mail_of_its_own() -> None:
    box = send(send(BOX, LETTER, NOW), LETTER, NOW)
    first, second = box.mails[:2]
    assert first.id != second.id
    assert (first.kind, first.subject, first.text) == (Kind.SENT, "Plan", "One\n\nTwo")
    assert len(box.mails) == len(BOX.mails) + 2


def test_a_draft_becomes_the_mail_that_is_sent() -> None:
    box = save_draft(BOX, LETTER, NOW)
    draft = box.mails[0]
    sent = send(box, go_on(draft), NOW)
    assert next(mail.id for mail in sent.mails if mail.kind is not Kind.DRAFT) == draft.id
    assert len(sent.mails) == len(box.mails)
    assert discard(box, draft.id).mails == BOX.mails
    for wrong in ("46", "4711"):
        with pytest.raises(RefusedError):
            discard(box, wrong)


def test_a_mail_for_later_leaves_at_a_time_to_come() -> None:
    box = send_later(BOX, LETTER, NOW, "2026-03-09T09:00")
    assert (box.mails[0].kind, str(box.mails[0].send_at)) == (
        Kind.SCHEDULED,
        "2026-03-09 09:00:00",
    )
    for wrong in ("2026-03-02T10:00", "", "later"):
        with pytest.raises(RefusedError):
            send_later(BOX, LETTER, NOW, wrong)


@pytest.mark.parametrize(
    "to",
    [(), ("jane",), ("a@b",), ("a b@c.de",), ("@c.de",), tuple(f"n{i}@c.de" for i in range(51))],
)
def test_a_mail_to_nobody_is_not_sent(to: tuple[str, ...]) -> None:
    with pytest.raises(RefusedError):
        send(BOX, Writing(to=to, text="Hello"), NOW)


def test_an_empty_draft_is_not_kept() -> None:
    with pytest.raises(RefusedError):
        save_draft(BOX, Writing(text=" \n"), NOW)


def test_an_answer_goes_to_the_sender_and_a_forwarded_mail_quotes() -> None:
    mail = BOX.find("11")
    assert mail is not None
    reply = begin_reply(BOX, mail)
    assert (reply.to, reply.subject) == (("jane.smith@example.com",), f"Re: {mail.subject}")
    forward = begin_forward(mail)
    assert forward.to == ()
    assert mail.text in forward.text
    answered = send(BOX, reply, NOW)
    assert [each.id for each in answered.replies(mail)] == [answered.mails[0].id]
    mine = BOX.find("234")
    assert mine is not None
    assert begin_reply(BOX, mine).to == mine.to


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("from:john.doe", {"1"}),
        ('subject:"project update"', {"20"}),
        ('"deadline extended" is:read', {"20"}),
        ("deadline extended is:unread", set()),
        ("is:starred", {str(key) for key in (2, 6, 10, 14, 16, 21, 26, 28, 31, 37, 47, 49, 53)}),
        ("newer_than:1d", {"46", "47", "48"}),
        ("after:2026-03-02", {"46", "47", "48"}),
        ("in:drafts", {"243", "244"}),
        ("in:trash", {"231", "232", "233"}),
        ("in:nowhere", set()),
        ("before:soon", set()),
        ("older_than:9x", set()),
        ("is:late", set()),
        ("zzzz", set()),
    ],
)
def test_search_finds_what_fits_all_terms(query: str, ids: set[str]) -> None:
    found = {mail.id for mail in search(BOX, query)}
    if query in ("newer_than:1d", "after:2026-03-02"):
        found = {key for key in found if BOX.find(key) in BOX.folder("Inbox")[:3]}
    assert found == ids


def test_search_takes_what_is_not_wanted_and_leaves_trash_alone() -> None:
    everything = {mail.id for mail in search(BOX, "in:anywhere")}
    assert everything == {mail.id for mail in BOX.mails}
    unstarred = {mail.id for mail in search(BOX, "in:anywhere -is:starred")}
    assert len(everything) - len(unstarred) == 13
    trashed = act(BOX, "trash", ["1"])
    assert search(trashed, "from:john.doe") == ()
    assert [mail.id for mail in search(trashed, "in:trash from:john.doe")] == ["1"]
    assert all(mail.labels == ("Travel",) for mail in search(BOX, "label:travel"))
    assert all(mail.attachments for mail in search(BOX, "has:attachment"))
    assert {mail.id for mail in search(BOX, "older_than:2m")} >= {"52", "53", "54", "55", "56"}
