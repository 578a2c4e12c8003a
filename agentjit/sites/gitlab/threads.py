"""The issues and merge requests that a project begins with: those that tasks name, and others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from agentjit.sites.gitlab.data import load, users
from agentjit.sites.gitlab.history import show_moment, write_phrase
from agentjit.sites.gitlab.model import Comment, Thread

#: Accounts that generated threads are from; those that tasks name stay out of them.
_CROWD: Final = (300, 316)

ISSUE: Final = "issue"
REQUEST: Final = "merge_request"


def first_threads(
    facts: dict[str, Any], kind: str, *, seed: int, today: date
) -> tuple[Thread, ...]:
    """A project's issues, or its merge requests, by number, the highest first."""
    random = Random(f"{kind}/{facts['path']}/{seed}")
    pinned = [each for each in load("threads")[kind] if each["project"] == facts["path"]]
    found = [_pinned(facts, kind, each, random, today) for each in pinned]
    amount = random.randint(14, 38) if kind == ISSUE else random.randint(2, 7)
    if facts["stars"] == 0:
        amount = random.randint(2, 6) if kind == ISSUE else 0
    taken = {thread.number for thread in found}
    highest = max(taken, default=0)
    numbers = [n for n in range(highest + amount // 3, 0, -1) if n not in taken][:amount]
    if len(numbers) < amount:
        numbers = [n for n in range(highest + amount, 0, -1) if n not in taken][:amount]
    ages = sorted(random.sample(range(1, 700), len(numbers)))
    titles: set[str] = {thread.title for thread in found}
    for number, age in zip(numbers, ages, strict=True):
        thread = _drawn(facts, kind, number, age, random=random, today=today)
        while thread.title in titles:
            thread = _drawn(facts, kind, number, age, random=random, today=today)
        titles.add(thread.title)
        found.append(thread)
    return tuple(sorted(found, key=lambda thread: -thread.number))


def moment(today: date, days: float) -> str:
    """The time of day at which nothing else happens, that many days before today."""
    noon = datetime.combine(today, time(12), UTC)
    return show_moment(noon - timedelta(days=days))


def _crowd() -> Sequence[str]:
    low, high = _CROWD
    return [user.username for user in users().values() if low <= user.id <= high]


def _pinned(
    facts: dict[str, Any], kind: str, each: dict[str, Any], random: Random, today: date
) -> Thread:
    author, number = each["author"], each["number"]
    comments = [
        (author if who == "author" else who, text) for who, text in each.get("comments", ())
    ]
    return Thread(
        kind=kind,
        id=each.get("id", 80000 + facts["id"] * 100 + number),
        number=number,
        title=each["title"],
        text=each.get("text", random.choice(load("phrases")["texts"])),
        author=author,
        created=moment(today, each["created"]),
        updated=moment(today, each["updated"]),
        state=each.get("state", "opened"),
        assignees=(each["assignee"],) if "assignee" in each else (),
        reviewers=(each["reviewer"],) if "reviewer" in each else (),
        labels=tuple(each.get("labels", ())),
        source=each.get("source", ""),
        target=facts.get("branch", "main") if kind == REQUEST else "",
        comments=_comments(comments, number, each["updated"], today),
    )


def _drawn(
    facts: dict[str, Any], kind: str, number: int, age: int, *, random: Random, today: date
) -> Thread:
    crowd = _crowd()
    updated = random.randint(0, age) + random.random() / 2
    words = load("phrases")["comments"]
    comments = [
        (random.choice(crowd), random.choice(words)) for _ in range(random.choice((0, 0, 1, 2, 4)))
    ]
    shut = random.random() < 0.4
    state = ("merged" if kind == REQUEST else "closed") if shut else "opened"
    labels = facts["labels"] if kind == ISSUE else ()
    return Thread(
        kind=kind,
        id=200000 + facts["id"] * 2000 + number + (1000 if kind == REQUEST else 0),
        number=number,
        title=write_phrase("issues" if kind == ISSUE else "requests", random),
        text=random.choice(load("phrases")["texts"]),
        author=random.choice(crowd),
        created=moment(today, age),
        updated=moment(today, min(updated, age)),
        state=state,
        assignees=(random.choice(crowd),) if random.random() < 0.25 else (),
        labels=tuple(random.sample(labels, min(len(labels), random.choice((0, 1, 1, 2))))),
        due=(today + timedelta(days=random.randint(-20, 60))).isoformat()
        if kind == ISSUE and random.random() < 0.2
        else None,
        source=f"topic/{number}" if kind == REQUEST else "",
        target=facts.get("branch", "main") if kind == REQUEST else "",
        comments=_comments(comments, number, min(updated, age), today),
    )


def _comments(
    written: Sequence[tuple[str, str]], number: int, last: float, today: date
) -> tuple[Comment, ...]:
    """Comments an hour apart, the last one when the thread was last updated."""
    return tuple(
        Comment(
            id=number * 100 + index,
            author=who,
            text=text,
            at=moment(today, last + (len(written) - 1 - index) / 24),
        )
        for index, (who, text) in enumerate(written)
    )
