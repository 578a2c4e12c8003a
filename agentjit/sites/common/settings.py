"""What a site is started with: its data's seed and day, and how it answers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from agentjit.errors import UsageError
from agentjit.sites.common.faults import Faults, parse_faults
from agentjit.sites.common.latency import Latency, parse_latency

SEED_VARIABLE: Final = "AGENTJIT_SITE_SEED"
LATENCY_VARIABLE: Final = "AGENTJIT_SITE_LATENCY"
FAULTS_VARIABLE: Final = "AGENTJIT_SITE_FAULTS"
LAYOUT_VARIABLE: Final = "AGENTJIT_SITE_LAYOUT"
TODAY_VARIABLE: Final = "AGENTJIT_SITE_TODAY"

#: Setting -> the environment variable that gives it.
VARIABLES: Final[Mapping[str, str]] = {
    "seed": SEED_VARIABLE,
    "latency": LATENCY_VARIABLE,
    "faults": FAULTS_VARIABLE,
    "layout": LAYOUT_VARIABLE,
    "today": TODAY_VARIABLE,
}

#: A site's two faces: the same function, other markup.
LAYOUTS: Final = ("a", "b")


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What a fresh session begins with. Seed 0 is the unshuffled data."""

    seed: int = 0
    latency: Latency = Latency()
    faults: Faults = Faults()
    layout: str = LAYOUTS[0]
    #: The day that the site's dates are relative to; None for the real one.
    today: date | None = None

    def show(self) -> dict[str, int | str]:
        """The settings as a referee reads them, and as `change_settings` takes them."""
        return {
            "seed": self.seed,
            "latency": str(self.latency),
            "faults": str(self.faults),
            "layout": self.layout,
            "today": "real" if self.today is None else self.today.isoformat(),
        }


def change_settings(settings: SiteSettings, texts: Mapping[str, int | str]) -> SiteSettings:
    """The settings with those that `texts` names; other names are ignored. Raises UsageError."""
    if "seed" in texts:
        settings = replace(settings, seed=parse_seed(texts["seed"]))
    if "latency" in texts:
        settings = replace(settings, latency=parse_latency(str(texts["latency"])))
    if "faults" in texts:
        settings = replace(settings, faults=parse_faults(str(texts["faults"])))
    if "layout" in texts:
        settings = replace(settings, layout=parse_layout(str(texts["layout"])))
    if "today" in texts:
        settings = replace(settings, today=parse_today(str(texts["today"])))
    return settings


def make_settings(
    *,
    seed: int | str = 0,
    latency: str = "0",
    faults: str = "none",
    layout: str = LAYOUTS[0],
    today: str = "real",
) -> SiteSettings:
    """Settings from texts as they come from a command line; UsageError where one is wrong."""
    return SiteSettings(
        seed=parse_seed(seed),
        latency=parse_latency(latency),
        faults=parse_faults(faults),
        layout=parse_layout(layout),
        today=parse_today(today),
    )


def read_settings(
    environ: Mapping[str, str] = os.environ, given: Mapping[str, int | str | None] | None = None
) -> SiteSettings:
    """Settings from the environment, AGENTJIT_SITE_SEED and so on; what is `given` comes first.

    Raises UsageError. What is given as None is not given.
    """
    texts: dict[str, int | str] = {
        name: environ[variable] for name, variable in VARIABLES.items() if variable in environ
    }
    texts |= {name: text for name, text in (given or {}).items() if text is not None}
    return change_settings(SiteSettings(), texts)


def parse_seed(text: int | str) -> int:
    """A seed: a whole number from 0 up; UsageError otherwise."""
    try:
        seed = int(text)
    except ValueError:
        raise UsageError(f"seed {text!r} is not a whole number", "give 0, 1, 2, …") from None
    if not 0 <= seed < 2**31:
        raise UsageError(f"seed {seed} is out of range", "give 0, 1, 2, …")
    return seed


def parse_layout(text: str) -> str:
    """A layout's name; UsageError otherwise."""
    if text not in LAYOUTS:
        raise UsageError(f"there is no layout {text!r}", f"the layouts are: {', '.join(LAYOUTS)}")
    return text


def parse_today(text: str) -> date | None:
    """A day such as 2026-03-01, or None for "real"; UsageError otherwise."""
    if text == "real":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"today {text!r} is not a day", 'write it like "2026-03-01", or "real"'
        ) from None
