"""What the checker accepts breaks no precondition, whatever the site and the model answer."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compiler.soundness import Outcome, examine, make_pair
from tests.laws import LAW


@settings(LAW, max_examples=120)
@given(st.randoms(use_true_random=False))
def test_an_accepted_plan_never_breaks_a_precondition(chance: Random) -> None:
    pair = make_pair(chance)
    outcome, told = examine(pair)
    assert outcome is not Outcome.MISSED, f"{told}\n{pair.story()}"


def test_the_checker_is_sound_and_not_just_strict() -> None:
    outcomes: Counter[Outcome] = Counter()
    for seed in range(500):
        pair = make_pair(Random(seed), seed)
        outcome, told = examine(pair)
        assert outcome is not Outcome.MISSED, f"{told}\n{pair.story()}"
        outcomes[outcome] += 1
    assert outcomes[Outcome.RIGHT] > 200
    assert outcomes[Outcome.REFUSED] > 80
    # Of the plans that broke nothing on any run tried, most are accepted.
    harmless = outcomes[Outcome.RIGHT] + outcomes[Outcome.ALARM]
    assert outcomes[Outcome.RIGHT] / harmless > 0.93
