"""Grades Gomail: what was asked for was done to the right mails, and nothing else was.

`judge_changes` reads from the task's `expect`: `changes`, each with `where` (which mails of the
inbox), `set` (what changes in them) and `may` (what may change besides); `sent`, the mails that
were sent; and `labels`, those that were created.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from agentjit.sites.common.judging import fold, wrong_number
from agentjit.sites.gomail.record import to_html
from agentjit.sites.grading import Evidence, Grader

#: A mail as the record tells it.
Mail = Mapping[str, Any]

#: Flags of mails that are not in the inbox.
_ELSEWHERE: Final = ("archived", "spam", "trash", "snoozed", "sent", "draft", "scheduled")


def judge_unread(evidence: Evidence) -> list[str]:
    """How many mails of the inbox are unread."""
    unread = sum(not mail["isRead"] for mail in _inbox(evidence))
    return wrong_number(evidence.answer, unread) + _wrong_changes(evidence, {}, {})


def judge_changes(evidence: Evidence) -> list[str]:
    """What the task's `expect` says, and no more."""
    expect: Mapping[str, Any] = evidence.task.expect
    must: dict[str, dict[str, Any]] = {}
    may: dict[str, dict[str, Any]] = {}
    for change in expect.get("changes", []):
        chosen = [mail for mail in _inbox(evidence) if _fits(evidence, mail, change["where"])]
        if not chosen:
            return [f"no mail of the inbox is meant by {change['where']}"]
        for mail in chosen:
            must.setdefault(mail["id"], {}).update(change.get("set", {}))
            may.setdefault(mail["id"], {}).update(change.get("may", {}))
    wrong = _wrong_changes(evidence, must, may) + _wrong_mails(evidence, expect.get("sent", []))
    return wrong + _wrong_labels(evidence, expect.get("labels", []))


def judge_forwarded(evidence: Evidence) -> list[str]:
    """The first two mails were forwarded with a note, and are in the trash."""
    first, expect = _inbox(evidence)[:2], evidence.task.expect
    wanted = [
        {"to": [expect["to"]], "forwardOf": mail["id"], "begins": expect["note"]} for mail in first
    ]
    must = {mail["id"]: {"trash": True} for mail in first}
    wrong = _wrong_changes(evidence, must, {}) + _wrong_mails(evidence, wanted)
    return wrong + _wrong_labels(evidence, [])


def judge_replied(evidence: Evidence) -> list[str]:
    """The first four mails were answered, each once, to their senders."""
    body = evidence.task.expect["body"]
    wanted = [
        {"to": [mail["from"]], "replyTo": mail["id"], "body": body} for mail in _inbox(evidence)[:4]
    ]
    wrong = _wrong_changes(evidence, {}, {}) + _wrong_mails(evidence, wanted)
    return wrong + _wrong_labels(evidence, [])


def judge_four_people(evidence: Evidence) -> list[str]:
    """Four people got the mail, one each or one together; no draft is left."""
    added, expect = _added(evidence), evidence.task.expect
    people = [fold(address) for mail in added for address in mail["to"]]
    wrong = (
        [] if len(people) == len(set(people)) == 4 else [f"it went to {people}, and not to four"]
    )
    wanted = [{**expect, "to": mail["to"]} for mail in added]
    wrong += _wrong_changes(evidence, {}, {}) + _wrong_mails(evidence, wanted)
    return wrong + _wrong_labels(evidence, [])


GRADERS: Final[Mapping[str, Grader]] = {
    "unread-counted": judge_unread,
    "mailbox-changed": judge_changes,
    "two-forwarded-and-deleted": judge_forwarded,
    "four-unsubscribed": judge_replied,
    "four-people-written": judge_four_people,
}


def _mails(state: Mapping[str, Any]) -> Mapping[str, Mail]:
    mails: Mapping[str, Mail] = state["email"]["emails"]
    return mails


def _inbox(evidence: Evidence) -> list[Mail]:
    """The mails that the inbox showed at the beginning, newest first."""
    mails = _mails(evidence.initial).values()
    shown = [mail for mail in mails if not any(mail[flag] for flag in _ELSEWHERE)]
    return sorted(shown, key=lambda mail: (mail["date"], mail["time"]), reverse=True)


def _added(evidence: Evidence) -> list[Mail]:
    before = _mails(evidence.initial)
    return [mail for key, mail in _mails(evidence.final).items() if key not in before]


