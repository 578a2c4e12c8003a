"""Laws of forecasts over plans, and which strategy is chosen for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentjit.compiler.ir import Ask, NodeId
from agentjit.scheduler.choosing import choose_schedule, rechoose
from agentjit.scheduler.drawing import Draws, Floats
from agentjit.scheduler.forecast import Schedule, Wishes, show_schedule
from agentjit.scheduler.graph import Edge, Graph, Region, ToolNode
from agentjit.scheduler.profile import Latencies, Profile, read_latencies
from agentjit.scheduler.strategies import (
    Hedge,
    Objective,
    Parallel,
    Serial,
    strategy_option,
)
from agentjit.scheduler.trips import find_sources
from agentjit.scheduler.unfolding import Unfolded, unfold
from tests.compiler.shop import SHOP
from tests.conftest import Golden
from tests.laws import LAW
from tests.scheduler.equivalence import Case, make_case
from tests.scheduler.measured import call, event, graph_of_plan, steady, with_tail

SEEDS: Final = st.integers(min_value=0, max_value=1_000_000)
NOTHING: Final = read_latencies(Profile(site="shop", version="1"), SHOP)
FEW: Final = Wishes(trials=40)

MENUS: Final = """\
names = ["a", "b", "c", "d", "e", "f", "g", "h"]
prices = []
for name in names:
    goto_home()
    goto_store(name)
    prices.extend([item["price"] for item in list_menu_items()])
result = min(prices)
"""
VISITS: Final = """\
found = []
for store in list_stores():
    goto_store(store["name"])
    found.append(len(list_menu_items()))
    goto_home()
