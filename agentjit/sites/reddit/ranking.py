"""The orders in which submissions are listed, and the periods that some of them look back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from agentjit.sites.reddit.entries import Submission

#: Order -> its name on the page.
ORDERS: Final[Mapping[str, str]] = {
    "hot": "Hot",
    "new": "New",
    "active": "Active",
    "top": "Top",
    "controversial": "Controversial",
    "most_commented": "Most commented",
}

#: Orders that look back over a period.
PERIODICAL: Final = ("top", "controversial", "most_commented")

#: Period -> its name on the page.
PERIODS: Final[Mapping[str, str]] = {
    "day": "Past 24 hours",
    "week": "Past week",
    "month": "Past month",
    "year": "Past year",
    "all": "All time",
}

DEFAULT_PERIOD: Final = "day"

_DAYS: Final[Mapping[str, int]] = {"day": 1, "week": 7, "month": 30, "year": 365}

#: A vote makes a submission as hot as if it were this much newer, up to so many votes.
_HEAT: Final = timedelta(minutes=30).total_seconds()
_HOTTEST: Final = 90


@dataclass(frozen=True, slots=True)
class Ranked:
    """A submission with what it is ranked by besides itself: the visitor's vote, its comments."""

    submission: Submission
    vote: int
    comments: int
    last_active: datetime

    @property
    def score(self) -> int:
        """The score that the visitor sees."""
        return self.submission.score + self.vote


def rank(entries: Iterable[Ranked], order: str, period: str, now: datetime) -> list[Ranked]:
    """The entries of that period in that order, the first one first; ties as by their ids."""
    if order in PERIODICAL and period in _DAYS:
        since = now - timedelta(days=_DAYS[period])
        entries = [each for each in entries if each.submission.posted >= since]
    by_id = sorted(entries, key=lambda each: each.submission.id, reverse=True)
    return sorted(by_id, key=_KEYS[order], reverse=True)


def _heat(entry: Ranked) -> float:
    boost = max(-_HOTTEST, min(entry.score, _HOTTEST)) * _HEAT
    return entry.submission.posted.timestamp() + boost


def _dispute(entry: Ranked) -> float:
    ups, downs = entry.submission.ups, entry.submission.downs
    most = max(ups, downs)
    return (ups + downs) * min(ups, downs) / most if most else 0.0


_KEYS: Final[Mapping[str, Callable[[Ranked], float]]] = {
    "hot": _heat,
    "new": lambda entry: entry.submission.posted.timestamp(),
    "active": lambda entry: entry.last_active.timestamp(),
    "top": lambda entry: entry.score,
    "controversial": _dispute,
    "most_commented": lambda entry: entry.comments,
}
