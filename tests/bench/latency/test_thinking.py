"""Think time: a call's length, overlapping calls as one turn, and other paces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.bench.latency.thinking import (
    PRESETS,
    Think,
    Thought,
    modelled,
    parse_think,
    think_seconds,
    turns,
)
from agentjit.bench.latency.trial import Trial, trial_from_json
from agentjit.errors import UsageError
from tests.laws import LAW


def thought(began: float, seconds: float, output: int = 10) -> Thought:
    return Thought(began=began, seconds=seconds, prompt_tokens=100, output_tokens=output)


THOUGHTS = st.lists(
    st.builds(thought, st.floats(0, 50), st.floats(0.01, 10), st.integers(0, 500)), max_size=8
)


def test_a_call_takes_its_start_and_its_tokens() -> None:
    assert Think(0.5, 80.0).seconds(10_000, 160) == pytest.approx(2.5)
    assert Think(0.5, 80.0, 5_000.0).seconds(10_000, 160) == pytest.approx(4.5)
    assert Think(2.0, None).seconds(10_000, 160) == 2.0


@LAW
@given(THOUGHTS)
def test_turns_hold_every_call_once_and_do_not_overlap(thoughts: list[Thought]) -> None:
    groups = list(turns(thoughts))
    assert sorted(t.began for g in groups for t in g) == sorted(t.began for t in thoughts)
    ends = [max(t.ended for t in group) for group in groups]
    begins = [min(t.began for t in group) for group in groups]
    assert all(end <= begin for end, begin in zip(ends, begins[1:], strict=False))


@LAW
@given(THOUGHTS)
def test_waiting_is_no_longer_than_all_calls_and_no_shorter_than_the_longest(
    thoughts: list[Thought],
) -> None:
    waited = think_seconds(thoughts)
    assert waited <= sum(t.seconds for t in thoughts) + 1e-9
    assert waited >= max((t.seconds for t in thoughts), default=0.0) - 1e-9


def test_calls_at_the_same_time_are_as_long_as_the_longest() -> None:
    thoughts = [thought(0, 1, 80), thought(0.1, 1, 160), thought(5, 1, 80)]
    assert think_seconds(thoughts) == pytest.approx(1.1 + 1)
    assert modelled(thoughts, Think(0.5, 80.0)) == pytest.approx(2.5 + 1.5)


def test_another_pace_changes_the_thinking_alone() -> None:
    trial = Trial(
        task="t",
        system="s",
        seed=0,
        repeat=0,
        passed=True,
        done=True,
        wall_seconds=5.0,
        thoughts=(thought(1.0, 2.0, 80),),
    )
    assert trial.harness_seconds == pytest.approx(3.0)
    assert trial.wall_at(PRESETS["none"]) == pytest.approx(3.0)
    assert trial.wall_at(Think(1.0, 80.0)) == pytest.approx(5.0)
    assert trial_from_json(trial.to_json()) == trial


@pytest.mark.parametrize("text", ["fast", "0.5+x", "1+2+3+4", "-1+80", "0.5+0", ""])
def test_what_is_no_pace_is_said_so(text: str) -> None:
    with pytest.raises(UsageError):
        parse_think(text)


def test_a_pace_is_a_preset_or_numbers() -> None:
    assert parse_think("yardstick") == Think(0.5, 80.0, source=PRESETS["yardstick"].source)
    given = parse_think("1.5+30+5000")
    assert (given.first, given.rate, given.prompt_rate) == (1.5, 30.0, 5000.0)
    assert parse_think("2").seconds(100, 100) == 2.0


def test_every_preset_says_where_it_is_from() -> None:
    assert all(think.source for think in PRESETS.values())
