"""How many tabs were busy during each call of a run, from when its calls ended."""

from __future__ import annotations

from collections.abc import Sequence

from agentjit.ports import RunEvent


def count_busy(events: Sequence[RunEvent]) -> list[int]:
    """For each event of a call that ended, the tabs that were busy meanwhile, its own among them.

    The average over the call's time, rounded; 1 for other events. An event that tells the number
    (`busy`) is believed.
    """
    spans = [
        (event.at - float(event.data["seconds"]), event.at)
        for event in events
        if event.kind == "call-done"
    ]
    found = []
    for event in events:
        if event.kind != "call-done":
            found.append(1)
        elif "busy" in event.data:
            found.append(max(1, int(event.data["busy"])))
        else:
            seconds = float(event.data["seconds"])
            begun = event.at - seconds
            shared = sum(max(0.0, min(event.at, to) - max(begun, at)) for at, to in spans)
            # Its own time is among what it shares.
            found.append(max(1, round(shared / seconds)) if seconds > 0 else 1)
    return found
