"""Remembers a run's events, so that even a run that was cut short can say what it did."""

from __future__ import annotations

import time
from typing import Any

from agentjit.ports import RunEvent
from agentjit.runtime.committing import Commit


class Witness:
    """A listener that keeps all it sees."""

    def __init__(self) -> None:
        self.events: list[RunEvent] = []
        #: When the first event's clock began, by `time.perf_counter`.
        self.started: float | None = None

    def watch(self, event: RunEvent) -> None:
        """Keep one event."""
        if self.started is None:
            self.started = time.perf_counter() - event.at
        self.events.append(event)

    def list_commits(self) -> tuple[Commit, ...]:
        """The irreversible calls that were attempted; what has no outcome yet is unknown."""
        found: list[Commit] = []
        open_call: dict[str, Any] | None = None
        for event in self.events:
            match event.kind:
                case "commit-intent":
                    open_call = dict(event.data)
                case "commit-not-done":
                    open_call = None
                case "commit-done" | "commit-unknown" if open_call is not None:
                    done = event.kind == "commit-done"
                    found.append(_commit(open_call, "done" if done else "unknown", event))
                    open_call = None
        if open_call is not None:
            found.append(_commit(open_call, "unknown"))
        return tuple(found)


def _commit(call: dict[str, Any], outcome: str, event: RunEvent | None = None) -> Commit:
    return Commit(
        tool=call["tool"],
        arguments=call["arguments"],
        terms=call["terms"],
        outcome=outcome,
        value=event.data.get("result") if event else None,
    )
