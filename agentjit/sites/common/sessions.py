"""Sessions: what each visitor's cookie stands for on the server, which is the truth of a run."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from agentjit.sites.common.latency import Latency
from agentjit.sites.common.settings import SiteSettings

S = TypeVar("S")


@dataclass(slots=True)
class Session(Generic[S]):
    """One visitor. `initial` and `state` are immutable values; the site replaces `state`."""

    id: str
    seed: int
    latency: Latency
    initial: S
    state: S
    #: Answers given so far; with the seed it makes delays reproducible.
    answers: int = 0
    #: How often `state` was replaced.
    changes: int = 0

    @property
    def untouched(self) -> bool:
        """Whether nothing has been done in it yet, so that its seed may still change."""
        return self.changes == 0

    def change(self, state: S) -> None:
        """Replace the state, where it differs."""
        if state != self.state:
            self.state = state
            self.changes += 1


class SessionStore(Generic[S]):
    """All sessions of one running site."""

    def __init__(self, settings: SiteSettings, start: Callable[[int], S]) -> None:
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
        state = self._start(self.settings.seed)
        session = Session(key, self.settings.seed, self.settings.latency, state, state)
        self._sessions[key] = session
        return session

    def restart(self, session: Session[S], seed: int | None = None) -> None:
        """Take a session back to its beginning, with another seed where one is given."""
        session.seed = session.seed if seed is None else seed
        session.initial = session.state = self._start(session.seed)
        session.changes = 0

    def restart_all(self) -> None:
        """Take every session back to its beginning."""
        for session in self:
            self.restart(session)
