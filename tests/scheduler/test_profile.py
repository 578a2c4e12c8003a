"""What profiles say after what was measured."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.ports import RunEvent
from agentjit.scheduler.answering import Answers
from agentjit.scheduler.calibration import Record, calibrate, stretch
from agentjit.scheduler.contention import Contention, fit_contention
from agentjit.scheduler.overlapping import count_busy
from agentjit.scheduler.profile import PRIORS, Profile, read_latencies
from agentjit.scheduler.profile_json import profile_to_json, read_profile
from agentjit.scheduler.samples import MOST, Prior, Samples, blend, decayed, trust
from agentjit.toolspecs import Effect
from tests.compiler.shop import SHOP
from tests.laws import LAW
from tests.scheduler.measured import call, event, measured

NOTHING = Profile(site="shop", version="1")
SECONDS = st.lists(st.floats(0.01, 50), min_size=1, max_size=MOST)


@LAW
@given(SECONDS)
def test_samples_win_over_the_prior_as_they_come_in(values: list[float]) -> None:
    prior = Prior(1.0, 0.5)
    seen = blend(values, decayed(len(values)), prior)
    level = blend((), (), prior).mean
    weights = decayed(len(values))
    mean = sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)
    assert min(level, mean) - 1e-9 <= seen.mean <= max(level, mean) + 1e-9
    share = sum(weights) / (sum(weights) + trust(sum(weights)))
    assert seen.mean == pytest.approx(share * mean + (1 - share) * level)


def test_a_call_that_was_never_made_is_believed_by_its_effect() -> None:
    latencies = read_latencies(NOTHING, SHOP)
    means = [latencies.tool("any", e).mean for e in (Effect.READ, Effect.WRITE, Effect.COMMIT)]
    assert means == sorted(means)
    assert latencies.tool("any", Effect.NAVIGATE).quantile(0.5) == pytest.approx(0.5, rel=0.05)


def test_a_slow_site_is_slow_where_it_was_not_measured_too() -> None:
    slow = measured(SHOP, {"list_stores": [3.0] * 40})
    latencies = read_latencies(slow, SHOP)
    assert latencies.pace > 10
    believed = PRIORS[Effect.COMMIT].median
    assert latencies.tool("place_order", Effect.COMMIT).mean > 10 * believed


def test_newer_samples_weigh_more_and_old_ones_go() -> None:
    samples = Samples().add([9.0] * 100).add([1.0] * 40)
    assert samples.count == MOST
    level = blend(samples.values, samples.weights(), Prior(1.0, 0.1)).mean
    assert level < (9 * 24 + 1 * 40) / 64


@pytest.mark.parametrize(
    "truth", [(1.0, 1.0, 1.0, 1.0), (1.0, 1.2, 1.5, 2.0), (1.0, 1.0, 1.6, 2.4)]
)
def test_a_slowdown_by_busy_tabs_is_found(truth: tuple[float, ...]) -> None:
    chance = Random(3)
    calls = {
        tool: [
            (level * truth[busy - 1] * chance.lognormvariate(0, 0.1), busy)
            for _ in range(40)
            for busy in [chance.randint(1, 4)]
        ]
        for tool, level in (("read", 0.1), ("open", 0.7), ("write", 0.3))
    }
    found = fit_contention(calls)
    assert found.factors == tuple(sorted(found.factors))
    for busy, factor in enumerate(truth, start=1):
        assert found(busy) == pytest.approx(factor, rel=0.15)


def test_no_slowdown_is_assumed_that_was_not_measured() -> None:
    assert fit_contention({}) == Contention()
    alone = {"read": [(0.1, 1)] * 20}
    assert fit_contention(alone)(8) == 1.0
    always_four = {"read": [(0.9, 4)] * 20}
    assert fit_contention(always_four)(4) == pytest.approx(1.0, abs=0.01)


def test_a_slowdown_goes_on_in_a_straight_line() -> None:
    assert [Contention((1.0, 1.5, 2.5))(b) for b in (0, 1, 1.5, 2, 3, 4)] == [
        1,
        1,
        1.25,
        1.5,
        2.5,
        3.5,
    ]


def test_what_parallel_runs_measured_is_told_as_alone() -> None:
    chance = Random(5)
    calls = [
        call("list_stores", (0.2 if busy == 1 else 0.4) * chance.uniform(0.95, 1.05), busy=busy)
        for busy in [1, 2] * 30
    ]
    latencies = read_latencies(NOTHING.learn(calls), SHOP)
    assert latencies.contention(2) == pytest.approx(2.0, rel=0.15)
    assert latencies.tool("list_stores", Effect.READ).quantile(0.5) == pytest.approx(0.2, rel=0.15)


def test_how_many_tabs_were_busy_is_told_by_when_calls_ended() -> None:
    spans = [(0.0, 2.0), (0.0, 2.0), (1.9, 3.0), (3.0, 4.0), (4.0, 4.0)]
    events = [
        RunEvent(kind="call-done", at=to, data={"tool": "list_stores", "seconds": to - begun})
        for begun, to in spans
    ]
    other = event("planned")
    assert count_busy([*events, other, call("goto_home", 1.0, busy=7)]) == [2, 2, 1, 1, 1, 1, 7]
    learnt = NOTHING.learn(events).tools["list_stores"].times
    assert [busy for _, busy in learnt] == [2, 2, 1, 1, 1]


def test_failures_are_counted() -> None:
    failing = [event("call-failed", tool="list_stores")] * 10
    latencies = read_latencies(NOTHING.learn([call("list_stores", 0.1)] * 10 + failing), SHOP)
    assert 0.4 < latencies.failure("list_stores") < 0.6
    assert latencies.failure("goto_home") == pytest.approx(0.01)


def test_answers_of_a_model_are_a_line_in_their_tokens() -> None:
    answers = Answers()
    for tokens in (5, 20, 60, 120, 240) * 8:
        answers = answers.add(1.5 + tokens / 40, tokens)
    line = answers.line()
    assert line.first == pytest.approx(1.5, rel=0.15)
    assert 1 / line.each == pytest.approx(40, rel=0.15)
    assert Answers().line().seconds(80) == pytest.approx(1.6, rel=0.05)


def filled() -> Profile:
    events = [
        call("list_stores", 0.123, busy=2, result=[1, 2, 3]),
        event("call-failed", tool="goto_home"),
        event("tab-opened", seconds=0.3),
        event("tab-reset", seconds=0.2),
        event("model-answered", seconds=1.0, output_tokens=12, tokens=99),
        event("model-answered", seconds=1.0, tokens=99),
        event("loop-left", key="for list_stores()", rounds=3),
        event("branched", key="if x", taken=True),
        event("planned", origin="nobody"),
        event("tab-opened", calls=[]),
    ]
    record = Record(plan="p", strategy="serial", mean=1, p50=1, low=0.8, high=1.3, measured=1.2)
    return NOTHING.learn(events).keep(record)


def test_a_profile_is_read_as_it_was_told() -> None:
    told = json.loads(json.dumps(profile_to_json(filled())))
    assert read_profile(told) == filled()
    assert filled().lengths["list_stores"].values == (3.0,)
    assert filled().answers.seen == ((12, 1.0), (None, 1.0))


@pytest.mark.parametrize("broken", [None, [], {}, {"form": 0}, {"form": 1, "site": "shop"}])
def test_what_is_no_profile_is_refused(broken: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        read_profile(broken)


def test_a_time_that_is_none_is_refused() -> None:
    told = profile_to_json(filled())
    told["opening"] = [float("nan")]
    with pytest.raises(ValueError, match="nan"):
        read_profile(told)


def records(offs: list[float], plan: str = "p") -> list[Record]:
    """Runs of which the forecast was 10 s, from 9 to 12."""
    return [
        Record(plan=plan, strategy="serial", mean=10, p50=10, low=9, high=12, measured=10 + off)
        for off in offs
    ]


def test_calibration_counts_what_held() -> None:
    found = calibrate(records([0, 1.9, -0.9, 2.1, -1.1]))
    assert (found.runs, found.held) == (5, 3)
    assert found.bias == pytest.approx(1.04)
    assert str(calibrate([])) == "no run to compare with yet"


def test_intervals_that_were_too_narrow_are_stretched_and_others_are_not() -> None:
    chance = Random(1)
    right = records([chance.gauss(0, 1) * 1.56 for _ in range(1)])
    assert stretch([], "p") == 1.0
    wide = records([chance.choice((-3, 6)) * chance.random() for _ in range(60)])
    assert stretch(wide, "p") > 2
    narrow = records([chance.uniform(-0.1, 0.2) for _ in range(60)])
    assert stretch(narrow, "p") < 0.3
    assert stretch(right, "p") == pytest.approx(stretch([], "p"), rel=0.5)


def test_after_enough_runs_the_intervals_cover_eight_in_ten() -> None:
    """A simulation that is far too sure of itself is mended by what it is held against."""
    chance = Random(2)
    seen: list[Record] = []
    for _ in range(100):
        factor = stretch(seen, "p")
        off = chance.gauss(0, 4)
        seen.append(
            Record(
                plan="p", strategy="serial", mean=10, p50=10, low=9, high=11, stretch=factor,
                measured=max(0.0, 10 + off),
            )
        )  # fmt: skip
    assert 0.7 <= calibrate(seen[20:]).covered <= 0.9
