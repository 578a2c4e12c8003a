"""Sessions: what each visitor's cookie stands for on the server, which is the truth of a run."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, TypeAlias, TypeVar

from agentjit.sites.common.faults import FaultCounter
from agentjit.sites.common.settings import SiteSettings

S = TypeVar("S")

#: From a seed and the day that it is to a site's first state.
Start: TypeAlias = Callable[[int, date], S]


@dataclass(frozen=True, slots=True)
class Flash:
    """A message that the next page shows once; `kind` is "notice" or "alert"."""

    text: str
    kind: str = "notice"


@dataclass(slots=True)
class Session(Generic[S]):
    """One visitor. `initial` and `state` are immutable values; the site replaces `state`.

    What is here besides belongs to the visit and not to the account: no record shows it.
    """

    id: str
    settings: SiteSettings
    #: The day on which the session began.
    today: date
    initial: S
    state: S
    #: Answers given so far.
    answers: int = 0
    #: How often each thing was asked for: it makes delays reproducible.
    asked: Counter[str] = field(default_factory=Counter)
    #: How often `state` was replaced.
    changes: int = 0
    #: Messages for the next page.
    flashes: list[Flash] = field(default_factory=list)
    faults: FaultCounter = field(default_factory=FaultCounter)
    #: Whether the visitor has to sign in again.
    expired: bool = False
    #: Whether a dialog lies over the next page.
    modal: bool = False

    @property
    def seed(self) -> int:
        """The seed of its data."""
        return self.settings.seed

    @property
    def now(self) -> datetime:
        """The time of day as it is, on the session's day; in local time."""
        return datetime.combine(self.today, _now().timetz())

    @property
    def untouched(self) -> bool:
        """Whether nothing has been done in it yet, so that its data may still change."""
        return self.changes == 0

    def change(self, state: S) -> None:
        """Replace the state, where it differs."""
        if state != self.state:
            self.state = state
            self.changes += 1

    def note(self, state: S) -> None:
        """Replace the state with one in which only the visit differs: where it went, say.

        That is no change: the session stays untouched.
        """
        self.state = state

    def take_flashes(self) -> tuple[Flash, ...]:
        """The messages to show now; they are gone after it."""
        taken = tuple(self.flashes)
        self.flashes.clear()
        return taken


class SessionStore(Generic[S]):
    """All sessions of one running site."""

    def __init__(self, settings: SiteSettings, start: Start[S]) -> None:
        self.settings = settings
        self._start = start
        self._sessions: dict[str, Session[S]] = {}

    def __iter__(self) -> Iterator[Session[S]]:
        return iter(self._sessions.values())

    def __len__(self) -> int:
        return len(self._sessions)

    def get(self, key: str | None) -> Session[S] | None:
        """The session of a cookie, if there is one."""
        return self._sessions.get(key) if key else None

    def open(self) -> Session[S]:
        """A fresh session."""
        key = secrets.token_urlsafe(12)
        today = self.settings.today or _now().date()
        state = self._start(self.settings.seed, today)
        session = Session(key, self.settings, today, state, state)
        self._sessions[key] = session
        return session

    def change_settings(self, session: Session[S], settings: SiteSettings) -> None:
        """Give a session other settings; with another seed or day it begins anew."""
        before, session.settings = session.settings, settings
        if before.faults != settings.faults:
            session.faults = FaultCounter()
        if (before.seed, before.today) != (settings.seed, settings.today):
            self.restart(session)

    def restart(self, session: Session[S]) -> None:
        """Take a session back to its beginning."""
        session.today = session.settings.today or _now().date()
        session.initial = session.state = self._start(session.seed, session.today)
        session.changes = 0
        session.asked.clear()
        session.flashes.clear()
        session.faults = FaultCounter()
        session.expired = session.modal = False

    def restart_all(self) -> None:
        """Take every session back to its beginning."""
        for session in self:
            self.restart(session)


def _now() -> datetime:
    return datetime.now().astimezone()
