"""Quantiles, intervals, ratios and lines: laws, and cases worked out by hand."""

from __future__ import annotations

from math import exp, log
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.bench.latency.statistics import (
    Estimate,
    Line,
    break_even,
    fit_line,
    mean,
    quantile,
    regret,
    speed_up,
)
from tests.laws import LAW

TIMES = st.lists(st.floats(0.01, 1_000.0), min_size=1, max_size=12)


@LAW
@given(TIMES)
def test_an_interval_holds_its_figure_and_stays_within_the_data(times: list[float]) -> None:
    for estimate in (mean(times), quantile(times, 0.5), quantile(times, 0.95)):
        assert estimate.low <= estimate.value <= estimate.high
        assert min(times) * (1 - 1e-9) <= estimate.low
        assert estimate.high <= max(times) * (1 + 1e-9)


@LAW
@given(TIMES)
def test_the_same_data_give_the_same_interval(times: list[float]) -> None:
    assert mean(times) == mean(list(times))
    assert mean(times).value == pytest.approx(fmean(times))


@LAW
@given(st.lists(st.tuples(st.floats(0.01, 100), st.floats(0.01, 100)), min_size=1, max_size=10))
def test_who_is_twice_as_fast_is_half_as_slow(pairs: list[tuple[float, float]]) -> None:
    slow, fast = zip(*pairs, strict=True)
    there, back = speed_up(slow, fast), speed_up(fast, slow)
    assert there.value * back.value == pytest.approx(1.0)
    assert there.value == pytest.approx(exp(fmean(log(a / b) for a, b in pairs)))


def test_one_value_is_its_own_interval_and_a_spread_one_has_a_wider() -> None:
    assert mean([2.0]) == Estimate(2.0, 2.0, 2.0)
    narrow, wide = mean([1.0, 1.1] * 20), mean([0.1, 2.0] * 20)
    assert narrow.high - narrow.low < wide.high - wide.low


def test_repeats_of_a_task_tell_nothing_new_of_other_tasks() -> None:
    once, tasks = [1.0, 2.0, 4.0, 8.0], list("abcd")
    thrice = [value for value in once for _ in range(3)]
    of = [task for task in tasks for _ in range(3)]
    assert mean(thrice, of) == mean(once)
    alone = mean(thrice)
    assert alone.high - alone.low < mean(once).high - mean(once).low


@LAW
@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.01, 1_000.0)), min_size=1))
def test_units_of_any_size_leave_the_figure_as_it_is(pairs: list[tuple[str, float]]) -> None:
    units, values = zip(*pairs, strict=True)
    assert mean(values, units).value == pytest.approx(fmean(values))
    for share in (0.0, 0.5, 0.95, 1.0):
        found = quantile(values, share, units)
        assert found.value == pytest.approx(float(np.quantile(values, share)))
        assert found.low <= found.value <= found.high


@pytest.mark.parametrize(("slow", "fast"), [([1.0], [1.0, 2.0]), ([], []), ([1.0], [0.0])])
def test_ratios_are_of_pairs_of_positive_times(slow: list[float], fast: list[float]) -> None:
    with pytest.raises(ValueError, match=r"pairs|positive"):
        speed_up(slow, fast)


def test_intervals_that_share_a_point_overlap() -> None:
    assert Estimate(1, 0, 2).overlaps(Estimate(3, 2, 4))
    assert not Estimate(1, 0, 2).overlaps(Estimate(4, 3, 5))


def test_the_break_even_is_where_the_lines_cross() -> None:
    loop, plan = Line(1.0, 1.0), Line(4.0, 0.25)
    crossing = break_even(loop, plan)
    assert crossing == pytest.approx(4.0)
    assert crossing is not None
    assert loop.at(crossing) == pytest.approx(plan.at(crossing))
    assert break_even(loop, Line(0.5, 0.5)) == 0.0
    assert break_even(loop, Line(2.0, 1.5)) is None
    assert break_even(loop, Line(0.5, 1.5)) is None


def test_a_line_is_fitted_through_points_on_it() -> None:
    line = fit_line([1, 2, 4], [3.0, 5.0, 9.0])
    assert line is not None
    assert [line.start, line.each] == pytest.approx([1.0, 2.0])
    assert fit_line([3, 3], [1.0, 2.0]) is None


def test_regret_is_against_the_best_fixed_choice_of_each_task() -> None:
    found = regret(
        {
            "serial": {"a": 1.0, "b": 4.0},
            "parallel": {"a": 3.0, "b": 2.0},
            "auto": {"a": 1.0, "b": 4.0, "c": 9.0},
        },
        "auto",
    )
    assert found is not None
    assert found.oracle == 1.5
    assert found.of("auto") == pytest.approx(1.0)
    assert found.best == {"serial": 1, "parallel": 1}
    assert regret({"auto": {"a": 1.0}}, "auto") is None
    assert regret({"serial": {"b": 1.0}, "auto": {"a": 1.0}}, "auto") is None
