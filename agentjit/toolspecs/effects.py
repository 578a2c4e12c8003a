"""What a call may change: its effect class and the account resources that it touches."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Effect(Enum):
    """How far a call's consequences reach, from nothing to irrevocable."""

    #: Changes nothing.
    READ = "read"
    #: Changes only what a tab shows.
    NAVIGATE = "navigate"
    #: Changes the account; can be undone, or repeated safely where the tool is idempotent.
    WRITE = "write"
    #: Irreversible, or leaves the account: an order, a payment, a sent message.
    COMMIT = "commit"

    @property
    def harmless(self) -> bool:
        """Whether the call leaves the account as it was."""
        return self in (Effect.READ, Effect.NAVIGATE)


@dataclass(frozen=True, slots=True)
class Touches:
    """The account resources that a call reads and writes; None is undeclared: all of them."""

    reads: frozenset[str] | None = None
    writes: frozenset[str] | None = None

    def show(self) -> str:
        """As text, the same for equal values: sets have no order of their own."""
        return f"reads {_show(self.reads)}, writes {_show(self.writes)}"


def _show(resources: frozenset[str] | None) -> str:
    return "anything" if resources is None else ", ".join(sorted(resources)) or "nothing"
