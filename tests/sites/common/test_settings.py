"""Settings come from texts and from the environment."""

from __future__ import annotations

import pytest

from agentjit.errors import UsageError
from agentjit.sites.common.latency import parse_latency
from agentjit.sites.common.settings import SiteSettings, make_settings, parse_seed, read_settings


def test_nothing_said_is_the_unshuffled_site_at_once() -> None:
    assert read_settings({}) == make_settings() == SiteSettings()


def test_the_environment_sets_seed_and_latency() -> None:
    environ = {"AGENTJIT_SITE_SEED": "7", "AGENTJIT_SITE_LATENCY": "exponential:0.2"}
    assert read_settings(environ) == SiteSettings(7, parse_latency("exponential:0.2"))


def test_what_is_given_comes_before_the_environment() -> None:
    environ = {"AGENTJIT_SITE_SEED": "7", "AGENTJIT_SITE_FAULTS": "error@3"}
    given: dict[str, int | str | None] = {"seed": 8}
    given |= {"layout": "b", "faults": None, "today": "2026-03-01"}
    settings = read_settings(environ, given)
    assert settings == make_settings(seed=8, faults="error@3", layout="b", today="2026-03-01")
    assert make_settings(**settings.show()) == settings  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", ["x", "1.5", "-1", "99999999999", ""])
def test_a_seed_is_a_whole_number_from_0_up(seed: str) -> None:
    with pytest.raises(UsageError, match="seed"):
        parse_seed(seed)
