"""From a run's events and timings to where the time went."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from agentjit.ports import RunEvent

#: Width of the longest bar.
BAR: Final = 30

#: Seconds from which waiting for a person is told.
NOTICEABLE: Final = 0.1

#: The event with which each phase of a run begins; it lasts until the next one's.
_BEGINNINGS: Final = (
    ("run-started", "opening the site"),
    ("planning", "planning"),
    ("planned", "running"),
)


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the command, and what more can be said about it."""

    name: str
    seconds: float
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Seconds of the command's own clock: its process began, it was loaded, all was closed."""

    began: float
    loaded: float
    closed: float
    #: When the first event of the run happened; None when there was none.
    started: float | None = None


def list_phases(
    events: Sequence[RunEvent], timing: Mapping[str, float], moments: Moments
) -> tuple[Phase, ...]:
    """The phases in their order; together they are the whole command."""
    found = [Phase("loading", moments.loaded - moments.began, "Python and agentjit")]
    started = moments.closed if moments.started is None else moments.started
    found.append(Phase("starting", started - moments.loaded, _side_by_side(timing)))
    ended = next((e.at for e in events if e.kind == "run-ended"), None)
    if moments.started is None or ended is None:
        return tuple(found)
    begun = {e.kind: e.at for e in reversed(events)}
    marks = [(name, begun[kind]) for kind, name in _BEGINNINGS if kind in begun]
    ends = [at for _, at in marks[1:]] + [ended]
    for (name, start), end in zip(marks, ends, strict=True):
        note = _of_running(events, timing) if name == "running" else ""
        if name == "planning" and begun.get("site-opened", start) > start:
            note = "the site was opened meanwhile"
        found.append(Phase(name, end - start, note))
    found.append(Phase("closing", moments.closed - (started + ended)))
    return tuple(found)


def render_phases(phases: Sequence[Phase]) -> RenderableType:
    """A bar a phase."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(no_wrap=True, style="cyan")
    grid.add_column(style="dim")
    longest = max((p.seconds for p in phases), default=0.0) or 1.0
    for phase in phases:
        bar = "━" * max(1, round(BAR * phase.seconds / longest))
        grid.add_row(phase.name, f"{phase.seconds:.2f} s", bar, phase.note)
    total = sum(p.seconds for p in phases)
    return Group(grid, Text(f"{total:.2f} s from the command to its end", style="bold"))


def process_began() -> float:
    """When this process began, by `time.perf_counter`; now where the system does not tell."""
    now = time.perf_counter()
    try:
        fields = Path("/proc/self/stat").read_text("utf-8").rpartition(")")[2].split()
        ticks, uptime = int(fields[19]), time.clock_gettime(time.CLOCK_BOOTTIME)
        return now - (uptime - ticks / os.sysconf("SC_CLK_TCK"))
    except (OSError, ValueError, IndexError, AttributeError):
        return now


def _of_running(events: Sequence[RunEvent], timing: Mapping[str, float]) -> str:
    """What running spent on things that are not the site's work."""
    parts = [f"checking contracts {timing.get('checking contracts', 0.0):.2f} s"]
    waited, asked = 0.0, None
    for event in events:
        if event.kind == "approval-asked":
            asked = event.at
        elif asked is not None and event.kind in {"commit-intent", "approval-refused"}:
            waited, asked = waited + event.at - asked, None
    if waited >= NOTICEABLE:
        parts.append(f"waiting for approval {waited:.2f} s")
    return f"of it {', '.join(parts)}"


def _side_by_side(timing: Mapping[str, float]) -> str:
    parts = [
        f"{name.removesuffix(' start')} {seconds:.2f} s"
        for name, seconds in timing.items()
        if name.endswith(" start")
    ]
    return f"{', '.join(parts)}, side by side" if len(parts) > 1 else ", ".join(parts)
