"""Where the time went: every second of a run is given to what was under way in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from agentjit.reporting.bars import OPENING, PLANNING, Bar, Kind, Stretch, Timeline

#: What time goes into, in the order in which it is told.
MODEL: Final = "model"
BROWSER: Final = "browser and site"
CHECKS: Final = "checking contracts"
TABS: Final = "opening tabs"
APPROVAL: Final = "waiting for approval"
PAUSES: Final = "pauses before repeating"
OWN: Final = "agentjit and the plan's own code"
PARTS: Final = (OPENING, PLANNING, MODEL, BROWSER, CHECKS, TABS, APPROVAL, PAUSES, OWN)


def spend(timeline: Timeline) -> dict[str, float]:
    """Seconds by what they went into; together they are the run.

    A moment with several bars is shared evenly between them. Of a call, checking takes the share
    that was measured of it, evenly over its length: when it was looked is not in the events.
    """
    spent = dict.fromkeys(PARTS, 0.0)
    moments = {0.0, timeline.end}
    for bar in timeline.bars:
        moments |= {bar.start, bar.end}
        moments |= {at for stretch in (*bar.waits, *bar.pauses) for at in stretch}
    coming, under_way = list(reversed(timeline.bars)), list[Bar]()
    for start, end in pairwise(sorted(at for at in moments if at <= timeline.end)):
        while coming and coming[-1].start <= start:
            under_way.append(coming.pop())
        under_way = [bar for bar in under_way if bar.end > start]
        if not under_way:
            spent[OWN] += end - start
        for bar in under_way:
            for part, share in _shares(bar, (start + end) / 2):
                spent[part] += (end - start) * share / len(under_way)
    return {part: seconds for part, seconds in spent.items() if seconds > 0}


def _shares(bar: Bar, at: float) -> Iterator[tuple[str, float]]:
    """What a bar is at a moment, in shares that sum to 1."""
    match bar.kind:
        case Kind.PHASE:
            yield (PLANNING if bar.title == PLANNING else OPENING), 1.0
        case Kind.MODEL:
            yield MODEL, 1.0
        case Kind.TAB:
            yield TABS, 1.0
        case Kind.CALL if _within(bar.waits, at):
            yield APPROVAL, 1.0
        case Kind.CALL if _within(bar.pauses, at):
            yield PAUSES, 1.0
        case Kind.CALL:
            idle = sum(end - start for start, end in (*bar.waits, *bar.pauses))
            checks = min(1.0, bar.checking / max(bar.seconds - idle, 1e-9))
            yield CHECKS, checks
            yield BROWSER, 1.0 - checks


def _within(stretches: tuple[Stretch, ...], at: float) -> bool:
    return any(start <= at < end for start, end in stretches)