result = sum(found)
"""
ONE_MENU: Final = """\
goto_store("Taco Bell")
result = list_menu_items()
"""
ORDER: Final = """\
goto_store("Taco Bell")
items = list_menu_items()
add_to_cart(items[0]["name"])
"""


class Even(Draws):
    """Every call takes a second, and every answer none: times are counts of calls."""

    def call(self, node: ToolNode) -> Floats:
        return np.ones((self.copies, self.trials))

    def answer(self, ask: Ask) -> Floats:
        return np.zeros((self.copies, self.trials))


def menus_known() -> Latencies:
    return steady(SHOP, goto_home=0.5, goto_store=0.5, list_menu_items=0.1, list_stores=0.1)


def counted(graph: Graph, latencies: Latencies) -> Unfolded:
    return unfold(graph.root, Even(latencies, find_sources(graph.program), trials=20, copies=1))


def of_case(case: Case) -> Latencies:
    return read_latencies(Profile(site="random", version="1"), case.toolset)


def chosen_for(text: str, latencies: Latencies, wishes: Wishes | None = None) -> Schedule:
    return choose_schedule(graph_of_plan(text, SHOP), latencies, wishes or Wishes())


@settings(LAW, max_examples=50)
@given(SEEDS)
def test_any_graph_has_a_forecast_and_no_strategy_beats_its_bounds(seed: int) -> None:
    case = make_case(Random(seed), seed)
    if case is None:
        return
    schedule = choose_schedule(case.graph, of_case(case), FEW)
    assert sum(f.best for f in schedule.forecasts) == pytest.approx(1.0)
    for forecast in schedule.forecasts:
        assert 0 < forecast.success <= 1
        assert forecast.low <= forecast.p50 <= forecast.high
        if isinstance(forecast.strategy, Parallel):
            assert forecast.mean >= schedule.bounds.of(forecast.strategy.workers) - 1e-9
    assert choose_schedule(case.graph, of_case(case), FEW) == schedule


@settings(LAW, max_examples=50)
@given(SEEDS)
def test_serial_is_the_sum_of_its_calls_and_one_tab_does_all_but_the_dropped(seed: int) -> None:
    case = make_case(Random(seed), seed)
    if case is None:
        return
    found = counted(case.graph, of_case(case))
    np.testing.assert_allclose(found.serial, found.calls)
    on_tabs = sum((np.where(j.on, j.time[0], 0.0) for j in found.jobs), np.zeros(found.trials))
    kept = sum((np.where(j.on, j.calls, 0.0) for j in found.jobs), np.zeros(found.trials))
    np.testing.assert_allclose(on_tabs, kept)
    assert (kept <= found.calls).all()


def test_serial_is_the_sum_of_what_is_drawn_for_each_call() -> None:
    graph = graph_of_plan(ORDER, SHOP)
    sources = find_sources(graph.program)
    found = unfold(graph.root, Draws(NOTHING, sources, trials=50, copies=1, seed=3))
    again = Draws(NOTHING, sources, trials=50, copies=1, seed=3)
    calls = [node for node in graph.root.nodes if isinstance(node, ToolNode)]
    np.testing.assert_allclose(found.serial, sum(again.call(node)[0] for node in calls))


def test_navigations_that_are_dropped_are_what_one_tab_saves() -> None:
    found = counted(graph_of_plan(MENUS, SHOP), NOTHING)
    assert (found.serial == 8 * 3).all()
    assert (np.sum([job.calls for job in found.jobs], axis=0) == 8 * 2).all()


def renumbered(region: Region, new: Callable[[int], int]) -> Region:
    """The same region, its nodes and episodes numbered otherwise."""

    def renamed(node: Any) -> Any:
        changes: dict[str, Any] = {"stmt": replace(node.stmt, id=new(node.stmt.id))}
        if getattr(node, "episode", None) is not None:
            changes["episode"] = new(node.episode)
        for part in ("prelude", "body", "orelse"):
            if hasattr(node, part):
                changes[part] = renumbered(getattr(node, part), new)
        return replace(node, **changes)

    edges = tuple(
        Edge(NodeId(new(e.before)), NodeId(new(e.after)), e.reasons) for e in region.edges
    )
    return Region(tuple(renamed(node) for node in region.nodes), edges)


@settings(LAW, max_examples=30)
@given(SEEDS)
def test_forecasts_do_not_depend_on_how_nodes_are_numbered(seed: int) -> None:
    case = make_case(Random(seed), seed)
    if case is None:
        return
    other = replace(case.graph, root=renumbered(case.graph.root, lambda n: 7 + (n * 613) % 1009))
    before = choose_schedule(case.graph, of_case(case), FEW)
    after = choose_schedule(other, of_case(case), FEW)
    assert after.forecasts == before.forecasts
    assert after.strategy == before.strategy


def test_a_loop_whose_rounds_are_independent_is_run_in_parallel() -> None:
    schedule = chosen_for(MENUS, menus_known())
    assert schedule.strategy == Parallel(4)
    assert schedule.get(Serial()).mean / schedule.chosen.mean > 4
    assert "times shorter than serial's" in schedule.because


def test_what_cannot_run_at_the_same_time_is_left_as_it_is() -> None:
    schedule = chosen_for(ORDER, menus_known())
    assert schedule.strategy == Serial()
    assert schedule.because == "nothing of it can run at the same time"
    assert not any(isinstance(f.strategy, Hedge) for f in schedule.forecasts), "it has a WRITE"


def test_a_slowdown_by_busy_tabs_makes_fewer_tabs_better() -> None:
    profile = menus_known().profile
    crowded = [
        event("call-done", tool=tool, seconds=0.4 * max(1, busy - 1), busy=busy)
        for tool in ("goto_store", "list_menu_items")
        for busy in [1, 2, 3, 4] * 16
    ]
    latencies = read_latencies(profile.learn(crowded), SHOP)
    schedule = chosen_for(MENUS, latencies)
    assert schedule.strategy == Parallel(2)


def test_a_late_read_gets_a_copy_which_halves_the_worst_for_few_requests_more() -> None:
    latencies = with_tail(SHOP, ("list_stores",))
    schedule = chosen_for("result = list_stores()\n", latencies, Wishes(objective=Objective.P95))
    assert isinstance(schedule.strategy, Hedge)
    plain, hedged = schedule.get(Parallel(1)), schedule.chosen
    assert hedged.p95 < plain.p95 / 2
    assert hedged.requests < 1.3 * plain.requests
    assert schedule.late.keys() == {"list_stores"}
    assert 0.1 < schedule.late["list_stores"] < 0.5


def test_copies_are_not_made_of_what_was_never_measured() -> None:
    schedule = chosen_for("result = list_stores()\n", NOTHING, Wishes(objective=Objective.P95))
    assert schedule.strategy == Serial()
    hedged = [f for f in schedule.forecasts if isinstance(f.strategy, Hedge)]
    assert all("too rarely" in f.problem or "requests" in f.problem for f in hedged)


def test_nor_where_one_of_several_tools_was_measured_too_rarely() -> None:
    latencies = with_tail(SHOP, ("goto_store",))
    schedule = chosen_for(ONE_MENU, latencies, Wishes(objective=Objective.P95))
    hedged = [f for f in schedule.forecasts if isinstance(f.strategy, Hedge)]
    assert hedged
    assert all("too rarely" in f.problem or "requests" in f.problem for f in hedged)
    assert not isinstance(schedule.strategy, Hedge)


def test_a_call_gets_no_copy_where_what_led_there_takes_longer_than_it_may_take_yet() -> None:
    slow = [event("call-done", tool="goto_store", seconds=3.0, busy=1) for _ in range(60)]
    tail = [event("call-done", tool="list_menu_items", seconds=0.1, busy=1) for _ in range(54)]
    tail += [event("call-done", tool="list_menu_items", seconds=2.0, busy=1) for _ in range(6)]
    profile = Profile(site=SHOP.name, version=SHOP.version).learn([*slow, *tail])
    schedule = chosen_for(ONE_MENU, read_latencies(profile, SHOP), Wishes(forced=Hedge(2)))
    assert schedule.late == {}


def test_a_loop_is_chosen_for_again_once_its_length_is_known() -> None:
    graph = graph_of_plan(VISITS, SHOP)
    (loop,) = graph.loops()
    latencies = menus_known()
    one, few, many = (rechoose(loop, n, graph, latencies) for n in (1, 8, 80))
    assert one.strategy in (Serial(), Parallel(1))
    assert few.strategy == many.strategy == Parallel(4)
    assert one.chosen.mean < few.chosen.mean
    assert many.chosen.mean / few.chosen.mean == pytest.approx(10, rel=0.25)
    assert many.get(Serial()).mean / few.get(Serial()).mean == pytest.approx(10, rel=0.05)
    none = rechoose(loop, 0, graph, latencies)
    assert none.strategy == Serial()
    assert none.chosen.mean == 0.0


def test_lengths_that_a_tool_returned_are_lengths_of_loops_over_it() -> None:
    latencies = menus_known()
    shorter, longer = (
        read_latencies(
            latencies.profile.learn(
                call("list_stores", 0.1, result=[0] * length) for _ in range(60)
            ),
            SHOP,
        )
        for length in (3, 12)
    )
    plan = graph_of_plan(VISITS, SHOP)
    times = [choose_schedule(plan, each).get(Serial()).mean for each in (shorter, longer)]
    assert times[1] / times[0] == pytest.approx(4, rel=0.2)


def test_a_branch_that_was_never_taken_costs_little() -> None:
    text = """\
