"""Pictures of a comparison, where there is something to draw them with."""

from __future__ import annotations

import pytest

from agentjit.bench.latency.page import CAPTIONS
from agentjit.bench.latency.plots import draw_plots
from tests.bench.latency.test_summary import results_of
from tests.bench.latency.trials import comparison, trial

pytest.importorskip("matplotlib")


def test_the_same_figures_give_the_same_pictures() -> None:
    drawn = draw_plots(results_of(comparison()))
    assert drawn == draw_plots(results_of(comparison()))
    assert set(drawn) <= set(CAPTIONS)
    assert {"latency-accuracy", "speed-up-by-task", "think-curve"} <= set(drawn)
    assert all(svg.startswith("<svg") for svg in drawn.values())
    assert "step-loop" in drawn["latency-accuracy"]


def test_nothing_is_drawn_of_nothing() -> None:
    failed = [trial("low-1", "jit", 1.0, passed=False)]
    assert set(draw_plots(results_of(failed))) == {"latency-accuracy"}


def test_a_name_is_shown_as_it_is_and_who_never_began_has_no_place() -> None:
    idle = trial("low-1", "idle", 0.0, passed=False)
    made = [*comparison(), trial("low-1", "a $\\frac$ &<b>", 3.0), idle]
    drawn = draw_plots(results_of(made, "a $\\frac$ &<b>", "idle"))
    assert "a $\\frac$ &amp;&lt;b&gt;" in drawn["latency-accuracy"]
    assert "idle" not in drawn["latency-accuracy"]
