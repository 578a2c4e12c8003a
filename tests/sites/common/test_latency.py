"""Latency texts: what they mean, what they are on average, and what is refused."""

from __future__ import annotations

from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.errors import UsageError
from agentjit.sites.common.latency import Latency, parse_latency


def test_nothing_is_drawn_without_latency() -> None:
    assert parse_latency("0") == Latency()
    assert Latency().draw(Random(1)) == 0


@pytest.mark.parametrize(
    ("text", "mean"),
    [
        ("0.25", 0.25),
        ("constant:0.25", 0.25),
        ("uniform:0.1-0.4", 0.25),
        ("exponential:0.3", 0.3),
        ("lognormal:0.3", 0.3),
        ("lognormal:0.3:sigma=0.2", 0.3),
        ("lognormal:0.3:tail=0.05x10", 0.3 * (0.95 + 0.05 * 10)),
    ],
)
def test_the_mean_is_as_the_text_says(text: str, mean: float) -> None:
    latency, random = parse_latency(text), Random(7)
    assert fmean(latency.draw(random) for _ in range(20_000)) == pytest.approx(mean, rel=0.05)


def test_the_same_seed_draws_the_same_delays() -> None:
    latency = parse_latency("lognormal:0.3:tail=0.05x10")
    first, second = Random("a"), Random("a")
    assert [latency.draw(first) for _ in range(50)] == [latency.draw(second) for _ in range(50)]


def test_another_series_of_draws_is_as_repeatable_and_not_the_same() -> None:
    def delays(text: str) -> list[float]:
        return [parse_latency(text).of_answer(1, "GET /", turn) for turn in range(50)]

    assert delays("lognormal:0.3:draw=7") == delays("lognormal:0.3:draw=7")
    assert delays("lognormal:0.3:draw=7") != delays("lognormal:0.3:draw=8")
    assert delays("lognormal:0.3:draw=0") == delays("lognormal:0.3")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("fast", "'fast' is not a number"),
        ("-1", "not between 0"),
        ("1e9", "not between 0"),
        ("nan", "not between 0"),
        ("gamma:1", "no distribution 'gamma'"),
        ("lognormal", "lacks its seconds"),
        ("lognormal:", "'' is not a number"),
        ("uniform:0.4-0.1", "ends before it begins"),
        ("exponential:1:sigma=2", "'sigma=2' is not understood"),
        ("lognormal:1:tail=0.1", "'tail=0.1' is not understood"),
        ("lognormal:1:tail=2x3", "share is above 1"),
        ("lognormal:1:draw=x", "'draw=x' is not understood"),
        ("", "'' is not a number"),
    ],
)
def test_a_text_without_meaning_is_a_usage_error(text: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint) as caught:
        parse_latency(text)
    assert "lognormal" in caught.value.hint


_AMOUNTS = st.integers(1, 5000).map(lambda n: n / 1000)


@given(
    st.one_of(
        _AMOUNTS.map(lambda n: f"{n:g}"),
        _AMOUNTS.map(lambda n: f"exponential:{n:g}"),
        st.builds(lambda m, s: f"lognormal:{m:g}:sigma={s:g}", _AMOUNTS, _AMOUNTS),
        st.builds(lambda m, p: f"constant:{m:g}:tail={p / 100:g}x8", _AMOUNTS, st.integers(1, 99)),
        st.builds(lambda m, n: f"constant:{m:g}:draw={n}", _AMOUNTS, st.integers(1, 99)),
    )
)
def test_a_latency_and_its_text_are_the_same(text: str) -> None:
    latency = parse_latency(text)
    assert parse_latency(str(latency)) == latency
