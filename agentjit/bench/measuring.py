"""Repeat, time, and tell the spread: medians with extremes, never one lucky run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Spread:
    """Several measurements of one thing, in seconds."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.seconds)

    def to_json(self) -> dict[str, Any]:
        """As data, in seconds."""
        return {
            "name": self.name,
            "median": round(self.median, 6),
            "min": round(min(self.seconds), 6),
            "max": round(max(self.seconds), 6),
            "runs": len(self.seconds),
        }


def show_spreads(title: str, spreads: Sequence[Spread], unit: str = "ms") -> str:
    """A plain table: name, median, min, max."""
    factor = {"ms": 1000.0, "s": 1.0}[unit]
    width = max(len(s.name) for s in spreads)
    lines = [title, f"  {'':{width}}  {'median':>9} {'min':>9} {'max':>9}  {unit}"]
    for spread in spreads:
        figures = (spread.median, min(spread.seconds), max(spread.seconds))
        shown = " ".join(f"{f * factor:9.2f}" for f in figures)
        lines.append(f"  {spread.name:{width}}  {shown}")
    return "\n".join(lines)
