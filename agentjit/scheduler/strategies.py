"""How a program may be scheduled, as data and as the text of `--strategy`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from agentjit.errors import UsageError

#: Tabs at once, whatever is asked for: beyond, a machine only gets slower.
MAX_WORKERS: Final = 64
#: Copies of one stretch at once.
MAX_COPIES: Final = 8
#: Tabs that are brought to the site's start beside those at work, to change places with used ones.
SPARES: Final = 1

#: What `--strategy` takes, for messages.
FORMS: Final = "auto, serial, parallel:K, hedge:N or parallel:K+hedge:N, e.g. parallel:4"

_PART: Final = re.compile(r"(?P<name>parallel|hedge):(?P<number>\d{1,4})(?:@p(?P<late>\d{1,2}))?")


@dataclass(frozen=True, slots=True)
class Serial:
    """Everything in the order of the program, in one tab: nothing is dropped, nothing is moved."""

    def __str__(self) -> str:
        return "serial"


@dataclass(frozen=True, slots=True)
class Parallel:
    """Whatever the graph allows at once: as many tabs are at work as there are workers."""

    workers: int

    def __str__(self) -> str:
        return f"parallel({self.workers})"


@dataclass(frozen=True, slots=True)
class Hedge:
    """As Parallel; a stretch of READ and NAVIGATE that is late gets a copy in a tab of its own.

    `late` is the share of a stretch's own times that it must have outlasted: 0 starts the copies
    at once, 0.9 the second where the first is slower than nine in ten. None: the best of a few.
    """

    copies: int
    workers: int = 1
    late: float | None = None

    def __str__(self) -> str:
        told = (
            f"hedge({self.copies})" if self.late is None else f"hedge({self.copies}, {_late(self)})"
        )
        return told if self.workers == 1 else f"parallel({self.workers}) + {told}"

    @property
    def tabs(self) -> int:
        """The most tabs that are at work at once."""
        return self.copies * self.workers


Strategy: TypeAlias = Serial | Parallel | Hedge


class Objective(Enum):
    """What the best strategy is best in."""

    MEAN = "mean"
    P95 = "p95"
    #: Mean seconds by the probability that no call fails: what a task costs that is tried again.
    PER_SUCCESS = "per-success"


def open_tabs(strategy: Strategy) -> int:
    """The most tabs that are meant to be open at once: those at work, and one that is got ready."""
    return tabs_of(strategy) + (0 if isinstance(strategy, Serial) else SPARES)


def tabs_of(strategy: Strategy) -> int:
    """The most tabs that a strategy has at work at once."""
    match strategy:
        case Serial():
            return 1
        case Parallel(workers=workers):
            return workers
        case Hedge():
            return strategy.tabs


def parse_strategy(text: str) -> Strategy | None:
    """The strategy that is asked for; None is `auto`, the one that simulation prefers.

    Raises UsageError.
    """
    plain = text.strip().lower()
    if plain == "auto":
        return None
    if plain == "serial":
        return Serial()
    found: dict[str, tuple[int, float | None]] = {}
    for part in plain.split("+"):
        match = _PART.fullmatch(part.strip())
        if match is None or match["name"] in found or (match["late"] and match["name"] != "hedge"):
            raise UsageError(f"there is no strategy {text!r}", f"use {FORMS}")
        late = int(match["late"]) / 100 if match["late"] else None
        found[match["name"]] = (_within(match["name"], int(match["number"])), late)
    workers = found.get("parallel", (1, None))[0]
    if "hedge" not in found:
        return Parallel(workers)
    copies, late = found["hedge"]
    return Hedge(copies, workers, late)


def strategy_option(strategy: Strategy) -> str:
    """The text that `parse_strategy` reads as this strategy."""
    match strategy:
        case Serial():
            return "serial"
        case Parallel(workers=workers):
            return f"parallel:{workers}"
        case Hedge(copies=copies, workers=workers, late=late):
            told = f"hedge:{copies}" + ("" if late is None else f"@{_late(strategy)}")
            return told if workers == 1 else f"parallel:{workers}+{told}"


def parse_objective(text: str) -> Objective:
    """The objective of that name. Raises UsageError."""
    try:
        return Objective(text.strip().lower())
    except ValueError:
        known = ", ".join(o.value for o in Objective)
        raise UsageError(f"there is no objective {text!r}", f"use {known}") from None


def _within(name: str, number: int) -> int:
    low, high = (1, MAX_WORKERS) if name == "parallel" else (2, MAX_COPIES)
    if not low <= number <= high:
        what = "tabs" if name == "parallel" else "copies"
        raise UsageError(f"{name}:{number} makes no sense", f"give {low} to {high} {what}")
    return number


def _late(strategy: Hedge) -> str:
    return f"p{round(100 * (strategy.late or 0)):02}"
