"""From a project's contributors to its commits: the same for a seed, newest first."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha1
from random import Random
from typing import Any

from agentjit.sites.gitlab.data import load
from agentjit.sites.gitlab.model import Commit


def make_sha(*parts: object) -> str:
    """A commit's name, from what makes it."""
    return sha1("/".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


def show_moment(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write_phrase(kind: str, random: Random) -> str:
    """One of the phrases of a kind, with something put in, and a capital at its beginning."""
    data = load("phrases")
    text: str = random.choice(data[kind]).replace("{thing}", random.choice(data["things"]))
    return text[0].upper() + text[1:]


def write_history(facts: dict[str, Any], seed: int) -> tuple[Commit, ...]:
    """All commits of a project's default branch.

    Everybody has as many as the facts say, on the pinned days as many as are pinned there; the
    others are in the project's years, on days that depend on the seed.
    """
    random = Random(f"history/{facts['path']}/{seed}")
    begin = date(facts["years"][0], 1, 5)
    span = (date(facts["years"][1], 12, 20) - begin).days
    emails = {name: email for name, email, _ in reversed(facts["contributors"])}
    moments: list[tuple[datetime, str, str]] = []
    pinned: Counter[str] = Counter()
    for name, day, amount in facts.get("pinned", ()):
        pinned[name] += amount
        moments += [(_moment(day, random), name, emails[name]) for _ in range(amount)]
    for name, email, amount in facts["contributors"]:
        free = amount - (pinned[name] if email == emails[name] else 0)
        for _ in range(free):
            day = begin + timedelta(days=random.randrange(span))
            moments.append((_moment(day, random), name, email))
    moments.sort(reverse=True)
    return tuple(
        Commit(
            sha=make_sha(facts["path"], seed, index),
            title=write_phrase("commits", random),
            author=name,
            email=email,
            at=show_moment(moment),
        )
        for index, (moment, name, email) in enumerate(moments)
    )


def _moment(day: date, random: Random) -> datetime:
    # At noon or so: the day is the same wherever the browser is.
    seconds = random.randrange(10 * 3600, 14 * 3600)
    return datetime.combine(day, time(), UTC) + timedelta(seconds=seconds)