def _fits(evidence: Evidence, mail: Mail, where: Mapping[str, Any]) -> bool:
    """Whether a mail of the inbox is meant: all that `where` says holds of it."""
    return all(_holds(evidence, mail, name, value) for name, value in where.items())


def _holds(evidence: Evidence, mail: Mail, name: str, value: Any) -> bool:
    sender = fold(f"{mail['fromName']} {mail['from']}")
    match name:
        case "first":
            return mail["id"] in [each["id"] for each in _inbox(evidence)[:value]]
        case "senders":
            return mail["fromName"] in value
        case "words":
            return any(word in f"{sender} {fold(mail['subject'])}" for word in value)
        case "sender_words":
            return any(word in sender for word in value)
        case "subject_words":
            return any(word in fold(mail["subject"]) for word in value)
        case "older_than_days":
            limit = evidence.today - timedelta(days=value)
            return date.fromisoformat(mail["date"]) < limit
        case "today":
            return (mail["date"] == evidence.today.isoformat()) is value
        case _:
            return bool(mail[name] == value)


def _wrong_changes(
    evidence: Evidence, must: Mapping[str, Mail], may: Mapping[str, Mail]
) -> list[str]:
    """Mails that did not change as they must, or changed although they must not."""
    final, wrong = _mails(evidence.final), []
    days = evidence.task.expect.get("snoozed_days")
    for key, mail in _mails(evidence.initial).items():
        now = final.get(key)
        if now is None:
            wrong.append(f"{_name(mail)} was deleted for ever")
            continue
        changed = {name: now[name] for name in now if mail.get(name) != now[name]}
        wanted = dict(must.get(key, {}))
        if wanted.get("snoozed"):
            assert isinstance(days, int)
            wanted["snoozeUntil"] = f"{evidence.today + timedelta(days=days)}T08:00:00"
        free = may.get(key, {}).items()
        missing = {name: value for name, value in wanted.items() if now.get(name) != value}
        surplus = {
            name: value
            for name, value in changed.items()
            if name not in wanted and (name, value) not in free
        }
        wrong += [f"{_name(mail)} should have got {missing}"] if missing else []
        wrong += [f"{_name(mail)} got {surplus}, which nobody asked for"] if surplus else []
    return wrong


def _wrong_mails(evidence: Evidence, wanted: Sequence[Mapping[str, Any]]) -> list[str]:
    """New mails that nobody asked for, and wanted ones that are not there."""
    left, wrong = _added(evidence), []
    for wish in wanted:
        found = next((mail for mail in left if _is_wish(evidence, mail, wish)), None)
        if found is None:
            wrong.append(f"there is no mail such as {dict(wish)}")
        else:
            left.remove(found)
    return wrong + [f"there is a new mail that was not asked for: {_name(mail)}" for mail in left]


def _is_wish(evidence: Evidence, mail: Mail, wish: Mapping[str, Any]) -> bool:
    if mail["cc"] or mail["bcc"] or mail["draft"] or mail["trash"]:
        return False
    if mail["sent"] is ("scheduled_days" in wish):
        return False
    for name, value in wish.items():
        match name:
            case "to":
                holds = sorted(map(fold, mail["to"])) == sorted(map(fold, value))
            case "body":
                holds = mail["content"] == to_html(value)
            case "begins":
                holds = mail["content"].startswith(to_html(value))
            case "words":
                told = fold(f"{mail['subject']} {mail['content']}")
                holds = all(word in told for word in value)
            case "reply_to_sender":
                answered = _mails(evidence.initial).get(mail.get("replyTo", ""), {})
                holds = answered.get("fromName") == value
            case "scheduled_days":
                day = evidence.today + timedelta(days=value)
                holds = mail.get("scheduledFor") == f"{day}T{wish['at']}:00"
            case "at":
                holds = True
            case _:
                holds = mail.get(name) == value
        if not holds:
            return False
    return True


def _wrong_labels(evidence: Evidence, wanted: Sequence[str]) -> list[str]:
    before, after = (
        [label["label"] for label in state["settings"]["customLabels"]]
        for state in (evidence.initial, evidence.final)
    )
    new = [label for label in after if label not in before]
    gone = [label for label in before if label not in after]
    wrong = [f"the labels {gone} are gone"] if gone else []
    if sorted(new) != sorted(wanted):
        wrong.append(f"the new labels are {new}, and not {list(wanted)}")
    return wrong


def _name(mail: Mail) -> str:
    return f"mail {mail['id']} ({mail['subject']!r}, from {mail['fromName']}, to {mail['to']})"
