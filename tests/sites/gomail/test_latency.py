"""Gomail's tools where answers are late, or do not come: they wait, and say what happened."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Route

from agentjit.errors import NotDone, ToolError
from tests.sites.gomail.correspondent import TOOLSET, Correspondent
from tests.sites.gomail.uses import GITHUB, JANE, LETTER, TO_DRAFT, TO_JANE, USES
from tests.sites.guests import Steps, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

#: 300 ms on average, and one answer in twenty takes ten times as long.
LATE: Final = "lognormal:0.3:tail=0.05x10"

#: So many mailboxes at a time in the sweep: their owners mostly wait.
TOGETHER: Final = 6


async def test_late_content_is_waited_for(sam: Correspondent) -> None:
    await sam.page.goto(f"{sam.address}/?latency=lognormal:0.02:tail=0.1x8")
    mails = await sam.call("list_emails")
    assert len(mails) == 218
    await sam.call("delete_email_batch", email_ids=[mails[0]["id"], mails[-1]["id"]])
    await sam.call("goto_email_detail", email_id=JANE)
    answer = await sam.call("reply_to_email", body="The first one.")
    assert (await sam.call("list_sent_emails"))[0] == answer
    updated = (await sam.finish())["differences"]["emails"]["updated"]
    assert {each["id"] for each in updated} == {mails[0]["id"], mails[-1]["id"]}


@pytest.mark.parametrize(
    ("steps", "late", "name"),
    [
        ([], "**/parts/mails?*", "list_emails"),
        ([], "**/parts/side?*", "get_unread_count"),
        ([], "**/parts/people?*", "list_contacts"),
        (TO_JANE, "**/thread", "get_email_details"),
        (TO_JANE, "**/parts/mails?*", "list_drafts"),
    ],
    ids=lambda value: value if isinstance(value, str) and "*" not in value else "",
)
async def test_a_part_that_fails_once_is_asked_for_again(
    sam: Correspondent, steps: Steps, late: str, name: str
) -> None:
    await sam.walk(steps)
    right = await sam.call(name)
    await sam.page.route(late, lambda route: route.abort(), times=1)
    await sam.page.reload(wait_until="domcontentloaded")
    assert await sam.call(name) == right


@pytest.mark.parametrize(
    ("steps", "broken", "name", "arguments"),
    [
        ([], "**/parts/mails?*", "list_emails", {}),
        ([], "**/parts/mails?*", "goto_email_detail", {"email_id": GITHUB}),
        ([], "**/parts/mails?*", "delete_email_batch", {"email_ids": [GITHUB]}),
        ([], "**/do/mails", "archive_emails", {"email_ids": ["46"]}),
        ([], "**/do/label", "create_label", {"label_name": "Work"}),
        ([], "**/parts/compose?*", "send_email", LETTER),
        ([], "**/do/send", "send_email", LETTER),
        ([], "**/do/later", "schedule_email", {**LETTER, "send_at": "2026-03-09 09:00"}),
        ([], "**/do/draft", "save_draft", LETTER),
        (TO_JANE, "**/thread", "get_email_details", {}),
        (TO_JANE, "**/thread", "reply_to_email", {"body": "The first one."}),
        (TO_JANE, "**/do/mails", "delete_email", {}),
        (TO_DRAFT, "**/do/send", "send_draft", {}),
    ],
    ids=lambda value: value if isinstance(value, str) and "*" not in value else "",
)
async def test_what_the_site_does_not_answer_is_an_error_and_changes_nothing(
    sam: Correspondent, steps: Steps, broken: str, name: str, arguments: dict[str, Any]
) -> None:
    await sam.walk(steps)
    await sam.page.route(broken, lambda route: route.abort())
    if "/do/" not in broken:
        await sam.page.reload(wait_until="domcontentloaded")
    record = await sam.record()
    with pytest.raises(ToolError):
        await sam.call(name, **arguments)
    assert await sam.record() == record


async def test_a_mail_whose_sending_was_not_answered_is_not_said_to_be_unsent(
    sam: Correspondent,
) -> None:
    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await sam.page.route("**/do/send", lose)
    with pytest.raises(ToolError, match="not known") as caught:
        await sam.call("send_email", **LETTER)
    assert not isinstance(caught.value, NotDone)
    assert (await sam.call("list_sent_emails"))[0]["subject"] == LETTER["subject"]


async def test_a_dialog_that_lies_over_the_page_is_put_away(sam: Correspondent) -> None:
    await sam.page.goto(f"{sam.address}/?fault=modal")
    await sam.call_strictly("mark_as_read", email_ids=["46", "47", "48"])
    mails = await sam.mails()
    assert all(mails[each]["isRead"] for each in ("46", "47", "48"))


async def test_an_expired_session_is_no_empty_mailbox(sam: Correspondent) -> None:
    await sam.page.goto(f"{sam.address}/?faults=expire")
    assert await sam.observe() == {"page": "other"}
    for name in ("list_emails", "get_unread_count", "list_sent_emails", "list_contacts"):
        tool = TOOLSET.by_name[name]
        given = {param.name: param.default for param in tool.params}
        with pytest.raises(ToolError):
            await tool.body(sam.page, **given)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
async def test_nothing_flakes_when_answers_are_late(
    browser: Browser, address: str, seed: int
) -> None:
    turn = asyncio.Semaphore(TOGETHER)

    async def try_out(name: str) -> None:
        steps, arguments = USES[name]
        query = f"seed={seed}&latency={LATE}"
        async with turn, visiting(Correspondent, browser, address, query, timeout=30_000) as sam:
            await sam.walk(steps)
            await sam.call_strictly(name, **arguments)

    async with asyncio.TaskGroup() as group:
        for name in USES:
            group.create_task(try_out(name), name=name)
