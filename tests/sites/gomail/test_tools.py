"""Gomail's tools on the live site: what they ensure holds, and nothing else has changed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from agentjit.errors import ContractBroken, NotDone, ToolError
from agentjit.sites.gomail.state import start_mailbox
from tests.sites.gomail.correspondent import TOOLSET, Correspondent
from tests.sites.gomail.uses import GITHUB, JANE, LETTER, SLIPS, TO_JANE, TODAY, USES
from tests.sites.guests import Slip, Steps, by_place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

#: A page, and the tools that need one of another kind; a mail that was received is no draft.
MISPLACED: list[tuple[Steps, list[str]]] = [
    (steps, [tool.name for tool in TOOLSET.tools if re.search(kind, tool.requires_source.text)])
    for steps, kind in ((TO_JANE, "page in|'Drafts'"), ([], "page =="))
]


async def test_every_tool_is_tried() -> None:
    assert set(USES) == set(TOOLSET.by_name)


@pytest.mark.parametrize("name", USES)
async def test_a_tool_keeps_its_contract(sam: Correspondent, name: str) -> None:
    steps, arguments = USES[name]
    await sam.walk(steps)
    await sam.try_out(name, **arguments)


@pytest.mark.parametrize("slips", by_place(SLIPS))
async def test_tools_that_cannot_say_why_and_change_nothing(
    sam: Correspondent, slips: list[Slip]
) -> None:
    await sam.walk(slips[0][0])
    await sam.slip(slips)


@pytest.mark.parametrize(("steps", "names"), MISPLACED, ids=["at a mail", "at the inbox"])
async def test_tools_in_the_wrong_place_are_refused_and_their_bodies_fail_too(
    sam: Correspondent, steps: Steps, names: list[str]
) -> None:
    await sam.walk(steps)
    record = await sam.record()
    for name in names:
        tool, (_, arguments) = TOOLSET.by_name[name], USES[name]
        given = {p.name: p.default for p in tool.params if not p.required} | arguments
        with pytest.raises(ContractBroken, match=name):
            await sam.hurried().call(name, **arguments)
        # Even where nobody looked at the contract: the page changed since, say.
        with pytest.raises(ToolError):
            await tool.body(sam.page, **given)
        assert await sam.record() == record, name


async def test_a_list_has_all_mails_of_all_pages(sam: Correspondent) -> None:
    box = start_mailbox(0, TODAY)
    found = await sam.call("list_emails")
    assert found == [
        {
            "id": mail.id,
            "sender": mail.sender.name,
            "address": mail.sender.address,
            "subject": mail.subject,
            "snippet": mail.snippet,
            "date": mail.at.date().isoformat(),
            "time": mail.at.strftime("%H:%M"),
            "unread": not mail.is_read,
            "starred": mail.starred,
            "labels": list(mail.labels),
            "has_attachment": bool(mail.attachments),
        }
        for mail in box.folder("Inbox")
    ]
    assert await sam.call("list_emails", visible_only=True) == found[:50]
    unread = await sam.call("list_emails", unread=True)
    assert len(unread) == 17 == await sam.call("get_unread_count")
    assert [mail["id"] for mail in await sam.call("list_emails", sender="github")] == [GITHUB]


async def test_a_mail_is_read_with_its_thread(sam: Correspondent) -> None:
    mail = next(m for m in start_mailbox(0, TODAY).folder("Inbox") if m.earlier and m.cc)
    await sam.call("goto_email_detail", email_id=mail.id)
    await sam.call("reply_to_email", body="One\n\nTwo")
    read = await sam.call("get_email_details")
    assert (read["subject"], read["body"]) == (mail.subject, mail.text)
    assert (read["sender"], read["address"]) == (mail.sender.name, mail.sender.address)
    assert (read["to"], read["cc"]) == (list(mail.to), list(mail.cc))
    assert read["unread"] is not mail.is_read
    texts = [message["body"] for message in read["thread"]]
    assert texts == [*(part.text for part in mail.earlier), mail.text, "One\n\nTwo"]
    # What the owner wrote went to the other one, and what came went to the owner.
    for message in read["thread"]:
        assert message["address"] not in message["to"]


async def test_what_is_sent_says_what_it_answers_and_passes_on(sam: Correspondent) -> None:
    await sam.walk(TO_JANE)
    answer = await sam.call("reply_to_email", body="The first one.\n\nSam")
    passed = await sam.call("forward_email", to="me@example.com, Bob Hughes", note="Look:")
    mails = await sam.mails()
    reply, forward = mails[answer["id"]], mails[passed["id"]]
    assert reply["to"] == answer["to"] == ["jane.smith@example.com"]
    assert (reply["isReply"], reply["sent"], reply["replyTo"]) == (True, True, JANE)
    assert reply["content"] == "<p>The first one.</p><p>Sam</p>"
    assert forward["to"] == ["me@example.com", "bob@example.com"]
    assert (forward["isForward"], forward["subject"]) == (
        True,
        "Fwd: Offsite: which week suits you?",
    )
    assert forward["content"].startswith("<p>Look:</p><p>---------- Forwarded message")
    sent = await sam.call("list_sent_emails")
    assert sent[:2] == [passed, answer]


async def test_a_scheduled_mail_and_a_snoozed_one_wait(sam: Correspondent) -> None:
    made = await sam.call("schedule_email", **LETTER, send_at="2026-03-09 09:00")
    assert made == (await sam.call("list_scheduled_emails"))[0]
    assert made["send_at"] == "2026-03-09T09:00"
    await sam.call("snooze_emails", email_ids=[JANE], days=7)
    mails = await sam.mails()
    assert mails[made["id"]]["scheduled"] is True
    until = TODAY + timedelta(days=7)
    assert mails[JANE]["snoozeUntil"] == f"{until}T08:00:00"
    assert JANE not in [mail["id"] for mail in await sam.call("list_emails")]


async def test_a_refused_mail_certainly_was_not_sent(sam: Correspondent) -> None:
    with pytest.raises(NotDone):
        await sam.call("send_email", **{**LETTER, "to": "nobody"})
    assert await sam.call("send_email", **LETTER)


@pytest.mark.parametrize("sam", [4], indirect=True, ids=lambda seed: f"seed {seed}")
async def test_a_batch_reaches_all_pages_and_no_other_mail(sam: Correspondent) -> None:
    wanted = [m["id"] for m in await sam.call("list_emails") if m["sender"] in ("Alerts", "Uber")]
    assert len(wanted) == 10
    await sam.call_strictly("delete_email_batch", email_ids=wanted)
    updated = (await sam.finish())["differences"]["emails"]["updated"]
    assert {each["id"] for each in updated} == set(wanted)
    assert all(each == {"id": each["id"], "trash": True} for each in updated)
    everything = [mail["id"] for mail in await sam.call("list_emails")]
    await sam.call("delete_email_batch", email_ids=everything)
    assert await sam.call("list_emails") == []
    assert await sam.call("get_unread_count") == 0