stores = list_stores()
if len(stores) > 100:
    goto_store("Taco Bell")
    list_menu_items()
    goto_home()
"""
    never = [event("branched", key="if len(list_stores()) > 100", taken=False)] * 60
    latencies = menus_known()
    learned = read_latencies(latencies.profile.learn(never), SHOP)
    before = chosen_for(text, latencies).get(Serial()).mean
    after = chosen_for(text, learned).get(Serial()).mean
    assert before > 0.5
    assert after < 0.2


def test_budgets_are_kept_and_say_what_they_forbid() -> None:
    latencies = menus_known()
    two = chosen_for(MENUS, latencies, Wishes(workers=2))
    assert two.strategy == Parallel(2)
    small = chosen_for(MENUS, latencies, Wishes(memory=100))
    assert small.strategy == Parallel(3)
    assert small.get(Parallel(4)).problem == "its tabs would take more than 100 MiB"
    ask = 'result = ai_eval("Is it?", returns=bool)\n'
    dear = chosen_for(ask, latencies, Wishes(money=0.01, price=0.02))
    assert dear.because.startswith("nothing fits the budgets")
    assert dear.chosen.money == pytest.approx(0.02)


@pytest.mark.parametrize("forced", [Parallel(4), Hedge(2)])
def test_what_was_asked_for_is_forecast_where_nothing_takes_a_tab(forced: Parallel | Hedge) -> None:
    schedule = chosen_for("result = 1\n", menus_known(), Wishes(forced=forced))
    assert schedule.strategy == forced
    assert schedule.record("plan", 0.1).strategy == str(strategy_option(forced))


@pytest.mark.parametrize("forced", [Serial(), Parallel(2), Parallel(12), Hedge(3, 2, 0.9)])
def test_what_is_asked_for_is_taken(forced: Serial | Parallel | Hedge) -> None:
    schedule = chosen_for(MENUS, menus_known(), Wishes(forced=forced))
    assert schedule.strategy == forced
    assert schedule.because == "it was asked for"
    assert schedule.chosen.mean > 0


def test_a_hedge_without_a_delay_gets_the_best_one() -> None:
    schedule = chosen_for(MENUS, menus_known(), Wishes(forced=Hedge(2, 4)))
    assert isinstance(schedule.strategy, Hedge)
    assert (schedule.strategy.copies, schedule.strategy.workers) == (2, 4)
    assert schedule.strategy.late is not None


def test_more_urgent_is_what_more_waits_for() -> None:
    schedule = chosen_for(VISITS, menus_known())
    first, *others = (seconds for _, seconds in sorted(schedule.urgency.items()))
    assert all(first > other for other in others)


def test_the_table_of_a_plan(golden: Golden) -> None:
    schedule = chosen_for(VISITS, with_tail(SHOP, ("list_stores", "goto_store", "list_menu_items")))
    golden("scheduler/forecast.txt", f"{show_schedule(schedule)}\n{schedule}\n")


def test_the_forecast_as_json(golden: Golden) -> None:
    told = chosen_for(ORDER, menus_known()).to_json()
    golden("scheduler/forecast.json", json.dumps(told, indent=1) + "\n")
