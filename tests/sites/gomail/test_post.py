"""What a fresh mailbox holds: what tasks count on, in every seed, and what they must not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from agentjit.sites.gomail.mail import FOLDERS, Kind, Mail
from agentjit.sites.gomail.post import STARRED, TODAY, deal_post
from agentjit.sites.gomail.state import start_mailbox

DAY = date(2026, 3, 2)
SEEDS = range(6)


def _ids(mails: tuple[Mail, ...] | list[Mail]) -> set[int]:
    return {int(mail.id) for mail in mails}


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def inbox(request: pytest.FixtureRequest) -> tuple[Mail, ...]:
    return start_mailbox(request.param, DAY).folder("Inbox")


def test_the_inbox_is_long_and_its_newest_mail_unread(inbox: tuple[Mail, ...]) -> None:
    assert len(inbox) == 218
    assert not inbox[0].is_read
    assert list(inbox) == sorted(inbox, key=lambda mail: mail.at, reverse=True)
    assert len({mail.at for mail in inbox}) == len(inbox)
    assert 15 <= sum(not mail.is_read for mail in inbox) <= 24


def test_seed_0_has_the_counts_of_the_original() -> None:
    inbox = start_mailbox(0, DAY).folder("Inbox")
    assert sum(not mail.is_read for mail in inbox) == 17
    assert len(start_mailbox(0, DAY).folder("Starred")) == 13


def test_the_mails_of_today_and_the_old_ones_have_their_ids(inbox: tuple[Mail, ...]) -> None:
    assert _ids([mail for mail in inbox if mail.at.date() == DAY]) == set(TODAY)
    ages = {int(mail.id): (DAY - mail.at.date()).days for mail in inbox}
    assert all(ages[key] >= 70 for key in range(52, 57))
    # "Two months" cuts no mail in half, however long a month is.
    assert not [age for age in ages.values() if 56 <= age <= 69]


def test_what_tasks_name_is_there_and_nowhere_else(inbox: tuple[Mail, ...]) -> None:
    everything = deal_post(0, DAY)
    for mails in (inbox, everything):
        assert _ids([m for m in mails if m.starred]) == set(STARRED)
        assert _ids([m for m in mails if m.sender.name == "John Doe"]) == {1}
        assert _ids([m for m in mails if m.sender.name == "GitHub"]) == {3}
        assert _ids([m for m in mails if m.sender.name == "Jane Smith"]) == {11}
        assert _ids([m for m in mails if _has(m.sender.address, "no-reply", "noreply")]) == {
            *(3, 14, 34, 40, 50)
        }
        assert len([m for m in mails if "support" in m.subject.casefold()]) == 13
        assert len([m for m in mails if _has(_head(m), "amazon")]) == 5
        assert len([m for m in mails if _has(_head(m), "notification")]) == 10
        assert len([m for m in mails if _has(_head(m), "uber")]) == 3
        alerts = [m for m in mails if _has(_head(m) + m.text, "alerts")]
        assert {m.sender.name for m in alerts} == {"Alerts"}
        assert len(alerts) == 7
    (extended,) = [m for m in inbox if m.subject == "Project Update: Deadline Extended"]
    assert extended.is_read


def test_every_mail_is_filled_in(inbox: tuple[Mail, ...]) -> None:
    for mail in inbox:
        assert not set("{}") & set(mail.subject + mail.text)
        assert all(part.at < mail.at for part in mail.earlier)


def test_a_seed_moves_who_wrote_what_and_when() -> None:
    first, other = (deal_post(seed, DAY) for seed in (0, 1))
    assert [mail.id for mail in first] != [mail.id for mail in other]
    assert {m.id: m.subject for m in first} != {m.id: m.subject for m in other}
    assert deal_post(1, DAY) is other


def test_all_dates_go_with_the_day() -> None:
    later = deal_post(2, DAY + timedelta(days=100))
    assert [mail.at - timedelta(days=100) for mail in later] == [m.at for m in deal_post(2, DAY)]


def test_every_kind_of_mail_is_in_its_folder() -> None:
    box = start_mailbox(0, DAY)
    counts = {name: len(box.folder(name)) for name in FOLDERS}
    assert counts["Sent"] == 9
    assert counts["Drafts"] == 2
    assert (counts["Spam"], counts["Trash"]) == (4, 3)
    assert counts["All mail"] == 218 + 8 + 9
    assert counts["Snoozed"] == counts["Scheduled"] == 0
    assert all(mail.kind is Kind.DRAFT for mail in box.folder("Drafts"))


def _head(mail: Mail) -> str:
    return f"{mail.sender.name} {mail.sender.address} {mail.subject}"


def _has(text: str, *words: str) -> bool:
    return any(word in text.casefold() for word in words)
