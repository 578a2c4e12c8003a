from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.errors import UsageError
from agentjit.scheduler.strategies import (
    Hedge,
    Objective,
    Parallel,
    Serial,
    Strategy,
    open_tabs,
    parse_objective,
    parse_strategy,
    strategy_option,
    tabs_of,
)
from tests.laws import LAW

ALL: st.SearchStrategy[Strategy] = st.one_of(
    st.just(Serial()),
    st.builds(Parallel, st.integers(1, 64)),
    st.builds(
        Hedge,
        st.integers(2, 8),
        st.integers(1, 64),
        st.none() | st.integers(0, 99).map(lambda n: n / 100),
    ),
)


@LAW
@given(ALL)
def test_a_strategy_is_read_as_it_was_written(strategy: Strategy) -> None:
    assert parse_strategy(strategy_option(strategy)) == strategy


@pytest.mark.parametrize(
    ("text", "strategy", "shown", "tabs"),
    [
        ("serial", Serial(), "serial", 1),
        ("Parallel:4", Parallel(4), "parallel(4)", 4),
        ("hedge:2", Hedge(2), "hedge(2)", 2),
        (" parallel:3 + hedge:2@p90", Hedge(2, 3, 0.9), "parallel(3) + hedge(2, p90)", 6),
    ],
)
def test_what_the_option_takes(text: str, strategy: Strategy, shown: str, tabs: int) -> None:
    assert parse_strategy(text) == strategy
    assert str(strategy) == shown
    assert tabs_of(strategy) == tabs
    # One more is got ready, where there is not just one.
    assert open_tabs(strategy) == tabs + (strategy != Serial())


def test_auto_is_no_strategy() -> None:
    assert parse_strategy("auto") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is no strategy ''"),
        ("parallel", "there is no strategy 'parallel'"),
        ("parallel:x", "there is no strategy"),
        ("parallel:2+parallel:3", "there is no strategy"),
        ("parallel:2@p50", "there is no strategy"),
        ("hedge:2@p100", "there is no strategy"),
        ("parallel:0", "parallel:0 makes no sense"),
        ("parallel:65", "parallel:65 makes no sense"),
        ("hedge:1", "hedge:1 makes no sense"),
    ],
)
def test_what_is_no_strategy_is_refused(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as error:
        parse_strategy(text)
    assert error.value.hint


def test_an_objective_by_its_name() -> None:
    assert [parse_objective(o.value) for o in Objective] == [*Objective]
    with pytest.raises(UsageError, match="no objective 'fast'"):
        parse_objective("fast")
