"""What shares a tab is scheduled as one, with all that lies between."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from agentjit.scheduler.graph import Region, regions_of
from agentjit.scheduler.stretches import Kind, split_region
from tests.compiler.shop import SHOP
from tests.laws import LAW
from tests.scheduler.equivalence import make_case
from tests.scheduler.measured import graph_of_plan


def regions(region: Region) -> list[Region]:
    inner = [r for node in region.nodes for r in regions_of(node)]
    return [region, *(r for each in inner for r in regions(each))]


@settings(LAW, max_examples=60)
@given(st.integers(min_value=0, max_value=1_000_000))
def test_stretches_have_every_node_once_and_never_wait_in_a_circle(seed: int) -> None:
    case = make_case(Random(seed), seed)
    for region in regions(case.graph.root) if case else ():
        stretches = split_region(region)
        places = {n.stmt.id: at for at, s in enumerate(stretches) for n in s.nodes}
        assert sorted(places) == sorted(n.stmt.id for n in region.nodes)
        assert sum(len(s.nodes) for s in stretches) == len(region.nodes)
        for at, stretch in enumerate(stretches):
            assert all(need < at for need in stretch.needs)
        for edge in region.edges:
            before, after = places[edge.before], places[edge.after]
            assert before == after or before in stretches[after].needs


def test_a_question_between_two_calls_of_a_page_is_part_of_the_stretch() -> None:
    text = """\
goto_store("Taco Bell")
items = list_menu_items()
name = ai_eval("Which?", returns=str, items=items)
add_to_cart(items[0]["name"], quantity=len(name))
told = ai_eval("Well?", returns=str, name=name)
"""
    whole, after = (
        s for s in split_region(graph_of_plan(text, SHOP).root) if s.kind is not Kind.NOTHING
    )
    assert (whole.kind, after.kind) == (Kind.TAB, Kind.MODEL)
    assert [call.stmt.tool for call in whole.calls] == [
        "goto_store",
        "list_menu_items",
        "add_to_cart",
    ]
    assert not whole.hedgeable, "it writes"


def test_only_what_begins_on_a_fresh_tab_and_changes_nothing_may_be_copied() -> None:
    text = 'goto_store("a")\nmenu = list_menu_items()\ngoto_home()\nstores = list_stores()\n'
    stretches = [s for s in split_region(graph_of_plan(text, SHOP).root) if s.kind is Kind.TAB]
    assert [s.hedgeable for s in stretches] == [True] * len(stretches)
