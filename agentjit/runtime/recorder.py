"""Stamps a run's events with the time and hands them to whoever wants them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from agentjit.ports import Clock, Journal, RunEvent
from agentjit.runtime.secrets import Secrets

#: Someone who watches a run: a progress display, a test.
Listener: TypeAlias = Callable[[RunEvent], None]


class Recorder:
    """Keeps every event in the journal, then shows it to the listeners; secrets as handles."""

    def __init__(
        self,
        clock: Clock,
        journal: Journal,
        listeners: tuple[Listener, ...] = (),
        secrets: Secrets | None = None,
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._listeners = listeners
        self._secrets = secrets or Secrets()
        self._start = clock.now()

    def seconds(self) -> float:
        """Since the run began."""
        return self._clock.now() - self._start

    def record(self, kind: str, **data: Any) -> None:
        """Keep one event."""
        event = RunEvent(kind=kind, at=self.seconds(), data=self._secrets.hide_in(data))
        self._journal.record(event)
        for listener in self._listeners:
            listener(event)


class Forgetting:
    """A journal for what is not kept: planning without running."""

    def record(self, event: RunEvent) -> None:
        """Keep nothing."""
