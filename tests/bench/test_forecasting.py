from __future__ import annotations

from agentjit.bench.forecasting import PLAN, count_calls, make_profile
from agentjit.scheduler.choosing import choose_schedule
from agentjit.scheduler.forecast import Wishes
from agentjit.scheduler.profile import read_latencies
from agentjit.scheduler.strategies import Parallel, Serial
from agentjit.sites import load_site
from tests.scheduler.measured import graph_of_plan


def test_what_is_measured_has_a_hundred_calls_and_something_to_choose() -> None:
    toolset = load_site("dashdish").toolset
    graph = graph_of_plan(PLAN.text, toolset)
    latencies = read_latencies(make_profile(toolset), toolset)
    schedule = choose_schedule(graph, latencies, Wishes(workers=8, trials=100))
    assert count_calls(graph) >= 100
    assert round(schedule.get(Serial()).requests) == count_calls(graph)
    assert schedule.get(Parallel(8)).mean < schedule.get(Serial()).mean / 3
