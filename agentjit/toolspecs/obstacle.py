"""A known obstacle: something that a site puts before its pages, and how it is put away."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A consent dialog, a survey: `shown` is what is in the way, `dismiss` what is clicked.

    Both are Playwright's selectors, `dismiss` within `shown`. Dismissing must agree to nothing that
    a person would mind.
    """

    name: str
    shown: str
    dismiss: str
