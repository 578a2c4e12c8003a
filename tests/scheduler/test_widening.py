"""At a loop its tabs are chosen once more, and as many rounds run at once."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from agentjit.scheduler import widening
from agentjit.scheduler.calls import Policy
from agentjit.scheduler.choosing import choose_schedule, rechoose
from agentjit.scheduler.forecast import Wishes
from agentjit.scheduler.graph import LoopNode
from agentjit.scheduler.profile import Latencies, read_latencies
from agentjit.scheduler.strategies import Parallel, Serial
from agentjit.scheduler.widening import Widening
from tests.compiler.shop import SHOP
from tests.scheduler.measured import call, event, graph_of_plan
from tests.scheduler.serial import run_serially
from tests.scheduler.site import Site
from tests.scheduler.test_choosing import MENUS, VISITS, menus_known
from tests.scheduler.woven import WovenPlayer


def stores_were(length: int) -> Latencies:
    """The list of stores was always so long, and a tab takes long to be at the start."""
    told = [call("list_stores", 0.1, result=[0] * length) for _ in range(60)]
    told += [event(kind, seconds=0.605) for kind in ("tab-opened", "tab-reset") * 200]
    return read_latencies(menus_known().profile.learn(told), SHOP)


def test_a_loop_gets_as_many_tabs_as_its_length_is_worth() -> None:
    graph = graph_of_plan(VISITS, SHOP)
    (loop,) = graph.loops()
    widen = Widening(graph, menus_known(), Wishes())
    assert [widen(loop, rounds, 4) for rounds in (1, 2, 8)] == [1, 2, 4]
    assert widen(loop, 8, 4) == 4, "the same length has the same answer"


def test_it_gets_no_more_than_memory_allows() -> None:
    graph = graph_of_plan(VISITS, SHOP)
    (loop,) = graph.loops()
    assert Widening(graph, menus_known(), Wishes(memory=80.0))(loop, 8, 4) == 2


def test_a_loop_that_was_always_short_is_not_bound_to_one_tab() -> None:
    schedule = choose_schedule(graph_of_plan(VISITS, SHOP), stores_were(1))
    assert schedule.strategy == Parallel(1)
    assert "once its length is known" in schedule.because


def test_but_a_loop_whose_length_is_written_is() -> None:
    plan = VISITS.replace("in list_stores()", "in [list_stores()[0]]")
    assert choose_schedule(graph_of_plan(plan, SHOP), stores_were(1)).strategy == Serial()


def test_nor_is_anything_changed_of_what_was_asked_for() -> None:
    graph = graph_of_plan(VISITS, SHOP)
    for strategy in (Serial(), Parallel(2)):
        asked = choose_schedule(graph, stores_were(1), Wishes(forced=strategy))
        assert asked.strategy == strategy


def play(tabs: int, **policy: Any) -> tuple[int, list[tuple[int, int]]]:
    """Eight menus, where each loop gets so many tabs: the most in use, and what was asked."""
    asked: list[tuple[int, int]] = []

    def widen(loop: LoopNode, rounds: int, most: int) -> int:
        asked.append((rounds, most))
        return tabs

    site = Site(SHOP, (), 3, failing=0)
    how = Policy(widen=widen, **policy)
    player = WovenPlayer(graph_of_plan(MENUS, SHOP), site, Random(5), how, eager=True)
    assert not player.run().failed
    return player.most_tabs, asked


@pytest.mark.parametrize(("width", "tabs", "used"), [(1, 3, 3), (4, 2, 2), (4, 1, 1), (1, 9, 5)])
def test_as_many_rounds_run_at_once_as_it_gets_tabs(width: int, tabs: int, used: int) -> None:
    assert play(tabs, width=width, most=5) == (used, [(8, 5)])


def test_where_nobody_chooses_again_rounds_have_the_tabs_of_the_run() -> None:
    site = Site(SHOP, (), 3, failing=0)
    graph = graph_of_plan(MENUS, SHOP)
    player = WovenPlayer(graph, site, Random(5), Policy(width=3), eager=True)
    player.run()
    assert player.most_tabs == 3


def test_great_lengths_are_all_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graph_of_plan(VISITS, SHOP)
    (loop,) = graph.loops()
    chosen: list[int] = []

    def choose(loop: LoopNode, rounds: int, *rest: Any) -> Any:
        chosen.append(rounds)
        return rechoose(loop, rounds, *rest)

    monkeypatch.setattr(widening, "rechoose", choose)
    widen = Widening(graph, menus_known(), Wishes())
    assert {widen(loop, rounds, 4) for rounds in range(5, 1_000)} == {4}
    assert len(chosen) < 24, "a loop within another may be entered a thousand times"


RENAMED = """\
stores = [{"name": "a"}, {"name": "b"}]
for store in stores:
    goto_store(store["name"])
    store["name"] = "seen: " + store["name"]
    goto_home()
result = stores
"""


@pytest.mark.parametrize("width", [1, 3])
def test_what_a_loop_changes_of_an_element_is_changed_in_its_list(width: int) -> None:
    graph = graph_of_plan(RENAMED, SHOP)
    serial = run_serially(graph.program, Site(SHOP, (), 3, failing=0))
    site = Site(SHOP, (), 3, failing=0)
    woven = WovenPlayer(graph, site, Random(5), Policy(width=width), eager=True).run()
    assert "seen: b" in serial.value
    assert woven.agrees(serial)
