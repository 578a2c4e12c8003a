"""Any order that the dependence graph allows ends as the serial run does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentjit.scheduler.graph import BranchNode, LoopNode, Node, Region, Start, ToolNode
from agentjit.scheduler.independence import Independent
from tests.laws import LAW
from tests.scheduler.equivalence import Case, find_difference, make_case, tally


@settings(LAW, max_examples=60)
@given(st.integers(min_value=1_000_000, max_value=2_000_000))
def test_every_order_that_a_graph_allows_ends_as_the_serial_run(seed: int) -> None:
    chance = Random(seed)
    case = make_case(chance, seed)
    if case is not None:
        difference = find_difference(case, chance, Counter())
        assert difference is None, difference


def test_the_law_is_tried_on_loops_of_every_kind() -> None:
    found: Counter[str] = Counter()
    for case in cases():
        found += tally(case)
    assert found["parallel loops with accumulators"] > 10
    assert found["parallel loops that may break"] > 2
    assert found["dropped navigations"] > 20
    assert found["serial loops"] > 10
    assert found["programs with several episodes"] > 20


def without_edges(region: Region) -> Region:
    return Region(region.nodes, ())


def without_folds(region: Region) -> Region:
    nodes = [
        replace(n, verdict=replace(n.verdict, kept=()))
        if isinstance(n, LoopNode) and isinstance(n.verdict, Independent)
        else n
        for n in region.nodes
    ]
    return Region(tuple(nodes), region.edges)


def on_inherited_tabs(region: Region) -> Region:
    """Navigations are still dropped, and yet nothing begins on a fresh tab."""
    nodes = [
        replace(n, start=Start.RESET, episode=1) if isinstance(n, ToolNode) else n
        for n in region.nodes
    ]
    return Region(tuple(nodes), region.edges)


def drop_every_navigation(region: Region) -> Region:
    nodes = [
        replace(n, dropped=n.dropped or n.effect.value == "navigate")
        if isinstance(n, ToolNode)
        else n
        for n in region.nodes
    ]
    return Region(tuple(nodes), region.edges)


Damage = Callable[[Region], Region]


@pytest.mark.parametrize(
    "damage", [without_edges, without_folds, on_inherited_tabs, drop_every_navigation]
)
def test_a_damaged_graph_breaks_the_law(damage: Damage) -> None:
    for number, case in enumerate(cases()):
        harmed = replace(case, graph=replace(case.graph, root=damaged(case.graph.root, damage)))
        # Calls that stay in a tab nobody opened for them may break the machine's books before.
        with suppress(LookupError):
            if find_difference(harmed, Random(number), Counter()) is not None:
                return
    pytest.fail("the law does not notice")


def damaged(region: Region, damage: Damage) -> Region:
    nodes: list[Node] = []
    for node in region.nodes:
        match node:
            case BranchNode():
                body, orelse = damaged(node.body, damage), damaged(node.orelse, damage)
                nodes.append(replace(node, body=body, orelse=orelse))
            case LoopNode():
                nodes.append(replace(node, body=damaged(node.body, damage)))
            case _:
                nodes.append(node)
    return damage(Region(tuple(nodes), region.edges))


@cache
def cases() -> list[Case]:
    found = (make_case(Random(seed), seed) for seed in range(120))
    return [case for case in found if case is not None]
