"""How time and memory grow: plans that are checked, and how it is told."""

from __future__ import annotations

from agentjit.bench.scale import Crowd, LongLoop, Scale, measure_plans
from agentjit.sites import load_site

MIB = 2**20


def test_memory_is_shared_by_the_runs_that_had_a_tab() -> None:
    """One that waits for a tab has nothing yet: by all that wait, a run would look small."""
    crowd = Crowd(runs=64, tabs=16, done=64, throughput=2.0, p95=30.0, bytes=160 * MIB)
    assert crowd.bytes_a_run == 10 * MIB
    (told,) = Scale((crowd,), (), ()).to_json()["side_by_side"]
    assert (told["bytes"], told["bytes_a_run"]) == (160 * MIB, 10 * MIB)


def test_long_plans_are_checked_as_far_as_the_language_allows() -> None:
    short, long = measure_plans(load_site("dashdish").toolset, (100, 10_000))
    assert short.refused is None
    assert short.bytes > 0
    assert long.refused is not None


def test_what_failed_is_told() -> None:
    loop = LongLoop(10, "serial", done=False, seconds=1.0, own_bytes=MIB, kept_bytes=MIB)
    plans = measure_plans(load_site("dashdish").toolset, (10_000,))
    told = Scale((), plans, (loop,)).show()
    assert "  failed" in told
    assert "refused: " in told
