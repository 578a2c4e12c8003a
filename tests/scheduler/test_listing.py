"""Laws of list scheduling, over random jobs."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.scheduler.contention import Contention
from agentjit.scheduler.drawing import Floats
from agentjit.scheduler.listing import (
    Setting,
    Work,
    longest_path,
    priorities,
    schedule,
    total_work,
)
from tests.laws import LAW
from tests.scheduler.jobs import TRIALS, play, random_work, without_setup

SEEDS = st.integers(min_value=0, max_value=1_000_000)
NONE = Contention()
CROWDED = Contention((1.0, 1.1, 1.5, 2.0))


def settings_of(time: Floats, workers: int = 5) -> list[Setting]:
    return [Setting(workers=k, time=time) for k in range(1, workers + 1)]


@LAW
@given(SEEDS)
def test_the_vectorised_policy_is_the_plain_one_in_every_trial(seed: int) -> None:
    chance = Random(seed)
    work, time = random_work(chance)
    contention = chance.choice((NONE, CROWDED))
    settings = [*settings_of(time, 3), Setting(workers=2, time=time * 0.5, spread=1.4)]
    found = schedule(work, settings, contention)
    for setting, row in zip(settings, found, strict=True):
        plain = [play(work, setting, trial, contention) for trial in range(TRIALS)]
        np.testing.assert_allclose(row, plain, rtol=1e-9)


@LAW
@given(SEEDS)
def test_no_schedule_beats_its_bounds(seed: int) -> None:
    chance = Random(seed)
    work, time = random_work(chance)
    path, total = longest_path(work, time), total_work(work, time)
    settings = settings_of(time)
    for setting, row in zip(settings, schedule(work, settings, CROWDED), strict=True):
        assert (row >= path - 1e-9).all()
        assert (row >= total / setting.workers - 1e-9).all()


@LAW
@given(SEEDS)
def test_no_tab_is_idle_while_something_is_ready(seed: int) -> None:
    """Graham's bound, which only schedules that are never idle without need keep."""
    work, time = random_work(Random(seed))
    work = without_setup(work)
    path, total = longest_path(work, time), total_work(work, time)
    settings = settings_of(time)
    for setting, row in zip(settings, schedule(work, settings, NONE), strict=True):
        assert (row <= path + total / setting.workers + 1e-9).all()


@LAW
@given(SEEDS)
def test_more_workers_are_never_slower_in_the_mean_over_stages(seed: int) -> None:
    """Of jobs in stages, as loops give them. For any jobs at all it is not true (Graham, 1969)."""
    work, time = random_work(Random(seed), forks=True)
    work = replace(without_setup(work), tail=np.zeros_like(work.tail))
    means = schedule(work, settings_of(time, 8), NONE).mean(axis=1)
    assert (np.diff(means) <= 1e-9).all()


@LAW
@given(SEEDS)
def test_one_tab_takes_the_sum_of_its_jobs(seed: int) -> None:
    work, time = random_work(Random(seed))
    tail = np.zeros_like(work.tail)
    work = replace(without_setup(work), tail=tail, takes_tab=np.full(len(work.needs), True))
    (row,) = schedule(work, [Setting(workers=1, time=time)], NONE)
    np.testing.assert_allclose(row, total_work(work, time))


@LAW
@given(SEEDS)
def test_results_do_not_depend_on_how_jobs_are_numbered(seed: int) -> None:
    chance = Random(seed)
    work, time = random_work(chance)
    order = another_order(work, chance)
    places = {old: new for new, old in enumerate(order)}
    moved = Work(
        needs=tuple(frozenset(places[n] for n in work.needs[old]) for old in order),
        takes_tab=work.takes_tab[order],
        wants_fresh=work.wants_fresh[order],
        changes=work.changes[order],
        expected=work.expected[order],
        on=work.on[order],
        tail=work.tail[order],
        opening=work.opening[order],
        reset=work.reset[order],
        spare=work.spare,
    )
    ranks = np.round(work.expected, 9)
    if len(set(ranks)) < len(ranks):
        # Jobs that are equally urgent go in the order of the program: that is all it says.
        return
    before = schedule(work, settings_of(time, 3), CROWDED)
    after = schedule(moved, settings_of(time[order], 3), CROWDED)
    np.testing.assert_allclose(before, after)


def another_order(work: Work, chance: Random) -> list[int]:
    """The jobs, each after those that it needs, in an order by chance."""
    waiting, order = [*range(len(work.needs))], list[int]()
    while waiting:
        ready = [job for job in waiting if work.needs[job] <= set(order)]
        order.append(chance.choice(ready))
        waiting.remove(order[-1])
    return order


def test_the_most_urgent_goes_first_and_equals_in_their_order() -> None:
    time = np.array([[1.0], [3.0], [1.0], [2.0]])
    on, free = np.full((4, 1), True), np.zeros((4, 1))
    yes = np.full(4, True)
    work = Work(
        needs=(frozenset(), frozenset(), frozenset(), frozenset({0})),
        takes_tab=yes,
        wants_fresh=yes,
        changes=~yes,
        expected=time[:, 0],
        on=on,
        tail=free,
        opening=free,
        reset=free,
        spare=free[0],
    )
    assert priorities(work) == [0, 1, 3, 2]
    assert schedule(work, [Setting(workers=2, time=time)], NONE) == [[4.0]]


# The tab that was left first is back a second after the second job; what a spare one shows is
# outdated once something was changed.
@pytest.mark.parametrize(
    ("changing", "spare", "seconds"),
    [
        ([False, False, False], 0.0, 3.0 + 0.0 + 1.0),
        ([False, False, False], 9.0, 3.0 + 2.0 + 2.0),
        ([True, False, False], 0.0, 3.0 + 2.0 + 2.0),
    ],
)
def test_a_used_tab_changes_places_with_the_spare_one(
    changing: list[bool], spare: float, seconds: float
) -> None:
    time = np.ones((3, 1))
    yes, none = np.full(3, True), frozenset[int]()
    work = Work(
        needs=(none, frozenset({0}), frozenset({1})),
        takes_tab=yes,
        wants_fresh=yes,
        changes=np.array(changing),
        expected=time[:, 0],
        on=yes[:, None],
        tail=time * 0,
        opening=time * 5,
        reset=time * 2,
        spare=np.array([spare]),
    )
    assert schedule(work, [Setting(workers=1, time=time)], NONE) == [[seconds]]


def test_nothing_to_do_takes_no_time() -> None:
    none = np.zeros((0, 3))
    no = np.zeros(0, dtype=np.bool_)
    work = Work(
        needs=(),
        takes_tab=no,
        wants_fresh=no,
        changes=no,
        expected=np.zeros(0),
        on=none.astype(np.bool_),
        tail=none,
        opening=none,
        reset=none,
        spare=np.zeros(3),
    )
    assert (schedule(work, [Setting(workers=1, time=none)], NONE) == 0).all()
