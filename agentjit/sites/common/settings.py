"""What a site is started with: the seed of its data and the latency of its answers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from agentjit.errors import UsageError
from agentjit.sites.common.latency import Latency, parse_latency

SEED_VARIABLE: Final = "AGENTJIT_SITE_SEED"
LATENCY_VARIABLE: Final = "AGENTJIT_SITE_LATENCY"


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What a fresh session begins with. Seed 0 is the unshuffled data."""

    seed: int = 0
    latency: Latency = Latency()


def make_settings(*, seed: int | str = 0, latency: str = "0") -> SiteSettings:
    """Settings from texts as they come from a command line; UsageError where one is wrong."""
    return SiteSettings(parse_seed(seed), parse_latency(latency))


def read_settings(environ: Mapping[str, str] = os.environ) -> SiteSettings:
    """Settings from AGENTJIT_SITE_SEED and AGENTJIT_SITE_LATENCY."""
    return make_settings(
        seed=environ.get(SEED_VARIABLE, "0"), latency=environ.get(LATENCY_VARIABLE, "0")
    )


def parse_seed(text: int | str) -> int:
    """A seed: a whole number from 0 up; UsageError otherwise."""
    try:
        seed = int(text)
    except ValueError:
        raise UsageError(f"seed {text!r} is not a whole number", "give 0, 1, 2, …") from None
    if not 0 <= seed < 2**31:
        raise UsageError(f"seed {seed} is out of range", "give 0, 1, 2, …")
    return seed
