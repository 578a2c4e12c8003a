"""The figures of Table 1 of the paper, as published: to stand beside ours, never to be mixed in.

They are from other machines, other models behind a network, other versions of the sites, and count
partial credit; docs/benchmark.md says what of that can be compared and what cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Published:
    """Mean seconds and accuracy in per cent of a group of tasks, for three systems."""

    group: str
    step_loop: tuple[float, float]
    with_tools: tuple[float, float]
    planner: tuple[float, float]
    speed_up: float


#: Where the figures stand.
SOURCE: Final = "the paper's Table 1: means over GPT-4.1, Gemini-2.5-Flash and Gemini-2.5-Pro"

TABLE: Final = (
    Published("GPT-4.1", (150.1, 61), (105.2, 88), (15.4, 90), 9.7),
    Published("Gemini-2.5-Flash", (100.3, 59), (69.3, 81), (7.2, 94), 14.0),
    Published("Gemini-2.5-Pro", (115.9, 77), (65.8, 86), (12.6, 97), 9.2),
    Published("dashdish", (118.8, 65), (62.8, 100), (14.5, 100), 8.2),
    Published("gitlab", (144.7, 49), (69.7, 67), (9.9, 87), 14.6),
    Published("gomail", (133.8, 63), (94.6, 80), (10.4, 96), 12.9),
    Published("omnizon", (113.9, 76), (86.8, 84), (15.5, 89), 7.4),
    Published("reddit", (81.3, 72), (82.7, 89), (4.3, 93), 18.9),
    Published("low", (101.5, 64), (65.2, 86), (9.4, 94), 10.8),
    Published("medium", (119.0, 75), (91.2, 85), (13.7, 94), 8.7),
    Published("high", (169.0, 58), (96.2, 84), (14.3, 92), 11.8),
    Published("short", (70.2, 73), (51.5, 88), (7.1, 98), 10.0),
    Published("middling", (134.9, 59), (86.8, 93), (13.0, 92), 10.4),
    Published("long", (195.3, 62), (121.2, 70), (18.4, 89), 10.6),
)


def published(group: str) -> Published | None:
    """The paper's row for a group of ours, by its name."""
    return next((row for row in TABLE if row.group == group), None)
